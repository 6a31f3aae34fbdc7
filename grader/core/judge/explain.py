"""Findings about what became of a run: stopped, raised, without what was asked for, or with other numbers."""

from __future__ import annotations

import difflib
import re
import signal
from collections.abc import Mapping

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import Mismatch, shown_shape
from grader.core.course.checks.call import Call
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.recording import asks
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.course.given_files import beginning
from grader.core.findings.telling import fields_of
from grader.core.judge.lacks import lacked_finding
from grader.core.program.features.code_features import lines_that_make
from grader.core.program.features.renamed import named_otherwise
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.run.observation import Called, OtherModule, Raised, Ran, Run, Stop
from grader.core.run.plan import Numbers
from grader.core.words.message import Message, say
from grader.core.words.numbers import accepted, show

_MOST_SHOWN = 4
_NO_NAME = re.compile(r"name '(\w+)' is not defined")


def stop_finding(run: Run, limits: Limits) -> Finding:
    """Say why a run was stopped or ended by itself too early."""
    match run.stop:
        case Stop.WALL:
            return finding("stopped-wall", seconds=limits.wall)
        case Stop.CPU:
            return finding("stopped-cpu", seconds=limits.cpu)
        case Stop.MEMORY:
            return finding("stopped-memory", most=limits.memory // 2**20)
        case Stop.OUTPUT:
            return finding("stopped-output", most=limits.output // 1024)
        case Stop.SIGNAL:
            return finding("crashed", signal=_signal_name(run.detail))
        case Stop.EXIT:
            return finding("ended-itself", exit_code=run.detail)
        case _:
            return finding("channel-disturbed")


def why_failed(run: Run) -> str | Message:
    """Say why our sandbox returned no result."""
    if run.stop is Stop.BUSY:
        return say("this machine is too busy: the program waited for a core nearly all the time")
    return run.detail


def raised_finding(raised: Raised, source: Source, **subject: object) -> Finding:
    """Say what the submission's code raised, and where in the student's file.

    Args:
        subject: the call that raised it and its inputs; nothing where that was the program itself.
    """
    place = {**source.place(raised.line), "code": source.line(raised.line)}
    lacked = lacked_finding(raised, place)
    if lacked is not None:
        return lacked
    if out_of_memory(raised):
        return finding("memory-refused", **place)
    if raised.type_name == "PermissionError":
        return finding("not-permitted", **place)
    if raised.type_name == "NameError" and (later := _made_below(raised, source)):
        name, cell = later
        return finding("made-further-down", **place, name=name, made_in=cell)
    if raised.type_name == "SystemExit":
        return finding("ends-itself-here", **place)
    kind, words = raised.type_name, raised.message
    if subject and not place["code"]:
        # No line of the program took part: the expression asks for what its objects cannot do.
        return finding("expression-raised", **subject, type=kind, words=words)
    if subject:
        return finding("raised-in-call", **place, **subject, type=kind, words=words)
    return finding("raised", **place, type=kind, words=words)


def out_of_memory(raised: Raised) -> bool:
    """Whether an exception says that the program was refused memory: it ran into a limit."""
    return raised.type_name == "MemoryError" or "can't allocate memory" in raised.message


def _made_below(raised: Raised, source: Source) -> tuple[str, int] | None:
    """Return the name that a line misses and the cell below it that makes it, if one does."""
    named = _NO_NAME.match(raised.message)
    here = source.cell_of(raised.line)
    if named is None or here is None:
        return None
    cells = (source.cell_of(line) for line in lines_that_make(source, named[1]) if line > raised.line)
    return next(((named[1], cell[1]) for cell in cells if cell and cell != here), None)


def about_cells(call: Call | None, called: Called | None, source: Source) -> tuple[Finding, ...]:
    """Say which cells of a notebook define the function that is called, where that is not one, or which are empty."""
    if call is None or not source.cells:
        return ()
    if not call.function:
        return ()
    places = (source.cell_of(line) for line in lines_that_make(source, call.function))
    cells = list(dict.fromkeys(place[1] for place in places if place))
    if len(cells) > 1:
        return (finding("defined-several-times", function=call.function, cells=tuple(cells)),)
    empty = source.empty_cells() if called is not None and called.missing is not None else ()
    if not empty:
        return ()
    return (finding("cells-without-code", cells=empty),)


def skipped_findings(run: Run, source: Source) -> tuple[Finding, ...]:
    """Say what was left out of a program: cells that Python cannot read, and top-level statements that raised."""
    unread = tuple(fault for _, fault in source.faults[:3])
    skipped = run.loaded.skipped if run.loaded is not None else ()
    return unread + tuple(_skipped_finding(raised, source) for raised in skipped[:3])


def _skipped_finding(raised: Raised, source: Source) -> Finding:
    place = source.place(raised.line)
    lacked = lacked_finding(raised, {**place, "code": source.line(raised.line)})
    return lacked or finding("left-out-raised", **place, type=raised.type_name, words=raised.message)


def unusable_finding(seen: Called | Ran, run: Run | None = None, call: Call | None = None) -> Finding:
    """Say what is missing: a name at top level, a function, or a signature that takes the call."""
    if isinstance(seen, Ran) and seen.odd:
        name, kind = next(iter(seen.odd.items()))
        return finding("not-a-list", name=name, type=kind)
    if seen.unbound:
        return finding("not-at-top-level", name=seen.unbound[0])
    assert isinstance(seen, Called)
    if seen.module is not None:
        return _other_module(seen.module)
    if seen.missing is not None:
        called = call is None or call.function == seen.missing
        return _missing_function(seen.missing, run) if called else _missing_name(seen.missing, run)
    return finding(
        "cannot-be-called", function=call.function if call else "", signature=seen.signature or "", call=str(call or "")
    )


def perhaps_named(check: Check, source: Source, missing: Finding) -> tuple[Finding, ...]:
    """Say under which other name a program has the numbers of an example, where it lacks the name that is asked for."""
    name = missing.text("name")
    example = next((each[name] for each in check.examples if name in each), None)
    if missing.kind != "not-at-top-level" or example is None:
        return ()
    other = named_otherwise(source, example.numbers)
    return () if other is None else (finding("perhaps-named", name=name, near=other),)


def longer_finding(ran: Ran) -> tuple[Finding, ...]:
    """Say that an index or a shape that does not fit is one of the program's own data, which were longer."""
    first = list(ran.longer.items())[:1]
    fits = ran.raised is None or ran.raised.type_name not in ("IndexError", "RuntimeError", "ValueError")
    return () if fits else tuple(finding("data-longer", name=name, count=n) for name, n in first)


def files_finding(check: Check, place: int) -> tuple[Finding, ...]:
    """Say that a probe's files were others than the student has; of the first probe that fails, so those are right."""
    if not 0 < place <= len(check.made_files):
        return ()
    files = check.made_files[place - 1]
    return (finding("other-files", names=tuple(file.name for file in files), beginning=beginning(files[0])),)


def about_call(call: Call | None, numbers: Mapping[str, Array]) -> dict[str, object]:
    """Return the fields that say what was called, with which inputs: `forward(x)` at x = 4, w = 1."""
    return {"call": str(call), "inputs": tuple((name, _array(array)) for name, array in numbers.items())}


def _missing_function(name: str, run: Run | None) -> Finding:
    functions = run.loaded.functions if run and run.loaded else {}
    found = tuple(f"{other}({parameters})" for other, parameters in functions.items())
    near = difflib.get_close_matches(name, functions, n=1)
    if near:
        return finding("no-function-but", name=name, near=near[0], functions=found)
    if found:
        return finding("no-function-of", name=name, functions=found)
    return finding("no-function", name=name)


def _missing_name(name: str, run: Run | None) -> Finding:
    near = difflib.get_close_matches(name, run.loaded.names if run and run.loaded else (), n=1)
    return finding("not-defined-but", name=name, near=near[0]) if near else finding("not-defined", name=name)


def _other_module(module: OtherModule) -> Finding:
    if module.type_name:
        return finding("not-a-module", name=module.name, type=module.type_name)
    if module.unregistered:
        return finding("not-registered", name=module.name, count=module.unregistered)
    shown = ", ".join(f"{name} {shown_shape(shape)}" for name, shape in module.layout)
    return finding("other-parameters", name=module.name, found=shown or "0")


def _array(array: Array) -> str:
    if not array.shape:
        return show(array.numbers[0])
    if array.rows:
        return _sequences(array)
    if len(array.shape) == 1 and len(array.numbers) <= _MOST_SHOWN:
        return "[" + ", ".join(map(show, array.numbers)) + "]"
    return "×".join(map(str, array.shape))


def _sequences(array: Array) -> str:
    if len(array.numbers) > _MOST_SHOWN:
        return f"{len(array.rows)}×({min(array.rows)}…{max(array.rows)})"
    numbers = iter(array.numbers)
    shown = (", ".join(show(next(numbers)) for _ in range(count)) for count in array.rows)
    return "[" + ", ".join(f"[{one}]" for one in shown) + "]"


def _signal_name(number: str) -> str:
    try:
        return signal.Signals(int(number)).name
    except ValueError:
        return number


_ANYWHERE = ("quantity", "name")


def difference(found: Mismatch, item: Comparison, check: Check, call: Call | None, numbers: Numbers) -> Finding:
    """Return the finding of a mismatch: what its sentence says, to as many digits as it says, and nothing more."""
    known: dict[str, object] = {**item.compared(check), **found.fields}
    if call is not None and asks([item], "values", "gradient", "after", "draws", "cost"):
        known |= about_call(call, numbers)
    which = known.get("result")
    if isinstance(which, int) and which <= len(check.returns):
        known["called"] = check.returns[which - 1]
    if found.place:
        known |= {"step": found.place[0] + 1, "index": found.place}
    if found.actual is not None:
        known["actual"] = float(show(found.actual))
    if "about" in known:
        known["expected"] = float(str(known.pop("about")))
    if found.expected is not None and found.allowed is not None:
        known["accepted"] = accepted(found.expected, found.allowed)
    told = fields_of(found.reason)
    return finding(found.reason, **{name: known[name] for name in known if name in told or name in _ANYWHERE})

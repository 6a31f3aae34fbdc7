"""Sentences about what became of a run: stopped, raised, or without what was asked for."""

from __future__ import annotations

import difflib
import re
import signal
from collections.abc import Mapping

from grader.core.course.exercise import Call, Limits
from grader.core.course.sampling import Array
from grader.core.program.code_features import lines_that_make
from grader.core.program.source import Source
from grader.core.run.observation import Called, Raised, Ran, Run, Stop
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

_MOST_SHOWN = 4
_NO_NAME = re.compile(r"name '(\w+)' is not defined")


def stop_message(run: Run, limits: Limits) -> Message:
    """Say why a run was stopped or ended by itself too early."""
    match run.stop:
        case Stop.WALL:
            return say(
                "Stopped after {seconds} s: the program had not ended. Look for a loop that never ends.",
                seconds=limits.wall,
            )
        case Stop.CPU:
            return say("Stopped after {seconds} s of computing. Look for a loop that never ends.", seconds=limits.cpu)
        case Stop.MEMORY:
            return say("Stopped: the program needed more than {most} MiB of memory.", most=limits.memory // 2**20)
        case Stop.OUTPUT:
            return say(
                "Stopped: the program printed more than {most} KiB. Look for a print in a loop that never ends.",
                most=limits.output // 1024,
            )
        case Stop.SIGNAL:
            return say("The program crashed ({signal}).", signal=_signal_name(run.detail))
        case Stop.EXIT:
            return say(
                "The program ended itself before it was done (exit code {code}). Take out exit() and os._exit().",
                code=run.detail,
            )
        case _:
            return say("The program disturbed its channel to the grader.")


def raised_message(raised: Raised, source: Source, subject: Message | None = None) -> Message:
    """Say what the submission's code raised, and where in the student's file."""
    where = source.where(raised.line)
    code = source.line(raised.line)
    if raised.type_name == "EOFError":
        return say(
            "{where}: the program waits for input(), but nobody types while it is graded. "
            "Write the value into the program: {code}",
            where=where,
            code=code,
        )
    if raised.type_name in ("ModuleNotFoundError", "ImportError"):
        return say(
            "{where}: {words}. The grader has no such module; do without it: {code}",
            where=where,
            words=raised.message,
            code=code,
        )
    if raised.type_name == "MemoryError" or "can't allocate memory" in raised.message:
        return say("{where}: the program asks for more memory than it may have: {code}", where=where, code=code)
    if raised.type_name == "PermissionError":
        return say(
            "{where}: the box does not allow this. It has one folder to write to, "
            "no network and no other programs: {code}",
            where=where,
            code=code,
        )
    if raised.type_name == "NameError" and (later := _made_below(raised, source)):
        name, cell = later
        return say(
            "{where}: {name} is not there yet: it is made further down, in cell {cell}. "
            "Cells are run from top to bottom: {code}",
            where=where,
            name=name,
            cell=cell,
            code=code,
        )
    if raised.type_name == "SystemExit":
        return say("{where}: the program ends itself here: {code}", where=where, code=code)
    kind, words = raised.type_name, raised.message
    if subject is not None:
        return say(
            "{subject} raised {type}: {words} ({where}: {code})",
            subject=subject,
            type=kind,
            words=words,
            where=where,
            code=code,
        )
    return say("{where}: {type}: {words}\n    {code}", where=where, type=kind, words=words, code=code)


def _made_below(raised: Raised, source: Source) -> tuple[str, int] | None:
    """Return the name that a line misses and the cell below it that makes it, if one does."""
    named = _NO_NAME.match(raised.message)
    here = source.cell_of(raised.line)
    if named is None or here is None:
        return None
    cells = (source.cell_of(line) for line in lines_that_make(source, named[1]) if line > raised.line)
    return next(((named[1], cell[1]) for cell in cells if cell and cell != here), None)


def about_cells(call: Call | None, called: Called | None, source: Source) -> tuple[Message, ...]:
    """Say which cells of a notebook define the function that is called, where that is not one, or which are empty."""
    if call is None or not source.cells:
        return ()
    places = (source.cell_of(line) for line in lines_that_make(source, call.function))
    cells = list(dict.fromkeys(place[1] for place in places if place))
    if len(cells) > 1:
        return (
            say(
                "{function} is defined in several cells ({cells}); the last of them counts.",
                function=call.function,
                cells=", ".join(map(str, cells)),
            ),
        )
    empty = source.empty_cells() if called is not None and called.missing is not None else ()
    if not empty:
        return ()
    return (say("Cells without code: {cells}. Is one of them where it was?", cells=", ".join(map(str, empty))),)


def skipped_messages(run: Run, source: Source) -> tuple[Message, ...]:
    """Say what was left out of a program: cells that Python cannot read, and top-level statements that raised."""
    unread = tuple(fault for _, fault in source.faults[:3])
    skipped = run.loaded.skipped if run.loaded is not None else ()
    return unread + tuple(
        say(
            "{where} was left out, because it raised {type}: {words}",
            where=source.where(raised.line),
            type=raised.type_name,
            words=raised.message,
        )
        for raised in skipped[:3]
    )


def unusable_message(seen: Called | Ran, run: Run | None = None, call: Call | None = None) -> Message:
    """Say what is missing: a name at top level, a function, or a signature that takes the call."""
    if isinstance(seen, Ran) and seen.odd:
        name, kind = next(iter(seen.odd.items()))
        return say("{name} is of type {type}; a list or a tensor of numbers is expected there.", name=name, type=kind)
    if seen.unbound:
        return say(
            "Put {name} at the top level of the program, outside of functions: the grader tries other numbers there.",
            name=seen.unbound[0],
        )
    assert isinstance(seen, Called)
    if seen.missing is not None:
        return _missing_function(seen.missing, run)
    return say(
        "{function}({signature}) cannot be called as {call}.",
        function=call.function if call else "",
        signature=seen.signature or "",
        call=str(call or ""),
    )


def about_call(call: Call | None, numbers: Mapping[str, Array]) -> Message:
    """Return `forward(x) at x = 4, w = 1`: what was called, with which inputs."""
    inputs = ", ".join(f"{name} = {_array(array)}" for name, array in numbers.items())
    if not inputs:
        return say("{call}", call=str(call))
    return say("{call} at {inputs}", call=str(call), inputs=inputs)


def _missing_function(name: str, run: Run | None) -> Message:
    functions = run.loaded.functions if run and run.loaded else {}
    found = ", ".join(f"{other}({parameters})" for other, parameters in functions.items())
    near = difflib.get_close_matches(name, functions, n=1)
    if near:
        return say(
            "There is no function {name}. Did you mean {near}? Functions found: {found}",
            name=name,
            near=near[0],
            found=found,
        )
    if found:
        return say("There is no function {name}. Functions found: {found}", name=name, found=found)
    return say("There is no function {name}, nor any other function at the top level.", name=name)


def _array(array: Array) -> str:
    if not array.shape:
        return show(array.numbers[0])
    if len(array.shape) == 1 and len(array.numbers) <= _MOST_SHOWN:
        return "[" + ", ".join(map(show, array.numbers)) + "]"
    return "×".join(map(str, array.shape))


def _signal_name(number: str) -> str:
    try:
        return signal.Signals(int(number)).name
    except ValueError:
        return number

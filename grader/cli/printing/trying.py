"""What `course try` saw, as JSON and as lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import Any

from grader.actions.author.try_program import Trial, Tried
from grader.core.compare.parts import path_of
from grader.core.compare.printed_numbers import printed_numbers
from grader.core.course.exercise import Check
from grader.core.run.observation import Called, Raised, Ran, Run, Value
from grader.core.run.plan import Numbers
from grader.core.run.trace import Floats, series_of
from grader.core.words.numbers import show

_LONGEST_SERIES = 6


def as_json(trial: Trial) -> dict[str, Any]:
    """Return everything observed. Times are in seconds, memory in bytes; a number that is not finite is a word."""
    return {
        "format_version": 1,
        "exercise": trial.exercise.id,
        "isolation": trial.isolation,
        "public_seed": trial.public,
        "checks": [
            {
                "name": tried.check.name,
                "runs": [_run_as_json(tried, place, run) for place, run in enumerate(tried.runs)],
            }
            for tried in trial.checks
        ],
    }


def as_lines(trial: Trial) -> Iterator[str]:
    """Yield the same for people: memory in MiB, long series cut in the middle."""
    for check in as_json(trial)["checks"]:
        yield check["name"]
        for run in check["runs"]:
            usage = run["usage"]
            yield "  " + _("{status}: {wall} s wall, {cpu} s CPU, {memory} MiB").format(
                status=run["status"],
                wall=show(usage["wall"], 3),
                cpu=show(usage["cpu"], 3),
                memory=show(usage["memory"] / 2**20, 3),
            )
            for key, value in run.items():
                if key == "calls":
                    for call in value:
                        yield f"    {call['call']}  {_text(call['inputs'])}"
                        yield from _value_lines(
                            {name: it for name, it in call.items() if name not in ("call", "inputs")}
                        )
                elif key not in ("status", "usage"):
                    yield from _value_lines({key: value}, "    ")


def _value_lines(values: dict[str, Any], indent: str = "      ") -> Iterator[str]:
    for name, value in values.items():
        if value not in (None, {}, [], ""):
            yield f"{indent}{name}: {_text(value)}"


def _text(value: Any) -> str:
    match value:
        case float() | int() if not isinstance(value, bool):
            return show(value)
        case dict():
            return ", ".join(f"{name} = {_text(one)}" for name, one in value.items())
        case list() if len(value) > _LONGEST_SERIES:
            half = _LONGEST_SERIES // 2
            return f"[{', '.join(map(_text, value[:half]))}, … {len(value)} …, {', '.join(map(_text, value[-half:]))}]"
        case list():
            return f"[{', '.join(map(_text, value))}]"
        case _:
            return str(value)


def _run_as_json(tried: Tried, place: int, run: Run) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "status": run.status.value,
        "usage": {"wall": run.usage.wall, "cpu": run.usage.cpu, "memory": run.usage.memory},
    }
    if run.stop is not None:
        seen["stopped"] = run.stop.value
    if run.loaded is not None and run.loaded.skipped:
        seen["skipped"] = [_exception(raised) for raised in run.loaded.skipped]
    if tried.check.data is not None:
        return {**seen, **_training_as_json(tried.check, run)}
    if tried.check.script:
        seen["inputs"] = _inputs_as_json(tried.numbers[place])
    if run.ran is not None:
        seen.update(_script_as_json(run.ran))
    count = 1 if tried.check.alone else len(tried.numbers)
    if run.called:
        seen["calls"] = [
            {
                "call": str(tried.check.calls[i // count]),
                "inputs": _inputs_as_json(tried.numbers[place if tried.check.alone else i % count]),
                **_call_as_json(called),
            }
            for i, called in enumerate(run.called)
        ]
    seen["printed"] = [_finite_or_word(number.value) for number in printed_numbers(run.stdout)]
    return seen


def _training_as_json(check: Check, run: Run) -> dict[str, Any]:
    """Return what came of a training: its losses, and how well it predicts data that it was not trained with."""
    from grader.core.judge.reached import metric_of

    trained, called = run.trained, run.called[0] if run.called else None
    raised = [
        run.ran.raised if run.ran else None,
        trained.raised if trained else None,
        called.raised if called else None,
    ]
    metric, value = metric_of(check, run)
    return {
        "raised": next((_exception(each) for each in raised if each is not None), None),
        "missing": (trained.missing if trained else None) or (called.missing if called else None),
        "steps": trained.steps if trained else 0,
        "losses": _array_as_json(trained.losses) if trained else None,
        metric: None if value is None else _finite_or_word(value),
    }


def _script_as_json(ran: Ran) -> dict[str, Any]:
    trace = ran.trace
    return {
        "raised": _exception(ran.raised),
        "unbound": list(ran.unbound),
        "trace": {name: _array_as_json(rows) for name, rows in series_of(trace.steps).items()} if trace else {},
        "stores": _array_as_json(ran.stores),
        "finals": {name: _value_as_json(value) for name, value in ran.finals.items()},
    }


def _call_as_json(called: Called) -> dict[str, Any]:
    return {
        "raised": _exception(called.raised or called.backward_raised),
        "missing": called.missing,
        "unbound": list(called.unbound),
        "values": [_value_as_json(value) for value in called.values],
        "gradients": {name: _gradients_as_json(each) for name, each in called.gradients.items()},
        "after": {asked: [_value_as_json(value) for value in values] for asked, values in called.after.items()},
        "draws": [_draws_as_json(value.data) for value in called.draws if value.data is not None],
        "cost": dict(called.cost),
    }


def _draws_as_json(drawn: Floats) -> dict[str, Any]:
    """Return what calls gave that were made so often, along the first axis: all their numbers together."""
    mean, spread = float(drawn.mean()), float(drawn.std())
    return {"calls": len(drawn), "mean": _finite_or_word(mean), "std": _finite_or_word(spread)}


def _gradients_as_json(gradients: Sequence[Floats | None]) -> Any:
    """Return the gradient of the one result, or a list with that of each."""
    told = ["none" if one is None else _array_as_json(one) for one in gradients]
    return told[0] if len(told) == 1 else told


def _exception(raised: Raised | None) -> str | None:
    from grader.core.words.message import clean

    return None if raised is None else clean(f"{raised.type_name}: {raised.message} (line {raised.line})")


def _value_as_json(value: Value) -> dict[str, Any]:
    told: dict[str, Any] = {"type": value.type_name, "dtype": value.dtype, "data": _array_as_json(value.data)}
    if value.parts:
        told["parts"] = {path_of(part.place): _value_as_json(part) for part in value.parts}
    return told


def _inputs_as_json(numbers: Numbers) -> dict[str, Any]:
    return {name: list(array.numbers) if array.shape else array.numbers[0] for name, array in numbers.items()}


def _array_as_json(array: Floats | None) -> Any:
    if array is None:
        return None
    flat = [_finite_or_word(float(number)) for number in array.reshape(-1)]
    return flat if array.ndim else flat[0]


def _finite_or_word(number: float) -> float | str:
    return number if math.isfinite(number) else show(number)

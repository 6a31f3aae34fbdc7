"""Says why what is allowed at a check is no longer small, as far as the solution's text shows it."""

from __future__ import annotations

import re

from grader.core.judge.noise import Width
from grader.core.program.source import Source
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

# What a solution usually draws numbers with.
RANDOM = re.compile(r"\b(rand\w*|normal_?|uniform_?|shuffle|choices?|sample|dropout|Dropout|bernoulli_?|multinomial)\b")
# float32 keeps 7 digits: a difference over such a step has two or three of them left, or none.
_SMALL_STEP = re.compile(r"(?<![\w.])(?:\d\.?\d*e-0*(?:[4-9]|1\d)|0\.0000*\d+|10(?:\.0)? ?\*\* ?-\d+)\b")


def too_wide(check: str, width: Width, source: Source) -> Message:
    """Say which check, how wide, and the likely reason."""
    if width.whole:
        return say(
            "check {check}: {what} holds whole numbers that are not the same each time the solution runs, so "
            "nothing can be held to them. {cause}",
            check=check,
            what=width.label,
            cause=_cause(source),
        )
    if width.step is not None:
        return say(
            "check {check}: {what} can be compared to step {step} only: from there on what is allowed is no longer "
            "small, {allowed} beside {size}, and a wrong program could pass. {cause}",
            check=check,
            what=width.label,
            step=width.step,
            allowed=show(width.allowed, 2),
            size=show(width.size, 2),
            cause=_cause(source),
        )
    return say(
        "check {check}: {what} may be off by {allowed}, and is no larger than {size}: a wrong program could "
        "pass. {cause}",
        check=check,
        what=width.label,
        allowed=show(width.allowed, 2),
        size=show(width.size, 2),
        cause=_cause(source),
    )


def _cause(source: Source) -> Message:
    lines = [line.partition("#")[0] for line in source.text.splitlines()]
    random = next((number for number, line in enumerate(lines, 1) if RANDOM.search(line)), None)
    if random is not None:
        return say(
            "The solution draws numbers of its own in line {line}, and they are not the same in float32 and float64: "
            "draw them in exercise.yaml",
            line=random,
        )
    steps = ((number, found[0]) for number, line in enumerate(lines, 1) if (found := _SMALL_STEP.search(line)))
    step = next(steps, None)
    if step is not None:
        return say(
            "Line {line} of the solution computes with {number}: a step so small is lost in float32. Take a larger "
            "one, or compute in float64 and write dtype: float64",
            line=step[0],
            number=step[1],
        )
    return say(
        "The solution is ill conditioned at these numbers: rounding grows on the way to the result. Draw other "
        "numbers, train for fewer steps, or compare something earlier"
    )

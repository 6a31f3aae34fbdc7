"""What the parts of a check need of each other: what is recorded must be run or called, what is drawn must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from grader.core.course.checks.call import names_in
from grader.core.course.checks.recording import Compared, Recording, names_of
from grader.core.course.draws.draw import sizes_in
from grader.core.course.exercise import Check
from grader.core.words.message import Message, say

MOST_OF_A_SIDE = 10_000
# Numbers of one input: what a child is told at once.
MOST_NUMBERS = 1_000_000
# Of all inputs at all probes: to draw and send so many takes some seconds.
MOST_IN_ALL = 4_000_000


def missing_for_comparisons(check: Check) -> Iterator[Message]:
    """Yield what the comparisons of a check miss in it."""
    for item in check.compare:
        for recording in item.recordings():
            missing = _missing(item, recording, check)
            if missing is not None:
                yield missing
                break
    if len(names_of(check.compare, "stores")) > 1:
        yield say("the stores of one name only can be compared")


def _missing(item: Compared, recording: Recording, check: Check) -> Message | None:
    match recording.what:
        case "values" | "after" | "draws" | "cost":
            return None if check.calls else say("{word} needs a call", word=item.word)
        case "seeds" | "steps":
            if check.data is not None:
                return None
            return say("{word} needs data: {{from: blobs, train: [x, y], test: x_test}}", word=item.word)
        case "gradient":
            inputs = {*check.given, *check.args, *check.let}
            absent = [name for name in recording.names if name not in inputs]
            ragged = next((name for name in recording.names if name in check.args and check.args[name].most()), None)
            if ragged is not None:
                return say("{name} is several sequences: there is no gradient with respect to it", name=ragged)
            if check.calls and not absent:
                return None
            name = (absent or recording.names)[0]
            return say("the gradient with respect to {name} needs a call, and {name} under given or args", name=name)
        case "trace" | "stores" | "output":
            return None if check.script else say("this needs run: script")
        case "final":
            after_call = bool(check.calls) and not check.script
            return say("this is read after a run, not after a call") if after_call else None


def missing_for_draws(check: Check) -> Iterator[Message]:
    """Yield what the draws of a check miss in it."""
    draws = check.draws
    for name, draw in draws.items():
        yield from draw.missing(name, draws)
    sizes = {name: draws[name].counts() if name in draws else () for name in sizes_in(draws)}
    for name, options in sizes.items():
        if not options or min(options) < 1 or max(options) > MOST_OF_A_SIDE:
            yield say(
                "{name} is a size, so it must be drawn as one whole number from 1 to {most}: "
                "{name}: {{integer: [4, 9]}}",
                name=name,
                most=MOST_OF_A_SIDE,
            )
            return
    yield from _too_many(check, {name: max(options) for name, options in sizes.items()})
    for made in check.modules:
        by = [name for name in sizes if name in names_in(check.let.get(made) or "None")]
        if by:
            yield say(
                "{made} is made with {name}, which is drawn, so it has other parameters at each probe; numbers can be "
                "put into a module of one size only",
                made=made,
                name=by[0],
            )


def _too_many(check: Check, largest: Mapping[str, int]) -> Iterator[Message]:
    """Say that inputs are too many numbers, where those that are drawn are as many as they can be."""
    probes = check.repeat + len(check.examples)
    whole = 0
    for name, draw in check.draws.items():
        count = draw.most() or prod(largest[side] if isinstance(side, str) else side for side in draw.shape())
        whole += count * probes
        if count > MOST_NUMBERS:
            yield say("{name}: {count} numbers are more than an input may have: {most}", **_told(name, count))
            return
    if whole > MOST_IN_ALL:
        yield say(
            "all inputs of this check are {count} numbers at {probes} probes; allowed: {most}. Draw fewer, or repeat "
            "less often",
            count=whole,
            probes=probes,
            most=MOST_IN_ALL,
        )


def _told(name: str, count: int) -> dict[str, object]:
    return {"name": name, "count": count, "most": MOST_NUMBERS}

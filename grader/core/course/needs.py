"""What the parts of a check need of each other: what is recorded must be run or called, what is drawn must be there."""

from __future__ import annotations

from collections.abc import Iterator

from grader.core.course.exercise import Check
from grader.core.course.recording import Compared, Recording, names_of
from grader.core.words.message import Message, say


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
        case "values" | "after" | "draws":
            return None if check.calls else say("{word} needs a call", word=item.word)
        case "seeds" | "steps":
            if check.data is not None:
                return None
            return say("{word} needs data: {{from: blobs, train: [x, y], test: x_test}}", word=item.word)
        case "gradient":
            inputs = {*check.given, *check.args, *check.let}
            absent = [name for name in recording.names if name not in inputs]
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

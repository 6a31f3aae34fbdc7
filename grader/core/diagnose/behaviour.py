"""One probe of a program as it looks from outside: how it failed, or what it gave, ready to be held to another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.core.compare.compare import arrays_of
from grader.core.compare.tolerance import Sight
from grader.core.course.exercise import (
    Check,
    Compare,
    CompareFinal,
    CompareGradient,
    CompareOutput,
    CompareParameter,
    CompareStores,
    CompareTrace,
)
from grader.core.diagnose.exceptions import kind_of
from grader.core.program.code_digest import role_at
from grader.core.program.source import Source
from grader.core.run.observation import Raised
from grader.core.run.trace import Floats


@dataclass(frozen=True)
class Look:
    """What one probe shows.

    Attributes:
        failure: why there is nothing to compare; None where there is something.
        facts: per comparison, what is no number: kinds, missing gradients, the count of backward calls.
        arrays: per comparison, its numbers by name; of a program that raised, those of its training before.
    """

    sight: Sight
    failure: tuple[object, ...] | None
    facts: tuple[object, ...]
    arrays: tuple[Mapping[str, Floats], ...]


def look_at(check: Check, sight: Sight, source: Source) -> Look:
    """Return how a probe looks."""
    failure = _failure(sight, source)
    items = [item for item in check.compare if failure is None or of_training(item)]
    arrays = tuple({} if isinstance(item, CompareOutput) else arrays_of(item, sight) for item in items)
    return Look(sight, failure, tuple(_fact(item, sight) for item in items), arrays)


def of_training(item: Compare) -> bool:
    """Whether a comparison looks at the course of a run."""
    return isinstance(item, CompareTrace | CompareStores)


def raised_in(sight: Sight) -> Raised | None:
    """Return what the submission raised at a probe, or while it was loaded, where the probe found nothing for it."""
    ran, called = sight.run.ran, sight.called
    if ran is not None and ran.raised is not None:
        return ran.raised
    if called is not None and (called.raised or called.backward_raised):
        return called.raised or called.backward_raised
    missing = called is not None and (called.unbound or called.missing)
    skipped = sight.run.loaded.skipped if sight.run.loaded else ()
    return skipped[0] if missing and skipped else None


def _failure(sight: Sight, source: Source) -> tuple[object, ...] | None:
    raised, ran, called = raised_in(sight), sight.run.ran, sight.called
    if raised is not None:
        return ("raised", kind_of(raised), role_at(source, raised.line))
    if ran is not None and (ran.unbound or ran.odd):
        return ("given", ran.unbound, tuple(ran.odd))
    if called is not None and (called.missing or called.signature is not None or called.unbound):
        return ("called", called.missing, called.signature is not None, called.unbound)
    return ("stop", sight.run.stop) if sight.run.stop is not None else None


def _fact(item: Compare, sight: Sight) -> object:
    match item:
        case CompareTrace():
            trace = sight.run.ran.trace if sight.run.ran else None
            return trace.count if trace else 0
        case CompareGradient(name):
            return sight.called is not None and name in sight.called.not_required
        case CompareStores():
            return None
        case CompareOutput():
            # A method printed without its parentheses.
            return "<built-in method" in sight.run.stdout
        case CompareFinal(name) | CompareParameter(name):
            value = sight.run.ran.finals.get(name) if sight.run.ran else None
            if value is None or isinstance(item, CompareFinal):
                return None if value is None else value.data is None
            return value.kind == "tensor", "float" in value.dtype, value.requires_grad, value.leaf
        case _:
            values = sight.called.values if sight.called else ()
            return tuple(value.kind if value.kind == "none" else value.data is None for value in values)

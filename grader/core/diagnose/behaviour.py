"""How one probe of a program behaved: how it failed, or what it gave, ready to be held to another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import Observation
from grader.core.course.checks.recording import follows_run
from grader.core.course.exercise import Check
from grader.core.diagnose.exceptions import kind_of, sizes_in
from grader.core.program.features.code_digest import role_at
from grader.core.program.source import Source
from grader.core.run.trace import Floats


@dataclass(frozen=True)
class Behaviour:
    """What one probe shows.

    Attributes:
        failure: why there is nothing to compare; None where there is something.
        facts: per comparison, what is no number: kinds, missing gradients, the count of backward calls.
        arrays: per comparison, its numbers by name; of a program that raised, those of its training before.
    """

    observation: Observation
    failure: tuple[object, ...] | None
    facts: tuple[object, ...]
    arrays: tuple[Mapping[str, Floats], ...]


def behaviour_of(check: Check, observation: Observation, source: Source) -> Behaviour:
    """Return how a program behaved at a probe."""
    failure = _failure(observation, source)
    items = [item for item in comparisons(check) if failure is None or follows_run(item)]
    arrays = tuple(item.arrays(observation) if item.numbers_tell else {} for item in items)
    return Behaviour(observation, failure, tuple(item.facts(observation) for item in items), arrays)


def _failure(observation: Observation, source: Source) -> tuple[object, ...] | None:
    raised, ran, called = observation.raised, observation.run.ran, observation.called
    if raised is not None:
        return ("raised", kind_of(raised), sizes_in(raised), role_at(source, raised.line))
    if ran is not None and (ran.unbound or ran.odd):
        return ("given", ran.unbound, tuple(ran.odd))
    if observation.run.trained is not None and observation.run.trained.missing:
        return ("called", observation.run.trained.missing, False, ())
    if called is not None and (called.missing or called.signature is not None or called.unbound):
        return ("called", called.missing, called.signature is not None, called.unbound)
    if called is not None and called.module is not None:
        module = called.module
        return ("module", module.type_name, tuple(shape for _, shape in module.layout), module.unregistered > 0)
    return ("stop", observation.run.stop) if observation.run.stop is not None else None

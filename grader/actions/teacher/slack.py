"""How many slack days each student spends, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Place, Policy
from grader.core.course.policies.slack import spend


class Known(Protocol):
    """What is known at some time: the policy, what was handed in, and the grades with so many slack days."""

    @property
    def policy(self) -> Policy: ...

    def attempts(self, place: Place) -> Sequence[Attempt]: ...

    def grade(self, place: Place, slack: int = 0) -> Grade: ...


def slack_days(places: Iterable[Place], then: Sequence[Known], now: Known) -> dict[Place, int]:
    """Return the days that are spent at each place, where there are any.

    A day puts off a due date for all exercises that it is the due date of.

    Args:
        then: what was known whenever grades were given out: days that were spent by then stay where they were.
    """
    late: dict[str, dict[str, list[Place]]] = {}
    for place in places:
        if any(_is_late(known, place) for known in (*then, now)):
            late.setdefault(place[0], {}).setdefault(now.policy.dated(place[1]), []).append(place)
    return {place: days for dated in late.values() for place, days in _spent(dated, then, now).items() if days}


def _is_late(known: Known, place: Place) -> bool:
    due = known.policy.due_for(*place)
    return due is not None and any(each.submitted > due for each in known.attempts(place))


def _spent(dated: Mapping[str, Sequence[Place]], then: Sequence[Known], now: Known) -> dict[Place, int]:
    """Return the days of one student, by the work that is late at each due date."""
    slack = now.policy.slack
    assert slack is not None
    in_order = sorted(dated, key=lambda name: (min(_due(now.policy, place) for place in dated[name]), name))
    spent = (0,) * len(in_order)
    for known in (*then, now):
        spent = spend(
            slack,
            [
                [sum(known.grade(place, days).points or 0.0 for place in dated[name]) for days in range(slack.most + 1)]
                for name in in_order
            ],
            spent,
        )
    return {place: days for name, days in zip(in_order, spent, strict=True) for place in dated[name]}


def _due(policy: Policy, place: Place) -> datetime:
    due = policy.due_for(*place)
    assert due is not None
    return due

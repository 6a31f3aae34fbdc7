"""How many slack days each student spends, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Place, Policy
from grader.core.course.policies.slack import spend


class GradeAt(Protocol):
    """Returns the grade of a student at an exercise with so many slack days, by what was handed in until then."""

    def __call__(self, place: Place, slack: int = 0, until: datetime | None = None) -> Grade: ...


def slack_days(policy: Policy, attempts: Mapping[Place, Sequence[Attempt]], grade: GradeAt) -> dict[Place, int]:
    """Return the days that are spent at each place, where there are any.

    A day puts off a due date for all exercises that it is the due date of.
    """
    if policy.slack is None:
        return {}
    late: dict[str, dict[str, list[Place]]] = {}
    for place, given in attempts.items():
        due = policy.due_for(*place)
        if due is not None and any(each.submitted > due for each in given):
            late.setdefault(place[0], {}).setdefault(policy.dated(place[1]), []).append(place)
    return {place: days for dated in late.values() for place, days in _spent(policy, dated, grade).items() if days}


def _spent(policy: Policy, dated: Mapping[str, Sequence[Place]], grade: GradeAt) -> dict[Place, int]:
    """Return the days of one student, by the work that is late at each due date."""
    assert policy.slack is not None
    in_order = sorted(dated, key=lambda name: (min(_due(policy, place) for place in dated[name]), name))
    spent = (0,) * len(in_order)
    for until in (*policy.slack.released, None):
        spent = spend(
            policy.slack,
            [
                [
                    sum(grade(place, days, until).points or 0.0 for place in dated[name])
                    for days in range(policy.slack.most + 1)
                ]
                for name in in_order
            ],
            spent,
        )
    return {place: days for name, days in zip(in_order, spent, strict=True) for place in dated[name]}


def _due(policy: Policy, place: Place) -> datetime:
    due = policy.due_for(*place)
    assert due is not None
    return due

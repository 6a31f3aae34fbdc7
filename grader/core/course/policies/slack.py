"""Slack days: a budget for each student, spent by us where it helps most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# Sums of the same points in another order may differ in their last digits.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Slack:
    """How many days late a student may be in all, without a penalty.

    Attributes:
        days: the budget of each student.
        at_most: for one due date; None for all of them.
        released: when grades were given out: days that had been spent by then stay where they were spent.
    """

    days: int
    at_most: int | None = None
    released: tuple[datetime, ...] = ()

    @property
    def most(self) -> int:
        """The most days for one due date."""
        return self.days if self.at_most is None else min(self.at_most, self.days)


def spend(slack: Slack, points: Sequence[Sequence[float]], spent: Sequence[int] | None = None) -> tuple[int, ...]:
    """Return how many days to spend on each due date, so that the points are the most.

    Of several ways to the same points, the one with the fewest days is taken, and of these the one that spends them on
    the due dates that come first.

    Args:
        points: for each due date, the points with 0, 1, … days; at least one number each.
        spent: days that are fixed already, of each.
    """
    fixed = spent or (0,) * len(points)
    # By how many days are spent in all: the most points so far, and the days of each due date.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for table, least in zip(points, fixed, strict=True):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (total, chosen) in best.items():
            for days in range(least, min(len(table) - 1, slack.most) + 1) or (least,):
                all_used = used + days
                if all_used > max(slack.days, sum(fixed)):
                    break
                candidate = (total + table[min(days, len(table) - 1)], (*chosen, days))
                if all_used not in following or _better(candidate, following[all_used]):
                    following[all_used] = candidate
        best = following
    found = (0.0, tuple(fixed))
    for used in sorted(best):
        if used == min(best) or best[used][0] > found[0] + _NOTHING:
            found = best[used]
    return found[1]


def _better(one: tuple[float, tuple[int, ...]], other: tuple[float, tuple[int, ...]]) -> bool:
    """Whether one has more points, or as many and its days on due dates that come first."""
    if abs(one[0] - other[0]) > _NOTHING:
        return one[0] > other[0]
    return one[1] > other[1]

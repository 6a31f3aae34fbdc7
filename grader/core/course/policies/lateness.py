"""What time costs or earns: the penalty for being late, the bonus for being early."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """What lateness costs.

    Attributes:
        grace: lateness that costs nothing.
        penalty: share of the score, 0 to 1, lost for each `every` begun after the due date.
        every: None where lateness is charged once.
        at_most: largest share that can be lost.
    """

    grace: timedelta = timedelta()
    penalty: float = 0.0
    every: timedelta | None = None
    at_most: float = 1.0

    def share(self, by: timedelta, on_the_clock: timedelta | None = None) -> float:
        """Return the share of the score that is lost by this lateness.

        Args:
            on_the_clock: the same lateness as a clock on the wall shows it, where that is another: whole days are
                counted by it, so that a day of 25 hours is one day.
        """
        if by <= self.grace:
            return 0.0
        if self.every is None:
            return min(self.penalty, self.at_most)
        times = math.ceil(_by_the_day(self.every, by, on_the_clock) / self.every)
        return min(self.penalty * max(times, 1), self.at_most)


@dataclass(frozen=True)
class Early:
    """What being early earns.

    Attributes:
        bonus: share of the score, 0 to 1, earned for each whole `every` before the due date.
        at_most: largest share that can be earned.
        above_maximum: whether the grade may come to more than an exercise's points.
    """

    bonus: float
    every: timedelta
    at_most: float
    above_maximum: bool = False

    def share(self, by: timedelta, on_the_clock: timedelta | None = None) -> float:
        """Return the share of the score that is earned by handing in so long before the due date."""
        times = math.floor(_by_the_day(self.every, by, on_the_clock) / self.every)
        return min(self.bonus * max(times, 0), self.at_most)


def _by_the_day(every: timedelta, by: timedelta, on_the_clock: timedelta | None) -> timedelta:
    """Return the time as it is counted: whole days by the clock on the wall."""
    return on_the_clock if on_the_clock is not None and every % _DAY == timedelta() else by

"""Which attempts count, and what further ones cost: the same by every road on which work arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from grader.core.course.policies.trust import Trust


@dataclass(frozen=True)
class Attempt:
    """One judged submission.

    Attributes:
        score: None where it could not be judged.
        result: the number of its result in the gradebook.
        trust: in the time; None where that was recorded before times were distinguished.
        content: tells what was handed in from everything else; empty where that is not known.
        starter: whether that is the starter as it was given out.
    """

    submitted: datetime
    score: float | None
    result: int = 0
    trust: Trust | None = None
    content: str = ""
    starter: bool = False

    @property
    def may_cost(self) -> bool:
        """Whether lateness by this time may cost points; by times from before they were distinguished, it does."""
        return self.trust is None or self.trust.counts

    @property
    def may_earn(self) -> bool:
        """Whether being early by this time may earn points."""
        return self.trust is not None and self.trust.counts


@dataclass(frozen=True)
class AttemptRules:
    """How many attempts there are at an exercise, and what they cost.

    Attributes:
        free: so many attempts cost nothing.
        cost: share of the score, 0 to 1, lost with each attempt after these.
        at_most: largest share that can be lost so.
        limit: later attempts do not count; None for any number.
        pause: an attempt that comes sooner after the one before does not count.
    """

    free: int = 1
    cost: float = 0.0
    at_most: float = 1.0
    limit: int | None = None
    pause: timedelta = timedelta()

    def share(self, number: int) -> float:
        """Return the share of the score that the attempt of this number, from 1, loses."""
        return min(self.cost * max(number - self.free, 0), self.at_most)


class Aside(Enum):
    """Why an attempt does not count."""

    LIMIT = "limit"
    PAUSE = "pause"
    STARTER = "starter"


@dataclass(frozen=True)
class Numbered:
    """An attempt with its number; 0 where it is none by these rules."""

    attempt: Attempt
    number: int
    aside: Aside | None = None


def numbered(attempts: Sequence[Attempt], rules: AttemptRules) -> Iterator[Numbered]:
    """Yield attempts, given in the order of their times, with their numbers.

    The same content has one number however often it is handed in. What could not be judged uses up no attempt, and
    nor does an untouched starter, which is set aside as soon as there is anything else. The pause runs from the last
    attempt that was accepted: one that is refused never lengthens it, and one without a time to be trusted is never
    refused.
    """
    seen: dict[str, int] = {}
    used, last = 0, None
    only_starters = all(attempt.starter for attempt in attempts)
    for attempt in attempts:
        if attempt.starter:
            yield Numbered(attempt, 0, None if only_starters else Aside.STARTER)
            continue
        known = seen.get(attempt.content) if attempt.content else None
        if known is not None:
            yield Numbered(attempt, known, _over(known, rules))
            continue
        if last is not None and attempt.may_cost and attempt.submitted - last < rules.pause:
            yield Numbered(attempt, 0, Aside.PAUSE)
            continue
        number = used + 1
        yield Numbered(attempt, number, _over(number, rules))
        if attempt.score is None:
            continue
        used = number
        if attempt.content:
            seen[attempt.content] = number
        if attempt.may_cost:
            last = attempt.submitted


def open_from(before: Sequence[Attempt], now: Attempt, rules: AttemptRules) -> datetime | None:
    """Return when the pause after what was accepted ends; None where `now` need not wait for it.

    Args:
        before: in the order of their times.
    """
    if not rules.pause:
        return None
    tried = list(numbered([*before, now], rules))
    if tried[-1].aside is not Aside.PAUSE:
        return None
    accepted: dict[int, Attempt] = {}
    for each in tried:
        if each.number and each.attempt.score is not None:
            # The same content again is no further attempt, and nobody waits for it.
            accepted.setdefault(each.number, each.attempt)
    return max(each.submitted for each in accepted.values() if each.may_cost) + rules.pause


def _over(number: int, rules: AttemptRules) -> Aside | None:
    return Aside.LIMIT if rules.limit is not None and number > rules.limit else None

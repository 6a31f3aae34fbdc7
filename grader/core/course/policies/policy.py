"""From scores to grades: due dates, lateness, which attempt counts, and marks given by hand.

A score is what the checks earned. A grade is what is recorded: the score of the attempt that counts, less what lateness
and further attempts cost, with a bonus for being early, unless somebody set it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from itertools import takewhile

from grader.core.course.policies.attempts import Aside, Attempt, AttemptRules, Numbered, numbered
from grader.core.course.policies.lateness import Early, Late
from grader.core.course.policies.slack import Slack

# A student and an exercise.
Place = tuple[str, str]


class Attempts(Enum):
    """Which of several attempts counts."""

    LAST = "last"
    BEST = "best"


@dataclass(frozen=True)
class Policy:
    """The rules of one course.

    Attributes:
        due: by exercise id, or by lecture id for all its exercises.
        extensions: the same for single students, by student.
        zone: in which the dates are meant, and days begin; None where nobody says.
        attempt_rules: by exercise id, lecture id or kind of exercise (`asks`, `questions`, …); of all others by "".
        early: what being early earns; None where it is nothing.
        slack: days that each student may be late; None where there are none.
    """

    due: Mapping[str, datetime] = field(default_factory=dict)
    late: Late = Late()
    attempts: Attempts = Attempts.BEST
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    zone: tzinfo | None = None
    attempt_rules: Mapping[str, AttemptRules] = field(default_factory=dict)
    early: Early | None = None
    slack: Slack | None = None

    def rules_for(self, exercise: str, kinds: Sequence[str] = ()) -> AttemptRules:
        """Return the rules of attempts at an exercise: its own before its lecture's, its kind's and all others'."""
        places = (exercise, exercise.partition(".")[0], *kinds, "")
        return next((self.attempt_rules[place] for place in places if place in self.attempt_rules), AttemptRules())

    def due_for(self, student: str, exercise: str) -> datetime | None:
        """Return when this student's work is due: an exercise before its lecture; an extension never shortens."""
        lecture = exercise.partition(".")[0]
        rules = (self.due, self.extensions.get(student, {}))
        dates = [rule.get(exercise, rule.get(lecture)) for rule in rules]
        return max((date for date in dates if date is not None), default=None)

    def extended(self, given: Mapping[Place, datetime]) -> Policy:
        """Return the policy with further extensions, by student and exercise; of two for one the later one counts."""
        if not given:
            return self
        known = {student: dict(dates) for student, dates in self.extensions.items()}
        for (student, exercise), until in given.items():
            own = known.setdefault(student, {})
            before = own.get(exercise, own.get(exercise.partition(".")[0], until))
            own[exercise] = max(until, before)
        return replace(self, extensions=known)

    def dated(self, exercise: str) -> str:
        """Return what the due date of an exercise is one of: the exercise itself, or its lecture."""
        return exercise if exercise in self.due else exercise.partition(".")[0]

    def later(self, due: datetime, days: int) -> datetime:
        """Return the due date so many days on, at the same time of day."""
        return due.astimezone(self.zone or UTC) + timedelta(days=days)

    def share(self, submitted: datetime, due: datetime) -> float:
        """Return the share of the score that a submission of this time loses."""
        return self.late.share(submitted - due, self._on_the_clock(submitted, due))

    def earned(self, submitted: datetime, due: datetime) -> float:
        """Return the share of the score that a submission of this time earns by being early."""
        return self.early.share(due - submitted, self._on_the_clock(due, submitted)) if self.early else 0.0

    def _on_the_clock(self, one: datetime, other: datetime) -> timedelta:
        zone = self.zone or UTC
        return one.astimezone(zone).replace(tzinfo=None) - other.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Extension:
    """A later due date of one student at one exercise. `until` None takes earlier ones back."""

    until: datetime | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Waiver:
    """A penalty for lateness that a teacher lets go. `waives` False takes earlier ones back."""

    waives: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Withdrawal:
    """Bytes that a teacher says are not this student's work. `withdrawn` False takes earlier ones back."""

    sha256: str
    withdrawn: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Override:
    """A mark set by hand. `score` None takes earlier ones back."""

    score: float | None
    reason: str
    by: str
    at: datetime


class State(Enum):
    """What a grade rests on."""

    GRADED = "graded"
    MISSING = "missing"
    VOID = "void"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True)
class Grade:
    """What is recorded for one student and one exercise.

    Attributes:
        score: points that the checks of the counting attempt earned; None where there is none.
        penalty: points lost to lateness.
        points: what is recorded, None where nothing is: missing work is no zero, nor is work that we could not judge.
        attempt: the attempt that counts.
        late: by how much it came after its due date.
        attempts: how many different contents were judged, without untouched starters.
        lost: the share of the score that lateness and further attempts take, less what being early gives back.
        price: points lost because of attempts before this one.
        bonus: points earned by being early.
        slack: days of the student's budget that are spent here.
        number: of the attempt that counts; 0 where it is none by the rules of the course.
        aside: why this attempt does not count; None where it may.
    """

    student: str
    exercise: str
    state: State
    max_score: float
    score: float | None = None
    penalty: float = 0.0
    points: float | None = None
    attempt: Attempt | None = None
    late: timedelta = timedelta()
    attempts: int = 0
    override: Override | None = None
    waiver: Waiver | None = None
    lost: float = 0.0
    price: float = 0.0
    bonus: float = 0.0
    slack: int = 0
    number: int = 0
    aside: Aside | None = None


def grade_of(
    student: str,
    exercise: str,
    max_score: float,
    attempts: Sequence[Attempt],
    policy: Policy,
    override: Override | None = None,
    waiver: Waiver | None = None,
    kinds: Sequence[str] = (),
    slack: int = 0,
) -> Grade:
    """Return the grade that follows from all attempts of a student at an exercise.

    Args:
        attempts: as they were recorded: of two of one time, the later one here counts as the later one.
        kinds: of the exercise: what it lists (`asks`, `questions`, …).
        slack: days of the student's budget that are spent here.
    """
    grades = grades_of_attempts(student, exercise, max_score, attempts, policy, waiver, kinds, slack)
    grade = _counting([each for each in grades if each.aside is None], policy)
    grade = grade or Grade(student, exercise, State.MISSING, max_score)
    if override is None or override.score is None:
        return grade
    return replace(grade, state=State.OVERRIDDEN, points=override.score, override=override)


def grades_of_attempts(
    student: str,
    exercise: str,
    max_score: float,
    attempts: Sequence[Attempt],
    policy: Policy,
    waiver: Waiver | None = None,
    kinds: Sequence[str] = (),
    slack: int = 0,
) -> list[Grade]:
    """Return what each attempt comes to, in the order of their times; `aside` says which do not count."""
    due = policy.due_for(student, exercise)
    rules = policy.rules_for(exercise, kinds)
    in_order = list(numbered(sorted(attempts, key=lambda attempt: attempt.submitted), rules))
    judged = {each.number for each in in_order if each.attempt.score is not None and each.number}
    waived = waiver if waiver is not None and waiver.waives else None
    bare = Grade(student, exercise, State.VOID, max_score, attempts=len(judged), waiver=waived)
    return [_of_attempt(bare, each, due, policy, rules, slack) for each in in_order]


def _of_attempt(
    bare: Grade, given: Numbered, due: datetime | None, policy: Policy, rules: AttemptRules, slack: int
) -> Grade:
    attempt = given.attempt
    by = _after(due, attempt.submitted) if due is not None else timedelta()
    lost = earned = 0.0
    if due is not None and attempt.may_cost and bare.waiver is None:
        lost = policy.share(attempt.submitted, policy.later(due, slack) if slack else due)
    everybodys = policy.due_for("", bare.exercise)
    if everybodys is not None and attempt.may_earn:
        earned = policy.earned(attempt.submitted, everybodys)
    price = min(rules.share(given.number), 1.0 - lost)
    above = policy.early is not None and policy.early.above_maximum
    taken = lost + price - earned
    grade = replace(
        bare,
        attempt=attempt,
        late=by,
        lost=taken if above else max(taken, 0.0),
        slack=slack if by else 0,
        number=given.number,
        aside=given.aside,
    )
    if attempt.score is None:
        return grade
    penalty, dearer, bonus = attempt.score * lost, attempt.score * price, attempt.score * earned
    if not above:
        bonus = max(min(bonus, bare.max_score - (attempt.score - penalty - dearer)), 0.0)
    return replace(
        grade,
        state=State.GRADED,
        score=attempt.score,
        penalty=penalty,
        points=attempt.score - penalty - dearer + bonus,
        price=dearer,
        bonus=bonus,
    )


def _after(due: datetime, submitted: datetime) -> timedelta:
    """Return by how much it came late, in whole seconds where it is more than one: days and minutes end just before."""
    by = max(submitted - due, timedelta())
    return timedelta(by.days, by.seconds) if by >= timedelta(seconds=1) else by


def _counting(grades: Sequence[Grade], policy: Policy) -> Grade | None:
    """Return the last grade, or the best. While an attempt could still be judged better, nothing is final: void."""
    if not grades:
        return None
    if policy.attempts is Attempts.LAST:
        return _last(grades)
    best = max(grades, key=lambda grade: -1.0 if grade.points is None else grade.points)
    for void in (grade for grade in reversed(grades) if grade.points is None):
        most = void.max_score - void.max_score * void.lost
        if best.points is None or best.points < most:
            return void
    return best


def _last(grades: Sequence[Grade]) -> Grade:
    """Return the last grade; of the same content handed in again, the first in time, for that is no new attempt."""
    content = grades[-1].attempt.content if grades[-1].attempt else ""
    same = list(takewhile(lambda each: content and each.attempt and each.attempt.content == content, reversed(grades)))
    # What was judged, and a time that was recorded by a system, before what was not.
    return min(reversed(same), key=_weight) if same else grades[-1]


def _weight(grade: Grade) -> tuple[bool, bool]:
    return grade.points is None, grade.attempt is None or not grade.attempt.may_cost

"""What a teacher wants to see of a whole class: how each exercise went, and which mistakes are the most frequent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grader.core.course.policies.policy import Grade, State
from grader.core.report.finding import Finding
from grader.core.report.report import Report, Verdict


@dataclass(frozen=True)
class Standing:
    """Where one student stands at one exercise.

    Attributes:
        report: of the attempt that counts; None where there is none.
        stale: whether that was judged by an earlier version of the exercise, and so the grade is one of that.
    """

    grade: Grade
    report: Report | None = None
    stale: bool = False

    @property
    def verdicts(self) -> set[Verdict]:
        return {check.verdict for check in self.report.checks} if self.report else set()

    @property
    def misconceptions(self) -> list[str]:
        """Names of the mistakes found, each once: several checks may show the same one."""
        return list(self.hints)

    @property
    def hints(self) -> dict[str, Finding]:
        """The hint of each of these."""
        checks = self.report.checks if self.report else ()
        return {cause.name: cause.hint for check in checks for cause in check.true_causes}


@dataclass(frozen=True)
class ExerciseSummary:
    """How one exercise went.

    Attributes:
        mean: of the points recorded, as a share of the most; None where none is recorded.
        errors: submissions of which a check was stopped by an error.
        misconceptions: names and how many students showed them, the most frequent first.
    """

    exercise: str
    submitted: int
    missing: int
    void: int
    full_marks: int
    errors: int
    mean: float | None
    misconceptions: tuple[tuple[str, int], ...]


def summarise(standings: Iterable[Standing]) -> tuple[ExerciseSummary, ...]:
    """Return a summary for each exercise, in the order in which exercises first appear. Standings are not kept."""
    counts: defaultdict[str, _Counts] = defaultdict(_Counts)
    for standing in standings:
        counts[standing.grade.exercise].add(standing)
    return tuple(each.summary(exercise) for exercise, each in counts.items())


class _Counts:
    def __init__(self) -> None:
        self._states: Counter[State] = Counter()
        self._misconceptions: Counter[str] = Counter()
        self._shares: list[float] = []
        self._full_marks = self._errors = 0

    def add(self, standing: Standing) -> None:
        grade = standing.grade
        self._states[grade.state] += 1
        if standing.report is not None:
            self._misconceptions.update(standing.misconceptions)
            self._errors += Verdict.ERROR in standing.verdicts
        if grade.points is not None:
            self._full_marks += grade.points >= grade.max_score
            if grade.max_score:
                self._shares.append(grade.points / grade.max_score)

    def summary(self, exercise: str) -> ExerciseSummary:
        missing = self._states[State.MISSING]
        return ExerciseSummary(
            exercise,
            submitted=self._states.total() - missing,
            missing=missing,
            void=self._states[State.VOID],
            full_marks=self._full_marks,
            errors=self._errors,
            mean=sum(self._shares) / len(self._shares) if self._shares else None,
            misconceptions=tuple(sorted(self._misconceptions.items(), key=lambda item: (-item[1], item[0]))),
        )

"""What is exported: points of a selection of exercises, for everybody in the class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.actions.teacher.grading_runs.versions import Versions
from grader.actions.teacher.standings import grades, standings
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import State
from grader.core.people.student import Student
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook


@dataclass(frozen=True)
class Selection:
    """The exercises and students that an export is about."""

    exercises: Sequence[Exercise]
    students: Mapping[str, Student]

    @property
    def max_points(self) -> float:
        return sum(exercise.max_score for exercise in self.exercises)

    def standings(self, files: CourseFiles, book: Gradebook) -> Iterator[Standing]:
        """Yield where everybody stands at each exercise."""
        return standings(files, self.exercises, list(self.students), book, versions=Versions(files))


def select(
    files: CourseFiles, book: Gradebook, roster: Mapping[str, Student], only: Sequence[str], lectures: Sequence[str]
) -> Selection:
    """Return the selection: by default all exercises, and the roster or else everybody in the gradebook.

    Raises:
        UsageFault: where an exercise or a lecture is not there.
    """
    seen = sorted({each.student for each in book.standing()})
    return Selection(files.select(only, lectures), roster or {student: Student(student) for student in seen})


@dataclass(frozen=True)
class Gaps:
    """What whoever reads an export would not see in it.

    Attributes:
        not_judged: student and exercise of work that has no score, because it is not judged yet or could not be.
        earlier: exercises that gave other points when some of the grades were computed.
        left_out: students with a grade that are not among those of the export.
        stale: exercises with the number of grades that an earlier version of them gave, but for those of `earlier`.
    """

    not_judged: Sequence[str]
    earlier: Sequence[str]
    left_out: Sequence[str]
    stale: Sequence[str]


def gaps_in(chosen: Selection, files: CourseFiles, book: Gradebook) -> Gaps:
    """Return what is missing in the export of a selection."""
    recorded = book.standing()
    found = grades(files, chosen.exercises, book, recorded).values()
    counting = {grade.attempt.result for grade in found if grade.attempt and grade.attempt.result}
    most = {exercise.id: exercise.max_score for exercise in chosen.exercises}
    waiting = [each for each in found if each.state is State.VOID and each.student in chosen.students]
    changed = (each for each in recorded if each.result in counting and each.max_score != most[each.exercise])
    shown = [each for each in found if each.student in chosen.students]
    stale = Counter(exercise for _, exercise in Versions(files).stale(shown, book))
    with_grade = {each.student for each in found if each.points is not None}
    earlier = sorted({each.exercise for each in changed})
    return Gaps(
        [f"{each.student} {each.exercise}" for each in waiting],
        earlier,
        sorted(with_grade - set(chosen.students)),
        [f"{exercise}  {count}" for exercise, count in sorted(stale.items()) if exercise not in earlier],
    )


def totals(standings: Iterable[Standing]) -> dict[str, float | None]:
    """Return each student's points; None where nothing is recorded, or where something still has to be judged."""
    points: dict[str, float | None] = {}
    pending: set[str] = set()
    for standing in standings:
        grade = standing.grade
        points.setdefault(grade.student, None)
        if grade.state is State.VOID:
            pending.add(grade.student)
        if grade.points is not None:
            points[grade.student] = (points[grade.student] or 0.0) + grade.points
    return {student: None if student in pending else total for student, total in points.items()}

"""Which grades are of an earlier version of their exercise: they count until they are judged again."""

from __future__ import annotations

from collections.abc import Iterable

from grader.actions.teacher.grading_runs.basis import Basis
from grader.core.course.policies.policy import Grade, Place, State
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.grading.judge.answer_key import answer_key
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook


class Versions:
    """The versions of a course's exercises as they are now; each is looked at once."""

    def __init__(self, files: CourseFiles) -> None:
        self._files = files
        self._known: dict[str, Basis | None] = {}

    def stale(self, grades: Iterable[Grade], book: Gradebook) -> set[Place]:
        """Return the places of those of these grades that follow from what an earlier version gave."""
        computed = [grade for grade in grades if grade.state is State.GRADED and grade.attempt]
        facts = book.rests_on({grade.attempt.result for grade in computed if grade.attempt})
        return {
            (grade.student, grade.exercise)
            for grade in computed
            if grade.attempt
            and (rests_on := facts.get(grade.attempt.result))
            and (basis := self.of(grade.exercise))
            and basis.is_of_earlier_version(rests_on)
        }

    def of(self, exercise_id: str, secret: bytes | None = None) -> Basis | None:
        """Return what a result of an exercise would rest on now; None where that cannot be known here."""
        if exercise_id not in self._known:
            self._known[exercise_id] = _basis(self._files, exercise_id, secret)
        return self._known[exercise_id]


def _basis(files: CourseFiles, exercise_id: str, secret: bytes | None) -> Basis | None:
    try:
        key = answer_key(files, files.exercise(exercise_id), secret or b"")
        return Basis(files, key, secret, isolation=None, practice=False)
    except (CourseInvalid, CouldNotJudge):
        return None

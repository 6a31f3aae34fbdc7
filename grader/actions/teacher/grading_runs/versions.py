"""Which grades are of an earlier version of their exercise: they count until they are judged again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grader.actions.teacher.grading_runs.basis import Basis
from grader.actions.teacher.grading_runs.published import earlier
from grader.core.course.policies.policy import Grade, Place
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
        return earlier(grades, book, self._is_earlier)

    def _is_earlier(self, exercise: str, rests_on: Mapping[str, Any]) -> bool:
        basis = self.of(exercise)
        return basis is not None and basis.is_of_earlier_version(rests_on)

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

"""Starters as they are given out: to hand one in untouched is no attempt."""

from __future__ import annotations

import hashlib

from grader.actions.student.asked import begun
from grader.core.course.exercise import Exercise
from grader.core.course.variants import NOBODY
from grader.core.program.several import texts_by_name
from grader.store.students.several_files import program_of


class Starters:
    """The starters of a course's exercises; each is looked at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def has(self, exercise: Exercise, student: str, sha256: str) -> bool:
        """Return whether bytes with this SHA-256 are what `course start` gives this student for an exercise."""
        whose = student if exercise.work.own else ""
        if (exercise.id, whose) not in self._known:
            # It may have been begun before anybody said whose it is.
            self._known[exercise.id, whose] = frozenset().union(*(_digests(exercise, each) for each in {whose, NOBODY}))
        return sha256 in self._known[exercise.id, whose]


def begun_files(exercise: Exercise, student: str) -> dict[str, bytes]:
    """Return the files of the student's own that an exercise begins with, by name."""
    if not exercise.work.by_program:
        return {f"{exercise.id}.yaml": begun(exercise, student).encode()}
    if exercise.work.submit:
        texts = texts_by_name(exercise.work.starter.decode())
        return {name: texts.get(name, "").encode() for name in exercise.work.submit}
    return {f"{exercise.id}.py": exercise.work.starter}


def _digests(exercise: Exercise, student: str) -> frozenset[str]:
    files = begun_files(exercise, student)
    content = program_of(files) if exercise.work.submit else next(iter(files.values()))
    # Editors and downloads change how lines end, and whether the last one does.
    text = content.replace(b"\r\n", b"\n").rstrip(b"\n")
    ends = (content, *(form.replace(b"\n", end) for form in (text, text + b"\n") for end in (b"\n", b"\r\n")))
    return frozenset(hashlib.sha256(form).hexdigest() for form in ends)

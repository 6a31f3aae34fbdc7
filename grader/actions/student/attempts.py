"""What a course's rules of attempts say of a submission that is handed in here and now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from grader.actions.student.starters import Starters
from grader.core.course.exercise import Exercise
from grader.core.course.policies.attempts import Attempt, open_from
from grader.core.course.policies.policy import Grade, grade_of, grades_of_attempts
from grader.core.course.policies.trust import Trust
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.students.submissions import earlier_attempts


def attempts_before(files: CourseFiles, exercise: Exercise, student: str, content: bytes) -> list[Attempt]:
    """Return what the student has handed in before; to hand in now is allowed.

    Raises:
        UsageFault: where the pause that the course asks for is not over. Nothing is recorded then, so that who asks
            too soon waits no longer.
    """
    before = _recorded(files, exercise, student)
    rules = files.course.policy.rules_for(exercise.id, exercise.work.listed)
    free = open_from(before, _this(exercise, student, content), rules)
    if free is not None:
        raise UsageFault(
            say(
                "the next attempt at {id} can be handed in from {time} on. Nothing was recorded, and asking too soon "
                "does not make you wait longer; course feedback {id} shows the last report again",
                id=exercise.id,
                time=f"{free.astimezone(files.course.policy.zone):%Y-%m-%d %H:%M:%S}",
            )
        )
    return before


def grades_here(files: CourseFiles, exercises: Iterable[Exercise], student: str) -> list[Grade]:
    """Return where a student stands at each of these exercises by what was handed in here; also of missing work."""
    return [
        grade_of(
            student,
            exercise.id,
            exercise.max_score,
            _recorded(files, exercise, student),
            files.course.policy,
            kinds=exercise.work.listed,
        )
        for exercise in exercises
    ]


def grade_here(
    files: CourseFiles, exercise: Exercise, student: str, content: bytes, score: float | None, before: list[Attempt]
) -> Grade:
    """Return what this attempt comes to by the rules of attempts, whatever its time costs or earns."""
    now = replace(_this(exercise, student, content), score=score)
    untimed = replace(files.course.policy, due={}, extensions={}, early=None)
    kinds = exercise.work.listed
    return grades_of_attempts(student, exercise.id, exercise.max_score, [*before, now], untimed, kinds=kinds)[-1]


def _recorded(files: CourseFiles, exercise: Exercise, student: str) -> list[Attempt]:
    starters = Starters()
    return [
        replace(each, starter=starters.has(exercise, student, each.content))
        for each in earlier_attempts(files.root, student, exercise.id)
    ]


def _this(exercise: Exercise, student: str, content: bytes) -> Attempt:
    digest = hashlib.sha256(content).hexdigest()
    starter = Starters().has(exercise, student, digest)
    return Attempt(datetime.now(UTC), 0.0, trust=Trust.SERVER, content=digest, starter=starter)

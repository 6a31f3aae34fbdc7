"""Where students stand, by what the gradebook holds and the course's policy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from grader.actions.student.starters import Starters
from grader.actions.teacher.slack import slack_days
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Override, Place, Policy, State, Waiver, grade_of
from grader.core.questions.attempts import attempts_of, counted
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.core.words.message import Message, say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Recorded


class Versions(Protocol):
    """Whatever knows which grades are of an earlier version of their exercise."""

    def stale(self, grades: Iterable[Grade], book: Gradebook) -> set[Place]: ...


# Students whose reports are in memory at the same time.
_AT_ONCE = 100
T = TypeVar("T")


def grades(
    files: CourseFiles, exercises: Sequence[Exercise], book: Gradebook, recorded: Iterable[Recorded]
) -> dict[Place, Grade]:
    """Return the grade of everybody who has handed something in, or has a mark set by hand, at these exercises.

    Args:
        recorded: all that these students handed in, at other exercises too: slack days are spent over all of them.
    """
    wanted, policy = {exercise.id for exercise in exercises}, policy_of(files, book)
    exercises = exercises if policy.slack is None else [*exercises, *_others(files, wanted)]
    attempts: dict[Place, list[Recorded]] = {}
    for each in recorded:
        attempts.setdefault((each.student, each.exercise), []).append(each)
    attempts |= dict(_counted(exercises, attempts, book))
    known = _Known(policy, {each.id: each for each in exercises}, attempts, book.overrides(), book.waivers())
    places = [place for place in sorted({*attempts, *known.overrides}) if place[1] in known.exercises]
    days: Mapping[Place, int] = {}
    if policy.slack is not None:
        days = slack_days(policy, {place: known.attempts(place) for place in places}, known.grade)
    return {place: known.grade(place, days.get(place, 0)) for place in places if place[1] in wanted}


def policy_of(files: CourseFiles, book: Gradebook) -> Policy:
    """Return the course's policy with the later due dates that were given by hand."""
    return files.course.policy.extended(book.extensions())


@dataclass(frozen=True)
class _Known:
    """What grades follow from."""

    policy: Policy
    exercises: Mapping[str, Exercise]
    recorded: Mapping[Place, Sequence[Recorded]]
    overrides: Mapping[Place, Override]
    waivers: Mapping[Place, Waiver]
    starters: Starters = field(default_factory=Starters)

    def attempts(self, place: Place) -> list[Attempt]:
        return attempts_at(self.exercises[place[1]], self.recorded.get(place, ()), self.starters)

    def grade(self, place: Place, slack: int = 0, until: datetime | None = None) -> Grade:
        exercise = self.exercises[place[1]]
        attempts = [each for each in self.attempts(place) if until is None or each.submitted <= until]
        override, waiver = self.overrides.get(place), self.waivers.get(place)
        listed = exercise.work.listed
        return grade_of(*place, exercise.max_score, attempts, self.policy, override, waiver, listed, slack)


def attempts_at(exercise: Exercise, recorded: Iterable[Recorded], starters: Starters) -> list[Attempt]:
    """Return submissions at an exercise as attempts, which know whether they are the starter."""
    return [
        replace(each.attempt, starter=starters.has(exercise, each.student, each.sha256), content=each.sha256)
        for each in recorded
    ]


def _others(files: CourseFiles, known: Collection[str]) -> Iterator[Exercise]:
    """Yield the other exercises of a course; one that is not right is told elsewhere."""
    for id in files.exercise_ids():
        try:
            if id not in known:
                yield files.exercise(id)
        except CourseInvalid:
            continue


def _counted(
    exercises: Sequence[Exercise], attempts: Mapping[Place, list[Recorded]], book: Gradebook
) -> Iterator[tuple[Place, list[Recorded]]]:
    """Yield, where questions count a few answers only, the submissions with the scores of the answers that count."""
    limited = {exercise.id: most for exercise in exercises if (most := attempts_of(exercise.work))}
    places = {place: rows for place, rows in attempts.items() if place[1] in limited and len(rows) > 1}
    reports = book.reports({row.result for rows in places.values() for row in rows if row.result})
    for place, rows in places.items():
        judged = [row for row in rows if row.score is not None and row.result in reports]
        checks = [{check.name: check for check in reports[row.result].checks} for row in judged]
        totals = {
            row.id: math.fsum(check.score or 0.0 for check in counting.values())
            for row, counting in zip(judged, counted(limited[place[1]], checks), strict=True)
        }
        yield place, [replace(row, score=totals.get(row.id, row.score)) for row in rows]


def scores(exercises: Sequence[Exercise], submissions: Iterable[Recorded]) -> dict[Place, Grade]:
    """Return the bare score of each submission: one for a place, whatever else was handed in, due or set by hand."""
    max_scores = {exercise.id: exercise.max_score for exercise in exercises}
    return {
        (each.student, each.exercise): grade_of(
            each.student, each.exercise, max_scores[each.exercise], [each.attempt], Policy()
        )
        for each in submissions
    }


def standings(
    files: CourseFiles,
    exercises: Sequence[Exercise],
    students: Iterable[str],
    book: Gradebook,
    known: Mapping[Place, Grade] | None = None,
    versions: Versions | None = None,
) -> Iterator[Standing]:
    """Yield where each of these students stands at each exercise, missing work included.

    Args:
        known: all grades, where they have been computed already.
        versions: what says which grades are of an earlier version; without it, nothing is said.
    """
    known = grades(files, exercises, book, book.standing()) if known is None else known
    most = {exercise.id: exercise.max_score for exercise in exercises}
    for some in _batched(students, _AT_ONCE):
        found = [
            known.get((student, id)) or Grade(student, id, State.MISSING, max_score)
            for student in some
            for id, max_score in most.items()
        ]
        reports = book.reports({grade.attempt.result for grade in found if grade.attempt})
        stale = versions.stale(found, book) if versions else set()
        for grade in found:
            report = reports.get(grade.attempt.result) if grade.attempt else None
            earlier = (grade.student, grade.exercise) in stale
            yield Standing(grade, report and replace(report, student=grade.student), earlier)


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


def require_known(student: str, known: Collection[str], otherwise: Message) -> None:
    """Refuse a student whom nobody knows, with the nearest name.

    Raises:
        UsageFault: saying `otherwise` where no name is near.
    """
    if student in known:
        return
    near = difflib.get_close_matches(student, known, n=1)
    if near:
        raise UsageFault(say("there is no student {student}; did you mean {near}?", student=student, near=near[0]))
    raise UsageFault(otherwise)

"""Where students stand, by what the gradebook holds and the course's policy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol, TypeVar

from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policy import Grade, Place, Policy, grade_of
from grader.core.questions.attempts import attempts_of, counted
from grader.core.words.errors import UsageFault
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
    """Return the grade of everybody who has handed something in, or has a mark set by hand, at these exercises."""
    attempts: dict[Place, list[Recorded]] = {}
    for each in recorded:
        attempts.setdefault((each.student, each.exercise), []).append(each)
    attempts |= dict(_counted(exercises, attempts, book))
    overrides, waivers = book.overrides(), book.waivers()
    max_scores = {exercise.id: exercise.max_score for exercise in exercises}
    return {
        place: grade_of(
            *place,
            max_scores[place[1]],
            [each.attempt for each in attempts.get(place, ())],
            files.course.policy,
            overrides.get(place),
            waivers.get(place),
        )
        for place in sorted({*attempts, *overrides})
        if place[1] in max_scores
    }


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
    for some in _batched(students, _AT_ONCE):
        found = [
            known.get((student, exercise.id))
            or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy)
            for student in some
            for exercise in exercises
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

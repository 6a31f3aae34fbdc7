"""Where students stand, by what the gradebook holds and the course's policy."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from grader.actions.student.starters import Starters
from grader.actions.teacher.slack import slack_days
from grader.actions.teacher.together import put_together, reports_behind, take_few
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Override, Place, Policy, State, Waiver, grade_of
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
    """Return the grade of everybody who has handed something in, or has a mark set by hand, at these exercises.

    Args:
        recorded: all that these students handed in, at other exercises too: slack days are spent over all of them.

    Raises:
        CourseInvalid: where there are slack days, and another exercise at which something came late is not right.
    """
    wanted, recorded, slack = {exercise.id for exercise in exercises}, list(recorded), files.course.policy.slack
    if slack is not None:
        late = {each.exercise for each in recorded if _is_late(files, each)}
        exercises = [*exercises, *_others(files, late - wanted)]
    starters = Starters()
    known = _known(files, exercises, book, recorded, starters)
    places = [place for place in sorted({*known.recorded, *known.overrides}) if place[1] in known.exercises]
    then = [_known(files, exercises, book, recorded, starters, until) for until in (slack.released if slack else ())]
    days = slack_days(places, then, known) if slack else {}
    return {place: known.grade(place, days.get(place, 0)) for place in places if place[1] in wanted}


def _is_late(files: CourseFiles, each: Recorded) -> bool:
    """Whether something came after its due date; what was put off for one student by hand may have come in time."""
    due = files.course.policy.due_for(each.student, each.exercise)
    return due is not None and each.submitted > due


def policy_of(files: CourseFiles, book: Gradebook, until: datetime | None = None) -> Policy:
    """Return the course's policy with the later due dates that were given by hand, until a moment or until now."""
    return files.course.policy.extended(book.extensions(until))


def _known(
    files: CourseFiles,
    exercises: Sequence[Exercise],
    book: Gradebook,
    recorded: Sequence[Recorded],
    starters: Starters,
    until: datetime | None = None,
) -> _Known:
    """Return what grades follow from, or followed from until a moment: what was given later was not known then."""
    if until is not None and recorded:
        students = {each.student for each in recorded}
        then = {row.id: row for row in book.standing(students.pop() if len(students) == 1 else None, until=until)}
        recorded = [then[each.id] for each in recorded if each.id in then and each.submitted <= until]
    attempts: dict[Place, list[Recorded]] = {}
    for each in recorded:
        attempts.setdefault((each.student, each.exercise), []).append(each)
    attempts |= {place: list(each.rows) for place, each in put_together(exercises, attempts, book).items()}
    return _Known(
        policy_of(files, book, until),
        {each.id: each for each in exercises},
        attempts,
        book.overrides(until),
        book.waivers(until),
        starters,
    )


@dataclass(frozen=True)
class _Known:
    """What grades follow from."""

    policy: Policy
    exercises: Mapping[str, Exercise]
    recorded: Mapping[Place, Sequence[Recorded]]
    overrides: Mapping[Place, Override]
    waivers: Mapping[Place, Waiver]
    starters: Starters

    def attempts(self, place: Place) -> list[Attempt]:
        return attempts_at(self.exercises[place[1]], self.recorded.get(place, ()), self.starters)

    def grade(self, place: Place, slack: int = 0) -> Grade:
        exercise = self.exercises[place[1]]
        override, waiver, listed = self.overrides.get(place), self.waivers.get(place), exercise.work.listed
        attempts = self.attempts(place)
        return grade_of(*place, exercise.max_score, attempts, self.policy, override, waiver, listed, slack)


def attempts_at(exercise: Exercise, recorded: Iterable[Recorded], starters: Starters) -> list[Attempt]:
    """Return submissions at an exercise as attempts, which know whether they are the starter."""
    return [
        replace(each.attempt, starter=starters.has(exercise, each.student, each.sha256), content=each.sha256)
        for each in recorded
    ]


def _others(files: CourseFiles, wanted: Collection[str]) -> Iterator[Exercise]:
    """Yield the other exercises at which something came late: slack days may be spent there.

    Raises:
        CourseInvalid: where one is not right: without it, grades at all others could be other ones.
    """
    return (files.exercise(id) for id in files.exercise_ids() if id in wanted)


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
    recorded = book.standing() if known is None or take_few(exercises) else []
    known = grades(files, exercises, book, recorded) if known is None else known
    most = {exercise.id: exercise.max_score for exercise in exercises}
    for some in _batched(students, _AT_ONCE):
        found = [
            known.get((student, id)) or Grade(student, id, State.MISSING, max_score)
            for student in some
            for id, max_score in most.items()
        ]
        reports = reports_behind(exercises, found, book, recorded)
        stale = versions.stale(found, book) if versions else set()
        for grade in found:
            place = (grade.student, grade.exercise)
            yield Standing(grade, reports.get(place), place in stale)


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

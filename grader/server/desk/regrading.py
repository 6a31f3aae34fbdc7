"""Judging again from the browser: what is to be judged, how far it is, whose grade would change, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from grader.core.course.exercise import Exercise
from grader.core.people.person import Person
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, see, to
from grader.server.desk.teacher_pages import students
from grader.store.grades.desk.regrades import Regrade
from grader.store.grades.gradebook import Recorded


@dataclass(frozen=True)
class _Change:
    """A grade that would be another one."""

    person: Person
    exercise: str
    link: str
    before: float | None
    after: float | None


def regrades(asked: Asked) -> Response:
    """Show what is judged again, with a form for all of it."""
    return asked.page("regrades.html", lines=_lines(asked), faults=())


def rows(asked: Asked) -> Response:
    """Return what is judged again alone, for the page that shows it already."""
    return asked.page("regrade_rows.html", lines=_lines(asked))


def _lines(asked: Asked) -> list[tuple[Regrade, list[_Change]]]:
    return [(each, _changes(asked, each) if each.is_done else []) for each in asked.service.regrades.open()]


def _changes(asked: Asked, regrade: Regrade) -> list[_Change]:
    """Return the grades that would be others with the new results."""
    service, found = asked.service, asked.service.regrades.found(regrade.id)
    standing = service.book.standing()
    # With slack days a grade can move at an exercise of which nothing was judged again.
    exercises = service.exercises()
    new = [_with(row, found) for row in standing]
    before, after = (service.grades_from(exercises, rows) for rows in (standing, new))
    people = {person.student or "": person for person in students(asked)}
    return [
        _Change(people[place[0]], place[1], to("class", "students", str(people[place[0]].id), place[1]),
                before[place].points if place in before else None, grade.points)
        for place, grade in after.items()
        if place[0] in people and (place not in before or before[place].points != grade.points)
    ]  # fmt: skip


def _with(row: Recorded, found: Mapping[int, tuple[int, float]]) -> Recorded:
    if row.id not in found:
        return row
    result, score = found[row.id]
    return replace(row, result=result, score=score, void=False)


def begin(asked: Asked) -> Response:
    """Say that all work is to be judged again, that at one exercise, or that of it which shows a misconception."""
    id, cause = asked.one("exercise"), asked.one("cause")
    found = asked.service.exercise(id) if id else None
    if (id and found is None) or (cause and found is None):
        raise NotHere(say("There is no such exercise."))
    count = asked.service.regrades.begin(id, cause, _submissions(asked, found, cause), asked.who.id)
    if not count:
        words = say("There is nothing to judge again: nothing was handed in here, or it is being judged again already.")
        faults = [words.said(asked.translate, asked.language)]
        return asked.page("regrades.html", 422, lines=_lines(asked), faults=faults)
    return see("/class/regrades")


def _submissions(asked: Asked, exercise: Exercise | None, cause: str) -> Sequence[int]:
    rows = [row for row in asked.service.book.standing() if exercise is None or row.exercise == exercise.id]
    if not cause:
        return [row.id for row in rows]
    reports = asked.service.book.reports({row.result for row in rows if row.result})
    show: dict[int, bool] = {
        number: any(each.name == cause for check in report.checks for each in check.true_causes)
        for number, report in reports.items()
    }
    return [row.id for row in rows if show.get(row.result)]


def end(asked: Asked) -> Response:
    """Let the new results count, or drop them."""
    number = asked.path["regrade"]
    counts: dict[str, Any] = {"counts": True, "dropped": False}
    if asked.one("decision") not in counts:
        raise UsageFault(say("This is not a form of this course."))
    known = {str(each.id): each.id for each in asked.service.regrades.open()}
    if number not in known:
        raise NotHere(say("This is decided already."))
    ended = asked.service.regrades.end(known[number], counts[asked.one("decision")], asked.who.id)
    if ended is None:
        raise UsageFault(say("Not everything is judged again yet: wait, or drop the new results."))
    if ended.outdated:
        raise UsageFault(
            say(
                "The exercise has changed meanwhile: {count} results are of the version before, and do not count. "
                "Judge it again.",
                count=ended.outdated,
            )
        )
    return see("/class/regrades")

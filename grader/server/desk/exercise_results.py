"""How an exercise went: figures, misconceptions with the students behind each and what is said to them, all grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from grader.core.cohort.summary import Standing, summarise
from grader.core.course.exercise import Exercise
from grader.core.findings.telling import told
from grader.core.people.person import Person
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, see, to
from grader.server.desk.teacher_pages import standings_of, students
from grader.server.students.student_pages import wanted_exercise
from grader.server.writing import LONGEST, written


@dataclass
class Cause:
    """A misconception that work at an exercise shows, or did when it was commented on.

    Attributes:
        share: of those who were judged.
        comment: what everybody reads whose work shows it.
    """

    name: str
    hint: str = ""
    comment: str = ""
    share: float = 0.0
    people: list[Person] = field(default_factory=list)


def exercise(asked: Asked) -> Response:
    """Show how an exercise went."""
    return _page(asked, wanted_exercise(asked), [], 200)


def _page(asked: Asked, found: Exercise, faults: Sequence[str], status: int) -> Response:
    people = {person.student or "": person for person in students(asked)}
    group = standings_of(asked, [found], people)
    return asked.page(
        "class_exercise.html",
        status,
        exercise=found,
        title=found.title.said_in(asked.language),
        summary=next(iter(summarise(group)), None),
        causes=_causes(asked, found, group, people),
        lines=[
            (
                people[each.grade.student],
                to("class", "students", str(people[each.grade.student].id), found.id),
                each.grade,
            )
            for each in group
        ],
        link=lambda person: to("class", "students", str(person.id), found.id),
        here=to("class", "exercises", found.id),
        faults=faults,
        typed={name: values[0] for name, values in asked.fields.items()},
        longest=LONGEST,
    )


def _causes(asked: Asked, found: Exercise, group: Sequence[Standing], people: dict[str, Person]) -> list[Cause]:
    """Return the misconceptions, the most frequent first; those too that are commented on and that nobody shows now."""
    causes: dict[str, Cause] = {}
    for standing in group:
        for name, hint in standing.hints.items():
            known = causes.setdefault(name, Cause(name, told(hint).said(asked.translate, asked.language)))
            known.people.append(people[standing.grade.student])
    judged = sum(standing.report is not None for standing in group)
    for name, comment in asked.service.comments.on_causes(found.id).items():
        causes.setdefault(name, Cause(name)).comment = comment.text
    for cause in causes.values():
        cause.share = len(cause.people) / judged if judged else 0.0
    return sorted(causes.values(), key=lambda cause: (-len(cause.people), cause.name))


def comment(asked: Asked) -> Response:
    """Write or change what is said of a misconception; an empty field takes it back."""
    found, name = wanted_exercise(asked), asked.one("cause")
    people = {person.student or "": person for person in students(asked)}
    if name not in {cause.name for cause in _causes(asked, found, standings_of(asked, [found], people), people)}:
        raise NotHere(say("There is no such misconception."))
    try:
        text = written(asked, "text")
    except UsageFault as fault:
        words = [each.said(asked.translate, asked.language) for each in fault.messages]
        return _page(asked, found, words, 422)
    asked.service.comments.on_cause(found.id, name, text, asked.who.id)
    return see(to("class", "exercises", found.id) + "#misconceptions")

"""When a student sees grades and feedback, and what is seen until then: that something was handed in, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade
from grader.core.course.policies.showing import Showing
from grader.core.people.person import Role
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked, see


@dataclass(frozen=True)
class Held:
    """Why grades and feedback of an exercise are not seen yet; `until` is None where nobody knows how long."""

    until: datetime | None = None


def held_in(asked: Asked, exercises: Iterable[str]) -> dict[str, Held]:
    """Return at which of these exercises whoever asks sees no grade and no feedback of their work, and why.

    Every page, stream and answer for programs that shows a student a grade, a score, a verdict or a word about them
    asks here first. Teachers and assistants see everything.
    """
    if asked.who.role is not Role.STUDENT:
        return {}
    rules, policy, now = asked.service.rules.all(), asked.service.policy, asked.at
    assert now is not None
    held = {}
    for exercise in exercises:
        rule = rules.get(exercise, Showing.AT_ONCE)
        due = None if rule is Showing.AT_ONCE else asked.service.due(exercise, asked.student, policy)
        if not rule.is_open(due, now):
            held[exercise] = Held(due if rule is Showing.AFTER_DUE else None)
    return held


def held_back(asked: Asked, exercise: str) -> Held | None:
    """Return why whoever asks sees no grade and no feedback of their work at an exercise; None where they do."""
    return held_in(asked, [exercise]).get(exercise)


def seen_grades(asked: Asked, exercises: Sequence[Exercise]) -> dict[str, Grade]:
    """Return, by exercise, the grades of whoever asks that they may see.

    They are those that there would be without the work that is held back: slack days spent on that would tell of it.
    """
    service = asked.service
    rows = service.book.standing(asked.student)
    held = held_in(asked, {*(row.exercise for row in rows), *(each.id for each in exercises)})
    seen = [each for each in exercises if each.id not in held]
    found = service.grades_from(seen, [row for row in rows if row.exercise not in held])
    return {exercise: grade for (student, exercise), grade in found.items() if student == asked.student}


def told_held(asked: Asked, held: Held | None) -> str:
    """Return in a sentence until when nothing is seen; empty where it is."""
    if held is None:
        return ""
    if held.until is None:
        return asked.translate("Your teacher shows grades and feedback of this exercise later.")
    words = asked.translate("Grades and feedback of this exercise are shown after {time}.")
    return words.format(time=f"{held.until:%Y-%m-%d %H:%M} {held.until.tzname() or ''}".strip())


def rules(asked: Asked) -> Response:
    """Show when grades and feedback of each exercise are seen, with a form that changes it."""
    return _rules_page(asked, [], 200)


def _rules_page(asked: Asked, faults: Sequence[str], status: int) -> Response:
    known, policy = asked.service.rules.all(), asked.service.policy
    lines = []
    for exercise in asked.service.exercises():
        due, rule = asked.service.due(exercise.id, "", policy), known.get(exercise.id, Showing.AT_ONCE)
        wanted = asked.one(f"rule-{exercise.id}") if faults else rule
        lines.append((exercise.id, exercise.title.said_in(asked.language), due, rule, wanted))
    words = {
        Showing.AT_ONCE: asked.translate("as soon as it is judged"),
        Showing.AFTER_DUE: asked.translate("after the due date"),
        Showing.HELD: asked.translate("not yet: held back"),
    }
    return asked.page("feedback_rules.html", status, lines=lines, words=words, faults=faults)


def set_rules(asked: Asked) -> Response:
    """Record what was changed in the form: all of it, or nothing where one of it cannot be."""
    known = asked.service.rules.all()
    changed: dict[str, Showing] = {}
    faults = []
    for exercise in asked.service.exercises():
        wanted, seen = asked.one(f"rule-{exercise.id}"), asked.one(f"was-{exercise.id}")
        # What this form did not change stays as somebody else may have set it meanwhile.
        if not wanted or wanted == seen:
            continue
        if wanted not in set(Showing):
            raise UsageFault(say("This is not a form of this course."))
        if wanted == Showing.AFTER_DUE and asked.service.due(exercise.id, "") is None:
            faults.append(
                say("{id} has no due date, so there is no time after it: write one into course.yaml, or hold it back.",
                    id=exercise.id).said(asked.translate, asked.language)
            )  # fmt: skip
        elif known.get(exercise.id, Showing.AT_ONCE) != wanted:
            changed[exercise.id] = Showing(wanted)
    if faults:
        return _rules_page(asked, faults, 422)
    if changed:
        asked.service.rules.set(changed, asked.who.id)
    return see("/class/feedback")

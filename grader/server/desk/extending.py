"""More time for one student, from the page of their work."""

from __future__ import annotations

from starlette.responses import Response

from grader.actions.teacher.decisions.extend import extend
from grader.server.asking import Asked
from grader.server.desk.teacher_pages import LONGEST_REASON, decided, wanted_person
from grader.server.students.student_pages import wanted_exercise


def set_extension(asked: Asked) -> Response:
    """Record a later due date, with a reason, or take it back."""
    person, found = wanted_person(asked), wanted_exercise(asked)
    until = None if asked.one("clear") else asked.one("until")
    return decided(asked, person, found, "extend", {"until": until}, lambda: extend(
        asked.service.files, asked.service.book, [person.student or ""], person.student or "", found.id, until,
        asked.one("reason")[:LONGEST_REASON], asked.who.shown))  # fmt: skip

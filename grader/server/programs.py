"""What programs may do that show a student's token: hand in for the student, and read what became of it."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from grader.actions.student.judgement import Judgement
from grader.actions.teacher.results.said import SaidOf
from grader.core.course.variants import of_student
from grader.core.findings.report_json import as_json
from grader.core.findings.seen import seen_as_kept
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.server.asking import Asked, to
from grader.server.judged import ShownAttempt, feedback_of
from grader.server.students.handing_in import read_file, taken
from grader.server.students.student_pages import wanted_exercise
from grader.server.students.submission_pages import blocks_of, said_of, wanted_attempt
from grader.store.students.programs import PROGRAMS


def course(asked: Asked) -> Response:
    """Say which course this is, whose token was shown, and until when it can be used."""
    assert asked.token is not None
    return asked.answer(
        {
            "course": asked.service.files.course.id,
            "student": asked.student,
            "name": asked.who.shown,
            "expires": asked.token.expires.isoformat(),
        }
    )


def hand_in(asked: Asked) -> Response:
    """Record one file, and say under which name its verdict can be asked for.

    Several files come as the one text that they are joined to.
    """
    exercise = of_student(wanted_exercise(asked), asked.student)
    sent = asked.sent.get("file", ())
    if len(sent) != 1:
        raise UsageFault(say("Send one file, as the field: file"))
    suffixes = (".py",) if exercise.work.submit else PROGRAMS if exercise.work.by_program else (".yaml",)
    content, suffix = read_file(asked, exercise, sent[0], suffixes)
    form = asked.one("form") or secrets.token_urlsafe(12)
    found = taken(asked, exercise, content, suffix, sent[0].filename, "token", form)
    if isinstance(found, Message):
        raise UsageFault(found)
    return asked.answer({"submission": found.name, "page": _page(asked, found.name)}, 201)


def verdict(asked: Asked) -> Response:
    """Say where a submission waits, or what it got and why."""
    found, exercise, attempt = wanted_attempt(asked)
    told: dict[str, Any] = {
        "submission": found.name,
        "exercise": exercise.id,
        "page": _page(asked, found.name),
        "submitted": attempt.submitted.isoformat(),
        "late_seconds": round(attempt.late.total_seconds()),
        "state": _state(attempt),
        "place": attempt.place,
        "counts": attempt.counts,
        "notes": [words for words in (attempt.held, attempt.aside, *attempt.changed) if words],
    }
    judgement = feedback_of(asked, exercise, found, attempt) if attempt.settled else None
    if judgement is not None:
        told["report"] = as_json(judgement.report, asked.translate, asked.language)
        told["seen"] = seen_as_kept(judgement.report.checks, judgement.drawing)
        told["comments"] = _comments(asked, said_of(asked, exercise, found), judgement)
    return asked.answer(told)


def _comments(asked: Asked, said: SaidOf, judgement: Judgement) -> list[dict[str, Any]]:
    """Return what was said of the work: of the misconceptions that it shows, and of its lines as its page counts."""
    told: list[dict[str, Any]] = [
        {"on": check.name, "by": words.by, "text": words.text, "check": check.name}
        for check in judgement.report.checks
        if (words := said.of(check))
    ]
    for title, numbers in blocks_of(asked, judgement) if said.on_lines else []:
        for line, number in enumerate(numbers, 1):
            if comment := said.on_lines.get(number):
                on = asked.translate("line {number}").format(number=line)
                told.append(
                    {"on": f"{title}, {on}" if title else on, "by": comment.by, "text": comment.text, "line": line}
                )
    return told


def _state(attempt: ShownAttempt) -> str:
    if attempt.held:
        return "held"
    return "judged" if attempt.settled else "running" if attempt.running else "waiting"


def _page(asked: Asked, name: str) -> str:
    return f"{asked.service.public_url}{to('submissions', name)}"

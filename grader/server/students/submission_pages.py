"""The page of a submission: what became of it, what is said of it, what is asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from grader.actions.student.judgement import Judgement
from grader.actions.teacher.results.said import Said, SaidOf
from grader.core.course.exercise import Exercise
from grader.core.course.variants import of_student
from grader.core.hints.ladder import ladder
from grader.core.people.person import Role
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, attachment, see, to
from grader.server.judged import ShownAttempt, attempts_of, feedback_of
from grader.server.students.grade_questions import record_question, shown
from grader.server.writing import LONGEST, written
from grader.store.grades.desk.comments import Comment
from grader.store.grades.hand_ins import HandIn

_MOST_DIGITS = 7


def mine_or_staffs(asked: Asked) -> HandIn:
    """Return the submission that the address names, where this person may see it.

    Raises:
        NotHere: where there is none, or it is another student's: nobody learns which.
    """
    found = asked.service.hand_ins.by_name(asked.path["name"])
    if found is None or (asked.who.role is Role.STUDENT and found.student != asked.student):
        raise NotHere(say("There is no such submission."))
    return found


def wanted_attempt(asked: Asked) -> tuple[HandIn, Exercise, ShownAttempt]:
    """Return the submission that the address names, its exercise, and what is known of it.

    Raises:
        NotHere: where there is none, it is not this person's, it was taken back, or its student or exercise is gone.
    """
    found = mine_or_staffs(asked)
    exercise = asked.service.exercise(found.exercise)
    if exercise is not None:
        exercise = of_student(exercise, found.student)
        for attempt in attempts_of(asked, exercise, found.student):
            if attempt.name == found.name:
                return found, exercise, attempt
    if (found.student, found.exercise, found.sha256) in asked.service.book.withdrawn():
        raise NotHere(say("This submission was taken back by the teacher, and does not count."))
    raise NotHere(say("There is no such submission."))


def submission(asked: Asked) -> Response:
    """Show what became of a submission: where it waits, or all that is said of it."""
    return submission_page(asked, [], 200)


def submission_page(asked: Asked, faults: Sequence[str], status: int) -> Response:
    """Return the page of a submission; beside its forms what was wrong with the one that was sent, whose text stays."""
    found, exercise, attempt = wanted_attempt(asked)
    judgement = feedback_of(asked, exercise, found, attempt)
    parts = _parts(asked, judgement)
    given = asked.service.hand_ins.hints_given(found.submission)
    rungs = ladder(exercise, judgement.whole.checks) if judgement else ()
    is_student = asked.who.role is Role.STUDENT
    said = said_of(asked, exercise, found) if parts else SaidOf()
    return asked.page(
        "submission.html",
        status,
        judgement=judgement,
        parts=parts,
        exercise=exercise,
        title=exercise.title.said_in(asked.language),
        found=found,
        attempt=attempt,
        whose=None if is_student else found.student,
        hints=[rung.text.said(asked.translate, asked.language) for rung in rungs[:given]],
        more_hints=is_student and given < len(rungs),
        line_comments=said.on_lines,
        cause_comments=said.on_causes,
        blocks=_blocks(parts),
        questions=shown(asked, asked.service.questions.of(found.submission)) if parts else [],
        typed={name: values[0] for name, values in asked.fields.items()},
        longest=LONGEST,
        faults=faults,
        here=to("submissions", found.name),
        back=to("exercises", exercise.id),
    )


def said_of(asked: Asked, exercise: Exercise, found: HandIn) -> SaidOf:
    """Return what teachers and assistants said of a submission whose feedback whoever asks may see."""
    people = {person.id: person.shown for person in asked.service.people.all()}

    def told(comments: Mapping[Any, Comment]) -> dict[Any, Said]:
        return {place: Said(people.get(each.person, ""), each.text) for place, each in comments.items()}

    comments = asked.service.comments
    return SaidOf(told(comments.on_lines(found.submission)), told(comments.on_causes(exercise.id)))


def blocks_of(asked: Asked, judgement: Judgement) -> list[tuple[str, list[int]]]:
    """Return the title of each cell or file of what was handed in, with the numbers of its lines in the whole."""
    return _blocks(_parts(asked, judgement))


def _blocks(parts: Mapping[str, Any] | None) -> list[tuple[str, list[int]]]:
    """Return the title of each cell or file that the page shows, with the numbers of its lines in the whole."""
    source = parts["source"] if parts else None
    return [(block.title, [number for number, _ in block.lines]) for block in source.blocks] if source else []


def _parts(asked: Asked, judgement: Any) -> dict[str, Any] | None:
    if judgement is None:
        return None
    # Drawing takes long to import, and most requests draw nothing.
    from grader.integrations.pages.feedback_page import feedback_parts

    return feedback_parts(judgement, asked.translate, asked.language)


def state(asked: Asked) -> Response:
    """Return where a submission is, for the page that shows it already; once it is judged that page is another."""
    _, _, attempt = wanted_attempt(asked)
    response = asked.page("state.html", attempt=attempt)
    if attempt.settled:
        response.headers["Course-Settled"] = "1"
    return response


def file(asked: Asked) -> Response:
    """Return what was handed in, byte for byte, to be stored and not to be shown."""
    found = mine_or_staffs(asked)
    return attachment(asked.service.hand_ins.content(found.sha256), f"{found.exercise}{found.suffix}")


def hint(asked: Asked) -> Response:
    """Give the next hint for a submission, and remember that it was given."""
    found, exercise, attempt = wanted_attempt(asked)
    judgement = feedback_of(asked, exercise, found, attempt)
    rungs = ladder(exercise, judgement.whole.checks) if judgement else ()
    given = asked.service.hand_ins.hints_given(found.submission)
    if given < len(rungs):
        asked.service.hand_ins.remember_hints(found.submission, given + 1)
    return see(to("submissions", found.name) + "#hints")


def ask(asked: Asked) -> Response:
    """Record a question about the grade of a submission that was judged."""
    found, _, attempt = wanted_attempt(asked)
    if not attempt.result:
        raise NotHere(say("There is no grade to ask about yet."))
    try:
        record_question(asked, found.submission)
    except UsageFault as fault:
        return submission_page(asked, _words(asked, fault), 422)
    return see(to("submissions", found.name) + "#questions")


def comment(asked: Asked) -> Response:
    """Write or change what is said of a line; an empty field takes it back."""
    found, exercise, attempt = wanted_attempt(asked)
    try:
        text = written(asked, "text")
        number = _line(asked, _blocks(_parts(asked, feedback_of(asked, exercise, found, attempt))))
    except UsageFault as fault:
        return submission_page(asked, _words(asked, fault), 422)
    about = {"student": found.student, "exercise": found.exercise}
    asked.service.comments.on_line(found.submission, number, text, asked.who.id, about)
    return see(to("submissions", found.name) + (f"#comment{number}" if text else "#source"))


def _line(asked: Asked, blocks: Sequence[tuple[str, Sequence[int]]]) -> int:
    """Return the number in the whole of the line that a form names as the page counts: from 1 in each cell or file."""
    typed = [asked.one(name).strip() for name in ("block", "line")]
    if all(each.isascii() and each.isdigit() and len(each) < _MOST_DIGITS for each in typed):
        block, line = map(int, typed)
        if block < len(blocks) and 1 <= line <= len(blocks[block][1]):
            return blocks[block][1][line - 1]
    raise UsageFault(say("There is no such line: give the number shown beside it."))


def _words(asked: Asked, fault: UsageFault) -> list[str]:
    return [message.said(asked.translate, asked.language) for message in fault.messages]

"""Questions about grades: a student asks below the feedback, a teacher or an assistant answers from one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.core.people.person import Person
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.server.asking import Asked, NotHere, see, to
from grader.server.writing import written
from grader.store.grades.desk.grade_questions import GradeQuestion, TooManyQuestions

_ANSWERED_SHOWN = 100


@dataclass(frozen=True)
class ShownQuestion:
    """A question as pages show it.

    Attributes:
        who: who asked.
        by: who answered; empty while it is open.
        link: the page of the submission; empty where there is none.
        work: the page of all work of this student at this exercise, where grades are set by hand.
    """

    id: int
    who: Person
    exercise: str
    at: datetime
    text: str
    answer: str
    by: str
    answered: datetime | None
    link: str
    work: str

    @property
    def is_open(self) -> bool:
        return self.answered is None


def shown(asked: Asked, questions: Iterable[GradeQuestion]) -> list[ShownQuestion]:
    """Return questions as pages show them, without those of students who were taken out of sight."""
    people, gone = asked.service.people.all(), asked.service.book.forgotten()
    by_student = {person.student: person for person in people}
    names = {person.id: person.shown for person in people}
    clock = asked.service.on_its_clock
    return [
        ShownQuestion(
            each.id, who, each.exercise, clock(each.at), each.text, each.answer, names.get(each.by or 0, ""),
            clock(each.answered) if each.answered else None, to("submissions", each.name) if each.name else "",
            to("class", "students", str(who.id), each.exercise),
        )
        for each in questions
        if each.student not in gone and (who := by_student.get(each.student)) is not None
    ]  # fmt: skip


def record_question(asked: Asked, submission: int) -> None:
    """Record what a student asks about a submission.

    Raises:
        UsageFault: where it is empty or too long, or more than anybody will read.
    """
    text = written(asked, "text")
    if not text:
        raise UsageFault(say("Nothing is asked yet: write your question."))
    try:
        asked.service.questions.ask(submission, text)
    except TooManyQuestions:
        words = say("You have asked as much as can be answered. Wait for an answer, or talk to your teacher.")
        raise UsageFault(words) from None


def questions(asked: Asked) -> Response:
    """Show all questions, those first that nobody has answered."""
    return _page(asked, [], 200)


def _page(asked: Asked, faults: Sequence[str], status: int, typed: tuple[int, str] = (0, "")) -> Response:
    every = shown(asked, asked.service.questions.all())
    return asked.page(
        "questions.html",
        status,
        waiting=[each for each in every if each.is_open],
        answered=[each for each in reversed(every) if not each.is_open][:_ANSWERED_SHOWN],
        faults=faults,
        typed=typed,
        back="",
    )


def answer(asked: Asked) -> Response:
    """Record an answer; its student sees it beside the question."""
    number = asked.path["question"]
    known = number.isascii() and number.isdigit() and len(number) < 10
    question = asked.service.questions.by_id(int(number)) if known else None
    found = shown(asked, [question]) if question else []
    if not found:
        raise NotHere(say("There is no such question."))
    (here,) = found

    def refused(message: Message) -> Response:
        typed = (here.id, asked.one("text"))
        return _page(asked, [message.said(asked.translate, asked.language)], 422, typed)

    try:
        text = written(asked, "text")
    except UsageFault as fault:
        return refused(fault.messages[0])
    if not text:
        return refused(say("Nothing is answered yet."))
    about = {"student": here.who.student, "exercise": here.exercise}
    if not asked.service.questions.answer(here.id, text, asked.who.id, about):
        return refused(say("Somebody else has answered this question meanwhile."))
    return see(here.work + "#questions" if asked.one("back") else "/class/questions")

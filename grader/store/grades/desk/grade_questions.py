"""What students ask about their grades, and what they are answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as d
from grader.store.grades.schema import tables as t

# Questions of one student that nobody has answered; about one submission, ever.
MOST_OPEN, MOST_EACH = 10, 20


@dataclass(frozen=True)
class GradeQuestion:
    """A question about the grade of a submission.

    Attributes:
        name: how addresses call the submission; empty where it was not handed in at the server.
        answer: empty while it is open; `by` and `answered` are None then.
    """

    id: int
    submission: int
    name: str
    student: str
    exercise: str
    text: str
    at: datetime
    answer: str = ""
    by: int | None = None
    answered: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered is None


class TooManyQuestions(Exception):
    """So many of this student's questions are open, or were asked about this submission."""


class GradeQuestions:
    """The questions in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, submission: int, text: str) -> bool:
        """Record a question; return False where the submission's last one is open and says the same.

        Raises:
            TooManyQuestions: where no more are taken.
        """
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                # One after the other: of two in the same moment, one sees the other.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(4713, {int(submission)})")
            student = connection.scalar(sa.select(t.submissions.c.student).where(t.submissions.c.id == submission))
            known = connection.execute(_ALL.where(t.submissions.c.student == student)).all()
            same = [row for row in known if row.submission == submission]
            if any(row.answered is None and row.text == text for row in same):
                return False
            if len(same) >= MOST_EACH or sum(row.answered is None for row in known) >= MOST_OPEN:
                raise TooManyQuestions
            values = {"submission": submission, "text": text, "at": self._database.now(connection)}
            connection.execute(d.grade_questions.insert().values(values))
        return True

    def answer(self, question: int, text: str, by: int, about: Mapping[str, Any]) -> bool:
        """Record an answer, with an entry in the audit; return False where there is one already."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            values = {"question": question, "person": by, "text": text, "at": now}
            once = self._database.insert_once(d.grade_answers, ("question",)).returning(d.grade_answers.c.question)
            if connection.execute(once, values).one_or_none() is None:
                return False
            connection.execute(c.audit.insert().values(at=now, person=by, did="answer", about=dict(about)))
        return True

    def all(self) -> list[GradeQuestion]:
        """Return all questions, the oldest first."""
        return self._found(_ALL)

    def open(self, without: Collection[str] = ()) -> int:
        """Return how many questions nobody has answered.

        Args:
            without: students of whom none counts.
        """
        query = (
            sa.select(sa.func.count())
            .select_from(d.grade_questions)
            .join(t.submissions, t.submissions.c.id == d.grade_questions.c.submission)
            .outerjoin(d.grade_answers, d.grade_answers.c.question == d.grade_questions.c.id)
            .where(d.grade_answers.c.question.is_(None), t.submissions.c.student.not_in(without))
        )
        return int(self._database.rows(query)[0][0])

    def of(self, submission: int) -> list[GradeQuestion]:
        """Return the questions about a submission, the oldest first."""
        return self._found(_ALL.where(d.grade_questions.c.submission == submission))

    def at(self, student: str, exercise: str) -> list[GradeQuestion]:
        """Return the questions of a student about an exercise, the oldest first."""
        return self._found(_ALL.where(t.submissions.c.student == student, t.submissions.c.exercise == exercise))

    def by_id(self, number: int) -> GradeQuestion | None:
        """Return the question of this number, if there is one."""
        return next(iter(self._found(_ALL.where(d.grade_questions.c.id == number))), None)

    def _found(self, query: sa.Select[Any]) -> list[GradeQuestion]:
        return [
            GradeQuestion(
                row.id, row.submission, row.name or "", row.student, row.exercise, row.text, row.at, row.answer or "",
                row.person, row.answered,
            )
            for row in self._database.rows(query)
        ]  # fmt: skip


_ALL = (
    sa.select(
        d.grade_questions,
        t.submissions.c.student,
        t.submissions.c.exercise,
        c.hand_ins.c.name,
        d.grade_answers.c.text.label("answer"),
        d.grade_answers.c.person,
        d.grade_answers.c.at.label("answered"),
    )
    .select_from(d.grade_questions)
    .join(t.submissions, t.submissions.c.id == d.grade_questions.c.submission)
    .outerjoin(c.hand_ins, c.hand_ins.c.submission == t.submissions.c.id)
    .outerjoin(d.grade_answers, d.grade_answers.c.question == d.grade_questions.c.id)
    .order_by(d.grade_questions.c.id)
)

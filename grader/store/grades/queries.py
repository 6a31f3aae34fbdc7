"""The questions that say where submissions stand: of everybody, or of one student, for whom few rows are read."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import Any

import sqlalchemy as sa

from grader.core.course.policies.trust import Trust
from grader.store.grades.database import Database
from grader.store.grades.schema import tables as t

_OF_ONE = sa.select(t.submissions.c.id).where(t.submissions.c.student == sa.bindparam("student"))


class Which(Enum):
    """Which of a submission's gradings is meant.

    STANDS is the last one that could be judged; only where none could be, it is the last that could not. STOOD is the
    same of those that were given until a moment, `until`.
    """

    LAST = auto()
    STANDS = auto()
    STOOD = auto()


# To put such a question together takes longer than to answer it for one student.
@cache
def with_gradings(which: Which, of_one: bool) -> sa.Select[Any]:
    """Return the question for submissions with the result of one of their gradings: of everybody, or of `student`."""
    given = t.gradings.c.at <= sa.bindparam("until", type_=t.gradings.c.at.type) if which is Which.STOOD else sa.true()
    grading: sa.ColumnElement[int] = sa.func.max(sa.case((given, t.gradings.c.id)))
    if which is not Which.LAST:
        judged = sa.func.max(sa.case((sa.and_(t.stands, given), t.gradings.c.id)))
        grading = sa.func.coalesce(judged, grading)
    last = sa.select(t.gradings.c.submission, grading.label("id")).join(
        t.results, t.results.c.id == t.gradings.c.result
    )
    if of_one:
        last = last.where(t.gradings.c.submission.in_(_OF_ONE))
    found = last.group_by(t.gradings.c.submission).subquery()
    query = (
        sa.select(
            *(t.submissions.c[name] for name in ("id", "student", "exercise", "submitted", "sha256")),
            *(t.results.c[name] for name in ("id", "key", "void", "score", "max_score")),
        )
        .select_from(t.submissions)
        .outerjoin(found, found.c.submission == t.submissions.c.id)
        .outerjoin(t.gradings, t.gradings.c.id == found.c.id)
        .outerjoin(t.results, t.results.c.id == t.gradings.c.result)
        .order_by(t.submissions.c.submitted, t.submissions.c.id)
    )
    return query.where(t.submissions.c.student == sa.bindparam("student")) if of_one else query


@cache
def times_of(of_one: bool) -> sa.Select[Any]:
    """Return the question for the times of submissions that have one of their own, the one that counts last.

    It is the most trustworthy: of these the first, of a teacher's the last.
    """
    query = sa.select(t.times.c.submission, t.times.c.submitted, t.times.c.trust).order_by(
        t.times.c.trust.desc(), sa.case((t.times.c.trust == Trust.TEACHER, t.times.c.id), else_=-t.times.c.id)
    )
    return query.where(t.times.c.submission.in_(_OF_ONE)) if of_one else query


def paths_of(database: Database) -> dict[tuple[str, str, str], str]:
    """Return where submissions lay, by student, exercise and SHA-256; of several places, the last."""
    columns = (t.submissions.c[name] for name in ("student", "exercise", "sha256", "path"))
    rows = database.rows(sa.select(*columns).order_by(t.submissions.c.id))
    return {(row.student, row.exercise, row.sha256): row.path for row in rows}

"""The questions that say where submissions stand: of everybody, or of one student, for whom few rows are read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from grader.core.course.policies.trust import Trust
from grader.store.grades.database import Database
from grader.store.grades.schema import tables as t


def with_gradings(grading: sa.ColumnElement[int], student: str | None) -> sa.Select[Any]:
    """Return the question for submissions with the result of one of their gradings, whose number this is."""
    last = sa.select(t.gradings.c.submission, grading.label("id")).join(
        t.results, t.results.c.id == t.gradings.c.result
    )
    if student is not None:
        last = last.where(t.gradings.c.submission.in_(_of(student)))
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
    return query if student is None else query.where(t.submissions.c.student == student)


def times_of(student: str | None) -> sa.Select[Any]:
    """Return the question for the times of submissions that have one of their own, the one that counts last.

    It is the most trustworthy: of these the first, of a teacher's the last.
    """
    query = sa.select(t.times.c.submission, t.times.c.submitted, t.times.c.trust).order_by(
        t.times.c.trust.desc(), sa.case((t.times.c.trust == Trust.TEACHER, t.times.c.id), else_=-t.times.c.id)
    )
    return query if student is None else query.where(t.times.c.submission.in_(_of(student)))


def paths_of(database: Database) -> dict[tuple[str, str, str], str]:
    """Return where submissions lay, by student, exercise and SHA-256; of several places, the last."""
    columns = (t.submissions.c[name] for name in ("student", "exercise", "sha256", "path"))
    rows = database.rows(sa.select(*columns).order_by(t.submissions.c.id))
    return {(row.student, row.exercise, row.sha256): row.path for row in rows}


def _of(student: str) -> sa.Select[Any]:
    return sa.select(t.submissions.c.id).where(t.submissions.c.student == student)

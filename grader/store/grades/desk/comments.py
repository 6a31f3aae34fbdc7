"""What teachers and assistants say of misconceptions and of lines. Rows are only added; the last of each counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as d


@dataclass(frozen=True)
class Comment:
    """What somebody wrote; `person` is their number."""

    text: str
    person: int
    at: datetime


class Comments:
    """The comments in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on_causes(self, exercise: str) -> dict[str, Comment]:
        """Return the comments on an exercise's misconceptions, by name."""
        table = d.cause_comments
        rows = self._database.rows(sa.select(table).where(table.c.exercise == exercise).order_by(table.c.id))
        return _last((row.cause, row) for row in rows)

    def on_lines(self, submission: int) -> dict[int, Comment]:
        """Return the comments on a submission's lines, by line."""
        table = d.line_comments
        rows = self._database.rows(sa.select(table).where(table.c.submission == submission).order_by(table.c.id))
        return dict(sorted(_last((row.line, row) for row in rows).items()))

    def on_cause(self, exercise: str, cause: str, text: str, by: int) -> None:
        """Record what is said to all who have a misconception; without text what was said is taken back."""
        place = {"exercise": exercise, "cause": cause}
        self._add(d.cause_comments, place, text, by, place)

    def on_line(self, submission: int, line: int, text: str, by: int, about: Mapping[str, Any]) -> None:
        """Record what is said of a line; without text what was said is taken back.

        Args:
            about: what the audit says of it beside the line.
        """
        self._add(d.line_comments, {"submission": submission, "line": line}, text, by, {**about, "line": line})

    def _add(self, table: sa.Table, place: Mapping[str, Any], text: str, by: int, about: Mapping[str, Any]) -> None:
        with self._database.writing() as connection:
            now = self._database.now(connection)
            connection.execute(table.insert().values(**place, text=text, person=by, at=now))
            did = "comment" if text else "no-comment"
            connection.execute(c.audit.insert().values(at=now, person=by, did=did, about=dict(about)))


def _last(rows: Iterable[tuple[Any, Any]]) -> dict[Any, Comment]:
    last = {place: Comment(row.text, row.person, row.at) for place, row in rows}
    return {place: comment for place, comment in last.items() if comment.text}

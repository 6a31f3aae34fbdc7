"""What people decided about a class: marks set by hand, penalties let go, students who left. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from grader.core.course.policies.policy import Extension, Override, Waiver, Withdrawal
from grader.store.grades.database import Database
from grader.store.grades.schema import desk_tables as d
from grader.store.grades.schema import tables as t


class Decisions:
    """The decisions in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def overrides(self, until: datetime | None = None) -> dict[tuple[str, str], Override]:
        """Return the last override by student and exercise; of those until a moment, where one is given."""
        gone = self.forgotten()
        rows = (row for row in _until(self._database.every(t.overrides), until) if row.student not in gone)
        return {(row.student, row.exercise): _override(row) for row in rows}

    def overrides_of(self, student: str, exercise: str) -> list[Override]:
        """Return every override of one mark, the oldest first, those that take others back included."""
        whose = (t.overrides.c.student == student, t.overrides.c.exercise == exercise)
        return [_override(row) for row in self._database.rows(_in_order(t.overrides).where(*whose))]

    def add_override(self, student: str, exercise: str, override: Override) -> None:
        """Record a mark set by hand, or with no score that earlier ones no longer count."""
        with self._database.writing() as connection:
            connection.execute(
                t.overrides.insert().values(
                    student=student,
                    exercise=exercise,
                    score=override.score,
                    reason=override.reason,
                    by=override.by,
                    at=override.at,
                )
            )

    def waivers(self, until: datetime | None = None) -> dict[tuple[str, str], Waiver]:
        """Return the last decision on lateness by student and exercise; `until` as of `overrides`."""
        rows = _until(self._database.every(t.waivers), until)
        return {(row.student, row.exercise): _waiver(row) for row in rows}

    def add_waiver(self, student: str, exercise: str, waiver: Waiver) -> None:
        """Record that lateness costs nothing, or does again."""
        with self._database.writing() as connection:
            values = {"waives": waiver.waives, "reason": waiver.reason, "by": waiver.by, "at": waiver.at}
            connection.execute(t.waivers.insert().values(student=student, exercise=exercise, **values))

    def extensions(self, until: datetime | None = None) -> dict[tuple[str, str], datetime]:
        """Return the later due dates that were given by hand, by student and exercise; `until` as of `overrides`."""
        rows = _until(self._database.every(d.extensions), until)
        last = {(row.student, row.exercise): row.until for row in rows}
        return {place: until for place, until in last.items() if until is not None}

    def extensions_of(self, student: str, exercise: str) -> list[Extension]:
        """Return every later due date of one student at one exercise, the oldest first."""
        whose = (d.extensions.c.student == student, d.extensions.c.exercise == exercise)
        rows = self._database.rows(_in_order(d.extensions).where(*whose))
        return [Extension(row.until, row.reason, row.by, row.at) for row in rows]

    def add_extension(self, student: str, exercise: str, given: Extension) -> None:
        """Record a later due date, or with no time that earlier ones do not count any more."""
        with self._database.writing() as connection:
            values = {"until": given.until, "reason": given.reason, "by": given.by, "at": given.at}
            connection.execute(d.extensions.insert().values(student=student, exercise=exercise, **values))

    def withdrawn(self) -> frozenset[tuple[str, str, str]]:
        """Return student, exercise and SHA-256 of all that does not count as that student's work."""
        rows = self._database.every(t.withdrawals)
        last = {(row.student, row.exercise, row.sha256): bool(row.withdrawn) for row in rows}
        return frozenset(place for place, gone in last.items() if gone)

    def withdrawals_of(self, student: str, exercise: str) -> list[Withdrawal]:
        """Return every decision that something is not a student's work, the oldest first."""
        whose = (t.withdrawals.c.student == student, t.withdrawals.c.exercise == exercise)
        return [
            Withdrawal(row.sha256, bool(row.withdrawn), row.reason, row.by, row.at)
            for row in self._database.rows(_in_order(t.withdrawals).where(*whose))
        ]

    def add_withdrawal(self, student: str, exercise: str, given: Withdrawal) -> None:
        """Record that bytes are not a student's work, or are after all."""
        with self._database.writing() as connection:
            rest = {"withdrawn": given.withdrawn, "reason": given.reason, "by": given.by, "at": given.at}
            values = {"student": student, "exercise": exercise, "sha256": given.sha256, **rest}
            connection.execute(t.withdrawals.insert().values(**values))

    def forgotten(self) -> frozenset[str]:
        """Return the students who are not shown any more."""
        last = {row.student: row.left for row in self._database.every(t.departures)}
        return frozenset(student for student, left in last.items() if left)

    def forget(self, students: Iterable[str], left: bool, reason: str, by: str, at: datetime) -> None:
        """Record, all or nothing, that students are not shown any more, or are again."""
        with self._database.writing() as connection:
            for student in students:
                connection.execute(
                    t.departures.insert().values(student=student, left=left, reason=reason, by=by, at=at)
                )


def _until(rows: Iterable[Any], moment: datetime | None) -> Iterator[Any]:
    return (row for row in rows if moment is None or row.at <= moment)


def _in_order(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(table.c.id)


def _override(row: Any) -> Override:
    return Override(row.score, row.reason, row.by, row.at)


def _waiver(row: Any) -> Waiver:
    return Waiver(bool(row.waives), row.reason, row.by, row.at)

"""Judging again what was handed in at the server: results are found beside those that count, until a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as d
from grader.store.grades.schema import tables as t

# A grader takes a few of them at once; others may take some of these in the same moment.
_AT_ONCE = 50
_ROWS = 500


@dataclass(frozen=True)
class Regrade:
    """Work that is judged again.

    Attributes:
        exercise: empty where it is that of all exercises.
        cause: the misconception that it showed; empty where it is all work.
        total: how many submissions; `done` of them were judged, `void` of these could not be.
    """

    id: int
    exercise: str
    cause: str
    at: datetime
    total: int
    done: int
    void: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True)
class Ended:
    """What became of a regrade: how many results count now, and how many do not as another version judges now."""

    counting: int
    outdated: int


class Regrades:
    """The regrades in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, exercise: str, cause: str, submissions: Iterable[int], by: int) -> int:
        """Say that these are to be judged again; return how many are, without those that already wait for that."""
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                # One after the other: nothing is judged again for two.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4714)")
            waiting = set(connection.scalars(_of_open(d.regraded.c.submission)))
            there = set(connection.scalars(sa.select(c.hand_ins.c.submission)))
            wanted = sorted((set(submissions) & there) - waiting)
            if not wanted:
                return 0
            now = self._database.now(connection)
            values = {"exercise": exercise, "cause": cause, "person": by, "at": now}
            number = connection.execute(d.regrades.insert().values(values).returning(d.regrades.c.id)).scalar_one()
            for start in range(0, len(wanted), _ROWS):
                rows = [{"regrade": number, "submission": each} for each in wanted[start : start + _ROWS]]
                connection.execute(d.regraded.insert(), rows)
            about = {"exercise": exercise, "cause": cause, "submissions": len(wanted)}
            self._note(connection, now, by, "regrade", about)
        return len(wanted)

    def open(self) -> list[Regrade]:
        """Return the regrades of which nobody has decided, the oldest first."""
        judged, void = sa.func.count(d.regraded.c.result), sa.func.sum(sa.case((t.results.c.void, 1), else_=0))
        query = (
            sa.select(d.regrades, sa.func.count().label("total"), judged.label("done"), void.label("failed"))
            .join(d.regraded, d.regraded.c.regrade == d.regrades.c.id)
            .outerjoin(t.results, t.results.c.id == d.regraded.c.result)
            .where(d.regrades.c.ended.is_(None))
            .group_by(*d.regrades.c)
            .order_by(d.regrades.c.id)
        )
        return [
            Regrade(row.id, row.exercise, row.cause, row.at, row.total, row.done, int(row.failed or 0))
            for row in self._database.rows(query)
        ]

    def found(self, regrade: int) -> dict[int, tuple[int, float]]:
        """Return the results that would count, with their scores, by submission."""
        with self._database.reading() as connection:
            return {row.submission: (row.result, row.score) for row in _counting(connection, regrade)[0]}

    def end(self, regrade: int, counts: bool, by: int) -> Ended | None:
        """Let the new results count, all or nothing, or drop them.

        Returns:
            None where that was decided already, or is to count and is not judged to its end.
        """
        with self._database.writing() as connection:
            now = self._database.now(connection)
            left = sa.select(sa.func.count()).where(d.regraded.c.regrade == regrade, d.regraded.c.result.is_(None))
            if counts and connection.scalar(left):
                return None
            ending = d.regrades.update().where(d.regrades.c.id == regrade, d.regrades.c.ended.is_(None))
            if connection.execute(ending.values(ended=now)).rowcount != 1:
                return None
            rows, outdated = _counting(connection, regrade) if counts else ([], 0)
            at = datetime.now(UTC)
            given = [{"submission": row.submission, "result": row.result, "at": at} for row in rows]
            if given:
                connection.execute(t.gradings.insert(), given)
            did = "regrade-counts" if counts else "regrade-dropped"
            self._note(connection, now, by, did, {"submissions": len(given)})
        return Ended(len(given), outdated)

    def give(self, result: int, submission: int, exercise: str, judging: str) -> bool:
        """Record that a known result is that of a submission too; of one that is judged again it waits to count.

        Returns:
            Whether the exercise is judged by this version; where another counts by now, nothing is recorded.
        """
        with self._database.writing() as connection:
            if not is_current(connection, exercise, judging):
                return False
            if not propose(connection, result, judging, [submission]):
                values = {"submission": submission, "result": result, "at": datetime.now(UTC)}
                connection.execute(t.gradings.insert().values(values))
        return True

    def _note(self, connection: sa.Connection, now: datetime, by: int, did: str, about: dict[str, object]) -> None:
        told = {name: value for name, value in about.items() if value != ""}
        connection.execute(c.audit.insert().values(at=now, person=by, did=did, about=told))


def is_current(connection: sa.Connection, exercise: str, judging: str) -> bool:
    """Return whether an exercise is judged by this digest now."""
    versions = c.exercise_versions
    last = sa.select(versions.c.judging).where(versions.c.exercise == exercise).order_by(versions.c.id.desc()).limit(1)
    return bool(connection.scalar(last) == judging)


def propose(connection: sa.Connection, result: int, judging: str, submissions: Sequence[int]) -> set[int]:
    """Record a result as the new one of those that are judged again; return those whose grade it must not move now.

    That is so too where the regrade was dropped while this was being judged.
    """
    these = (d.regraded.c.submission.in_(submissions), d.regraded.c.result.is_(None))
    again = set(connection.scalars(sa.select(d.regraded.c.submission).where(*these)))
    if not again:
        return set()
    open_ones = sa.select(d.regrades.c.id).where(d.regrades.c.ended.is_(None))
    proposing = d.regraded.update().where(*these, d.regraded.c.regrade.in_(open_ones))
    connection.execute(proposing.values(result=result, judging=judging))
    standing = (
        sa.select(t.gradings.c.submission)
        .join(t.results, t.results.c.id == t.gradings.c.result)
        .where(t.stands, t.gradings.c.submission.in_(again))
    )
    return set(connection.scalars(standing))


def to_be_judged_again(connection: sa.Connection) -> set[int]:
    """Return the submissions that are to be judged again, and are not yet."""
    return set(connection.scalars(_of_open(d.regraded.c.submission).where(d.regraded.c.result.is_(None))))


def waiting_again(connection: sa.Connection, now: datetime, exercises: Sequence[str]) -> list[int]:
    """Return submissions at these exercises that are to be judged again and that nobody judges now, the first ones."""
    query = (
        _of_open(d.regraded.c.submission)
        .join(t.submissions, t.submissions.c.id == d.regraded.c.submission)
        .join(c.hand_ins, c.hand_ins.c.submission == d.regraded.c.submission)
        .outerjoin(c.leases, c.leases.c.submission == d.regraded.c.submission)
        .where(d.regraded.c.result.is_(None), t.submissions.c.exercise.in_(exercises))
        .where(sa.or_(c.leases.c.until.is_(None), c.leases.c.until < now))
        .order_by(d.regraded.c.regrade, d.regraded.c.submission)
        .limit(_AT_ONCE)
    )
    return list(connection.scalars(query))


def _of_open(column: sa.Column[int]) -> sa.Select[Any]:
    return (
        sa.select(column)
        .select_from(d.regraded)
        .join(d.regrades, d.regrades.c.id == d.regraded.c.regrade)
        .where(d.regrades.c.ended.is_(None))
    )


def _counting(connection: sa.Connection, regrade: int) -> tuple[list[Any], int]:
    """Return the results that would count, and how many would not: another version judges their exercise by now."""
    versions = sa.select(c.exercise_versions).order_by(c.exercise_versions.c.id)
    current = {row.exercise: row.judging for row in connection.execute(versions)}
    query = (
        sa.select(
            d.regraded.c.submission, d.regraded.c.result, t.results.c.score, d.regraded.c.judging, t.results.c.exercise
        )
        .select_from(d.regraded)
        .join(t.results, t.results.c.id == d.regraded.c.result)
        .where(d.regraded.c.regrade == regrade, t.stands)
        .order_by(d.regraded.c.submission)
    )
    rows = list(connection.execute(query))
    counting = [row for row in rows if current.get(row.exercise) == row.judging]
    return counting, len(rows) - len(counting)

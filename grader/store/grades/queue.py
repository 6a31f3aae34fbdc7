"""The queue of what waits to be judged: a question about what was handed in and has no result that stands.

There is no list of jobs that could be lost or differ from the submissions: a result is that of bytes and a key, so
judging twice harms nothing, and whoever takes something and ends leaves it waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from grader.store.grades import class_tables as c
from grader.store.grades import tables as t
from grader.store.grades.database import Database
from grader.store.grades.hand_ins import ALL, HandIn, hand_in

LEASE = timedelta(seconds=60)
# When what could not be judged is tried again; after that only when a person says so.
AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


class Queue:
    """What waits, in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, versions: Mapping[str, str]) -> None:
        """Say by which digest each exercise is judged from now on."""
        with self._database.writing() as connection:
            current = self._current(connection)
            now = self._database.now(connection)
            for exercise, judging in versions.items():
                if current.get(exercise) != judging:
                    values = {"exercise": exercise, "judging": judging, "at": now}
                    connection.execute(c.exercise_versions.insert().values(values))

    def current(self) -> dict[str, str]:
        """Return the digest by which each exercise is judged; none of one that no grader has seen."""
        with self._database.reading() as connection:
            return self._current(connection)

    def _current(self, connection: sa.Connection) -> dict[str, str]:
        query = sa.select(c.exercise_versions).order_by(c.exercise_versions.c.id)
        return {row.exercise: row.judging for row in connection.execute(query)}

    def lease(self, grader: str, versions: Mapping[str, str]) -> HandIn | None:
        """Take what waits longest in turn; None where nothing waits for this grader.

        The newest attempt of each student comes first, then the one before it of each: nobody's hundred attempts hold
        up a class.

        Args:
            versions: by exercise, the digest that this grader judges by; of exercises with another it gets nothing.
        """
        with self._database.writing() as connection:
            now = self._database.now(connection)
            current = self._current(connection)
            known = [exercise for exercise, judging in versions.items() if current.get(exercise) == judging]
            for number in self._waiting(connection, now, known)[:4]:
                values = {"submission": number, "grader": grader, "until": now + LEASE}
                taken = self._database.insert(c.leases).values(values)
                taken = taken.on_conflict_do_update(
                    index_elements=["submission"],
                    set_={"grader": grader, "until": now + LEASE},
                    where=c.leases.c.until < now,
                ).returning(c.leases.c.submission)
                # Another grader may have taken it in the same moment.
                if connection.execute(taken).one_or_none() is not None:
                    return hand_in(connection.execute(ALL.where(c.hand_ins.c.submission == number)).one())
        return None

    def prolong(self, grader: str) -> None:
        """Say that a grader still judges what it has taken."""
        with self._database.writing() as connection:
            until = self._database.now(connection) + LEASE
            connection.execute(c.leases.update().where(c.leases.c.grader == grader).values(until=until))

    def let_go(self, submission: int) -> None:
        """Say that nobody judges a submission any more."""
        with self._database.writing() as connection:
            connection.execute(c.leases.delete().where(c.leases.c.submission == submission))

    def give_back(self, grader: str) -> None:
        """Give back whatever a grader has taken."""
        with self._database.writing() as connection:
            connection.execute(c.leases.delete().where(c.leases.c.grader == grader))

    def judged(self, submissions: Iterable[int]) -> set[int]:
        """Return which of these have a result that stands."""
        query = (
            sa.select(t.gradings.c.submission)
            .join(t.results, t.results.c.id == t.gradings.c.result)
            .where(t.stands, t.gradings.c.submission.in_(list(submissions)))
        )
        return {row.submission for row in self._database.rows(query)}

    def waiting(self) -> list[int]:
        """Return the submissions without a result that stands, in the order in which they will be judged."""
        with self._database.reading() as connection:
            return self._waiting(connection, None, None)

    def running(self) -> set[int]:
        """Return the submissions that a grader judges now."""
        with self._database.reading() as connection:
            now = self._database.now(connection)
            query = sa.select(c.leases.c.submission).where(c.leases.c.until >= now)
            return {row.submission for row in connection.execute(query)}

    def stamp(self) -> tuple[int, ...]:
        """Return numbers that are others as soon as something was handed in, taken or judged."""
        last = [
            sa.select(sa.func.max(column)).scalar_subquery() for column in (t.gradings.c.id, c.hand_ins.c.submission)
        ]
        taken = sa.select(sa.func.coalesce(sa.func.sum(c.leases.c.submission), 0)).scalar_subquery()
        (row,) = self._database.rows(sa.select(*last, taken))
        return tuple(int(number or 0) for number in row)

    def _waiting(self, connection: sa.Connection, now: datetime | None, exercises: Sequence[str] | None) -> list[int]:
        """Return the submissions that wait; with a time, those only that may be taken then.

        Args:
            exercises: those only; None for all.
        """
        stands = sa.func.max(sa.case((t.stands, 1), else_=0)).label("stands")
        tried = (
            sa.select(
                t.gradings.c.submission,
                stands,
                sa.func.count().label("times"),
                sa.func.max(t.gradings.c.at).label("at"),
            )
            .join(t.results, t.results.c.id == t.gradings.c.result)
            .where(t.gradings.c.submission.in_(sa.select(c.hand_ins.c.submission)))
            .group_by(t.gradings.c.submission)
            .subquery()
        )
        turn = sa.func.row_number().over(
            partition_by=t.submissions.c.student, order_by=(t.submissions.c.submitted.desc(), t.submissions.c.id.desc())
        )
        query = (
            sa.select(t.submissions.c.id, tried.c.times, tried.c.at, c.leases.c.until, turn.label("turn"))
            .select_from(c.hand_ins)
            .join(t.submissions, t.submissions.c.id == c.hand_ins.c.submission)
            .outerjoin(tried, tried.c.submission == t.submissions.c.id)
            .outerjoin(c.leases, c.leases.c.submission == t.submissions.c.id)
            .where(sa.func.coalesce(tried.c.stands, 0) == 0)
        )
        if exercises is not None:
            query = query.where(t.submissions.c.exercise.in_(exercises))
        rows = connection.execute(query.order_by(sa.text("turn"), t.submissions.c.submitted, t.submissions.c.id))
        if now is None:
            return [row.id for row in rows]
        return [row.id for row in rows if (row.until is None or row.until < now) and _is_due(row, now)]


def _is_due(row: Any, now: datetime) -> bool:
    """Return whether it is time to try it, after so many times that it could not be judged."""
    if not row.times:
        return True
    return bool(row.times <= len(AGAIN) and row.at + AGAIN[row.times - 1] <= now)

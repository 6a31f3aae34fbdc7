"""The queue of what waits to be judged: a question about what was handed in and has no result that stands.

There is no list of jobs that could be lost or differ from the submissions: a result is that of bytes and a key, so
judging twice harms nothing, and whoever takes something and ends leaves it waiting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from grader.store.grades.database import Database
from grader.store.grades.desk.regrades import to_be_judged_again, waiting_again
from grader.store.grades.hand_ins import ALL, HandIn, hand_in
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as d
from grader.store.grades.schema import tables as t

LEASE = timedelta(seconds=60)
# When what could not be judged is tried again; after that only when a person says so.
AGAIN = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


class QueueState(StrEnum):
    """Where something stands that has no result that stands.

    RETRYING could not be judged and is tried again by itself; STUCK waits for a person to say so.
    """

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    STUCK = "stuck"

    @classmethod
    def of(cls, row: Any, now: datetime) -> QueueState:
        """Return the state of a row of `unjudged`."""
        if row.until is not None and row.until >= now:
            return cls.RUNNING
        if not row.times:
            return cls.WAITING
        return cls.STUCK if _is_stuck(row) else cls.RETRYING


class JudgingQueue:
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

    def lease(self, grader: str, versions: Mapping[str, str], most: int = 1) -> list[HandIn]:
        """Take what waits longest in turn, `most` at once; nothing where nothing waits for this grader.

        The newest attempt of each student comes first, then the one before it of each: nobody's hundred attempts hold
        up a class.

        Args:
            versions: by exercise, the digest that this grader judges by; of exercises with another it gets nothing.
        """
        with self._database.reading() as connection:
            now = self._database.now(connection)
            current = self._current(connection)
            known = [exercise for exercise, judging in versions.items() if current.get(exercise) == judging]
            # What is to be judged again has a grade that counts, and waits for everything that has none.
            waiting = self._due(connection, now, known) or waiting_again(connection, now, known)
        taken: list[int] = []
        for number in waiting:
            if len(taken) == most:
                break
            # Each by itself: two graders that hold what the other one wants would wait for each other.
            with self._database.writing() as connection:
                if self._take(connection, number, grader):
                    taken.append(number)
        rows = self._database.rows(ALL.where(c.hand_ins.c.submission.in_(taken))) if taken else []
        found = {each.submission: each for each in map(hand_in, rows)}
        # Somebody may have been erased in between.
        return [found[number] for number in taken if number in found]

    def _take(self, connection: sa.Connection, number: int, grader: str) -> bool:
        """Take a submission, unless another grader has it: it may have come by it in the same moment."""
        now = self._database.now(connection)
        values = {"submission": number, "grader": grader, "until": now + LEASE}
        taking = self._database.insert(c.leases).values(values)
        taking = taking.on_conflict_do_update(
            index_elements=["submission"], set_={"grader": grader, "until": now + LEASE}, where=c.leases.c.until < now
        ).returning(c.leases.c.submission)
        return connection.execute(taking).one_or_none() is not None

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

    def waiting(self, exercises: Sequence[str] | None = None) -> list[int]:
        """Return the submissions without a result that stands, in the order in which they will be judged.

        Args:
            exercises: those only; None for all.
        """
        return self.waiting_and_stuck(exercises)[0]

    def waiting_and_stuck(self, exercises: Sequence[str] | None = None) -> tuple[list[int], frozenset[int]]:
        """Return the submissions that `waiting` does, and those that are judged only when a person says so."""
        with self._database.reading() as connection:
            rows = unjudged(connection, exercises)
            stuck = frozenset(row.id for row in rows if _is_stuck(row))
            if stuck:
                stuck -= to_be_judged_again(connection)
        return [row.id for row in rows if row.id not in stuck], stuck

    def running(self, exercises: Sequence[str] | None = None) -> set[int]:
        """Return the submissions without a result that stands that a grader judges now.

        Args:
            exercises: those only; None for all.
        """
        with self._database.reading() as connection:
            now = self._database.now(connection)
            # What is judged again has a grade that counts: nothing is said of it before it has another one.
            judged = _standing(c.leases.c.submission).exists()
            query = sa.select(c.leases.c.submission).where(c.leases.c.until >= now, ~judged)
            if exercises is not None:
                query = query.join(t.submissions, t.submissions.c.id == c.leases.c.submission)
                query = query.where(t.submissions.c.exercise.in_(exercises))
            return {row.submission for row in connection.execute(query)}

    def stamp(self, without: Collection[str] = ()) -> tuple[int, ...]:
        """Return numbers that are others as soon as something was handed in, taken, judged or let be seen.

        Args:
            without: exercises of which it does not tell when something is taken and judged.
        """
        tables = (c.hand_ins.c.submission, d.feedback_rules.c.id, d.grade_questions.c.id, d.regrades.c.id)
        last = [sa.select(sa.func.max(column)).scalar_subquery() for column in tables]
        graded = sa.select(t.gradings.c.id).order_by(t.gradings.c.id.desc()).limit(1)
        taken = sa.select(sa.func.coalesce(sa.func.sum(c.leases.c.submission), 0))
        if without:
            graded = graded.join(t.submissions, t.submissions.c.id == t.gradings.c.submission)
            taken = taken.join(t.submissions, t.submissions.c.id == c.leases.c.submission)
            graded, taken = (each.where(t.submissions.c.exercise.not_in(without)) for each in (graded, taken))
        (row,) = self._database.rows(sa.select(*last, graded.scalar_subquery(), taken.scalar_subquery()))
        return tuple(int(number or 0) for number in row)

    def _due(self, connection: sa.Connection, now: datetime, exercises: Sequence[str]) -> list[int]:
        """Return the submissions at these exercises that wait and may be taken now."""
        rows = unjudged(connection, exercises)
        return [row.id for row in rows if (row.until is None or row.until < now) and _is_due(row, now)]


def unjudged(connection: sa.Connection, exercises: Sequence[str] | None = None) -> list[Any]:
    """Return what has no result that stands, in the order in which it is judged.

    Args:
        exercises: those only; None for all.

    Returns:
        Rows of `id`, `submitted`, how many `times` it could not be judged, the last time `at`, and `until` when a
        grader has it.
    """
    of_it = t.gradings.c.submission == c.hand_ins.c.submission
    judged = _standing(c.hand_ins.c.submission)
    # What has no result that stands and gradings all the same could not be judged, so many times.
    times = sa.select(sa.func.count()).where(of_it).scalar_subquery().label("times")
    at = sa.select(sa.func.max(t.gradings.c.at)).where(of_it).scalar_subquery().label("at")
    turn = sa.func.row_number().over(
        partition_by=t.submissions.c.student, order_by=(t.submissions.c.submitted.desc(), t.submissions.c.id.desc())
    )
    query = (
        sa.select(t.submissions.c.id, t.submissions.c.submitted, times, at, c.leases.c.until, turn.label("turn"))
        .select_from(c.hand_ins)
        .join(t.submissions, t.submissions.c.id == c.hand_ins.c.submission)
        .outerjoin(c.leases, c.leases.c.submission == t.submissions.c.id)
        .where(~judged.exists())
    )
    if exercises is not None:
        query = query.where(t.submissions.c.exercise.in_(exercises))
    return list(connection.execute(query.order_by(sa.text("turn"), t.submissions.c.submitted, t.submissions.c.id)))


def _standing(submission: sa.Column[int]) -> sa.Select[Any]:
    of_it = t.gradings.c.submission == submission
    return sa.select(t.gradings.c.id).join(t.results, t.results.c.id == t.gradings.c.result).where(of_it, t.stands)


def _is_stuck(row: Any) -> bool:
    """Return whether it could not be judged so often that it is not tried again by itself."""
    return bool(row.times > len(AGAIN))


def _is_due(row: Any, now: datetime) -> bool:
    """Return whether it is time to try it, after so many times that it could not be judged."""
    if not row.times:
        return True
    return bool(not _is_stuck(row) and row.at + AGAIN[row.times - 1] <= now)

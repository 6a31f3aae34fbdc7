"""How a class at the server does, in numbers: what waits, for how long, and how long verdicts took. Nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from grader.store.grades.database import Database
from grader.store.grades.queue import QueueState, unjudged
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import tables as t

# Upper ends of the steps in which times to a verdict are counted, in seconds: one of a right program takes a few, and
# one that waits out a deadline's rush an hour.
STEPS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)


@dataclass(frozen=True)
class Figures:
    """What was handed in at the server, in numbers.

    Attributes:
        unjudged: how many have no result that stands, by state.
        oldest: how long the one has waited that has waited longest, in seconds; 0 where none waits.
        taken: how many were handed in.
        void: how often one could not be judged.
        within: how many had their first verdict within each of `STEPS`, those of the steps before included.
        judged: how many had one at all, and `seconds` after how many seconds, all together.
    """

    unjudged: Mapping[QueueState, int]
    oldest: float
    taken: int
    void: int
    within: tuple[int, ...]
    judged: int
    seconds: float


def figures(database: Database) -> Figures:
    """Return how the class does, from a few questions whose answers are numbers."""
    with database.reading() as connection:
        now = database.now(connection)
        rows = [(row, QueueState.of(row, now)) for row in unjudged(connection)]
        waited = [(now - row.submitted).total_seconds() for row, state in rows if state is QueueState.WAITING]
        taken = connection.scalar(sa.select(sa.func.count()).select_from(c.hand_ins))
        void = connection.scalar(_given(sa.func.count(), sa.not_(t.stands)))
        judged, seconds, *within = connection.execute(_verdicts(database.is_sqlite)).one()
    counted = Counter(state for _, state in rows)
    return Figures(
        {state: counted[state] for state in QueueState}, max(waited, default=0.0), int(taken or 0), int(void or 0),
        tuple(int(each or 0) for each in within), int(judged), float(seconds or 0.0),
    )  # fmt: skip


def _given(what: sa.ColumnElement[Any], which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the question for something of the gradings that hand-ins were given."""
    return (
        sa.select(what)
        .select_from(t.gradings)
        .join(t.results, t.results.c.id == t.gradings.c.result)
        .join(c.hand_ins, c.hand_ins.c.submission == t.gradings.c.submission)
        .where(which)
    )


def _verdicts(is_sqlite: bool) -> sa.Select[Any]:
    # Not the last grading of each: to judge it again a month later is not to have waited a month.
    first = _given(sa.func.min(t.gradings.c.id).label("id"), t.stands).group_by(t.gradings.c.submission).subquery()
    took = _seconds(t.submissions.c.submitted, t.gradings.c.at, is_sqlite)
    # The grader's clock may be behind the database's.
    took = sa.case((took < 0, 0.0), else_=took)
    asked: list[sa.ColumnElement[Any]] = [sa.func.count(), sa.func.sum(took)]
    asked += [sa.func.sum(sa.case((took <= step, 1), else_=0)) for step in STEPS]
    return (
        sa.select(*asked)
        .select_from(first)
        .join(t.gradings, t.gradings.c.id == first.c.id)
        .join(t.submissions, t.submissions.c.id == t.gradings.c.submission)
    )


def _seconds(since: sa.Column[Any], until: sa.Column[Any], is_sqlite: bool) -> sa.ColumnElement[float]:
    if is_sqlite:
        days = sa.func.julianday(until, type_=sa.Float) - sa.func.julianday(since, type_=sa.Float)
        return days * 86400.0
    moments = (sa.cast(each, sa.TIMESTAMP(timezone=True)) for each in (until, since))
    return sa.cast(sa.extract("epoch", next(moments) - next(moments)), sa.Float)

"""The gradebook's tables."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from grader.core.words.message import Message, say

_MOST_SHOWN = 60


class _Text(sa.types.TypeDecorator[str]):
    """Text as every database takes it: none takes halves of characters, PostgreSQL no null bytes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else value.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


class Unreadable(ValueError):
    """A column holds what no grader has written there; the words say what it is instead."""

    def __init__(self, words: Message) -> None:
        super().__init__(words)
        self.words = words


class _Moment(sa.types.TypeDecorator[datetime]):
    """A moment as text in UTC, which sorts as moments do."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> datetime | None:
        try:
            return None if value is None else datetime.fromisoformat(value)
        except (ValueError, TypeError):
            raise Unreadable(say("{found} is no moment", found=_shown(value))) from None


class _Points(sa.types.TypeDecorator[float]):
    """Points; some databases keep text in a column of numbers."""

    impl = sa.Float
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> float | None:
        if value is None or (isinstance(value, int | float) and math.isfinite(value)):
            return value
        raise Unreadable(say("{found} is no number of points", found=_shown(value)))


class _Facts(sa.types.TypeDecorator[dict[str, Any]]):
    """A JSON object."""

    impl = _Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> dict[str, Any] | None:
        try:
            facts = None if value is None else json.loads(value)
        except (ValueError, TypeError, RecursionError):
            facts = value
        if facts is None or isinstance(facts, dict):
            return facts
        raise Unreadable(say("{found} is no JSON object", found=_shown(value)))


def _shown(value: object) -> str:
    return repr(value)[:_MOST_SHOWN]


tables = sa.MetaData()
about = sa.Table(
    "gradebook_about", tables, sa.Column("key", _Text, primary_key=True), sa.Column("value", _Text, nullable=False)
)
submissions = sa.Table(
    "submissions",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("submitted", _Moment, nullable=False),
    sa.Column("sha256", _Text, nullable=False),
    sa.Column("path", _Text, nullable=False),
    sa.UniqueConstraint("student", "exercise", "submitted", "sha256"),
)
results = sa.Table(
    "results",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
    sa.Column("score", _Points),
    sa.Column("max_score", _Points, nullable=False),
    sa.Column("report", _Text, nullable=False),
    sa.Column("rests_on", _Facts, nullable=False),
    sa.Column("judged", _Moment, nullable=False),
)
# What could not be judged is tried again, so only results that stand are unique.
stands = sa.not_(results.c.void)
sa.Index("one_result_for_a_key", results.c.key, unique=True, sqlite_where=stands, postgresql_where=stands)
gradings = sa.Table(
    "gradings",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("result", sa.ForeignKey(results.c.id), nullable=False),
    sa.Column("at", _Moment, nullable=False),
    sa.Index("gradings_of_a_submission", "submission"),
)
# When a submission was handed in, by whoever says so; the most trustworthy time counts, of these the first.
# Submissions from before have none here: their own time counts as it did.
times = sa.Table(
    "times",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(submissions.c.id), nullable=False),
    sa.Column("submitted", _Moment, nullable=False),
    sa.Column("trust", sa.Integer, nullable=False),
    sa.UniqueConstraint("submission", "submitted", "trust"),
)
waivers = sa.Table(
    "waivers",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("waives", sa.Boolean, nullable=False),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Moment, nullable=False),
)
# Bytes that are not a student's work though they are recorded so, with the reason; a later row may bring them back.
withdrawals = sa.Table(
    "withdrawals",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("sha256", _Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Moment, nullable=False),
)
# Students who are not shown any more, with the reason; a later row may bring them back.
departures = sa.Table(
    "departures",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("left", sa.Boolean, nullable=False),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Moment, nullable=False),
)
overrides = sa.Table(
    "overrides",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("score", _Points),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Moment, nullable=False),
)

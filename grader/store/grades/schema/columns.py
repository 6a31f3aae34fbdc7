"""The types of the gradebook's columns: what every database takes, and what each refuses to read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from grader.core.words.message import Message, say

_MOST_SHOWN = 60


def as_kept(text: str) -> str:
    """Return text as every database takes it: none takes halves of characters, PostgreSQL no null bytes."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


class Text(sa.types.TypeDecorator[str]):
    """Text as every database takes it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else as_kept(value)


class Unreadable(ValueError):
    """A column holds what no grader has written there; the words say what it is instead."""

    def __init__(self, words: Message) -> None:
        super().__init__(words)
        self.words = words


class Moment(sa.types.TypeDecorator[datetime]):
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


class Points(sa.types.TypeDecorator[float]):
    """Points; some databases keep text in a column of numbers."""

    impl = sa.Float
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> float | None:
        if value is None or (isinstance(value, int | float) and math.isfinite(value)):
            return value
        raise Unreadable(say("{found} is no number of points", found=_shown(value)))


class Facts(sa.types.TypeDecorator[dict[str, Any]]):
    """A JSON object."""

    impl = Text
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

"""What one layer knows of each kind of exercise: a table that misses none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar, get_args

from grader.core.course.exercise import Work

T = TypeVar("T")

KINDS: tuple[type[Work], ...] = get_args(Work)


class Facets(Generic[T]):
    """What one layer knows of each kind of exercise.

    Raises:
        TypeError: where a kind is missing. Tables are made when their modules load, so a forgotten kind shows at once.
    """

    def __init__(self, table: Mapping[type[Work], T]) -> None:
        missing = [kind.__name__ for kind in KINDS if kind not in table]
        if missing:
            raise TypeError(f"a kind of exercise is missing: {', '.join(missing)}")
        self._table = dict(table)

    def __iter__(self) -> Iterator[type[Work]]:
        return iter(self._table)

    def of(self, work: Work) -> T:
        """Return what the table has for the kind of this work."""
        return self._table[type(work)]

"""What this process keeps from every submission: each box is made so that it cannot read it, and is asked whether."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A file or folder that no submission may read; it need not exist yet.

    Attributes:
        what: course, solution, class, neighbour, cache, secret or gradebook.
    """

    what: str
    path: Path


Places = tuple[Place, ...]


def keep_closed(find: Callable[[], Iterable[Place]]) -> None:
    """Keep these places closed from now on, and no others; they are looked for when the first box is made."""
    global _closed
    _closed = lru_cache(maxsize=1)(lambda: tuple(find()))


def closed() -> Places:
    """Return the places that are kept closed."""
    return _closed()


def _nothing() -> Places:
    return ()


_closed: Callable[[], Places] = _nothing

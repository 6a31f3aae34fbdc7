"""What is kept of an exercise at its shown numbers, beside what is kept of it at the hidden ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from grader.core.course.draws.draw import seed_for

K = TypeVar("K")
L = TypeVar("L")


class Shown(Generic[K]):
    """What is kept of an exercise at its shown numbers, made when the first program is to be told something.

    Args:
        seed: of the shown numbers.
        make: makes what is kept of it with the numbers of one seed.
    """

    def __init__(self, seed: bytes, make: Callable[[bytes], K]) -> None:
        self._seed = seed
        # A class asks for the same ones again and again.
        self._make = lru_cache(maxsize=None)(make)

    @property
    def first(self) -> K:
        """What is kept at the numbers that everybody is shown."""
        return self._make(self._seed)

    def further(self, number: int) -> K:
        """Return the same at other numbers that may be shown."""
        return self._make(seed_for(self._seed, f"further/{number}"))

    def changed(self, change: Callable[[K], K]) -> Shown[K]:
        """Return the same with a change in all that is kept."""
        return Shown(self._seed, lambda seed: change(self._make(seed)))

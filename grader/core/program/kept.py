"""Keeps what was made of the last few programs, and never much at once: a tree takes hundreds of times its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Characters of a text that is larger than programs of courses are.
_LARGE = 32 * 2**10


def kept_for(few: int) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Keep what a function makes of the last few texts, and of large ones of the last alone.

    A class of hostile programs must not fill the memory of a worker: who comes next would lack it.
    """

    def kept_by(make: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        of_small, of_large = lru_cache(maxsize=few)(make), lru_cache(maxsize=1)(make)

        def kept(text: str, /, *args: P.args, **more: P.kwargs) -> T:
            found = of_large if len(text) > _LARGE else of_small
            return found(text, *args, **more)  # type: ignore[arg-type]

        return kept

    return kept_by

"""What was looked up while one page is made is not looked up again for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

# What was found since somebody began to look; None while nobody does.
_FOUND: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("_FOUND", default=None)
T = TypeVar("T")


@contextmanager
def one_look() -> Iterator[None]:
    """Within it, what is asked again is not looked up again, until something is written in the same context."""
    before = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(before)


def seen(question: tuple[Any, ...], find: Callable[[], T]) -> T:
    """Return what `find` finds; within `one_look` it is found once for the same question, and nobody may change it."""
    found = _FOUND.get()
    if found is None:
        return find()
    if question not in found:
        found[question] = find()
    answer: T = found[question]
    return answer


def look_again() -> None:
    """Forget what was found: something may be another one now."""
    found = _FOUND.get()
    if found is not None:
        found.clear()

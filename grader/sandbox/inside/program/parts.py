"""Takes a result apart into the values that are compared, each with its place: result 2, ['x'], result 1[0]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from grader.sandbox.inside.program.values import MOST_NUMBERS, numbers_of

# So many a call may give; a class of results is known to have a handful.
MOST_PARTS = 64
_DEEPEST = 6
_LONGEST_KEY = 60


@dataclass(frozen=True)
class Part:
    """One value of a result.

    Attributes:
        place: the keys and numbers that lead to it; () for the result itself.
        within: the type of the outermost container that it is in; "" where it is in none.
    """

    thing: Any
    place: tuple[str | int, ...] = ()
    within: str = ""


class TooMany:
    """Takes the place of what is too large or too deep to be compared part by part."""


def parts_of(result: Any) -> list[Part]:
    """Return the values of a result. Numbers in lists stay one value; what is anything else is taken apart.

    Keys are put in order, so that two programs with one result give their values in one order.
    """
    if not _is_container(result):
        return [Part(result)]
    within = _kind(result)
    parts = list(islice((Part(thing, place, within) for thing, place in _walk(result, (), _DEEPEST)), MOST_PARTS + 1))
    if len(parts) > MOST_PARTS:
        return [Part(TooMany())]
    # An empty container is a value as well: of no numbers.
    return parts or [Part(list(result))]


def _walk(thing: Any, place: tuple[str | int, ...], deep: int) -> Iterator[tuple[Any, tuple[str | int, ...]]]:
    if not _is_container(thing):
        yield thing, place
    elif deep == 0:
        yield TooMany(), place
    elif isinstance(thing, dict):
        keys = {_shown(key): key for key in islice(dict.keys(thing), MOST_PARTS + 1)}
        if len(keys) < min(len(thing), MOST_PARTS + 1):
            # Two keys that look alike: nobody could say which value is which.
            yield TooMany(), place
            return
        for shown in sorted(keys):
            yield from _walk(dict.__getitem__(thing, keys[shown]), (*place, shown), deep - 1)
    else:
        items = list.__iter__(thing) if isinstance(thing, list) else tuple.__iter__(thing)
        for number, item in enumerate(islice(items, MOST_PARTS + 1)):
            yield from _walk(item, (*place, number), deep - 1)


def _is_container(thing: Any) -> bool:
    return isinstance(thing, dict) or (isinstance(thing, list | tuple) and not _of_numbers(thing))


def _of_numbers(thing: list[Any] | tuple[Any, ...]) -> bool:
    """Whether it is numbers in lists of equal length, which are one value."""
    return _only_numbers(thing, _DEEPEST) and numbers_of(thing) is not None


def _only_numbers(thing: Any, deep: int) -> bool:
    if isinstance(thing, list | tuple):
        return deep > 0 and len(thing) <= MOST_NUMBERS and all(_only_numbers(each, deep - 1) for each in thing)
    return isinstance(thing, int | float | np.number | np.bool_)


def _kind(thing: Any) -> str:
    return next(kind.__name__ for kind in (dict, list, tuple) if isinstance(thing, kind))


def _shown(key: Any) -> str:
    if isinstance(key, tuple):
        shown = ", ".join(map(_shown, tuple.__iter__(key)))
        return f"({shown},)"[:_LONGEST_KEY] if tuple.__len__(key) == 1 else f"({shown})"[:_LONGEST_KEY]
    if isinstance(key, np.generic):
        key = key.item()
    return repr(key)[:_LONGEST_KEY] if isinstance(key, str | int | float | bool) or key is None else type(key).__name__

"""Records what a call returns when it is made again and again, with other random numbers each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.sandbox.inside.asking.objects import reseed
from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.parts import parts_of
from grader.sandbox.inside.program.values import MOST_NUMBERS, Floats, numbers_of, put

_Found = dict[tuple[str | int, ...], tuple[str, list[Floats]]]


def draws_as_sent(call: Callable[[], Any], count: int, seed: int, blocks: Blocks) -> list[dict[str, Any]]:
    """Make a call so often, and describe each value of its results with one axis more in front.

    The seed is one higher at each call.
    What is no number, has another shape now and then, or is too much for all calls, has no numbers.
    """
    found: _Found = {}
    for number in range(count):
        reseed(seed + number)
        for part in parts_of(call()):
            numbers = numbers_of(part.thing)
            if numbers is not None and numbers.size * count <= MOST_NUMBERS:
                found.setdefault(part.place, (part.within, []))[1].append(numbers)
            else:
                found.setdefault(part.place, (part.within, []))
    return [_as_sent(place, *values, count, blocks) for place, values in found.items()][:64]


def _as_sent(
    place: tuple[str | int, ...], within: str, seen: list[Floats], count: int, blocks: Blocks
) -> dict[str, Any]:
    where = {"place": list(place), "within": within}
    if not seen:
        return {"kind": "none", "type_name": "None", **where}
    if len(seen) < count or len({each.shape for each in seen}) > 1:
        return {"kind": "other", "type_name": "", **where}
    return {"kind": "array", "type_name": "", "data": put(np.stack(seen), blocks), **where}

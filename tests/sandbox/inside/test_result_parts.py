"""A result is taken apart into values with their places, whatever holds them, and never without end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.sandbox.inside.program.parts import MOST_PARTS, TooMany, parts_of

TENSOR, ARRAY = torch.ones(2), np.ones(3)


def places(result: Any) -> list[tuple[str | int, ...]]:
    return [part.place for part in parts_of(result)]


@pytest.mark.parametrize("result", [TENSOR, ARRAY, 1, 2.5, True, "relu", None, [1.0, 2.0], [[1, 2], [3, 4]], (1, 2)])
def test_one_value_stays_one(result: Any) -> None:
    (part,) = parts_of(result)
    assert part.thing is result
    assert (part.place, part.within) == ((), "")


@pytest.mark.parametrize("several", [tuple, list])
@pytest.mark.parametrize(
    "items", [[TENSOR, TENSOR], [ARRAY, ARRAY], [TENSOR, None], [1, "relu"], [[1], [2, 3]], [TENSOR]]
)
def test_a_tuple_or_list_of_anything_but_numbers_is_several(several: type, items: list[Any]) -> None:
    parts = parts_of(several(items))
    assert [part.place for part in parts] == [(i,) for i in range(len(items))]
    assert all(part.thing is item for part, item in zip(parts, items, strict=True))
    assert {part.within for part in parts} == {several.__name__}


def test_what_is_inside_has_the_way_there_as_its_place() -> None:
    result = (TENSOR, {"x": ARRAY, "dims": {1: TENSOR}}, [TENSOR, [TENSOR]])
    assert places(result) == [(0,), (1, "'dims'", "1"), (1, "'x'"), (2, 0), (2, 1, 0)]


def test_keys_come_in_one_order_whatever_they_were_put_in() -> None:
    assert places({"b": 1, "a": 2}) == places({"a": 2, "b": 1}) == [("'a'",), ("'b'",)]


def test_an_empty_container_is_a_value() -> None:
    assert len(parts_of({})) == len(parts_of(())) == 1


def test_what_holds_itself_comes_to_an_end() -> None:
    round: list[Any] = [TENSOR]
    round.append(round)
    assert len(parts_of(round)) <= MOST_PARTS


@pytest.mark.parametrize("result", [["x"] * (MOST_PARTS + 1), dict.fromkeys(range(10000)), [[None] * 60] * 60])
def test_more_than_can_be_compared_is_one_thing_that_cannot_be(result: Any) -> None:
    (part,) = parts_of(result)
    assert isinstance(part.thing, TooMany)

"""Whole numbers, masks, choices, permutations and one-hot rows: what is drawn, at every probe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.course.draws import DRAWS
from grader.core.course.draws.draw import Array, Draw, draw_all
from grader.core.words.message import Message

SEEDS = st.binary(min_size=1, max_size=8)
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


def draw_of(word: str, value: object, **beside: object) -> Draw:
    kind = DRAWS.get(word)
    assert kind is not None
    made = kind.read({word: value, **beside})
    assert not isinstance(made, Message)
    return made[0]


def drawn(draw: Draw, seed: bytes, index: int = 0) -> Array:
    return draw_all({"x": draw}, seed, index)["x"]


@given(SEEDS, st.integers(-9, 9), st.integers(1, 9), SIZES)
def test_integers_are_between_both_ends(seed: bytes, low: int, span: int, size: tuple[int, ...]) -> None:
    array = drawn(draw_of("integer", (low, low + span), size=size), seed)
    assert (array.shape, array.dtype) == (size, "int64")
    assert all(isinstance(number, int) and low <= number <= low + span for number in array.numbers)


def test_each_integer_comes_and_some_come_twice() -> None:
    found = [drawn(draw_of("integer", (0, 3), size=(6,)), b"seed", index).numbers for index in range(60)]
    assert {number for numbers in found for number in numbers} == {0, 1, 2, 3}
    assert all(len(set(numbers)) < 6 for numbers in found)


@given(SEEDS, st.floats(0.01, 0.99), SIZES)
def test_of_several_truth_values_one_is_true_and_one_false(
    seed: bytes, probability: float, size: tuple[int, ...]
) -> None:
    array = drawn(draw_of("boolean", probability, size=size), seed)
    assert array.dtype == "bool" and (len(array.numbers) == 1 or set(array.numbers) == {True, False})


@given(SEEDS, st.integers(2, 12))
def test_a_permutation_has_each_number_once_and_changes_something(seed: bytes, count: int) -> None:
    numbers = drawn(draw_of("permutation", count), seed).numbers
    assert sorted(numbers) == list(range(count)) != list(numbers)


@given(SEEDS, st.integers(1, 6), st.integers(2, 6))
def test_a_one_hot_row_has_a_single_one(seed: bytes, rows: int, classes: int) -> None:
    array = drawn(draw_of("one_hot", (rows, classes)), seed)
    lines = [array.numbers[place : place + classes] for place in range(0, rows * classes, classes)]
    assert array.dtype == "" and all(sorted(line) == [0.0] * (classes - 1) + [1.0] for line in lines)


@pytest.mark.parametrize(("among", "dtype"), [((1, 2, 4), "int64"), ((0.1, 2), "")])
def test_a_choice_is_whole_where_all_are(among: tuple[float, ...], dtype: str) -> None:
    found = [drawn(draw_of("choice", Array((len(among),), among)), b"seed", index) for index in range(40)]
    assert {array.dtype for array in found} == {dtype}
    assert {number for array in found for number in array.numbers} == set(among)


@pytest.mark.parametrize(
    ("word", "value"),
    [("integer", (3, 3)), ("integer", (0.5, 2)), ("integer", (1,)), ("integer", (0, 2**60)), ("one_hot", (3,)),
     ("one_hot", (3, 1)), ("choice", Array((), (1,))), ("choice", Array((2,), (1, 1)))],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(word: str, value: object) -> None:
    kind = DRAWS.get(word)
    assert kind is not None and isinstance(kind.read({word: value}), Message)


def test_no_two_probes_are_alike() -> None:
    draws = {"a": draw_of("integer", (0, 99), size=(5,)), "b": draw_of("permutation", 7)}
    found = [draw_all(draws, b"seed", index) for index in range(20)]
    assert len({tuple(each["a"].numbers) for each in found}) == 20
    assert len({tuple(each["b"].numbers) for each in found}) > 15

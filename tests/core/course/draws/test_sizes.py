"""Sizes that are drawn, and sequences of unequal length: what comes at every probe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.course.draws import DRAWS
from grader.core.course.draws.choice import Choice
from grader.core.course.draws.draw import Array, Draw, draw_all
from grader.core.course.draws.integer import Integer
from grader.core.course.draws.normal import Normal
from grader.core.course.draws.padding import Padding
from grader.core.course.draws.ragged import Ragged
from grader.core.words.message import Message

SEEDS = st.binary(min_size=1, max_size=8)
DRAWS_OF_TWO: dict[str, Draw] = {
    "x": Normal(0, 1, ("n", "d")),
    "y": Integer(0, 2, ("n",)),
    "n": Integer(2, 5),
    "d": Integer(2, 4),
}


@given(SEEDS, st.integers(0, 5000))
def test_arguments_share_a_size_that_is_drawn(seed: bytes, index: int) -> None:
    found = draw_all(DRAWS_OF_TWO, seed, index)
    n, d = (found[name].numbers[0] for name in ("n", "d"))
    assert (found["x"].shape, found["y"].shape) == ((n, d), (n,))
    assert len(found["x"].numbers) == n * d and found["n"].dtype == "int64"


@given(SEEDS, st.integers(0, 5000))
def test_two_sizes_of_a_probe_differ(seed: bytes, index: int) -> None:
    found = draw_all(DRAWS_OF_TWO, seed, index)
    assert found["n"].numbers != found["d"].numbers


@given(SEEDS)
def test_as_many_probes_as_there_are_sizes_have_each_of_them(seed: bytes) -> None:
    draws = {"x": Normal(0, 1, ("n",)), "n": Integer(4, 7)}
    assert sorted(draw_all(draws, seed, index)["n"].numbers[0] for index in range(4)) == [4, 5, 6, 7]


@given(SEEDS)
def test_a_size_that_students_see_is_not_drawn(seed: bytes) -> None:
    draws = {"x": Normal(0, 1, ("n",)), "n": Choice(Array((3,), (3, 4, 5)))}
    sizes = {draw_all(draws, seed, index, {"n": frozenset({3})})["n"].numbers[0] for index in range(6)}
    assert sizes == {4, 5}


@given(SEEDS)
def test_where_students_see_every_size_these_are_drawn(seed: bytes) -> None:
    draws = {"x": Normal(0, 1, ("n",)), "n": Integer(3, 4)}
    assert draw_all(draws, seed, 0, {"n": frozenset({3, 4})})["n"].numbers[0] in (3, 4)


@given(SEEDS, st.integers(2, 6), st.integers(2, 6))
def test_padding_is_true_up_to_a_length_and_one_row_is_full(seed: bytes, rows: int, columns: int) -> None:
    array = draw_all({"x": Padding(rows, columns)}, seed, 0)["x"]
    lines = [array.numbers[at : at + columns] for at in range(0, rows * columns, columns)]
    assert array.dtype == "bool" and all(list(line) == sorted(line, reverse=True) and line[0] for line in lines)
    assert {all(line) for line in lines} == {True, False}


@given(SEEDS, st.integers(0, 3), st.integers(1, 5), st.integers(2, 5))
def test_sequences_have_lengths_between_both_ends_that_are_not_all_equal(
    seed: bytes, shortest: int, span: int, rows: int
) -> None:
    array = draw_all({"x": Ragged(shortest, shortest + span, rows, Integer(0, 9))}, seed, 0)["x"]
    assert array.shape == (rows,) == (len(array.rows),) and sum(array.rows) == len(array.numbers)
    assert len(set(array.rows)) > 1 and all(shortest <= each <= shortest + span for each in array.rows)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("ragged", {"ragged": (3, 3), "rows": 2, "each": Integer(0, 9)}),
        ("ragged", {"ragged": (1, 5), "rows": 2, "each": Integer(0, 9, (3,))}),
        ("ragged", {"ragged": (1, 5000), "rows": 2, "each": Integer(0, 9)}),
        ("padding", {"padding": (3,)}),
        ("padding", {"padding": (3, 1)}),
    ],
)
def test_what_cannot_be_drawn_is_told(word: str, values: dict[str, object]) -> None:
    kind = DRAWS.get(word)
    assert kind is not None and isinstance(kind.read(values), Message)

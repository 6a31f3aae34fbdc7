"""What data.py made is kept exactly, in few bytes; what somebody else wrote in its place is refused."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import examples

from grader.core.course.checks.training import Data, half_of
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.run.jobs import ProgramJob
from grader.core.run.trained import Training
from grader.grading.judge.making import KeptArray, KeptData, data_from, kept
from grader.sandbox.inside.channel import encoded
from grader.sandbox.wire.frames import WireViolation
from grader.sandbox.wire.reading import Reading

NUMBERS = st.one_of(
    st.tuples(st.just("int64"), st.lists(st.integers(-(2**52), 2**52), min_size=1, max_size=20)),
    st.tuples(st.just("bool"), st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=20)),
    st.tuples(st.just(""), st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20)),
)


@settings(deadline=None, max_examples=examples(100))
@given(NUMBERS)
def test_numbers_are_kept_exactly(drawn: tuple[str, list[float]]) -> None:
    dtype, numbers = drawn
    array = Array((len(numbers),), tuple(numbers), dtype)
    data = Data((("x", array),), (("x_test", array),), array, "torch 2")
    assert data_from(msgspec.json.decode(msgspec.json.encode(kept(data)), type=KeptData)) == data


def test_what_float32_holds_takes_four_bytes_and_labels_take_one() -> None:
    half, labels = Array((4,), (0.5, 0.25, -3.0, 1e5)), Array((4,), (0, 1, 2, 255), "int64")
    packed = kept(Data((("x", half),), (), labels))
    assert (len(packed.train["x"].numbers), len(packed.right.numbers)) == (16, 4)


@pytest.mark.parametrize(
    "array",
    [
        KeptArray([3], "", "<f4", b"\0" * 8),
        KeptArray([2], "", "<i8", b"\0" * 16),
        KeptArray([1000, 1000], "", "|u1", b"\0" * 1000),
        KeptArray([1], "", "<f8", np.array([np.nan]).tobytes()),
    ],
)
def test_what_is_not_as_it_was_kept_is_refused(array: KeptArray) -> None:
    with pytest.raises(ValueError, match="number"):
        data_from(KeptData({}, {}, array, ""))


def test_half_of_the_rows_is_at_least_one() -> None:
    assert half_of(Array((1, 2), (1.0, 2.0))) == Array((1, 2), (1.0, 2.0))
    assert half_of(Array((3, 2), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0))) == Array((2, 2), (1.0, 2.0, 3.0, 4.0))


JOB = ProgramJob("", "1.1.py", script=False, training=Training((), (("model", "train(x)"),), ("train",), 1, 10))
WITHOUT = ProgramJob("", "1.1.py", script=False)
SERIES = [np.zeros(3)]


@pytest.mark.parametrize(
    ("header", "blocks", "job"),
    [
        ({"steps": 3, "losses": "0"}, SERIES, WITHOUT),
        ({"steps": 3, "losses": "0"}, [np.zeros((3, 1))], JOB),
        ({"steps": 3, "losses": "0"}, [np.zeros(5001)], JOB),
        ({"steps": 3, "losses": "1"}, SERIES, JOB),
        ({"steps": -1, "losses": None}, [], JOB),
        ({"steps": 1e300}, [], JOB),
        ({"missing": "a name for people"}, [], JOB),
        ({"steps": 1, "right": 1}, [], JOB),
        ({"raised": {"type_name": "x" * 201, "message": "", "line": 1}}, [], JOB),
    ],
)
def test_what_no_honest_child_says_of_its_training_is_refused(header: dict, blocks: list, job: ProgramJob) -> None:
    with pytest.raises(WireViolation):
        Reading(job).add(encoded({"frame": "trained", **header}, blocks))


def test_what_an_honest_child_says_is_read() -> None:
    reading = Reading(JOB)
    reading.add(encoded({"frame": "trained", "steps": 3, "losses": "0"}, SERIES))
    assert reading.trained is not None and (reading.trained.steps, reading.trained.losses.tolist()) == (3, [0.0] * 3)


def test_points_come_in_tenths_of_a_check() -> None:
    from grader.core.course.checks.training import DataSource
    from grader.core.course.exercise import Coded

    check = Check("accuracy", 4, (), data=DataSource("blobs", ("x",), ("x_test",)))
    assert Coded(b"", (check, Check("other", 3, ()))).partial_points() == (0.4,)


@pytest.mark.parametrize(
    ("arrays", "maker", "asked"), [("torch", "", True), ("numpy", "", False), ("list", "import torch", True)]
)
def test_torch_is_there_before_anything_counts_where_data_are_tensors(arrays: str, maker: str, asked: bool) -> None:
    from grader.core.course.checks.training import DataSource
    from grader.core.course.exercise import Coded
    from grader.core.run.preloads import preloads

    check = Check("a", 1, (), arrays=arrays, data=DataSource("blobs", ("x",), ("z",)), maker=maker)
    assert ("torch" in preloads(Coded(b"", (check,)), "def train(x): ...")) is asked

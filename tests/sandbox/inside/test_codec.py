"""What crosses between a program and the author's tests arrives as it was, and nothing else gets past the host."""

from __future__ import annotations

import base64
import json
import math
import struct
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.inside.tests.codec import CannotEncode, Codec
from grader.sandbox.wire.author_tests import Reply, from_program, from_tests, onward
from grader.sandbox.wire.frames import WireViolation

SIMPLE = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(max_size=50)
)
PLAIN = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=12,
)


def refused(thing: object) -> dict[str, Any]:
    raise CannotEncode(type(thing).__name__)


CODEC = Codec(refused, lambda value: value)


def raw(**frame: Any) -> bytes:
    body = json.dumps(frame).encode()
    return struct.pack(">II", len(body), 0) + body


def across(thing: object) -> Any:
    """Return what the other child makes of `thing`, which the host has read and written anew on the way."""
    reply = from_program(raw(frame="reply", value=CODEC.encoded(thing)))
    assert isinstance(reply, Reply)
    return CODEC.decoded(json.loads(onward(reply)[4:])["value"])


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal, of the same types throughout, NaN and the sign of zero included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return repr(a) == repr(b) if isinstance(a, float | complex) else a == b


@settings(max_examples=60)
@given(PLAIN)
def test_plain_values_arrive_as_they_were(thing: object) -> None:
    assert same(across(thing), thing)


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "complex64", "int8", "int64", "uint16", "bool", "<U3"]
)
def test_arrays_arrive_with_dtype_and_shape(dtype: str) -> None:
    array = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype).T
    there = across(array)
    assert (there.dtype, there.shape) == (array.dtype, array.shape)
    assert (there == array).all()
    assert type(across(array[0, 0])) is type(array[0, 0])


def test_a_long_text_in_an_array_arrives() -> None:
    for array in (np.array(["a" * 10_000, ""]), np.array(["", ""]), np.array([], dtype=str), np.zeros((3, 0, 2))):
        there = across(array)
        assert (there.dtype, there.shape, there.tolist()) == (array.dtype, array.shape, array.tolist())


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "complex128", "int16", "uint8", "bool"])
def test_tensors_arrive_with_dtype_shape_and_gradient(dtype: str) -> None:
    tensor = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(getattr(torch, dtype)).t()
    assert torch.equal(across(tensor), tensor)
    assert across(tensor).dtype == tensor.dtype
    scalar = torch.tensor(2.0, requires_grad=True)
    (scalar**2).backward()
    there = across(scalar)
    assert (there.item(), there.requires_grad, there.grad.item()) == (2.0, True, 4.0)


class Odd(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


def test_a_subclass_arrives_as_what_it_is_made_of() -> None:
    there = across([Odd(3)])
    assert type(there[0]) is int
    assert there != [4]


def test_what_is_too_large_too_deep_or_no_data_is_not_written() -> None:
    deep: list[Any] = []
    deep.append(deep)
    for thing in (deep, "x" * 10**7, 10**5000, np.zeros(10**6), object(), [0] * 10**6, np.array([object()])):
        with pytest.raises(CannotEncode):
            CODEC.encoded(thing)


@pytest.mark.parametrize(
    "value",
    [
        {"t": "int", "v": "1e9"},
        {"t": "int", "v": "9" * 4001},
        {"t": "float", "v": "1.5"},
        {"t": "float", "v": "0x1.8p+99999"},
        {"t": "array", "dtype": "<f8", "shape": [3], "data": "AAAA"},
        {"t": "array", "dtype": "|O8", "shape": [1], "data": "AAAAAAAAAAA="},
        {"t": "array", "dtype": "<f8", "shape": [2**39, 2**39], "data": ""},
        {"t": "array", "dtype": "<f8", "shape": [2**39, 2**39, 0], "data": ""},
        {"t": "tensor", "dtype": "int8", "shape": [0, 2**39, 2**39], "data": ""},
        *({"t": "array", "dtype": dtype, "shape": [], "data": ""} for dtype in ("<f3", "<i0", "<U0", "<U99999999")),
        {"t": "special", "v": {"t": "array", "dtype": "<u3", "shape": [0], "data": ""}, "of": {"t": "handle", "id": 0}},
        {"t": "tensor", "dtype": "float32", "shape": [-1], "data": ""},
        {"t": "handle", "id": -1},
        {"t": "handle", "id": 0, "kind": "value"},
        {"t": "items", "kind": "deque", "v": []},
        {"t": "pickle", "v": "gASVAAAA"},
        {"t": "none", "more": 1},
        {"t": "str", "v": "\ud800"},
        json.loads('{"t": "items", "kind": "list", "v": [' * 70 + '{"t": "none"}' + "]}" * 70),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_value_that_no_honest_child_sends_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(WireViolation):
        from_program(raw(frame="reply", value=value))


@pytest.mark.parametrize("kind", "biufcU")
@pytest.mark.parametrize("shape", [[], [0], [2**40, 0], [2**40, 2**22, 0], [0] * 32])
def test_of_any_array_that_is_let_through_the_other_child_makes_one(kind: str, shape: list[int]) -> None:
    taken = 0
    for size in (*range(40), 9_999_999):
        length = 0 if shape or size > 40 else size * (4 if kind == "U" else 1)
        data = base64.b64encode(bytes(length)).decode()
        value = {"t": "array", "dtype": f"<{kind}{size}", "shape": shape, "data": data}
        try:
            reply = from_program(raw(frame="reply", value=value))
        except WireViolation:
            continue
        assert list(CODEC.decoded(json.loads(onward(reply)[4:])["value"]).shape) == shape
        taken += 1
    assert taken or shape


@pytest.mark.parametrize(
    "frame",
    [
        {"frame": "case", "name": "test_it", "outcome": "passed"},
        {"frame": "collected", "names": ["test_it"]},
        {"frame": "done"},
        {"frame": "reply", "verdict": "pass"},
        {"frame": "ask", "do": "eval", "name": "x"},
    ],
    ids=str,
)
def test_the_program_can_say_nothing_of_the_tests(frame: dict[str, Any]) -> None:
    with pytest.raises(WireViolation):
        from_program(raw(**frame))


def test_a_share_outside_0_to_1_is_refused() -> None:
    for share in (1.5, -0.1, math.inf):
        with pytest.raises(WireViolation):
            from_tests(raw(frame="case", name="test_it", outcome="failed", share=share))


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(WireViolation):
        from_program(struct.pack(">II", len(noise), 0) + noise)

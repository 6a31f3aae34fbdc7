"""The values that cross between a program and the author's tests: plain data, each under its own tag."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from grader.sandbox.wire.frames import Short, WireViolation

_DEEPEST = 60
# NumPy and torch make no shape whose lengths, but for those of zero, multiply to more.
_LARGEST = 2**62
_WORD = r"^[A-Za-z_][A-Za-z0-9_.]*$"
_PLACE = r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*$"

Word = Annotated[str, Meta(max_length=100, pattern=_WORD)]
Id = Annotated[int, Meta(ge=0, le=1_000_000)]
Digits = Annotated[str, Meta(max_length=4000, pattern="^-?[0-9]+$")]
Hex = Annotated[str, Meta(max_length=40, pattern=r"^(-?0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|-?inf|nan)$")]
Dtype = Annotated[str, Meta(pattern=r"^[<|]([biufc][0-9]{1,2}|U[1-9][0-9]{0,6})$")]
Dimensions = Annotated[list[Annotated[int, Meta(ge=0, le=2**40)]], Meta(max_length=32)]
TorchDtype = Literal[
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
]
Ability = Annotated[str, Meta(max_length=20, pattern="^__[a-z_]+__$")]
Text = Annotated[str, Meta(max_length=4_000_000)]


class _Value(msgspec.Struct, forbid_unknown_fields=True, tag_field="t"):
    pass


class Nothing(_Value, tag="none"):
    pass


class Truth(_Value, tag="bool"):
    v: bool


class Whole(_Value, tag="int"):
    v: Digits


class Real(_Value, tag="float"):
    v: Hex


class Complex(_Value, tag="complex"):
    re: Hex
    im: Hex


class String(_Value, tag="str"):
    v: Text


class Bytes(_Value, tag="bytes"):
    v: bytes


class Range(_Value, tag="range"):
    v: Annotated[list[Digits], Meta(min_length=3, max_length=3)]


class Items(_Value, tag="items"):
    kind: Literal["list", "tuple", "set", "frozenset"]
    v: list[Value]


class Pairs(_Value, tag="dict"):
    v: list[tuple[Value, Value]]


class Array(_Value, tag="array"):
    dtype: Dtype
    shape: Dimensions
    data: bytes
    scalar: bool = False


class Tensor(_Value, tag="tensor"):
    dtype: TorchDtype
    shape: Dimensions
    data: bytes
    requires_grad: bool = False
    grad: Tensor | None = None


class Kin(msgspec.Struct, forbid_unknown_fields=True):
    """The classes of libraries, as `module:name`, that a class comes from; `exact` where the first is the class."""

    names: Annotated[list[Annotated[str, Meta(max_length=300, pattern=_PLACE)]], Meta(max_length=60)]
    exact: bool
    does: Annotated[list[Ability], Meta(max_length=40)]


class Handle(_Value, tag="handle"):
    """An object that stays where it is.

    `types` are the built-in classes that an exception class comes from; `of` tells the object's class, and of a class
    `itself` tells what it is.
    """

    id: Id
    kind: Literal["function", "class", "exception", "object"] = "object"
    type: Short = ""
    types: Annotated[list[Word], Meta(max_length=20)] = []
    of: Kin | None = None
    itself: Kin | None = None


class Special(_Value, tag="special"):
    """Data of a class that is derived from a plain one, or that is known by what it is made of."""

    v: Value
    of: Handle


class Function(_Value, tag="function"):
    """A function of the tests, which the program may call."""

    id: Id


Value = (
    Nothing
    | Truth
    | Whole
    | Real
    | Complex
    | String
    | Bytes
    | Range
    | Items
    | Pairs
    | Array
    | Tensor
    | Handle
    | Special
    | Function
)
Values = Annotated[list[Value], Meta(max_length=200)]


def hold(values: Iterable[Value]) -> None:
    """Look at depth, and at whether arrays are such as there can be, and as long as they say.

    Raises:
        WireViolation: where they are not.
    """
    left = [(value, 0) for value in values]
    while left:
        value, depth = left.pop()
        if depth > _DEEPEST:
            raise WireViolation("nested too deeply")
        match value:
            case Items(v=items):
                left += [(item, depth + 1) for item in items]
            case Pairs(v=pairs):
                left += [(item, depth + 1) for pair in pairs for item in pair]
            case Special(v=inner):
                left.append((inner, depth + 1))
            case Array(dtype=dtype, shape=shape, data=data):
                _hold_length(shape, _item_size(dtype), data)
            case Tensor(dtype=dtype, shape=shape, data=data, grad=grad):
                _hold_length(shape, _BYTES.get(dtype, 8), data)
                left += [] if grad is None else [(grad, depth + 1)]
            case _:
                pass


_BYTES = {"complex128": 16, "bfloat16": 2, "float16": 2, "float32": 4, "int32": 4, "int16": 2} | dict.fromkeys(
    ("bool", "uint8", "int8"), 1
)


def _item_size(dtype: str) -> int:
    try:
        return np.dtype(dtype).itemsize
    except TypeError:
        raise WireViolation("a dtype that there is not") from None


def _hold_length(shape: Sequence[int], size: int, data: bytes) -> None:
    if math.prod(shape) * size != len(data):
        raise WireViolation("an array of another length than it says")
    if math.prod(length or 1 for length in shape) * size > _LARGEST:
        raise WireViolation("an array of a shape that there is not")

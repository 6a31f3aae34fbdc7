"""Between objects and the plain data that crosses from one child to another, in both directions."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import is_tensor
from grader.sandbox.inside.tests.classes import made_of

_DEEPEST = 50
_MOST_PARTS = 200_000
_MOST_BYTES = 4_000_000
_MOST_DIGITS_BITS = 13_000
_KINDS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class Stays:
    """An object that stands for one of the program's, and is never data."""


def stays(thing: object) -> bool:
    """Whether `thing` stands for an object of the program's: its class is asked, not what it says of itself."""
    return issubclass(type(thing), Stays)


class CannotEncode(TypeError):
    """What there is to say of an object that is no plain data, and of which no handle is given."""


class Codec:
    """Writes objects as plain data and makes such data into new objects.

    Args:
        other: writes what is not plain, or raises CannotEncode.
        known: returns the object that a handle or a function stands for, and what special data is.
        cls: writes the class of data that is of no plain one; without it, only what it is made of is written.
    """

    def __init__(
        self,
        other: Callable[[object], dict[str, Any]],
        known: Callable[[dict[str, Any]], Any],
        cls: Callable[[type], dict[str, Any]] | None = None,
    ) -> None:
        self._other = other
        self._known = known
        self._cls = cls

    def encoded(self, thing: object) -> dict[str, Any]:
        """Return `thing` as plain data; an object of a class of one's own becomes a handle.

        Raises:
            CannotEncode: where it is too large, too deep, or nothing that can be handed over.
        """
        return _Writing(self._other, self._cls).value(thing, 0)

    def decoded(self, value: dict[str, Any]) -> Any:
        """Return a new object, of built-in type (or NumPy's or torch's), that is equal to what was written."""
        inner = value.get("v")
        match value["t"]:
            case "none":
                return None
            case "bool" | "str":
                return inner
            case "int":
                return int(value["v"])
            case "float":
                return float.fromhex(value["v"])
            case "complex":
                return complex(float.fromhex(value["re"]), float.fromhex(value["im"]))
            case "bytes":
                return base64.b64decode(value["v"])
            case "range":
                return range(*map(int, value["v"]))
            case "items":
                return _KINDS[value["kind"]](map(self.decoded, value["v"]))
            case "dict":
                return {self.decoded(key): self.decoded(item) for key, item in value["v"]}
            case "array":
                return _array(value)
            case "tensor":
                return _tensor(value)
            case _:
                return self._known(value)


class _Writing:
    """One value that is being written, and how much of it there may still be."""

    def __init__(self, other: Callable[[object], dict[str, Any]], cls: Callable[[type], dict[str, Any]] | None) -> None:
        self._other = other
        self._cls = cls
        self._parts = _MOST_PARTS
        self._bytes = _MOST_BYTES

    def value(self, thing: Any, depth: int) -> dict[str, Any]:
        self._parts -= 1
        if self._parts < 0 or depth > _DEEPEST:
            raise CannotEncode("too large, or nested too deeply, to be handed over")
        if stays(thing):
            return self._other(thing)
        if self._cls is None or _is_plain(thing):
            return self._data(thing, depth)
        written = self._data(made_of(thing), depth)
        return written if written["t"] == "handle" else {"t": "special", "v": written, "of": self._cls(type(thing))}

    def _data(self, thing: Any, depth: int) -> dict[str, Any]:
        if isinstance(thing, np.generic | np.ndarray):
            return self._numpy(thing)
        if is_tensor(thing):
            return self._tensor(thing)
        plain = self._simple(thing)
        if plain is not None:
            return plain
        # An object of a subclass is written as what it is made of: what it says of itself does not cross.
        for kind, cls in _KINDS.items():
            if isinstance(thing, cls):
                return {"t": "items", "kind": kind, "v": [self.value(item, depth + 1) for item in cls.__iter__(thing)]}
        if isinstance(thing, dict):
            pairs = dict.items(thing)
            return {"t": "dict", "v": [[self.value(k, depth + 1), self.value(v, depth + 1)] for k, v in pairs]}
        return self._other(thing)

    def _simple(self, thing: Any) -> dict[str, Any] | None:
        if thing is None:
            return {"t": "none"}
        if isinstance(thing, bool):
            return {"t": "bool", "v": thing}
        if isinstance(thing, int):
            if int.bit_length(thing) > _MOST_DIGITS_BITS:
                raise CannotEncode("a number of too many digits")
            return {"t": "int", "v": int.__repr__(thing)}
        if isinstance(thing, float):
            return {"t": "float", "v": float.hex(thing)}
        if isinstance(thing, complex):
            return {"t": "complex", "re": float.hex(thing.real), "im": float.hex(thing.imag)}
        if isinstance(thing, str):
            self._spend(len(thing))
            return {"t": "str", "v": str.__str__(thing).encode("utf-8", "replace").decode()}
        if isinstance(thing, bytes | bytearray):
            self._spend(len(thing))
            return {"t": "bytes", "v": base64.b64encode(thing).decode()}
        if isinstance(thing, range):
            return {"t": "range", "v": [str(thing.start), str(thing.stop), str(thing.step)]}
        return None

    def _numpy(self, thing: Any) -> dict[str, Any]:
        array = np.asarray(thing)
        if array.dtype.kind not in "biufcU":
            return self._other(thing)
        self._spend(array.nbytes)
        array = array.astype(array.dtype.newbyteorder("<"), order="C", copy=True)
        return {
            "t": "array",
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "data": base64.b64encode(array.tobytes()).decode(),
            "scalar": isinstance(thing, np.generic),
        }

    def _tensor(self, tensor: Any) -> dict[str, Any]:
        import torch

        plain = tensor.detach()
        name = str(plain.dtype).removeprefix("torch.")
        if plain.layout is not torch.strided or plain.device.type != "cpu" or name not in _TORCH:
            return self._other(tensor)
        self._spend(plain.numel() * plain.element_size())
        data = plain.resolve_conj().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        written: dict[str, Any] = {
            "t": "tensor",
            "dtype": name,
            "shape": list(plain.shape),
            "data": base64.b64encode(data).decode(),
        }
        if tensor.is_leaf and tensor.requires_grad:
            written["requires_grad"] = True
            written["grad"] = None if tensor.grad is None else self._tensor(tensor.grad.detach())
        return written

    def _spend(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise CannotEncode("too large to be handed over")


_TORCH = frozenset("float16 bfloat16 float32 float64 complex64 complex128 bool uint8 int8 int16 int32 int64".split())


# By id: a class of the program's may have a hash of its own.
_PLAIN = frozenset(
    map(
        id,
        (
            *(type(None), bool, int, float, complex, str, bytes, bytearray, range),
            *(list, tuple, set, frozenset, dict, np.ndarray),
        ),
    )
)


def _is_plain(thing: Any) -> bool:
    """Whether what is written of `thing` tells its class."""
    cls = type(thing)
    return id(cls) in _PLAIN or (isinstance(thing, np.generic) and cls is thing.dtype.type) or _is_tensor_itself(cls)


def _is_tensor_itself(cls: type) -> bool:
    torch = torch_or_none()
    return torch is not None and cls is torch.Tensor


def _array(value: dict[str, Any]) -> Any:
    data = bytearray(base64.b64decode(value["data"]))
    dtype = np.dtype(value["dtype"])
    array = np.frombuffer(data, dtype) if data else np.zeros(0, dtype)
    array = array.reshape(value["shape"])
    return array[()] if value.get("scalar") else array


def _tensor(value: dict[str, Any]) -> Any:
    import torch

    data, dtype = bytearray(base64.b64decode(value["data"])), getattr(torch, value["dtype"])
    flat = torch.frombuffer(data, dtype=dtype) if data else torch.zeros(0, dtype=dtype)
    tensor = flat.reshape(value["shape"]).clone()
    if value.get("requires_grad"):
        tensor.requires_grad_()
        tensor.grad = None if value.get("grad") is None else _tensor(value["grad"])
    return tensor


def changed_in_place(old: Any, new: Any) -> None:
    """Give the list, set, dict, array or tensor `old` the content of `new`, which is of the same kind."""
    if isinstance(old, list):
        old[:] = new
    elif isinstance(old, set | dict):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, np.ndarray) and old.shape == new.shape:
        old[...] = new
    elif is_tensor(old):
        _changed_tensor(old, new)


def _changed_tensor(old: Any, new: Any) -> None:
    import torch

    with torch.no_grad():
        if math.prod(old.shape) == math.prod(new.shape):
            old.copy_(new.reshape(old.shape))
    old.grad = new.grad if old.requires_grad else None


def can_change(thing: object) -> bool:
    """Whether a call may have changed `thing` itself."""
    return isinstance(thing, list | set | dict | bytearray | np.ndarray) or is_tensor(thing)

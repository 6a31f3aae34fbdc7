"""The arrays of a frame: float64 only, each referred to exactly once. Nothing is unpickled."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from grader.core.run.trace import Floats
from grader.sandbox.wire.bounds import WireViolation

# Bytes of a block's index for a byte of the header: a trace's leaf needs 4 to 5. Reading the index costs microseconds
# an array while no limit of a run holds, and what the header does not refer to is refused anyway.
_INDEX_SHARE, _LEAST_INDEX = 8, 1024
_MOST_DIMENSIONS = 8


def arrays_of(block: bytes, header_length: int) -> dict[str, Floats]:
    """Return the arrays of a safetensors block by name.

    Raises:
        WireViolation: where it is not well formed, holds anything but float64, or has an index out of proportion.
    """
    if int.from_bytes(block[:8], "little") > _LEAST_INDEX + _INDEX_SHARE * header_length:
        raise WireViolation("more arrays than the header refers to")
    try:
        arrays = load(block) if block else {}
    except (SafetensorError, ValueError, RecursionError, KeyError, TypeError, OverflowError) as error:
        raise WireViolation(str(error)[:200]) from None
    if any(array.dtype != np.float64 or array.ndim > _MOST_DIMENSIONS for array in arrays.values()):
        raise WireViolation("an array that is not float64, or of more than 8 dimensions")
    return arrays


class Blocks:
    """The arrays of one frame. Each is referred to exactly once, as a whole or by its rows."""

    def __init__(self, arrays: dict[str, Floats]) -> None:
        self._arrays = arrays
        self._rows: dict[str, int] = {}

    def take(self, ref: str) -> Floats:
        """Return the array that a reference stands for."""
        if ref not in self._arrays:
            raise WireViolation("a reference to no array")
        if ref in self._rows:
            raise WireViolation("a reference to a whole and to its rows")
        return self._arrays.pop(ref)

    def take_rows(self, ref: str, count: int) -> list[Floats]:
        """Return so many rows from a reference on, in their order, so that none is left or used twice.

        A whole stands for one.
        """
        name, stacked, row = ref.partition(".")
        if not stacked and count == 1:
            return [self.take(ref)]
        array, first = self._arrays.get(name), self._rows.get(name, 0)
        if array is None or not stacked or array.ndim == 0 or int(row) != first or first + count > len(array):
            raise WireViolation("a reference to no row")
        self._rows[name] = first + count
        if first + count == len(array):
            del self._arrays[name]
        return [array[place, ...] for place in range(first, first + count)]

    def require_all_used(self) -> None:
        if self._arrays:
            raise WireViolation("an array that nothing refers to")

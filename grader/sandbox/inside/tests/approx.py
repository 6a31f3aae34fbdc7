"""Mends pytest.approx, which finds an array of no elements equal to every number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.sandbox.inside.program.values import is_tensor
from grader.sandbox.inside.tests.codec import stays


def empty_equals_no_number() -> None:
    """Let `np.zeros(0) == pytest.approx(3.2)` be false in this process: pytest asks each element, and there is none."""
    of_a_number = type(pytest.approx(1.0))
    equals = of_a_number.__eq__

    def held(self: Any, actual: Any) -> bool:
        return not _is_empty(actual) and bool(equals(self, actual))

    of_a_number.__eq__ = held  # type: ignore[method-assign]


def _is_empty(thing: Any) -> bool:
    if stays(thing):
        return False
    return (isinstance(thing, np.ndarray) and thing.size == 0) or (is_tensor(thing) and thing.numel() == 0)

"""What was expected is one number; the interval is told where it is a matter of digits."""

from __future__ import annotations

import math

import pytest

from grader.core.words.numbers import show_expected


@pytest.mark.parametrize(
    ("low", "high", "actual", "said"),
    [
        (-8.00009, -7.99991, -4.0, "-8"),
        (1.019979, 1.020021, 1.2, "1.02"),
        (3.841522, 3.841678, 4.8416, "3.8416"),
        (1.019979, 1.020021, 1.0, "1.02"),
        (-8.00009, -7.99991, -8.01, "-8"),
        (-8.00009, -7.99991, -8.001, "-8.00009 … -7.99991"),
        (3.2, 4.8, 9.0, "3.2 … 4.8"),
        (2.0, 2.0, 3.0, "2"),
        (math.inf, math.inf, 1.0, "inf"),
        (math.nan, math.nan, 1.0, "NaN"),
        (-1e-9, 1e-9, 1.0, "-1e-09 … 1e-09"),
    ],
)
def test_expected_is_told_as_shortly_as_is_true(low: float, high: float, actual: float, said: str) -> None:
    assert show_expected(low, high, actual) == said

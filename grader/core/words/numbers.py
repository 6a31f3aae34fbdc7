"""Numbers as people type them, and as people read them."""

from __future__ import annotations

import math
import re
from typing import overload

_TYPED = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_SPECIAL = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_MINUS = {ord("\u2212"): "-", ord("\u2013"): "-", ord("\u00a0"): " "}
_LONGEST = 400
WRITTEN_DIGITS = 12


class NotANumber(ValueError):
    """The text is not a number as people type it."""


def parse_number(text: str) -> float:
    """Read `-8`, `−8` (U+2212), `-8,0`, `1e-2`, and the words nan and inf.

    A number too large for a float is an infinity: it is a number, only not a right one.

    Raises:
        NotANumber: for anything else, among it `1_0`, `1:30`, `0x8`, `1,000.5` and an empty text.
    """
    plain = text.translate(_MINUS).strip()
    if len(plain) > _LONGEST or not plain.isascii():
        raise NotANumber(text)
    if _SPECIAL.fullmatch(plain):
        return float(plain)
    if not _TYPED.fullmatch(plain):
        raise NotANumber(text)
    return float(plain.replace(",", "."))


def show(value: float, digits: int = 7) -> str:
    """Return `value` as a person reads it: -8, 0.1, 7.315944, 1.2e-09, with `digits` significant digits."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "NaN")
    text = f"{value:.{digits}g}"
    return "0" if text == "-0" else text


@overload
def written(points: float) -> float: ...
@overload
def written(points: float | None) -> float | None: ...
def written(points: float | None) -> float | None:
    """Return points with the digits that files and other systems are given: 0.8, where 2 - 6 * 0.2 is a little less."""
    return points if points is None or isinstance(points, int) else float(show(points, WRITTEN_DIGITS))


def accepted(expected: float, allowed: float) -> tuple[float, float]:
    """Return the ends of the accepted interval as they are told: with the digits needed to tell the two apart.

    What is told is all that is kept: from the exact ends the exact expected number would follow.
    """
    if not math.isfinite(expected):
        ends = math.nan if math.isnan(expected) else expected
        return ends, ends
    low, high = expected - allowed, expected + allowed
    for digits in range(7, 18):
        told_low, told_high = float(show(low, digits)), float(show(high, digits))
        # One digit more than tells them apart, or the ends would be rounded into the wrong place.
        if told_low != told_high and abs(told_high - high) <= allowed / 4 >= abs(told_low - low):
            return told_low, told_high
    return expected, expected


def show_interval(expected: float, allowed: float) -> str:
    """Return `low … high`, the accepted interval, with the digits needed to tell the two ends apart."""
    return show_ends(*accepted(expected, allowed))


def show_expected(low: float, high: float, actual: float | None) -> str:
    """Return what was expected where `actual` came: one number; the interval where it is a matter of digits."""
    middle = (low + high) / 2
    wide = high - low > _NEAR * abs(middle)
    near = actual is not None and abs(actual - middle) <= _WIDTHS * (high - low)
    if not math.isfinite(middle) or wide or near:
        return show_ends(low, high)
    shortest = (text for digits in range(1, 8) if low <= float(text := show(middle, digits)) <= high)
    return next(shortest, show_ends(low, high))


# An interval as wide as this, as a share of what was expected, is no number; what is but a few of its widths off is a
# matter of digits.
_NEAR, _WIDTHS = 0.02, 25


def show_ends(low: float, high: float) -> str:
    """Return the interval between two ends, with as many digits as both need; one number where they are the same."""
    digits = max(_needed(low), _needed(high))
    return show(low, digits) if low == high or math.isnan(low) else f"{show(low, digits)} … {show(high, digits)}"


def _needed(value: float) -> int:
    return next((digits for digits in range(7, 17) if float(show(value, digits)) == value), 17)

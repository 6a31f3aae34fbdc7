"""Names and expressions as lectures write them: ŷ for y_hat, s² for s ** 2."""

from __future__ import annotations

import re
import unicodedata

_HAT = re.compile(r"(?<![^\W_])([^\W\d_])_hat(?![^\W_])")
_POWER = re.compile(r"\s*\*\*\s*([23])(?![\w.])")
_POWERS = {"2": "²", "3": "³"}


def as_written(text: str) -> str:
    """Return a name or an expression of a graph in the signs of a lecture; Python's where there are none."""
    hatted = _HAT.sub(lambda match: unicodedata.normalize("NFC", f"{match[1]}\u0302"), text)
    powers = _POWER.sub(lambda match: _POWERS[match[1]], hatted)
    return powers.replace(" * ", "·").replace(" - ", " − ")

"""Standard streams that never fail to print: what a console cannot show gets a plain spelling."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper
from typing import TextIO

_SPELLING = {
    "ŷ": "y^",
    "∂": "d",
    "ʻ": "'",
    "ʼ": "'",
    "‘": "'",
    "’": "'",
    "−": "-",
    "–": "-",
    "—": "-",
    "·": "*",
    "×": "x",
    "…": "...",
    "✓": "+",
    "✗": "x",
    "→": "->",
    "²": "^2",
    "³": "^3",
    "ᵀ": "^T",
    "≤": "<=",
    "≥": ">=",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
}


def plain(text: str) -> str:
    """Return `text` in ASCII: known signs spelled out, accents dropped, the rest as question marks."""
    return "".join(_spelled(character) for character in text)


def never_fail() -> None:
    """Let standard output and error spell what their encoding lacks."""
    codecs.register_error("course-plain", _handle)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="course-plain")
    sys.stdout, sys.stderr = _ascii_kept(sys.stdout), _ascii_kept(sys.stderr)


class _Ascii(TextIOWrapper):
    """An ASCII stream under a name that click does not know: click writes UTF-8 to any stream called ASCII."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "ascii-spelled"


def _ascii_kept(stream: TextIO) -> TextIO:
    if not isinstance(stream, TextIOWrapper) or codecs.lookup(stream.encoding).name != "ascii":
        return stream
    return _Ascii(stream.detach(), "ascii", "course-plain", line_buffering=stream.line_buffering)


def _handle(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def _spelled(character: str) -> str:
    if character.isascii():
        return character
    if character in _SPELLING:
        return _SPELLING[character]
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"

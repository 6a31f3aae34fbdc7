"""Standard streams that never fail to print: what a console cannot show gets a plain spelling."""

from __future__ import annotations

import codecs
import errno
import sys
import unicodedata
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

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
    """Let standard output and error spell what their encoding lacks, and outlive their reader."""
    codecs.register_error("course-plain", _handle)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="course-plain")
    sys.stdout, sys.stderr = (_ascii_kept(_patient(stream)) for stream in (sys.stdout, sys.stderr))


class _Patient(FileIO):
    """Takes what is written even where nobody reads any more: `course list | head -1` is no failure of ours."""

    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            # Windows says EINVAL where a pipe has no reader.
            if error.errno not in (errno.EPIPE, errno.EINVAL):
                raise
            return memoryview(data).nbytes


def _patient(stream: TextIO) -> TextIO:
    if not isinstance(stream, TextIOWrapper) or stream.isatty():
        return stream
    stream.flush()
    raw = _Patient(stream.fileno(), "w", closefd=False)
    return TextIOWrapper(BufferedWriter(raw), stream.encoding, "course-plain", line_buffering=stream.line_buffering)


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

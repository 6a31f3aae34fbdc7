"""Standard streams that never fail to print: what a console cannot show gets a plain spelling, and nothing acts."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from grader.cli.printing.inert import Inert, in_ci

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
    """Let standard output and error take anything: what their encoding lacks is spelled, what could act is broken.

    They outlive their reader and a full disk: `unwritten` says what was lost. Streams that were closed are opened to
    nowhere, or the next file would take their place and their text.
    """
    codecs.register_error("course-plain", _handle)
    closed = _open_closed()
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = _kept(sys.stdout, 1, 1 in closed)
    sys.stderr = _kept(sys.stderr, 2, 2 in closed)


def unwritten() -> OSError | None:
    """Write out what standard output still holds; return why not all of it could be written, None where all was."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    sys.stdout.flush()
    return raw.lost if isinstance(raw, _Patient) else None


def clear_screen() -> None:
    """Begin a new page where standard output is a terminal. This is ours: what is printed can clear nothing."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is not None and sys.stdout.isatty() and sys.platform != "win32":
        sys.stdout.flush()
        buffer.write(b"\x1b[H\x1b[2J")
        buffer.flush()


class _Patient(FileIO):
    """Takes what is written whatever becomes of it, and remembers why something was lost.

    That nobody reads any more is no loss: `course list | head -1` is no failure of ours.
    """

    lost: OSError | None = None
    closed_before = False

    def write(self, data: Buffer, /) -> int:
        try:
            if self.closed_before:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            return super().write(data) or 0
        except OSError as error:
            # Windows says EINVAL where a pipe has no reader.
            if error.errno not in (errno.EPIPE, errno.EINVAL):
                self.lost = self.lost or error
            return memoryview(data).nbytes


class _Stream(TextIOWrapper):
    """A stream whose text cannot act."""

    inert: Inert | None = None

    def write(self, text: str, /) -> int:
        super().write(self.inert(text) if self.inert else text)
        return len(text)


class _Ascii(_Stream):
    """An ASCII stream under a name that click does not know: click writes UTF-8 to any stream called ASCII."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "ascii-spelled"


def _open_closed() -> set[int]:
    """Open the standard descriptors that are closed to nowhere, and return them."""
    opened = set()
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        opened.add(descriptor)
    os.close(descriptor)
    return opened


def _kept(stream: TextIO | None, descriptor: int, closed: bool) -> TextIO:
    if stream is None:
        stream = os.fdopen(descriptor, "w", encoding="utf-8", closefd=False)
    if not isinstance(stream, TextIOWrapper):
        return stream
    stream.flush()
    terminal, named, lines = stream.isatty(), stream.encoding, stream.line_buffering
    if terminal and sys.platform == "win32":
        # A console of Windows is written in another way than a file.
        buffer = stream.detach()
    else:
        raw = _Patient(stream.fileno(), "w", closefd=False)
        raw.closed_before = closed
        buffer = BufferedWriter(raw)
    ascii_only = codecs.lookup(named).name == "ascii"
    kept = (_Ascii if ascii_only else _Stream)(buffer, named, "course-plain", line_buffering=lines)
    kept.inert = Inert(terminal, in_ci(os.environ))
    return kept


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

"""What a program's source shows before anything runs: its text, its syntax, its rules, and the code that decides."""

from __future__ import annotations

import codecs
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.core.program.several import Part, has_parts, parts_of
from grader.core.report.finding import Finding, finding
from grader.core.words.message import clean

MOST_BYTES = 256 * 1024
# Bytes that hold the head of a file.
_MOST_HEAD = 100
# To decode a file that says it is in this takes minutes, and nobody writes programs so.
_SLOW = ("punycode",)


@dataclass(frozen=True)
class Source:
    """A program's text under the name by which messages call it.

    Attributes:
        cells: of a notebook, the line at which each code cell begins and the cell's number, both counted from 1.
        own: the text as it was handed in, line for line, where that is not what runs.
        faults: of a notebook, the line and the fault of each cell that Python cannot read; they are comments in `text`.
        notices: what was left out, and why.
        exported: whether it is a notebook that Jupyter or Colab saved as a Python file.
        lines: of such a file, the line of the file that each line was.
    """

    text: str
    filename: str
    cells: tuple[tuple[int, int], ...] = ()
    own: str = ""
    faults: tuple[tuple[int, Finding], ...] = ()
    notices: tuple[Finding, ...] = ()
    exported: bool = False
    lines: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The files of a program that has several; none of a program in one file."""
        return parts_of(self.text)

    @property
    def shown(self) -> str:
        """The text as its author knows it."""
        return self.own or self.text

    def cell_of(self, line: int) -> tuple[int, int] | None:
        """Return where the cell with line `line` begins, and its number; None outside of cells."""
        return next((cell for cell in reversed(self.cells) if cell[0] <= line), None)

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield each cell's number and its first and last line."""
        for (first, number), (after, _) in pairwise([*self.cells, (self.text.count("\n") + 2, 0)]):
            yield number, first, after - 1

    def empty_cells(self) -> tuple[int, ...]:
        """Return the cells before the last one with code that hold nothing but comments."""
        lines = self.shown.split("\n")
        codeless = {
            number: all(not line.strip() or line.lstrip().startswith("#") for line in lines[first - 1 : last])
            for number, first, last in self.spans()
        }
        last = max((number for number, empty in codeless.items() if not empty), default=0)
        return tuple(number for number, empty in codeless.items() if empty and number < last)

    def place(self, line: int) -> dict[str, object]:
        """Return the fields of a finding about line `line`: file and line, in a notebook also the cell, 0 for none."""
        found = self.cell_of(line)
        part = next((part for part in self.parts if part.above < line <= part.last), None)
        if part is not None:
            return {"file": self._called(part), "line": line - part.above}
        if found is None:
            of_file = self.lines[line - 1] if 0 < line <= len(self.lines) else line
            return {"file": self.filename, "line": of_file or None}
        first, cell = found
        return {"file": self.filename, "cell": cell, "line": line - first + 1}

    def other_files(self, submit: Sequence[str]) -> Finding | None:
        """Say that these are not the files that are handed in; None where they are.

        Where one file is handed in, a text with heads of files is refused: it would be read as what it is not run as.

        Args:
            submit: the names of the files; none where one is handed in.
        """
        found = [part.name for part in self.parts]
        if sorted(found) == sorted(submit):
            return None
        if missing := tuple(name for name in submit if name not in found):
            return finding("files-missing", names=missing)
        other = (name for name in found if name not in submit or found.count(name) > 1)
        return finding("files-not-asked", names=tuple(dict.fromkeys(other)))

    def _called(self, part: Part) -> str:
        """Return how messages call a file: by its folder, too, where that is one of the author's."""
        return part.name if self.filename.endswith(".py") else f"{self.filename}/{part.name}"

    def line_at(self, file: str, cell: int | None, line: int | None) -> int:
        """Return the line of the whole text that a finding's place is; 0 where there is no such line."""
        if self.parts:
            part = next((part for part in self.parts if self._called(part) == file), None)
            return part.above + line if part is not None and line else 0
        if file != self.filename:
            return 0
        if cell is None and self.lines:
            return self.lines.index(line) + 1 if line in self.lines else 0
        if cell is None:
            return line or 0
        first = next((first for first, number in self.cells if number == cell), None)
        return first + line - 1 if first is not None and line else 0

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1, without its indent; empty if there is no such line."""
        lines = self.shown.split("\n")
        return clean(lines[number - 1].strip())[:200] if 0 < number <= len(lines) else ""


def read_source(content: bytes, filename: str) -> Source | Finding:
    """Decode a program as Python does (BOM and coding line honoured), or say why it cannot be read.

    Several files as one text are UTF-8, whatever the first of them says.
    """
    if len(content) > MOST_BYTES:
        return too_large(filename)
    try:
        first_lines = iter(content.split(b"\n", 2)[:2])
        encoding, _ = tokenize.detect_encoding(lambda: next(first_lines, b""))
        # Several files as one text were decoded already; the first of them may still name another encoding.
        encoding = "utf-8" if has_parts(content[:_MOST_HEAD].decode("latin-1")) else encoding
        if codecs.lookup(encoding).name in _SLOW:
            return finding("not-utf8", file=filename)
        text = content.decode(encoding)
        text.encode()  # UTF-7 can smuggle in halves of characters
    except (SyntaxError, UnicodeError, LookupError):
        return finding("not-utf8", file=filename)
    if "\0" in text:
        return finding("null-bytes", file=filename)
    return Source(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), filename)


def too_large(filename: str) -> Finding:
    """Return what is said of a program that no exercise needs."""
    return finding("too-large", file=filename, most=MOST_BYTES // 1024)

"""Somebody else's table: single cells are filled, every other byte stays as it was."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import Exported, Lists
from grader.core.people.matching import Matched
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.machine.files import write_file

_MARK = "\ufeff"
_DELIMITERS = ",;\t"
_MOST_TOLD = 3
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"?')
_END = re.compile(r"\r\n|\r|\n|\Z")

Row = Sequence[str]
Place = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A table as read.

    Attributes:
        raw: cells with the quotes that they have in the file.
        ends: how each line ends.
        rows: what the cells say.
    """

    delimiter: str
    raw: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: bool = False

    def cell(self, place: Place) -> str:
        """Return what a cell says; a line that stops early has empty cells."""
        row, column = place
        return self.rows[row][column] if column < len(self.rows[row]) else ""

    def filled(self, cells: Mapping[Place, str]) -> bytes:
        """Return the file with these cells in place of its own. A cell that already says it keeps its quotes."""
        changed: dict[int, list[str]] = {}
        for place, text in cells.items():
            if self.cell(place) != text:
                row, column = place
                raw = changed.setdefault(row, list(self.raw[row]))
                raw.extend([""] * (column + 1 - len(raw)))
                raw[column] = self._quoted(text)
        lines = (changed.get(row, raw) for row, raw in enumerate(self.raw))
        text = "".join(self.delimiter.join(line) + end for line, end in zip(lines, self.ends, strict=True))
        return ((_MARK if self.marked else "") + text).encode()

    def _quoted(self, text: str) -> str:
        if any(sign in text for sign in (self.delimiter, '"', "\r", "\n")) or text != text.strip():
            return '"' + text.replace('"', '""') + '"'
        return text


@dataclass(frozen=True)
class Filled:
    """A table with grades in it.

    Attributes:
        filled: cells that hold a grade of ours, whether or not they already did.
        unmatched_rows: lines of the table that belong to no student of the roster, as a person finds them in it.
        unmatched_students: ids of students for whom something is recorded and who have no line of their own.
        unclear_rows: lines that speak for more than one student, or for and against one, with these students.
        locked: ids of students whose grade the other system will not change.
        above: ids of students whose grade is above the maximum, which the other system passes over.
        kept: ids of students whose line holds a grade while nothing is recorded here.
    """

    content: bytes
    filled: int
    unmatched_rows: tuple[str, ...]
    unmatched_students: tuple[str, ...]
    unclear_rows: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def unclear_lines(matched: Matched, name: Callable[[int], str], students: Mapping[str, Student]) -> tuple[str, ...]:
    """Return each line that is not clear, with the students that something on it fits."""

    def told(line: str, ids: Sequence[str]) -> str:
        who = " / ".join(f"{id} {students[id].name}".strip() for id in ids[:_MOST_TOLD])
        return f"{name(int(line))} ({who}?)"

    return tuple(told(line, ids) for line, ids in matched.unclear.items())


def filled_beside(worksheet: Path) -> Path:
    """Return where a filled worksheet goes where nothing else is said: beside it, under a name of its own."""
    return worksheet.with_stem(f"{worksheet.stem}-filled")


def write_filled(path: Path, filled: Filled, untold: Lists = ()) -> Exported:
    """Write a filled table, and return what is told about it.

    Args:
        untold: headings with what of the grades the table does not say.

    Raises:
        UsageFault: where it cannot be written.
    """
    write_file(path, filled.content)
    return Exported(
        say("{count} grades written to {file}", count=filled.filled, file=path),
        (
            (say("Not clear whose line it is, so nothing was written there:"), filled.unclear_rows),
            (say("Lines that match no student:"), filled.unmatched_rows),
            (say("Not written, because the system no longer changes these grades:"), filled.locked),
            (say("Not written, because they are above the maximum grade, which Moodle passes over:"), filled.above),
            (say("Students with a grade who are not in the file:"), filled.unmatched_students),
            (say("Left as it is in the file, because there is no such grade here (withdrawn?):"), filled.kept),
            *untold,
        ),
        lost=bool(filled.unmatched_students or filled.locked or filled.above),
    )


def read_sheet(content: bytes, shown: str) -> Sheet:
    """Return the table in a CSV file, whatever separates its cells and ends its lines.

    Raises:
        UsageFault: where it is not UTF-8.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        what = say(
            "{file} is not in UTF-8, in which the system writes it. Download it again, and do not save it in Excel",
            file=shown,
        )
        raise UsageFault(what) from None
    marked = text.startswith(_MARK)
    text = text.removeprefix(_MARK)
    delimiter = _delimiter(text)
    raw, ends = _split(text, delimiter)
    rows = tuple(tuple(_unquoted(cell) for cell in row) for row in raw)
    return Sheet(delimiter, raw, ends, rows, marked)


def number_in(text: str) -> float | None:
    """Return the number that a cell holds, None where it holds anything else."""
    try:
        value = parse_number(text)
    except NotANumber:
        return None
    return value if math.isfinite(value) else None


def decimal_mark(cells: Iterable[str], delimiter: str) -> str:
    """Return the mark that the table's own numbers have; without any, the one that goes with the delimiter."""
    for cell in cells:
        mark = next((sign for sign in ",." if sign in cell), None)
        if mark and number_in(cell) is not None:
            return mark
    return "," if delimiter == ";" else "."


def grade_text(value: float, mark: str, old: str) -> str:
    """Return how a grade is written: `old`, what the cell says, where that is the same number."""
    # Five decimals are what a gradebook keeps.
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return old if number_in(old) == float(text) else text.replace(".", mark)


def _delimiter(text: str) -> str:
    first = next((line for line in _QUOTED.sub("", text).splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _split(text: str, delimiter: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    cell = re.compile(rf"(?:{_QUOTED.pattern})?[^{delimiter}\r\n]*")
    rows: list[tuple[str, ...]] = []
    ends: list[str] = []
    row: list[str] = []
    at = 0
    while at < len(text) or row:
        match = cell.match(text, at)
        assert match  # the pattern matches nothing, too
        row.append(match[0])
        at = match.end()
        if end := _END.match(text, at):
            rows.append(tuple(row))
            ends.append(end[0])
            row = []
        at += len(end[0]) if end else len(delimiter)
    return tuple(rows), tuple(ends)


def _unquoted(raw: str) -> str:
    match = _QUOTED.match(raw)
    return match[1].replace('""', '"') + raw[match.end() :] if match else raw

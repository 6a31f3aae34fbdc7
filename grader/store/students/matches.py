"""What a teacher decides where a download is not clear: `matches.csv`, beside course.yaml.

One line for each person whom nothing tells for sure, and for each file of which nothing tells the exercise. The teacher
fills in `student`, `exercise` or `handed_in`; a hyphen stands for what is not ours. What is filled in is never
rewritten; lines that nobody has answered go once they are clear.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from pathlib import Path

from grader.core.course.file_names import exercises_named
from grader.core.words.errors import CourseInvalid, Fault, Position, UsageFault
from grader.core.words.message import Message, say
from grader.store.machine.files import write_file
from grader.store.students.roster import delimiter_of, read_table, table_rows

NAME = "matches.csv"
NOT_OURS = "-"
_EXAMPLE = "2026-12-01 23:59"
# As in the tables of grades: a spreadsheet takes a cell that begins so for a formula, and a student chose these names.
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠]")
# It makes 7 of 007 and 1.23E+15 of a long number, which are somebody's ids.
_NUMBER = re.compile(r"0\d+|\d{12,}|\d+e\d+", re.IGNORECASE)
# What may be the first of December or the twelfth of January.
_EITHER_DAY = re.compile(r"'?\s*(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d{2,4}(?!\d)")
_BY_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?")


@dataclass(frozen=True)
class Row:
    """One line: what a download shows, and what the teacher says of it.

    Attributes:
        key: what the system calls the person; in a folder by person, after the place of the download that it is in.
        files: the file that the line is about, or all of the person's, one a line.
        suggested: the students, or the exercises, that it could be.
        student: an id of the roster, `-` for nobody of ours, empty while it is open; so is `exercise`.
        handed_in: when, in the course's time zone.
    """

    system: str
    key: str
    shown_name: str = ""
    shown_email: str = ""
    files: str = ""
    why: str = ""
    suggested: str = ""
    student: str = ""
    exercise: str = ""
    handed_in: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.student or self.exercise or self.handed_in)


COLUMNS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True)
class Matches:
    """The lines of the file as they were found.

    Attributes:
        content: the file's bytes; none where there was no file.
    """

    rows: tuple[Row, ...] = ()
    zone: tzinfo | None = None
    delimiter: str = ","
    exercises: Collection[str] = ()
    content: bytes = b""

    def answers(self, system: str, key: str) -> bool:
        """Whether the teacher has said anything of somebody."""
        return any(row.answered for row in self._of(system, key))

    def students(self, system: str) -> dict[str, str | None]:
        """Return who the people of a system are, as far as the teacher says; None for nobody of ours."""
        rows = (row for row in self.rows if row.system == system and row.student)
        return {row.key: None if row.student == NOT_OURS else row.student for row in rows}

    def exercise(self, system: str, key: str, file: str) -> str:
        """Return what a file answers, `-` for nothing, nothing where the teacher has not said."""
        said = next((row.exercise for row in self._of(system, key) if row.exercise and row.files == file), "")
        return said if said == NOT_OURS else _exercise(said, self.exercises)

    def handed_in(self, system: str, key: str, file: str) -> datetime | None:
        """Return when a file was handed in, where the teacher says so."""
        told = next((row.handed_in for row in self._of(system, key) if row.handed_in and row.files == file), "")
        return _moment(told, self.zone) if told else None

    def _of(self, system: str, key: str) -> Iterable[Row]:
        return (row for row in self.rows if (row.system, row.key) == (system, key))


def read_matches(
    path: Path, shown: str, students: Collection[str], exercises: Collection[str], zone: tzinfo
) -> Matches:
    """Read the file; nothing is decided where there is none.

    Raises:
        CourseInvalid: with every line that names nobody of the roster or no exercise, or contradicts another.
    """
    if not path.exists():
        return Matches(zone=zone)
    faults: list[Fault] = []
    # Read first: what somebody writes in between is then found to be another file, and never written over.
    content, text = _bytes(path), read_table(path, shown)
    rows = table_rows(text, shown, faults)
    at, header = next(rows, (Position(shown, 1), []))
    titles = [cell.strip().lower() for cell in header]
    missing = [column for column in COLUMNS if column not in titles]
    if missing:
        columns = {"columns": ", ".join(COLUMNS), "missing": ", ".join(missing)}
        what = say("the first line must name the columns {columns}; missing: {missing}", **columns)
        raise CourseInvalid([*faults, Fault(at, what)])
    found: list[Row] = []
    for at, cells in rows:
        row = Row(**{name: _plain(cell) for name, cell in zip(titles, cells, strict=False) if name in COLUMNS})
        faults += [Fault(at, what) for what in _wrong(row, found, students, exercises, zone)]
        found.append(row)
    if faults:
        raise CourseInvalid(faults)
    return Matches(tuple(found), zone, delimiter_of(text), exercises, content)


def unanswered(path: Path) -> int:
    """Return how many lines wait for the teacher; none where there is no such file, or it is not right: to collect says
    what is wrong with it.
    """
    if not path.is_file():
        return 0
    with suppress(CourseInvalid):
        table = table_rows(read_table(path, NAME), NAME, [])
        titles, *rows = [[cell.strip().lower() for cell in row] for _, row in table] or [[]]
        given = [dict(zip(titles, row, strict=False)) for row in rows]
        return sum(not any(row.get(name) for name in ("student", "exercise", "handed_in")) for row in given)
    return 0


def write_matches(path: Path, before: Matches, open_rows: Sequence[Row], seen: Collection[tuple[str, str]]) -> None:
    """Write what is open below what the teacher has answered.

    Args:
        seen: system and key of everybody who was looked at: what was open of others still is.

    Raises:
        UsageFault: where somebody has changed it since it was read.
        UsageFault, NotWritten: where it cannot be written.
    """
    if _bytes(path) != before.content:
        raise UsageFault(say("{file} was changed meanwhile; run the command again", file=NAME))
    answered = [row for row in before.rows if row.answered or (row.system, row.key) not in seen]
    known = {(row.system, row.key, row.files) for row in answered}
    new = [row for row in open_rows if (row.system, row.key, row.files) not in known]
    rows = (*answered, *dict.fromkeys(new))
    if rows == before.rows:
        return
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=before.delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = (row.student, row.exercise, row.handed_in)
        writer.writerow([*map(_cell, (getattr(row, name) for name in COLUMNS[: -len(told)])), *told])
    write_file(path, ("\ufeff" + table.getvalue()).encode("utf-8", "replace"))


def _bytes(path: Path) -> bytes:
    """Return what is in a file; nothing where it cannot be read, which is told elsewhere."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _wrong(
    row: Row, before: Sequence[Row], students: Collection[str], exercises: Collection[str], zone: tzinfo
) -> Iterator[Message]:
    if row.student not in ("", NOT_OURS, *students):
        yield say("{id} is not in roster.csv; write an id of it, or - for nobody of this class", id=row.student)
    if row.exercise not in ("", NOT_OURS) and not _exercise(row.exercise, exercises):
        yield say(
            "this course has no exercise {name}; where a spreadsheet makes a date of {id}, type '{id} with an "
            "apostrophe",
            name=row.exercise,
            id=next(iter(sorted(exercises)), "4.5"),
        )
    if row.handed_in and _moment(row.handed_in, zone) is None and _EITHER_DAY.match(row.handed_in):
        yield say(
            "in {found} nobody can tell the day from the month; write it as {example}, in a spreadsheet with an "
            "apostrophe in front",
            found=row.handed_in,
            example=_EXAMPLE,
        )
    elif row.handed_in and _moment(row.handed_in, zone) is None:
        yield say("{found} is not a date and time; write it as {example}", found=row.handed_in, example=_EXAMPLE)
    if (row.exercise or row.handed_in) and "\n" in row.files:
        yield say("this line is about several files; name one in the column files, or fill in the student only")
    same = [each for each in before if (each.system, each.key) == (row.system, row.key)]
    if row.student and any(each.student not in ("", row.student) for each in same):
        yield say("another line says that {key} is another student", key=row.key)


def _exercise(text: str, exercises: Collection[str]) -> str:
    """Return the exercise that a cell means: in languages that write 7,5 a spreadsheet makes 4,5 of 4.5."""
    named = exercises_named((text,), exercises)
    return named[0] if len(named) == 1 else ""


def _moment(text: str, zone: tzinfo | None) -> datetime | None:
    """Return what a cell says: also as spreadsheets in Uzbek and Russian write it, 01.12.2026 23:59."""
    text = text.removeprefix("'").strip()
    try:
        if (match := _BY_POINTS.fullmatch(text)) is not None:
            day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
            moment = datetime(year, month, day, hour, minute, second)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _cell(text: str) -> str:
    return f"'{text}" if _is_changed(text) else text


def _plain(cell: str) -> str:
    cell = cell.strip().replace("\r\n", "\n")
    return cell[1:] if cell.startswith("'") and _is_changed(cell[1:]) else cell


def _is_changed(text: str) -> bool:
    """Return whether a spreadsheet would make something else of a cell."""
    return _FORMULA.match(text) is not None or _NUMBER.fullmatch(text) is not None

"""Who is in the class: `roster.csv` with the columns id, name and email.

More columns say what single systems call a student: `login`, `github`, `canvas`, `blackboard`, `participant`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.core.people.names import plain
from grader.core.people.student import Student
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say

_COLUMNS = ("id", "name", "email")
# What other systems call a student; a column may also be called `canvas id` or `canvas_id`. A participant's number is
# Moodle's, which numbers people anew for each assignment.
SYSTEMS = ("login", "github", "canvas", "blackboard", "participant")
# As lists call columns that are taken out of other systems, or kept by hand in Uzbek and Russian.
_ALSO_CALLED = {
    "name": "fullname displayname fio fish фио фиш ismfamiliya familiyaism familiyaismsharif исмфамилия фамилияисм "
    "имяфамилия имяифамилия фамилияимя фамилияимяотчество фамилияиимя",
    "first": "firstname givenname ism ismi исм исми имя",
    "last": "lastname surname familyname familiya familiyasi фамилия фамилияси",
    "participant": "participantnumber",
    "email": "emailaddress mail epochta elektronpochta почта электроннаяпочта адресэлектроннойпочты",
}
_KINDS = {title: kind for kind, titles in _ALSO_CALLED.items() for title in titles.split()}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def read_roster(path: Path, shown: str) -> tuple[Student, ...]:
    """Read the roster; names may hold commas and quotes, in any script.

    Raises:
        CourseInvalid: with every line that is not right.
    """
    text = read_table(path, shown)
    faults: list[Fault] = []
    rows = table_rows(text, shown, faults)
    at, first = next(rows, (Position(shown, 1), []))
    header = _header(first)
    if "id" not in header:
        columns = ", ".join(_COLUMNS)
        message = say("the first line must name the columns {columns}; id is required", columns=columns)
        raise CourseInvalid([*faults, Fault(at, message)])
    students: dict[str, Student] = {}
    for at, row in rows:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name and cell.strip()}
        # As folders are read: one spelling of what looks the same.
        id = unicodedata.normalize("NFC", cells.get("id", ""))
        if not id:
            faults.append(Fault(at, say("the id is empty")))
        elif any(cell.strip() for cell in row[len(header) :]):
            faults.append(Fault(at, say("more values than columns: put a name with a comma in quotes")))
        elif id in students:
            faults.append(Fault(at, say("{id} is in the roster twice", id=id)))
        else:
            known_as = {system: cells[system] for system in SYSTEMS if cells.get(system)}
            # Canvas numbers people; a login of theirs is another thing.
            if not known_as.get("canvas", "0").isdecimal():
                del known_as["canvas"]
            students[id] = Student(id, _name(cells), cells.get("email", ""), known_as)
    if faults:
        raise CourseInvalid(faults)
    return tuple(students.values())


def unread_columns(path: Path, shown: str) -> tuple[str, ...]:
    """Return the titles of a roster's columns that say nothing here.

    Raises:
        CourseInvalid: where it cannot be read.
    """
    _, first = next(table_rows(read_table(path, shown), shown, []), (None, []))
    return tuple(cell.strip() for cell, kind in zip(first, _header(first), strict=True) if cell.strip() and not kind)


def _name(cells: Mapping[str, str]) -> str:
    """Return the whole name: that of a column for it, else first and last name together."""
    whole, first, last = (cells.get(kind, "") for kind in ("name", "first", "last"))
    if whole and (first or _words(last) <= _words(whole)):
        return whole
    # Where both are called anything, Name beside Surname is the first one.
    return " ".join(filter(None, (whole or first, last)))


def _words(name: str) -> set[str]:
    return set(plain(name).replace(",", " ").split())


def read_table(path: Path, shown: str) -> str:
    """Return the text of a CSV file as spreadsheets save it: as UTF-8, or as Excel's "Unicode text".

    Raises:
        CourseInvalid: where it cannot be read, or is saved in another way.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = say("this file cannot be read: {words}", words=error.strerror or "")
        raise CourseInvalid([Fault(Position(shown), what)]) from None
    try:
        text = content.decode("utf-16" if content.startswith(_UTF16) else "utf-8-sig")
        if "\0" not in text:
            return text
        # UTF-16 without its mark can be read as UTF-8, and says nothing.
        raise UnicodeError
    except UnicodeError:
        what = say("this file is not UTF-8; save it again, in Excel as “CSV UTF-8 (Comma delimited)”")
        raise CourseInvalid([Fault(Position(shown), what)]) from None


def table_rows(text: str, shown: str, faults: list[Fault]) -> Iterator[tuple[Position, list[str]]]:
    """Yield each row that is not blank with the line in which it begins. Nothing is read behind a quote left open.

    A first line `sep=;`, by which Excel is told the separator, is obeyed and is no row.
    """
    told = _SEPARATOR.match(text)
    before, text = (1, text[told.end() :]) if told else (0, text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=told[1] if told else delimiter_of(text), strict=True)
    while True:
        at = Position(shown, rows.line_num + 1 + before)
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(at, say("this file cannot be read: {words}", words=f'{error} (")')))
            return
        if any(cell.strip() for cell in row):
            yield at, row


def _header(cells: list[str]) -> list[str]:
    """Return what each column holds. Without a column `id`, that of students' ids, such as our own tables have."""
    titles = [_title(cell) for cell in cells]
    squeezed = [_squeezed(cell) for cell in cells]
    own = next((each for each in ("studentid", "studentnumber", "student") if each in squeezed), None)
    if "id" not in titles and own is not None:
        titles[squeezed.index(own)] = "id"
    return titles


def _squeezed(cell: str) -> str:
    """Return a title without what only parts it: E-mail, F.I.Sh., First_name."""
    return "".join(filter(str.isalnum, plain(cell)))


def _title(cell: str) -> str:
    title = _squeezed(cell)
    if title in _KINDS:
        return _KINDS[title]
    known, ends = {*_COLUMNS, *SYSTEMS}, ("", "id", "login", "username")
    return next((each for end in ends if (each := title.removesuffix(end)) in known), "")


def delimiter_of(text: str) -> str:
    """Return the separator of the first line: spreadsheets of many languages write semicolons."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)

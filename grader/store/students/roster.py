"""Who is in the class: `roster.csv` with the columns id, name and email."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say

_COLUMNS = ("id", "name", "email")


@dataclass(frozen=True)
class Student:
    """One line of the roster; `id` is how submissions call the student."""

    id: str
    name: str = ""
    email: str = ""


def read_roster(path: Path, shown: str) -> tuple[Student, ...]:
    """Read the roster; names may hold commas and quotes, in any script.

    Raises:
        CourseInvalid: with every line that is not right.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseInvalid([Fault(Position(shown), say("this file is not UTF-8; save it again as UTF-8"))]) from None
    except OSError as error:
        what = say("this file cannot be read: {words}", words=error.strerror or "")
        raise CourseInvalid([Fault(Position(shown), what)]) from None
    faults: list[Fault] = []
    rows = _rows(text, shown, faults)
    at, first = next(rows, (Position(shown, 1), []))
    header = [cell.strip().lower().replace("-", "") for cell in first]
    if "id" not in header:
        columns = ", ".join(_COLUMNS)
        message = say("the first line must name the columns {columns}; id is required", columns=columns)
        raise CourseInvalid([*faults, Fault(at, message)])
    students: dict[str, Student] = {}
    for at, row in rows:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name in _COLUMNS}
        # As folders are read: one spelling of what looks the same.
        id = unicodedata.normalize("NFC", cells.get("id", ""))
        if not id:
            faults.append(Fault(at, say("the id is empty")))
        elif any(cell.strip() for cell in row[len(header) :]):
            faults.append(Fault(at, say("more values than columns: put a name with a comma in quotes")))
        elif id in students:
            faults.append(Fault(at, say("{id} is in the roster twice", id=id)))
        else:
            students[id] = Student(id, cells.get("name", ""), cells.get("email", ""))
    if faults:
        raise CourseInvalid(faults)
    return tuple(students.values())


def _rows(text: str, shown: str, faults: list[Fault]) -> Iterator[tuple[Position, list[str]]]:
    """Yield each row that is not blank with the line in which it begins. Nothing is read behind a quote left open."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        at = Position(shown, rows.line_num + 1)
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(at, say("this file cannot be read: {words}", words=f'{error} (")')))
            return
        if any(cell.strip() for cell in row):
            yield at, row


def _delimiter(text: str) -> str:
    """Return the separator of the first line: spreadsheets of many languages write semicolons."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)

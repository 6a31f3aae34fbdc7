"""Canvas: the gradebook of a course, exported by the teacher, filled and imported again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.people.clues import Person, whose
from grader.core.people.matching import Matched
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.lms.feedback import untold
from grader.integrations.lms.sheet import (
    Filled,
    Place,
    Sheet,
    decimal_mark,
    filled_beside,
    grade_text,
    number_in,
    read_sheet,
    unclear_lines,
    write_filled,
)
from grader.store.machine.files import read_file

_ASSIGNMENT = re.compile(r"(.*) \((\d+)\)", re.DOTALL)
_POINTS = "Points Possible"
# Above the points there may be one more line, of what is posted by hand.
_FARTHEST = 3
# Canvas groups thousands as the teacher's language does: 1,500.00 or 1.500,00 or 1 500,00. It writes two decimals or
# none, so three digits behind a mark are thousands.
_GROUPED = re.compile(r"([1-9]\d{0,2}(?:([.,'’ \u00a0\u202f])\d{3})(?:\2\d{3})*)(?:(?!\2)([.,])(\d+))?")
_KEPT = ("EX", "N/A")

Points = Mapping[str, float | None]


@dataclass(frozen=True)
class _Gradebook:
    sheet: Sheet
    shown: str
    header: tuple[str, ...]
    possible: int

    @property
    def lines(self) -> range:
        return range(self.possible + 1, len(self.sheet.rows))

    def column(self, title: str) -> int | None:
        return next((column for column, text in enumerate(self.header) if text.strip() == title), None)

    def cells(self, title: str) -> dict[int, str]:
        column = self.column(title)
        return {} if column is None else {line: self.sheet.cell((line, column)) for line in self.lines}

    def name(self, line: int) -> str:
        column = self.column("Student")
        if column is not None:
            return self.sheet.cell((line, column))
        return ", ".join(self.cells(title).get(line, "") for title in ("LastName", "FirstName"))

    def assignments(self) -> dict[int, tuple[str, str]]:
        """Return name and number of each assignment by its column; a total of the year (2026) says it is read only."""
        matches = {column: _ASSIGNMENT.fullmatch(title.strip()) for column, title in enumerate(self.header)}
        points = {column: self.sheet.cell((self.possible, column)).strip() for column in matches}
        return {
            column: (match[1], match[2])
            for column, match in matches.items()
            if match and (not points[column] or _number(points[column]) is not None)
        }

    def assignment(self, wanted: str) -> int:
        """Return the column called so: by its number, its title, or its title without the number."""
        found = [
            column
            for column, (name, number) in self.assignments().items()
            if wanted.strip() in (number, self.header[column].strip(), name)
        ]
        if len(found) == 1:
            return found[0]
        titles = ", ".join(f"“{self.header[column].strip()}”" for column in self.assignments())
        raise UsageFault(
            say("{file}: found no assignment, or several, with the name {name}", file=self.shown, name=wanted),
            say("its assignments are {columns}", columns=titles),
        )


def fill_gradebook(
    content: bytes,
    shown: str,
    columns: Mapping[str, Points],
    students: Sequence[Student],
    max_points: Mapping[str, float],
    decided: Mapping[str, str | None] = MappingProxyType({}),
) -> Filled:
    """Return the gradebook with each student's points, scaled from `max_points` to the points possible in Canvas.

    `columns` and `max_points` are by assignment: its title, its title without the number in brackets, or that number.
    Cells stay as they are where nothing is recorded, where Canvas excuses the student (EX) and where it does not
    assign the work (N/A).

    Args:
        decided: by Canvas' number of the person, whose the teacher says that a line is; None for nobody of the roster.

    Raises:
        UsageFault: where the file is no exported gradebook, or an assignment is not there or has no points.
    """
    book = _open(content, shown)
    everyone = {student.id: student for student in students}
    for points in columns.values():
        everyone.update({id: Student(id) for id in points if id not in everyone})
    matched = _whose(book, list(everyone.values()), decided)
    whose_line = {int(line): student for line, student in matched.sure.items()}
    cells: dict[Place, str] = {}
    for title, points in columns.items():
        cells.update(_grades(book, title, points, whose_line, max_points[title]))
    recorded = {id for points in columns.values() for id, value in points.items() if value is not None}
    return Filled(
        book.sheet.filled(cells),
        len(cells),
        tuple(
            book.name(line).strip()
            for line in book.lines
            if str(line) not in {*matched.sure, *matched.unclear} and any(book.sheet.rows[line])
        ),
        tuple(sorted(recorded - set(whose_line.values()))),
        unclear_lines(matched, lambda line: book.name(line).strip(), everyone),
        kept=tuple(
            sorted(
                student
                for title, points in columns.items()
                for line, student in whose_line.items()
                if points.get(student) is None and _number(book.sheet.cell((line, book.assignment(title)))) is not None
            )
        ),
    )


def _open(content: bytes, shown: str) -> _Gradebook:
    sheet = read_sheet(content, shown)
    header = next((line for line, row in enumerate(sheet.rows) if any(row)), 0)
    for line in range(header + 1, min(header + _FARTHEST, len(sheet.rows))):
        titles = {title.strip() for title in sheet.rows[header]}
        if sheet.cell((line, 0)).strip() == _POINTS and "ID" in titles and titles & {"Student", "LastName"}:
            return _Gradebook(sheet, shown, sheet.rows[header], line)
    raise UsageFault(say("{file}: this is not a gradebook exported from Canvas", file=shown))


def _number(text: str) -> float | None:
    return number_in(_ungrouped(text))


def _ungrouped(text: str) -> str:
    """Return what a cell holds without marks between thousands; any other text as it is."""
    grouped = _GROUPED.fullmatch(text.strip())
    if grouped is None:
        return text
    mark = grouped[3] or ("," if grouped[2] == "." else ".")
    return "".join(filter(str.isdigit, grouped[1])) + mark + (grouped[4] or "0")


def _whose(book: _Gradebook, students: Sequence[Student], decided: Mapping[str, str | None]) -> Matched:
    """Return whose each line is. Canvas' own numbers of people are compared with a column `canvas` of the roster."""
    columns = {title: book.cells(title) for title in ("ID", "SIS User ID", "SIS Login ID")}
    people = {
        str(line): Person(
            names=(book.name(line),),
            login=columns["SIS Login ID"].get(line, ""),
            number=columns["SIS User ID"].get(line, ""),
            known_as={"canvas": (columns["ID"].get(line, ""),)},
        )
        for line in book.lines
    }
    said = {str(line): decided[number] for line, number in columns["ID"].items() if number in decided}
    return whose(people, students, said)


def _grades(
    book: _Gradebook, title: str, points: Points, whose: Mapping[int, str], max_points: float
) -> dict[Place, str]:
    column = book.assignment(title)
    possible = _number(book.sheet.cell((book.possible, column)))
    if not possible or possible < 0 or max_points <= 0:
        raise UsageFault(
            say("{file}: {name} has no points possible", file=book.shown, name=book.header[column].strip())
        )
    places = ((line, other) for other in book.assignments() for line in (book.possible, *book.lines))
    mark = decimal_mark((_ungrouped(book.sheet.cell(place)) for place in places), book.sheet.delimiter)
    grades = {}
    for line, student in whose.items():
        value, old = points.get(student), book.sheet.cell((line, column))
        if value is not None and old.strip().upper() not in _KEPT:
            grades[line, column] = grade_text(value / max_points * possible, mark, old)
    return grades


@dataclass(frozen=True)
class CanvasOptions:
    worksheet: Path = option(say("Gradebook exported from Canvas."), say("FILE"))
    column: str = option(say("Assignment that takes the total: its title or its number in Canvas."), say("TITLE"))
    out: Path | None = option(
        say("File to write (default: NAME-filled.csv beside the worksheet)."), say("FILE"), default=None
    )


def _export(grades: Grades, options: CanvasOptions) -> Exported:
    filled = fill_gradebook(
        read_file(options.worksheet),
        grades.files.shown(options.worksheet),
        {options.column: grades.totals()},
        list(grades.chosen.students.values()),
        {options.column: grades.chosen.max_points},
        grades.decided("canvas"),
    )
    how = say("Students read it in the comments that course export canvas-feedback makes.")
    return write_filled(options.out or filled_beside(options.worksheet), filled, untold(grades, how))


EXPORT = GradeExport(
    word="canvas",
    summary=say("Fill in a gradebook exported from Canvas."),
    details=say(
        "Export the gradebook in Canvas, fill it in, and import it there again. Only the column of one assignment "
        "changes; points are scaled to its points possible."
    ),
    example='--worksheet Grades.csv --column "Lecture 4" --lecture 4',
    options=CanvasOptions,
    write=_export,
)

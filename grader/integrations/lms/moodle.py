"""Moodle: the grading worksheet of an assignment, downloaded by the teacher, filled and uploaded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.people.clues import Person, whose
from grader.core.people.matching import Matched
from grader.core.people.names import email_key, id_key, plain, spellings
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.lms.feedback import FORMS, comments, untold
from grader.integrations.lms.moodle_columns import Columns, Named, find_columns
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

Table = Mapping[int, Mapping[int, str]]
Key = Callable[[str], Set[str]]
# How Moodle says no in the languages of the headers that we know.
_NO = frozenset(map(plain, ("No", "Nein", "Non", "Нет", "Yoʻq", "Hayır", "Não")))

# Sums of tenths, taken in two orders, differ in their last digits.
_ROUNDING = 1e-9


def fill_worksheet(
    content: bytes,
    shown: str,
    points: Mapping[str, float | None],
    students: Sequence[Student],
    *,
    max_points: float,
    grade_column: str | None = None,
    id_column: str | None = None,
    max_column: str | None = None,
    decided: Mapping[str, str | None] = MappingProxyType({}),
    comments: Mapping[str, str] = MappingProxyType({}),
) -> Filled:
    """Return the worksheet with each student's points, scaled from `max_points` to the maximum grade of the line.

    Where nothing is recorded the cell stays as it is.

    Args:
        decided: by the participant's number, whose the teacher says that a line is; None for nobody of the roster.
        comments: what goes into the column of comments, by student.

    Raises:
        UsageFault: where the file is no grading worksheet, or its assignment is not graded in points, or where there
            are comments and no column for them.
    """
    if max_points <= 0:
        raise UsageFault(say("nothing to export has points"))
    named = Named(id_column, grade_column, max_column)
    opened = _open(
        content, shown, {id: Student(id) for id in points} | {each.id: each for each in students}, named, decided
    )
    sheet, lines, columns, matched = opened.sheet, opened.lines, opened.columns, opened.matched
    whose_line = opened.whose_line
    recorded = {id: value for id, value in points.items() if value is not None}
    shares = {line: recorded[student] / max_points for line, student in whose_line.items() if student in recorded}
    graded = {id for line, id in whose_line.items() if number_in(sheet.cell((line, columns.grade))) is not None}
    locked = {line for line in shares if _is_locked(sheet, line, columns)}
    above = {line for line, share in shares.items() if share > 1 + _ROUNDING and line not in locked}
    taken = {line: min(share, 1) for line, share in shares.items() if line not in locked | above}
    grades = _grades(sheet, shown, lines, columns, taken)
    told = _comments(shown, columns, {line: whose_line[line] for line in whose_line if line not in locked}, comments)
    return Filled(
        sheet.filled({**grades, **told}),
        len(grades),
        tuple(_line_name(sheet, line, columns) for line in lines if str(line) not in {*matched.sure, *matched.unclear}),
        tuple(sorted(recorded.keys() - whose_line.values())),
        opened.unclear,
        tuple(sorted(whose_line[line] for line in locked)),
        tuple(sorted(whose_line[line] for line in above)),
        tuple(sorted(graded - recorded.keys())),
    )


def participants(
    content: bytes,
    shown: str,
    students: Sequence[Student],
    decided: Mapping[str, str | None] = MappingProxyType({}),
    id_column: str | None = None,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return Moodle's number of each student's participant in a worksheet, and the lines that are not clear.

    Raises:
        UsageFault: where the file is no grading worksheet.
    """
    opened = _open(content, shown, {each.id: each for each in students}, Named(id_column), decided)
    cells = {student: opened.sheet.cell((line, opened.columns.id)) for line, student in opened.whose_line.items()}
    return {student: number for student, cell in cells.items() if (number := _digits(cell))}, opened.unclear


@dataclass(frozen=True)
class _Opened:
    """A worksheet with whose its lines are."""

    sheet: Sheet
    lines: Sequence[int]
    columns: Columns
    matched: Matched
    everyone: Mapping[str, Student]

    @property
    def whose_line(self) -> dict[int, str]:
        return {int(line): student for line, student in self.matched.sure.items()}

    @property
    def unclear(self) -> tuple[str, ...]:
        def name(line: int) -> str:
            return _line_name(self.sheet, line, self.columns)

        return unclear_lines(self.matched, name, self.everyone)


def _open(
    content: bytes, shown: str, everyone: Mapping[str, Student], named: Named, decided: Mapping[str, str | None]
) -> _Opened:
    sheet = read_sheet(content, shown)
    lines = [line for line, row in enumerate(sheet.rows) if any(cell.strip() for cell in row)]
    if not lines:
        raise UsageFault(say("{file}: this file is empty", file=shown))
    header, lines = sheet.rows[lines[0]], lines[1:]
    columns = find_columns(header, [sheet.rows[line] for line in lines], shown, named)
    matched = _whose(sheet, lines, columns, list(everyone.values()), decided)
    return _Opened(sheet, lines, columns, matched, everyone)


def _comments(
    shown: str, columns: Columns, whose_line: Mapping[int, str], comments: Mapping[str, str]
) -> dict[Place, str]:
    """Return the cells of the column of comments: those of students who are told nothing stay as they are."""
    if not comments:
        return {}
    if columns.comments is None:
        raise UsageFault(
            say(
                "{file}: it has no column of feedback comments. Switch on the feedback type “Feedback comments” in "
                "Moodle's settings of the assignment, and download the worksheet again",
                file=shown,
            )
        )
    return {(line, columns.comments): comments[id] for line, id in whose_line.items() if comments.get(id)}


def _is_locked(sheet: Sheet, line: int, columns: Columns) -> bool:
    return columns.changeable is not None and plain(sheet.cell((line, columns.changeable))) in _NO


def _grades(
    sheet: Sheet, shown: str, lines: Iterable[int], columns: Columns, shares: Mapping[int, float]
) -> dict[Place, str]:
    numbers = (sheet.cell((line, column)) for column in (columns.maximum, columns.grade) for line in lines)
    mark = decimal_mark(numbers, sheet.delimiter)
    grades = {}
    for line, share in shares.items():
        place, most = (line, columns.grade), sheet.cell((line, columns.maximum))
        maximum = number_in(most)
        # Moodle writes a scale as a negative maximum.
        if maximum is None or maximum <= 0:
            words = say(
                "{file}: “{most}” is not a maximum grade; the assignment must be graded in points",
                file=shown,
                most=most,
            )
            raise UsageFault(words)
        grades[place] = grade_text(share * maximum, mark, sheet.cell(place))
    return grades


def _whose(
    sheet: Sheet,
    lines: Sequence[int],
    columns: Columns,
    students: Sequence[Student],
    decided: Mapping[str, str | None],
) -> Matched:
    others = (columns.grade, columns.maximum, columns.comments, columns.changeable)
    table = {
        column: {line: sheet.cell((line, column)) for line in lines}
        for column in range(max((len(sheet.rows[line]) for line in lines), default=0))
        if column not in others
    }
    emails = _showing(table, columns.email, email_key, {each.id: email_key(each.email) for each in students})
    numbers = _showing(table, columns.number, id_key, {each.id: id_key(each.id) for each in students})
    called = _showing(table, columns.name, spellings, {each.id: spellings(each.name) for each in students})
    people = {
        str(line): Person(
            names=(called.get(line, ""),),
            email=emails.get(line, ""),
            number=numbers.get(line, ""),
            known_as={"participant": (_digits(sheet.cell((line, columns.id))),)},
        )
        for line in lines
    }
    numbers_of = {line: next(iter(person.known_as["participant"])) for line, person in people.items()}
    said = {line: decided[number] for line, number in numbers_of.items() if number in decided}
    return whose(people, students, said)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def _showing(table: Table, known: int | None, key: Key, ours: Mapping[str, Set[str]]) -> Mapping[int, str]:
    """Return the cells of the column that shows students: the known one if it shows any, else the best.

    One column, not single cells anywhere: what students handed in may be a column, too, and one of them could write
    another's id there.
    """
    students = [keys for keys in ours.values() if keys]
    all_keys = frozenset[str]().union(*students)
    hits = {
        column: sum(not all_keys.isdisjoint(key(text)) for text in cells.values()) for column, cells in table.items()
    }
    if known is not None and (hits.get(known) or key is email_key):
        return table[known]
    best = max(hits, key=hits.__getitem__, default=None)
    if best is None or not hits[best] or 2 * hits[best] < min(len(table[best]), len(students)):
        return {}
    return table[best]


def _line_name(sheet: Sheet, line: int, columns: Columns) -> str:
    parts = (sheet.cell((line, column)) for column in (columns.id, columns.name) if column is not None)
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class MoodleOptions:
    worksheet: Path = option(say("Worksheet downloaded from Moodle."), say("FILE"))
    out: Path | None = option(
        say("File to write (default: NAME-filled.csv beside the worksheet)."), say("FILE"), default=None
    )
    grade_column: str | None = option(
        say("Title of the column for grades (default: detected)."), say("TITLE"), default=None
    )
    id_column: str | None = option(
        say("Title of the column that identifies students (default: detected)."), say("TITLE"), default=None
    )
    max_column: str | None = option(
        say("Title of the column of maximum grades (default: detected)."), say("TITLE"), default=None
    )
    feedback: str | None = option(
        say("Fill in the column of feedback comments, too: text (lines) or html (headings and lists)."),
        say("FORM"),
        default=None,
    )


def _export(grades: Grades, options: MoodleOptions) -> Exported:
    if options.feedback is not None and options.feedback not in FORMS:
        raise UsageFault(say("--feedback is one of: {allowed}", allowed=", ".join(FORMS)))
    filled = fill_worksheet(
        read_file(options.worksheet),
        grades.files.shown(options.worksheet),
        grades.totals(),
        list(grades.chosen.students.values()),
        max_points=grades.chosen.max_points,
        grade_column=options.grade_column,
        id_column=options.id_column,
        max_column=options.max_column,
        decided=grades.decided("moodle"),
        comments=comments(grades, options.feedback) if options.feedback else {},
    )
    how = say("With --feedback text, students read it beside their grade.")
    lists = () if options.feedback else untold(grades, how)
    return write_filled(options.out or filled_beside(options.worksheet), filled, lists)


EXPORT = GradeExport(
    word="moodle",
    summary=say("Fill in the grading worksheet of a Moodle assignment."),
    details=say(
        "Download the worksheet from the assignment in Moodle, fill it in, and upload it there again. Only the grades "
        "change; points are scaled to the maximum grade of the assignment."
    ),
    example="--worksheet Grades.csv --lecture 4 --out filled.csv",
    options=MoodleOptions,
    write=_export,
)

"""Grades as lines of CSV, for spreadsheets and for whatever reads tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from grader.core.cohort.summary import Standing
from grader.core.course.policies.policy import Grade
from grader.core.people.student import Student
from grader.core.words.numbers import WRITTEN_DIGITS, show

COLUMNS = (
    *("student", "name", "email", "exercise", "state", "score", "max_score", "penalty", "grade"),
    *("submitted", "late_seconds", "attempts", "override_reason", "misconceptions"),
    *("attempt_cost", "bonus", "slack_days"),
)
# A spreadsheet takes a cell that begins so for a formula, and a formula can send the table away. East Asian editions
# also take the wide forms of these signs, and some programs drop blanks in front of them.
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠]")
# In place of `graded`: the grade counts, and an earlier version of the exercise gave it.
_STALE = "stale"


@dataclass(frozen=True)
class Style:
    """How cells are parted and numbers written."""

    delimiter: str
    mark: str

    def number(self, value: float | None) -> str:
        return "" if value is None else show(value, WRITTEN_DIGITS).replace(".", self.mark)


COMMAS, SEMICOLONS = Style(",", "."), Style(";", ",")


def write_csv(standings: Iterable[Standing], students: Mapping[str, Student], style: Style = COMMAS) -> str:
    """Return one line for each student and exercise, lines ending CRLF. What there is none of is empty, never 0."""
    return _table([COLUMNS, *(_line(standing, students, style) for standing in standings)], style)


def write_wide_csv(standings: Iterable[Standing], students: Mapping[str, Student], style: Style = COMMAS) -> str:
    """Return one line for each student, a column of grades for each exercise, and the total of what is recorded."""
    exercises: dict[str, None] = {}
    of_student: dict[str, dict[str, Grade]] = {}
    for standing in standings:
        grade = standing.grade
        exercises[grade.exercise] = None
        of_student.setdefault(grade.student, {})[grade.exercise] = grade
    header = ("student", "name", "email", *map(_text, exercises), "total", "max_total")
    lines = (
        (*_who(student, students), *_matrix_line([grades.get(exercise) for exercise in exercises], style))
        for student, grades in of_student.items()
    )
    return _table([header, *lines], style)


def _line(standing: Standing, students: Mapping[str, Student], style: Style) -> tuple[str, ...]:
    grade = standing.grade
    return (
        *_who(grade.student, students),
        _text(grade.exercise),
        _STALE if standing.stale else grade.state.value,
        style.number(grade.score),
        style.number(grade.max_score),
        style.number(grade.penalty if grade.score is not None else None),
        style.number(grade.points),
        grade.attempt.submitted.astimezone(UTC).isoformat() if grade.attempt else "",
        style.number(grade.late.total_seconds() if grade.attempt else None),
        str(grade.attempts),
        _text(grade.override.reason if grade.override else ""),
        _text(" ".join(standing.misconceptions)),
        *(
            style.number(value if grade.score is not None else None)
            for value in (grade.price, grade.bonus, grade.slack)
        ),
    )


def _matrix_line(grades: Sequence[Grade | None], style: Style) -> tuple[str, ...]:
    points = [grade.points if grade else None for grade in grades]
    recorded = [value for value in points if value is not None]
    return (
        *map(style.number, points),
        style.number(sum(recorded) if recorded else None),
        style.number(sum(grade.max_score for grade in grades if grade)),
    )


def _who(id: str, students: Mapping[str, Student]) -> tuple[str, str, str]:
    student = students.get(id, Student(id))
    return _text(student.id), _text(student.name), _text(student.email)


def _text(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def write_rows(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of texts as CSV, none of which a spreadsheet takes for a formula."""
    return _table([list(map(_text, row)) for row in rows], COMMAS)


def _table(lines: Iterable[Sequence[str]], style: Style) -> str:
    # Only where it ends lines does the csv module of Python 3.11 put a carriage return inside a cell in quotes.
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=style.delimiter, lineterminator="\r\n").writerows(lines)
    return table.getvalue()

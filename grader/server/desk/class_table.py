"""The table of the class: a lecture's exercises, all exercises, or how each lecture comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from grader.core.course.exercise import Exercise
from grader.core.people.person import Person
from grader.integrations.pages.rendering import NOTHING, number
from grader.server.asking import Asked, to
from grader.server.desk.teacher_pages import students
from grader.server.judged import state_of
from grader.server.students.student_pages import by_lecture

# What fits beside a name on a desk. Where there is more, the page begins with the lectures: whoever goes by Tab is soon
# at the first student.
_FEW = 12
_EVERY = "every"
_SUMS = "sums"
# The kinds of cells that each filter looks for.
_FILTERS = {"missing": "m", "waiting": "v"}


@dataclass(frozen=True)
class Cell:
    """Where a student is at an exercise; at a lecture, without a link, how many of its exercises have a grade."""

    points: float | None
    kind: str
    link: str = ""
    state: str = ""
    graded: str = ""

    @property
    def text(self) -> str:
        """The points as the table shows them: a dash where nothing is handed in, a star where they were set by hand."""
        if self.points is None:
            return NOTHING if self.kind == "m" else "?"
        return f"{number(self.points)}*" if self.kind == "o" else number(self.points)


@dataclass(frozen=True)
class Column:
    """What stands above cells."""

    id: str
    link: str
    title: str


@dataclass(frozen=True)
class Row:
    """A student with what is shown."""

    person: Person
    link: str
    cells: tuple[Cell, ...]
    points: float | None


def matrix(asked: Asked) -> Response:
    """Show everybody at every exercise of a lecture, or at every lecture."""
    return asked.page("class.html", **_matrix(asked))


def matrix_rows(asked: Asked) -> Response:
    """Return the table alone, for the page that shows it already."""
    return asked.page("class_rows.html", **_matrix(asked))


def _matrix(asked: Asked) -> dict[str, Any]:
    lectures = by_lecture(asked)
    every = [each for _, exercises in lectures.values() for each in exercises]
    choices = [(_EVERY, ""), (_SUMS, ""), *((id, title) for id, (title, _) in lectures.items())]
    usual = _EVERY if len(every) <= _FEW or len(lectures) < 2 else _SUMS
    chosen = asked.query.get("lecture", "")
    if chosen not in dict(choices):
        chosen = usual
    shown = asked.query.get("show", "")
    if shown not in _FILTERS:
        shown = ""
    of = {"lecture": chosen} if chosen != usual else {}
    exercises = lectures[chosen][1] if chosen in lectures else every
    waiting, stuck, rows = _rows(asked, exercises)
    if shown:
        rows = [row for row in rows if any(cell.kind == _FILTERS[shown] for cell in row.cells)]
    if chosen == _SUMS:
        rows = [_summed(row, [len(own) for _, own in lectures.values()]) for row in rows]
        columns = [
            Column(id, _address("/class", {"lecture": id, "show": shown}), title) for id, (title, _) in lectures.items()
        ]
    else:
        columns = [
            Column(each.id, to("class", "exercises", each.id), each.title.said_in(asked.language)) for each in exercises
        ]
    return {
        "columns": columns,
        "choices": choices if len(lectures) > 1 else [],
        "chosen": chosen,
        "summed": chosen == _SUMS,
        "rows": rows,
        "waiting": waiting,
        "stuck": stuck,
        "asked": asked.service.questions.open(asked.service.book.forgotten()),
        "shown": shown,
        "links": {name: _address("/class", {**of, "show": name}) for name in ("", *_FILTERS)},
        "live": _address("/class/rows", {**of, "show": shown}),
    }


def _address(path: str, query: Mapping[str, str]) -> str:
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{told}" if told else path


def _rows(asked: Asked, exercises: Sequence[Exercise]) -> tuple[int, int, list[Row]]:
    service = asked.service
    grades = service.grades(exercises)
    in_order, stuck = service.queue.waiting_and_stuck()
    waiting, running, standing = set(in_order), service.queue.running(), service.book.standing()
    last = {(each.student, each.exercise): each.id for each in standing}
    rows, places = [], [(each.id, to(each.id)) for each in exercises]
    left: set[int | None] = set()
    for person in students(asked):
        student, theirs = person.student or "", to("class", "students", str(person.id))
        cells = []
        for id, address in places:
            place = (student, id)
            grade, newest = grades.get(place), last.get(place)
            state = state_of(asked.translate, grade, newest, waiting, running, stuck)
            by_hand = grade is not None and grade.override is not None
            # A grade by hand is the teacher's answer to what could not be judged.
            if newest in stuck and not by_hand:
                left.add(newest)
            kind = "v" if newest in waiting or newest in left else "m" if grade is None else "o" if by_hand else ""
            cells.append(Cell(grade.points if grade else None, kind, theirs + address, state))
        rows.append(Row(person, theirs, tuple(cells), _sum(cells)))
    return len(waiting), len(left), rows


def _summed(row: Row, sizes: Sequence[int]) -> Row:
    """Put the cells of each lecture together; they stand in its order, as many as its size says."""
    cells, rest = [], list(row.cells)
    for size in sizes:
        own, rest = rest[:size], rest[size:]
        graded = sum(cell.points is not None for cell in own)
        kinds = {cell.kind for cell in own}
        kind = "v" if "v" in kinds else "m" if kinds == {"m"} else ""
        cells.append(Cell(_sum(own), kind, graded=f"{graded}/{size}"))
    return Row(row.person, row.link, tuple(cells), row.points)


def _sum(cells: Sequence[Cell]) -> float | None:
    known = [cell.points for cell in cells if cell.points is not None]
    return sum(known) if known else None

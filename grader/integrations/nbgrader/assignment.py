"""A lecture as the source notebook of an nbgrader assignment.

What a student can see of a check is whether names and shapes are there. What is right is judged by us, on numbers that
no notebook holds, so there is nothing to hide in it but the solution, which nbgrader takes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.core.course.exercise import Exercise
from grader.core.words.message import Message, Text, Translate, say
from grader.core.words.numbers import show
from grader.integrations.nbgrader.cells import Cell, code_cell, notebook, text_cell
from grader.integrations.nbgrader.ids import CellRole, Kind
from grader.integrations.nbgrader.kinds import KINDS, Line

_SPECIAL = re.compile(r"(`[^`]*`)|([\\*_<$#])")


def assignment(title: Text, exercises: Sequence[tuple[Exercise, str]], translate: Translate, language: str) -> str:
    """Return the notebook of these exercises, each with its solution's source, in `language`."""
    cells = [text_cell(f"# {_plain(title.said_in(language))}")]
    for exercise, solution in exercises:
        cells += _Writing(exercise, translate, language).cells(solution)
    return notebook(cells)


class _Writing:
    """One exercise as cells."""

    def __init__(self, exercise: Exercise, translate: Translate, language: str) -> None:
        self._exercise = exercise
        self._translate = translate
        self._language = language

    def cells(self, solution: str) -> Iterator[Cell]:
        """Yield what is asked, where it is answered, and a cell for the points of each check."""
        id, work = self._exercise.id, self._exercise.work
        yield text_cell(self._prompt(), grade_id=CellRole(Kind.TEXT, id).grade_id, locked=True)
        kind = KINDS.of(work)
        yield code_cell(kind.answer(work, solution), grade_id=CellRole(Kind.ANSWER, id).grade_id, solution=True)
        for name, points in self._exercise.points.items():
            looks = map(self._written, kind.looks(work, name))
            looked = [f"# {id} · {name} · {show(points)}", f"# {self._said(_PARTLY)}", *looks]
            role = CellRole(Kind.CHECK, id, name)
            yield code_cell("\n".join(looked), grade_id=role.grade_id, grade=True, locked=True, points=points)

    def _prompt(self) -> str:
        title = _plain(self._exercise.title.said_in(self._language))
        asked = _plain(self._exercise.prompt.said_in(self._language).strip())
        how = KINDS.of(self._exercise.work).how(self._exercise.work)
        answered = [self._said(how)] if how else []
        return "\n\n".join([f"## {self._exercise.id} {title}", asked, *answered])

    def _written(self, line: Line) -> str:
        if isinstance(line, str):
            return line
        condition, otherwise = line
        return f"assert {condition}, {self._said(otherwise)!r}"

    def _said(self, message: Message) -> str:
        return message.said(self._translate, self._language)


_PARTLY = say("Only what everybody can see is looked at here; whether it is right is judged when it is graded.")


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is; what stands between backticks is code."""
    return _SPECIAL.sub(lambda found: found[1] or f"\\{found[2]}", text)

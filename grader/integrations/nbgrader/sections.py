"""A student's notebook of a whole lecture, parted into a submission for each exercise.

A cell belongs to the exercise whose cells it stands among. Which cells are ours is read from nbgrader's ids, and where
a student's editor has lost them, from the text that students do not change. What an exercise's cells use and do not
bind comes from the other cells; where none of its cells are left, all cells are taken. So nothing that a student does
to the notebook costs more than the checks that it is about.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from grader.core.course.exercise import Exercise
from grader.core.program.notebooks.notebook import Cell, notebook_program
from grader.core.program.source import MOST_BYTES
from grader.core.report.finding import Finding
from grader.core.words.message import say
from grader.integrations.nbgrader.ids import CellRole, Kind
from grader.integrations.nbgrader.kinds import KINDS
from grader.integrations.nbgrader.needs import definitions, pulled, used
from grader.integrations.nbgrader.part import Part
from grader.store.students import programs as notebook_files
from grader.store.students.programs import NotebookCell

MOST_CELLS = 5000
# Of a notebook with more code than any lecture asks for, only what the cells themselves hold is judged.
_MOST_PARSED = 8 * MOST_BYTES
_KINDS = ("code", "markdown", "raw")


def read_cells(content: bytes, filename: str) -> list[NotebookCell] | Finding:
    """Return the cells of a notebook of format 3 or 4, or say why it cannot be read."""
    read = notebook_files.read_cells(content, filename, MOST_CELLS)
    return read if isinstance(read, Finding) else list(map(_cell, read))


def _cell(cell: NotebookCell) -> NotebookCell:
    kind = cell.kind if cell.kind in _KINDS else "markdown"
    return replace(cell, kind=kind, text=cell.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def known_ids(cells: Sequence[NotebookCell], locked: Mapping[str, str]) -> list[NotebookCell]:
    """Return the cells with ids that nbgrader lost, and without those of copies: the first one is the student's own.

    Args:
        locked: text of the cells that students do not change, by id.
    """
    ids = {text.strip(): id for id, text in locked.items()}
    seen: set[str] = set()
    found = []
    for cell in cells:
        grade_id = cell.grade_id or ids.get(cell.text.strip(), "")
        found.append(replace(cell, grade_id="" if grade_id in seen else grade_id))
        seen.add(grade_id)
    return found


def parts(
    cells: Sequence[NotebookCell], exercises: Sequence[Exercise], roles: Mapping[str, CellRole], filename: str
) -> dict[str, Part]:
    """Return what the notebook hands in, by exercise."""
    return {exercise.id: part for exercise, part in _Parting(cells, roles, filename).parts(exercises)}


class _Parting:
    """One notebook's code cells, and to which exercise each belongs."""

    def __init__(self, cells: Sequence[NotebookCell], roles: Mapping[str, CellRole], filename: str) -> None:
        self._filename = filename
        self._owners: dict[int, str] = {}
        self._code: dict[int, NotebookCell] = {}
        owner = ""
        for cell in cells:
            role = roles.get(cell.grade_id)
            owner = role.exercise if role else owner
            self._owners[cell.number] = owner
            if cell.kind == "code" and (role is None or role.kind is not Kind.CHECK):
                self._code[cell.number] = cell
        small = sum(len(cell.text) for cell in self._code.values()) <= _MOST_PARSED
        read = {number: _tree(cell) for number, cell in self._code.items()} if small else {}
        self._trees = {number: tree for number, tree in read.items() if tree is not None}
        self._known = [each for number, tree in self._trees.items() for each in definitions(number, tree)]

    def parts(self, exercises: Sequence[Exercise]) -> list[tuple[Exercise, Part]]:
        return [(exercise, self._part(exercise)) for exercise in exercises]

    def _part(self, exercise: Exercise) -> Part:
        found = exercise.id in self._owners.values()
        own = [number for number in self._code if not found or self._owners[number] == exercise.id]
        lost = say(
            "{file}: the cells of exercise {id} are missing; the whole notebook was read for it.",
            file=self._filename,
            id=exercise.id,
        )
        notes = () if found else (lost,)
        cells = [(self._code[number], self._trees.get(number)) for number in own]
        part = KINDS.of(exercise.work).part(exercise.work, cells, partial(self._program, own))
        return replace(part, notes=notes)

    def _program(self, own: list[int], otherwise: set[str]) -> bytes:
        """Return a notebook with these cells, and of the others the lines that bind what they need.

        Cells keep their numbers, and lines theirs, so that messages name what the student sees.
        """
        trees = [self._trees[number] for number in own if number in self._trees]
        # Where the answer is gone, what it should have bound may stand elsewhere; where it is not, it stands in it.
        wanted = used(trees) if own else otherwise
        known = [each for each in self._known if each.cell not in own]
        more = pulled(wanted, own[0] if own else max(self._code, default=0) + 1, known)
        last = max((*own, *more), default=0)
        cells = [{"cell_type": "raw", "source": ""} for _ in range(last)]
        for number in own:
            cells[number - 1] = {"cell_type": "code", "source": self._code[number].text}
        for number, lines in more.items():
            every = self._code[number].text.split("\n")
            kept = [line if place in lines else "" for place, line in enumerate(every, 1)]
            cells[number - 1] = {"cell_type": "code", "source": "\n".join(kept)}
        content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        return json.dumps(content, ensure_ascii=True, sort_keys=True).encode()


def _tree(cell: NotebookCell) -> ast.Module | None:
    """Return the syntax of a cell without what only Jupyter understands; None where Python cannot read it."""
    source = notebook_program([Cell(cell.number, cell.text)], "")
    if isinstance(source, Finding) or source.faults or source.text.count("\n") != cell.text.count("\n"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree: ast.Module = ast.parse(source.text)
            return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

"""A graded notebook as nbgrader's autograde leaves it: what a teacher's formgrader and a student's feedback show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.integrations.nbgrader.cells import Cell, code_cell, notebook, text_cell
from grader.integrations.nbgrader.course_folder import SourceCell, SourceNotebook
from grader.store.students.programs import NotebookCell


@dataclass(frozen=True)
class Told:
    """What stands below a graded cell, for notebooks and for terminals."""

    html: str
    text: str


def autograded(cells: Sequence[NotebookCell], source: SourceNotebook, told: Mapping[str, Told]) -> str:
    """Return the student's notebook: locked cells as they were handed out, missing ones put back, and what is told.

    Outputs that a student handed in are left out: they may say anything.
    """
    made: list[tuple[str, Cell]] = []
    for cell in cells:
        known = source.cells.get(cell.grade_id)
        made.append((cell.grade_id, _with_id(known, cell.text, told)) if known else ("", _plain(cell)))
    place = 0
    for grade_id, known in source.cells.items():
        here = next((at for at, (id, _) in enumerate(made, 1) if id == grade_id), None)
        if here is None:
            made.insert(place, (grade_id, _with_id(known, "", told)))
        place = here or place + 1
    return notebook([cell for _, cell in made], source.kernel)


def _with_id(known: SourceCell, text: str, told: Mapping[str, Told]) -> Cell:
    new = code_cell if known.kind == "code" else text_cell
    cell = new(known.text if known.locked else text, **known.metadata())
    if known.grade_id in told and known.kind == "code":
        output = told[known.grade_id]
        data = {"text/html": output.html, "text/plain": output.text}
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
    return cell


def _plain(cell: NotebookCell) -> Cell:
    if cell.kind == "code":
        return code_cell(cell.text)
    return {**text_cell(cell.text), "cell_type": cell.kind}

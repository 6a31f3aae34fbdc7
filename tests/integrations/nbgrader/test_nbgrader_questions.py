"""Questions in words as cells of a notebook, and what is read of a student's."""

from __future__ import annotations

import ast
import json

import pytest
from repository import ROOT

from grader.core.course.questions import Questions
from grader.integrations.nbgrader.assignment import assignment
from grader.integrations.nbgrader.kinds import KINDS
from grader.integrations.nbgrader.part import Part
from grader.store.course.course_files import find_course
from grader.store.students.programs import NotebookCell
from grader.store.students.words import read_written

FILES = find_course(ROOT / "tests" / "courses" / "questions")


def part(code: str, id: str = "1.1") -> Part:
    work = FILES.exercise(id).work
    cell = NotebookCell(1, "code", code)
    return KINDS.of(work).part(work, [(cell, ast.parse(code))], lambda _: b"")


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        (
            "order = 'zero_first'\noverfits = ['dropout', 'longer']",
            {"order": ("zero_first",), "overfits": ("dropout", "longer")},
        ),
        ("order = None\norder = 'zero_last'\norder = 'zero_first'", {"order": ("zero_first",), "overfits": None}),
        ("order: str = 'zero_first'\noverfits = ('dropout',)", {"order": ("zero_first",), "overfits": ("dropout",)}),
        ("order = open('/etc/passwd').read()\nother = 'dropout'", {"order": None, "overfits": None}),
        ("order = '''zero_first\n'''\noverfits = {'dropout'}", {"order": ("zero_first",), "overfits": ("dropout",)}),
    ],
)
def test_the_texts_of_a_cell_are_the_answers(code: str, answers: dict[str, tuple[str, ...] | None]) -> None:
    work = FILES.exercise("1.1").work
    assert isinstance(work, Questions)
    assert read_written(work, part(code).content, "1.1.yaml").answers == answers


def test_a_text_that_would_be_yaml_stays_a_text() -> None:
    work = FILES.exercise("1.2").work
    assert isinstance(work, Questions)
    content = part("term = '\"\\nrate: 0.025\\n'\nrate = 0.025", "1.2").content
    assert read_written(work, content, "1.2.yaml").answers == {"term": ('"\nrate: 0.025',), "rate": ("0.025",)}


def test_a_notebook_asks_by_name_and_its_solution_stands_between_the_marks() -> None:
    exercises = [(FILES.exercise(id), "") for id in FILES.exercise_ids()]
    cells = json.loads(assignment(FILES.course.title, exercises, str, "en"))["cells"]
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    assert "- `zero_first`: zero_grad, backward, step" in text and "overfitting" not in text
    begun, _, solved = code.partition("### BEGIN SOLUTION")
    assert begun.strip().endswith("overfits = None")
    assert "order = 'zero_first'" in solved and "overfits = ['more_data', 'dropout']" in solved
    for cell in cells:
        if cell["cell_type"] == "code":
            ast.parse(cell["source"])

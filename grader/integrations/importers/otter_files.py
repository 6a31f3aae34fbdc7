"""Finds what belongs to an assignment of otter: its test files, the notebook with the answers, the one for students."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_fault
from grader.core.report.finding import Finding
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.integrations.importers.otter_notebook import is_assignment, read_assignment
from grader.integrations.importers.otter_tests import NotUnderstood, Question, question_of, read_test_file
from grader.store.machine.files import read_file
from grader.store.students.programs import read_program


@dataclass
class Found:
    """What was found at a path."""

    questions: list[Question] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    solution: Source | None = None
    starter: str = ""
    prompt: str = ""


def find(path: Path) -> Found:
    """Return what lies at a path: a test file, a folder of them, a folder that otter assign wrote, or a notebook.

    Raises:
        UsageFault: where there is no test file, or a file cannot be read.
    """
    found = Found()
    if path.suffix == ".ipynb":
        _take_notebook(found, path)
        return found
    folder = _tests_folder(path)
    files = [path] if path.is_file() else sorted(folder.glob("*.py"))
    if not files:
        raise UsageFault(say("{file} contains no test files of otter", file=path))
    for file in (file for file in files if file.name != "__init__.py"):
        try:
            found.questions.append(read_test_file(file.read_text(encoding="utf-8-sig"), file.name))
        except NotUnderstood as error:
            found.notes.append(error.message)
        except (OSError, UnicodeDecodeError) as error:
            found.notes.append(say("{file} cannot be read: {words}", file=file.name, words=str(error)[:200]))
    if path.is_dir():
        _take_notebooks(found, path)
    return found


def _tests_folder(path: Path) -> Path:
    inside = [path / "autograder" / "tests", path / "dist" / "autograder" / "tests", path / "tests"]
    return next((folder for folder in inside if folder.is_dir()), path)


def _take_notebooks(found: Found, path: Path) -> None:
    """Look for what otter assign writes: the notebook with the answers, and the one for students."""
    for base in (path, path / "dist"):
        answers = sorted((base / "autograder").glob("*.ipynb"))
        students = sorted((base / "student").glob("*.ipynb"))
        if answers:
            found.solution = read_answer(answers[0])
            # The one with the answers may have answers in words, too.
            found.prompt = _prompt((students or answers)[0])
            found.starter = read_answer(students[0]).text if students else ""


def _take_notebook(found: Found, path: Path) -> None:
    content = _notebook(path)
    if is_assignment(content):
        assignment = read_assignment(content, path.name)
        found.questions, found.notes = assignment.questions, assignment.notes
        found.solution, found.starter = Source(assignment.solution, path.name), assignment.starter
        found.prompt = assignment.prompt
        return
    tests = content.get("metadata", {}).get("otter", {}).get("tests", {})
    for name, test in tests.items() if isinstance(tests, dict) else ():
        try:
            question = question_of(test, name) if isinstance(test, dict) else read_test_file(str(test), name)
            found.questions.append(question)
        except NotUnderstood as error:
            found.notes.append(error.message)
    found.solution, found.prompt = read_answer(path), _prompt(path)


def read_answer(path: Path) -> Source:
    """Return a program, or the code of a notebook.

    Raises:
        UsageFault: where it cannot be read, or is not Python.
    """
    source = read_program(read_file(path), path.name)
    if isinstance(source, Finding):
        raise UsageFault(told(source))
    fault = syntax_fault(source)
    if fault is not None:
        raise UsageFault(told(fault))
    return source


def _notebook(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_file(path))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise UsageFault(say("{file} is not a notebook: open it in Jupyter and save it again", file=path))
    return content


def _prompt(path: Path) -> str:
    cells = _notebook(path)["cells"]
    texts = ["".join(cell.get("source", "")).strip() for cell in cells if cell.get("cell_type") == "markdown"]
    return "\n\n".join(filter(None, texts))

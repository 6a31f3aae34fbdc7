"""Reads an nbgrader assignment as its author has it: answers between marks, test cells, points."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from grader.actions.author.importer import SystemImporter
from grader.core.course.imported import Imported, ImportedTest, as_names, none_left
from grader.core.program.notebooks.test_cells import (
    Surroundings,
    as_function,
    bound_names,
    ends_with_value,
    with_earlier,
)
from grader.core.program.source import Source
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.integrations.importers.marks import Mark, MarkFault, faults_of, marks_in
from grader.store.machine.files import read_file
from grader.store.students.programs import read_program

_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
_MARKS = {"solution": "SOLUTION", "hidden": "HIDDEN TESTS", "scheme": "MARK SCHEME"}
_BEGIN, _END = r"\s*#+\s*BEGIN {}\b", r"\s*#+\s*END {}\b"
_LINES = {name: re.compile(rf"\s*#+\s*(?P<side>BEGIN|END) {name}\b.*") for name in _MARKS.values()}
_PICTURE = re.compile(r"!\[[^\]]*\]\((?!https?:|data:)([^)\s]+)")
_AUTOTEST = re.compile(r"^\s*#+\s*(HASHED )?AUTOTEST\b", re.MULTILINE)
_UNSOLVED = re.compile(r"# YOUR CODE HERE\n\s*raise NotImplementedError\b")
_SETUP = "notebook_cells"
_INTRODUCTION = '"""What the tests need of the notebook\'s other cells."""\n\n'
_AWARD = '''

def award_points(award, value, points):
    """As nbgrader does: where the last value of a test is a number, it is the points earned."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        award(min(value / points, 1), f"{value:g} of {points:g}")
'''


@dataclass(frozen=True)
class _Cell:
    """A cell and what nbgrader's own notes say of it."""

    number: int
    code: bool
    text: str
    notes: Mapping[str, Any]

    def says(self, key: str) -> bool:
        return bool(self.notes.get(key))

    @property
    def kind(self) -> str:
        """Return answer, test, by hand, or text."""
        if self.says("task") or (self.says("grade") and (self.says("solution") or not self.code)):
            return "by hand"
        if self.says("grade"):
            return "test"
        return "answer" if self.code and self.says("solution") else "other"


@dataclass
class _Reading:
    """What was understood so far.

    Attributes:
        hidden: the numbers of the cells whose tests students are not to see.
    """

    starter: list[str] = field(default_factory=list)
    solution: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tests: list[tuple[_Cell, str]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    notes: list[Message] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)


def read_nbgrader(path: Path) -> Imported:
    """Return what a notebook asks and tests.

    Raises:
        UsageFault: where it is no notebook, or holds no test that runs by itself.
    """
    cells = list(_cells(path))
    reading = _Reading()
    for cell in cells:
        _take_in(reading, cell, path.name)
    names = as_names(str(cell.notes.get("grade_id") or f"cell_{cell.number}") for cell, _ in reading.tests)
    tests = [test for place, name in enumerate(names) if (test := _test(reading, place, name)) is not None]
    if not tests:
        raise UsageFault(none_left(path, reading.notes))
    setup = reading.around.needed_by([text for _, text in reading.tests])
    awards = any("award_points(" in test.function for test in tests)
    exported = sorted(bound_names(ast.parse(setup).body) | ({"award_points"} if awards else set()))
    modules = {f"{_SETUP}.py": _INTRODUCTION + setup + "\n" + (_AWARD if awards else "")} if exported else {}
    title, prompt = _texts(reading.texts, path.stem)
    return Imported(
        title,
        prompt,
        "\n\n\n".join(reading.starter) + "\n",
        "\n\n\n".join(reading.solution) + "\n",
        tuple(tests),
        "import submission\n" + (f"from {_SETUP} import {', '.join(exported)}\n" if exported else ""),
        modules,
        tuple(reading.notes),
    )


def _cells(path: Path) -> Iterator[_Cell]:
    try:
        notebook = json.loads(read_file(path))
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        for number, cell in enumerate(cells, 1):
            source = cell.get("source", cell.get("input", ""))
            notes = (cell.get("metadata") or {}).get("nbgrader") or {}
            yield _Cell(number, cell["cell_type"] == "code", "".join(source).replace("\r\n", "\n"), notes)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UsageFault(say("{file} is not a notebook: open it in Jupyter and save it again", file=path)) from None


def _take_in(reading: _Reading, cell: _Cell, file: str) -> None:
    by_hand = cell.kind == "by hand"
    if by_hand:
        points = cell.notes.get("points", "?")
        what = say(
            "cell {cell} ({id}, {points} points) is graded by hand and was left out of the checks",
            cell=cell.number,
            id=cell.notes.get("grade_id", "–"),
            points=points,
        )
        reading.notes.append(what)
    if not cell.code:
        published = not (by_hand and cell.says("solution"))
        if published and not _told_faults(reading, cell, say("the text was left out")):
            reading.texts.append(reduce(_without, _MARKS, cell.text))
        reading.notes += [
            say("cell {cell} shows a picture, {picture}, which was not copied", cell=cell.number, picture=picture)
            for picture in _PICTURE.findall(cell.text)
        ]
        return
    code = _python(reading, cell, file)
    if code is None:
        return
    if cell.kind == "test":
        _take_test(reading, cell, code)
        return
    answer = cell.kind == "answer" or (by_hand and cell.says("solution")) or _marked(code, "solution")
    doubtful = _told_faults(reading, cell, say("the starter has nothing of this cell"))
    if answer and not _marked(code, "solution") and _UNSOLVED.search(code):
        what = say(
            "cell {cell} contains no solution, like the notebook for students; import the "
            "notebook from nbgrader's source folder, or write the solution into solution.py",
            cell=cell.number,
        )
        reading.notes.append(what)
    solution = _without(code, "solution", keep=True)
    reading.solution.append(solution.strip("\n"))
    reading.starter.append((_STUB if doubtful else _stubbed(code) if answer else code).strip("\n"))
    (reading.around.add_answer if answer or doubtful else reading.around.add_other)(solution)


def _told_faults(reading: _Reading, cell: _Cell, then: Message) -> bool:
    """Tell what is wrong with a cell's marks, and what was done; return whether anything is."""
    own = {"test": ("hidden",)}.get(cell.kind, ("solution",)) if cell.code else tuple(_MARKS)
    found = list(marks_in(cell.text, _LINES, prose=not cell.code))
    faults = faults_of(found) + [_misplaced(each) for each in found if isinstance(each, Mark)
                                 and each.name not in [_MARKS[what] for what in own]]  # fmt: skip
    reading.notes += [fault.told(cell.number, then) for fault in faults]
    return bool(faults)


def _misplaced(mark: Mark) -> MarkFault:
    return MarkFault(mark.line, mark.text, say("{mark} does not belong in this kind of cell", mark=mark.text))


def _take_test(reading: _Reading, cell: _Cell, code: str) -> None:
    if _AUTOTEST.search(code):
        what = say(
            "cell {cell} ({id}) has AUTOTEST lines, which nbgrader turns into tests with the instructor's "
            "kernel; it was left out. Import the notebook that `nbgrader generate_assignment` made from it",
            cell=cell.number,
            id=cell.notes.get("grade_id", "–"),
        )
        reading.notes.append(what)
        return
    if _told_faults(reading, cell, say("the whole test is hidden")) or _marked(cell.text, "hidden"):
        reading.hidden.add(cell.number)
    reading.tests.append((cell, _without(code, "hidden", keep=True)))


def _test(reading: _Reading, place: int, name: str) -> ImportedTest | None:
    cell, code = reading.tests[place]
    known = {bound for each in reading.around.hosted for bound in each.binds} | reading.around.program
    earlier = reading.tests[:place]
    whole = with_earlier(code, [text for _, text in earlier], known)
    shown = with_earlier(code, [text for other, text in earlier if other.number not in reading.hidden], known)
    points = _points(cell)
    share = points if points and ends_with_value(code) else None
    try:
        function = as_function(f"test_{name}", whole, reading.around.program, share)
    except SyntaxError as error:
        what = say("cell {cell} ({name}) was left out: {words}", cell=cell.number, name=name, words=error.msg or "")
        reading.notes.append(what)
        return None
    # What is copied from a hidden test is hidden here too.
    return ImportedTest(name, points, function, cell.number in reading.hidden or whole != shown)


def _points(cell: _Cell) -> float:
    try:
        return max(float(cell.notes.get("points") or 0), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _python(reading: _Reading, cell: _Cell, file: str) -> str | None:
    """Return a cell's code without what only Jupyter understands; None where it is no Python."""
    alone = {"cells": [{"cell_type": "code", "source": cell.text}]}
    source = read_program(json.dumps(alone).encode(), file)
    text = source.text if isinstance(source, Source) and not source.faults else cell.text
    if text != cell.text:
        reading.notes.append(say("cell {cell} has lines for Jupyter only; they became comments", cell=cell.number))
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        what = say("cell {cell} is not Python and was left out: {words}", cell=cell.number, words=str(error)[:200])
        reading.notes.append(what)
        return None
    return text


def _marked(text: str, what: str) -> bool:
    return re.search(_BEGIN.format(_MARKS[what]), text) is not None


def _without(text: str, what: str, keep: bool = False) -> str:
    """Return the text without the marks of a region, and without the region unless it is kept."""
    begin, end = (re.compile(mark.format(_MARKS[what])) for mark in (_BEGIN, _END))
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        if begin.match(line) or end.match(line):
            inside = begin.match(line) is not None
        elif keep or not inside:
            lines.append(line)
    return "\n".join(lines)


def _stubbed(code: str) -> str:
    """Return an answer's cell as students get it: each region is replaced; without any, the whole cell is."""
    begin, end = (re.compile(mark.format(_MARKS["solution"])) for mark in (_BEGIN, _END))
    lines: list[str] = []
    inside = found = False
    for line in code.split("\n"):
        if begin.match(line):
            inside = found = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub for stub in _STUB.split("\n")]
        elif end.match(line):
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines) if found else _STUB


def _texts(texts: list[str], name: str) -> tuple[str, str]:
    """Return the title, which is the first heading at the top, and the rest as the prompt."""
    joined = "\n\n".join(text.strip() for text in texts if text.strip())
    first = joined.split("\n", 1)[0]
    if first.startswith("# "):
        return first.lstrip("# ").strip(), joined.partition("\n")[2].strip() or joined
    return name, joined or name


@dataclass(frozen=True)
class NoOptions:
    """A notebook of nbgrader's source folder says all there is to know."""


IMPORTER = SystemImporter(
    word="nbgrader",
    summary=say("Import a notebook of nbgrader's source folder, with its answers and tests."),
    example="ps1/problem1.ipynb",
    source=say("NOTEBOOK"),
    options=NoOptions,
    read=lambda path, _: read_nbgrader(path),
)

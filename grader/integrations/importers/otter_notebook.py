"""Reads a notebook as otter assign takes it: questions, answers and tests between marks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from grader.core.program.source import Source
from grader.core.words.message import Message, say
from grader.integrations.importers.otter_marks import (
    BEGIN_TEST,
    END_TEST,
    around_faults,
    code_faults,
    near,
    test_faults,
)
from grader.integrations.importers.otter_tests import Case, NotUnderstood, Question, case_of_function, question_with
from grader.store.students.programs import read_program

_MARK = re.compile(r"#\s+(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS)\b", re.IGNORECASE)
_CONFIG = re.compile(r"#\s+ASSIGNMENT\s+CONFIG\b", re.IGNORECASE)
_ASSIGNED = re.compile(r"(\s*(?:[\w.]+(?=[^\w.])(?:\[['\"]?.*['\"]?\])*(?:,\s*)?)+\s*=).* ?# ?SOLUTION\s*$")
_SOLVED = re.compile(r"(\s*).* ?# ?SOLUTION\s*$")
_BEGIN, _END = re.compile(r"(\s*)#\s*BEGIN SOLUTION( NO PROMPT)?\s*$"), re.compile(r".*#\s*END SOLUTION\s*$")
_DOUBTFUL = "doubtful"
_LEFT_OUT = ("# SOLUTION NO PROMPT", "# SEED")


@dataclass
class Assignment:
    """What a notebook holds."""

    questions: list[Question] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    solutions: list[str] = field(default_factory=list)
    starters: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def solution(self) -> str:
        return "\n\n\n".join(self.solutions) + "\n"

    @property
    def starter(self) -> str:
        return "\n\n\n".join(self.starters) + "\n"

    @property
    def prompt(self) -> str:
        return "\n\n".join(self.texts)


def is_assignment(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook has otter assign's marks."""
    return any(_mark(cell) or _is_config(cell) for cell in notebook["cells"] if isinstance(cell, dict))


def read_assignment(notebook: Mapping[str, Any], file: str) -> Assignment:
    """Return a notebook's questions, its answers as one program, and what students begin with."""
    found = Assignment()
    doubtful = _doubtful(found, notebook["cells"])
    inside: list[str] = []
    question: dict[str, Any] = {}
    cases: list[tuple[int, Mapping[str, Any]]] = []
    for number, cell in enumerate(notebook["cells"], 1):
        mark = _mark(cell)
        if mark is None:
            if "TESTS" in inside:
                cases.append((number, cell))
            elif not _is_config(cell):
                _take_cell(found, cell, number, [*inside, _DOUBTFUL] if number in doubtful else inside, file)
            continue
        begins, what = mark
        if begins and what == "QUESTION":
            question, cases = _settings(cell), []
        if not begins and what == "QUESTION":
            _take_question(found, question, cases, number, file, number in doubtful)
            question = {}
        inside = [*inside, what] if begins else [each for each in inside if each != what]
    return found


def _doubtful(found: Assignment, cells: Sequence[Mapping[str, Any]]) -> set[int]:
    """Tell what is wrong with the marks around questions; return the cells of which nothing is to be published."""
    texts = [(_raw(cell) or _source(cell), bool(_raw(cell)), cell.get("cell_type") == "code") for cell in cells]
    faults = around_faults(texts)
    then = say("nothing of this question is in the starter and in the prompt, and its tests are hidden")
    found.notes += [fault.told(number, then) for number, fault in faults]
    marks = {number: mark for number, cell in enumerate(cells, 1) if (mark := _mark(cell)) is not None}
    questions = [(number, begins) for number, (begins, what) in marks.items() if what == "QUESTION"]
    return near(questions, [number for number, _ in faults], len(cells))


def _take_cell(found: Assignment, cell: Mapping[str, Any], number: int, inside: list[str], file: str) -> None:
    text = _source(cell)
    kind = cell.get("cell_type")
    if kind == "markdown" and not {"SOLUTION", _DOUBTFUL} & {*inside} and text.strip():
        found.texts.append(text.strip())
    if kind != "code":
        return
    code = _python(text, file)
    if code is None:
        found.notes.append(say("cell {cell} is not Python and was left out: {words}", cell=number, words=text[:60]))
        return
    if "PROMPT" not in inside:
        found.solutions.append(_solved(code).strip("\n"))
    faults = code_faults(text)
    then = say("the starter has nothing of this cell")
    found.notes += [fault.told(number, then) for fault in faults]
    if _DOUBTFUL in inside or faults:
        found.starters.append("...")
        return
    prompted = _prompted(code).strip("\n")
    if "SOLUTION" not in inside or prompted != code.strip("\n"):
        found.starters.append(prompted)


def _take_question(
    found: Assignment,
    settings: Mapping[str, Any],
    cells: list[tuple[int, Mapping[str, Any]]],
    number: int,
    file: str,
    doubtful: bool,
) -> None:
    name = str(settings.get("name") or f"q{len(found.questions) + 1}")
    if settings.get("manual") or not cells:
        what = say("question {name} (it ends in cell {cell}) has no tests or is graded by hand", name=name, cell=number)
        found.notes.append(what)
        return
    try:
        found.questions.append(_question(name, settings, cells, file, found.notes, doubtful))
    except NotUnderstood as error:
        found.notes.append(error.message)
    except (SyntaxError, ValueError, TypeError, yaml.YAMLError) as error:
        what = say("the tests of question {name} (it ends in cell {cell}) were not understood: {words}",
                   name=name, cell=number, words=str(error)[:200])  # fmt: skip
        found.notes.append(what)


def _question(
    name: str,
    settings: Mapping[str, Any],
    cells: list[tuple[int, Mapping[str, Any]]],
    file: str,
    notes: list[Message],
    doubtful: bool,
) -> Question:
    cases: list[Case] = []
    for number, cell in cells:
        case, faults = _case(cell), test_faults(_source(cell))
        notes += [fault.told(number, say("the whole test is hidden")) for fault in faults]
        cases.append(replace(case, hidden=case.hidden or doubtful or bool(faults)))
    return question_with(name, tuple(cases), settings.get("points"), bool(settings.get("all_or_nothing")), file)


def _case(cell: Mapping[str, Any]) -> Case:
    """Return the case of a test cell: its settings stand in its first line or in a text at its top."""
    lines = _source(cell).split("\n")
    settings: dict[str, Any] = {}
    if BEGIN_TEST.match(lines[0]):
        end = next((i for i, line in enumerate(lines) if END_TEST.match(line)), len(lines) - 1)
        read = yaml.safe_load("\n".join(lines[1:end]))
        settings, lines = (read if isinstance(read, dict) else {}), lines[end + 1 :]
    elif lines[0].lstrip().startswith("#") and re.search(r"\bhidden\b", lines[0], re.IGNORECASE):
        settings, lines = {"hidden": True}, lines[1:]
    tree = ast.parse("\n".join(lines))
    if tree.body and isinstance(tree.body[0], ast.FunctionDef):
        # What follows it calls it, so that it runs in the author's notebook too.
        return case_of_function(tree.body[0], (), settings)
    return Case(
        bool(settings.get("hidden", False)),
        settings.get("points"),
        doctest=_as_doctest(tree, cell),
        message=str(settings.get("failure_message") or ""),
    )


def _as_doctest(tree: ast.Module, cell: Mapping[str, Any]) -> str:
    """Return code as examples, the last of which prints what the author's notebook shows below the cell."""
    examples: list[str] = []
    for node in tree.body:
        first, *more = ast.unparse(node).split("\n")
        examples += [f">>> {first}", *(f"... {line}" for line in more)]
    printed = "".join(map(_printed, cell.get("outputs", ())))
    return "\n".join([*examples, *filter(None, printed.split("\n"))])


def _printed(output: Mapping[str, Any]) -> str:
    shown = output.get("text") or output.get("data", {}).get("text/plain") or ""
    return "".join(shown)


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell.get("source", "")).replace("\r\n", "\n")


def _raw(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell that is a mark: a raw one, or Markdown with a fence of otter's around it."""
    text = _source(cell)
    if cell.get("cell_type") == "raw":
        return text
    fenced = re.fullmatch(r"\s*```otter\s*\n(.*?)\n```\s*", text, re.DOTALL)
    return fenced[1] if fenced and cell.get("cell_type") == "markdown" else ""


def _mark(cell: Mapping[str, Any]) -> tuple[bool, str] | None:
    found = _MARK.match(_raw(cell))
    return (found[1].upper() == "BEGIN", found[2].upper()) if found else None


def _is_config(cell: Mapping[str, Any]) -> bool:
    return _CONFIG.match(_raw(cell)) is not None


def _settings(cell: Mapping[str, Any]) -> dict[str, Any]:
    try:
        read = yaml.safe_load(_raw(cell))
    except yaml.YAMLError:
        read = None
    return read if isinstance(read, dict) else {}


def _python(text: str, file: str) -> str | None:
    source = read_program(json.dumps({"cells": [{"cell_type": "code", "source": text}]}).encode(), file)
    try:
        ast.parse(source.text if isinstance(source, Source) else "(")
    except (SyntaxError, ValueError, RecursionError):
        return None
    return source.text if isinstance(source, Source) else None


def _solved(code: str) -> str:
    """Return a cell with its answers and without otter's marks, and without what stands there for students only."""
    lines: list[str] = []
    prompt = False
    for line in code.split("\n"):
        stripped = line.strip()
        if stripped.startswith(("# BEGIN PROMPT", '"""; # BEGIN PROMPT', '""" # BEGIN PROMPT')):
            prompt = True
        elif stripped.endswith("# END PROMPT"):
            prompt = False
        elif not prompt and not _BEGIN.match(line) and not _END.match(line):
            lines.append(re.sub(r"\s*# ?(SOLUTION( NO PROMPT)?|SEED)\s*$", "", line))
    return "\n".join(lines)


def _prompted(code: str) -> str:
    """Return a cell as students get it: what is an answer becomes `...`."""
    lines: list[str] = []
    inside = False
    for line in code.split("\n"):
        begins = _BEGIN.match(line)
        if begins:
            inside = True
            lines += [] if begins[2] else [f"{begins[1]}..."]
        elif _END.match(line):
            inside = False
        elif not inside and not line.rstrip().endswith((*_LEFT_OUT, "# BEGIN PROMPT", "# END PROMPT")):
            lines.append(_without_answer(line))
    return "\n".join(lines)


def _without_answer(line: str) -> str:
    for pattern, between in ((_ASSIGNED, " ..."), (_SOLVED, "...")):
        if found := pattern.match(line):
            return found[1] + between
    return line

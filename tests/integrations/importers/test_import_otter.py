"""Otter's tests, in each of its formats, become exercises that the solution passes and the starter does not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from examined import COURSE, Lent, said

from grader.actions.author.import_exercise import import_exercise
from grader.core.course.imported import Imported
from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.core.words.errors import UsageFault
from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.integrations.importers.otter import read_otter
from grader.integrations.importers.otter_tests import NotUnderstood, question_of, read_test_file
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can fork a box", allow_module_level=True)

# As otter assign writes them.
OK = """
OK_FORMAT = True

test = {   'name': 'q1',
    'points': 4,
    'suites': [   {   'cases': [   {   'code': '>>> square(3)\\n9', 'hidden': False, 'locked': False},
                                   {   'code': '>>> values = [square(x) for x in range(3)]\\n'
                                               '>>> print(np.array(values))\\n'
                                               '[0 1 4]',
                                       'hidden': True, 'locked': False, 'points': 3,
                                       'failure_message': 'look at zero'},
                                   {   'code': ">>> values[1] == 1\\nTrue\\n>>> '\\\\'' * 2\\n\\"''\\"",
                                       'hidden': True, 'locked': False, 'points': 0}],
                      'scored': True, 'setup': '', 'teardown': '', 'type': 'doctest'}]}
"""
EXCEPTIONS = """
from otter.test_files import test_case
import math

OK_FORMAT = False

name = "q2"
points = 2

@test_case(points=None, hidden=False)
def test_root(env):
    # a comment
    assert math.isclose(env["root"](16), 4), "the root of 16"
    assert "nothing" not in env

@test_case(points=1.5, hidden=True, failure_message="and of 0?")
def test_zero(root, missing):
    assert missing is None
    assert root(0) == 0
"""
SOLUTION = """
import numpy as np

def square(x):
    "Square it."
    return x * x

def root(x):
    return x ** 0.5
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["pytest"])
    yield box
    box.close()


@pytest.fixture
def files(tmp_path: Path) -> CourseFiles:
    (tmp_path / "course.yaml").write_text(COURSE)
    return find_course(tmp_path)


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return read_otter(written(tmp_path), tmp_path / "hw1/answer.py")


def written(tmp_path: Path) -> Path:
    folder = tmp_path / "hw1"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests/q1.py").write_text(OK)
    (folder / "tests/q2.py").write_text(EXCEPTIONS)
    (folder / "tests/q3.py").write_text("print('no test')\n")
    (folder / "answer.py").write_text(SOLUTION)
    return folder


def judged(files: CourseFiles, id: str, program: str, box: Sandbox) -> dict[str, CheckResult]:
    key = answer_key(files, files.exercise(id), b"seed")
    return {
        each.name: each
        for each in judge_submission(known_closely(key), Source(program, f"{id}.py"), lambda _: Lent(box)).checks
    }


def scores(files: CourseFiles, id: str, program: str, box: Sandbox) -> dict[str, float | None]:
    return {name: result.score for name, result in judged(files, id, program, box).items()}


POINTS = {"q1_1": 1, "q1_2": 3, "q1_3": 0, "q2_1": 0.5, "q2_2": 1.5}


def test_both_formats_are_imported_with_their_points(files: CourseFiles, imported: Imported, box: Sandbox) -> None:
    exercise, names = import_exercise(files, imported, "5.1")
    assert exercise.points == POINTS
    assert scores(files, "5.1", SOLUTION, box) == POINTS
    starter = (files.root / "exercises/5.1/starter.py").read_text()
    assert '"""Square it."""' in starter
    assert "x * x" not in starter
    assert set(scores(files, "5.1", starter, box).values()) == {0}
    visible = (files.root / "exercises/5.1/tests/test_open.py").read_text()
    assert "square(3)" in visible and "look at zero" not in visible
    assert "solutions/5.1/tests/test_hidden.py" in names


def test_what_a_case_found_is_told_without_the_hidden_case_itself(
    files: CourseFiles, imported: Imported, box: Sandbox
) -> None:
    import_exercise(files, imported, "5.1")
    program = SOLUTION.replace("return x * x", "return x + 5").replace("x ** 0.5", "abs(x) / 4 + 1e-3")
    told = {name: said(result) for name, result in judged(files, "5.1", program, box).items()}
    assert "square(3)\nexpected: 9" in told["q1_1"]
    assert told["q1_2"] == "A test that students do not see fails."
    assert "the root of 16" in told["q2_1"]
    assert told["q2_2"] == "A test that students do not see fails."


def test_a_hostile_program_gains_nothing(files: CourseFiles, imported: Imported, box: Sandbox) -> None:
    import_exercise(files, imported, "5.1")
    hostile = (
        "import doctest, sys\ndoctest.OutputChecker.check_output = lambda *_: True\n"
        "class All:\n    __eq__ = lambda *_: True\n    __repr__ = lambda _: 'True'\n"
        "np = type('np', (), {'array': staticmethod(lambda _: '[0 1 4]')})\nvalues = [1, 1]\n"
        "square = root = lambda x: All()\nsys.exit()\n"
    )
    assert set(scores(files, "5.1", hostile, box).values()) == {0}


def test_what_was_not_understood_is_told(imported: Imported) -> None:
    told = "\n".join(note.said(str) for note in imported.notes)
    assert "q3.py is not a test file of otter" in told
    assert "there is no starter" in told


def test_all_or_nothing_is_one_check(files: CourseFiles, tmp_path: Path, box: Sandbox) -> None:
    folder = written(tmp_path)
    (folder / "tests/q1.py").write_text(OK.replace("'points': 4,", "'points': 4, 'all_or_nothing': True,"))
    exercise, _ = import_exercise(files, read_otter(folder, folder / "answer.py"), "5.1")
    assert exercise.points == {"q1": 4, "q2_1": 0.5, "q2_2": 1.5}
    assert scores(files, "5.1", SOLUTION, box)["q1"] == 4
    assert scores(files, "5.1", SOLUTION.replace("return x * x", "return x * x if x else 1"), box)["q1"] == 0


def cell(kind: str, source: str, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "cell_type": kind,
        "metadata": {},
        "source": source,
        **({"outputs": outputs or []} if kind == "code" else {}),
    }


ASSIGN = [
    cell("raw", "# ASSIGNMENT CONFIG\ninit_cell: true"),
    cell("markdown", "# Homework"),
    cell("code", "%matplotlib inline\nimport math"),
    cell("raw", "# BEGIN QUESTION\nname: area\npoints: 3"),
    cell("markdown", "Write area(r)."),
    cell("raw", "# BEGIN SOLUTION"),
    cell("code", "def area(r):\n    # BEGIN SOLUTION\n    square = r * r\n    return math.pi * square\n    # END SOLUTION\n\nunit = area(1) # SOLUTION"),  # noqa: E501
    cell("raw", "# END SOLUTION"),
    cell("raw", "# BEGIN TESTS"),
    cell("code", "round(area(2), 3)", [{"output_type": "execute_result", "data": {"text/plain": ["12.566"]}}]),
    cell("code", "# HIDDEN\nfor r in (1, 2):\n    print(round(area(r) / r, 2))", [{"output_type": "stream", "text": "3.14\n6.28\n"}]),  # noqa: E501
    cell("code", '""" # BEGIN TEST CONFIG\npoints: 2\nhidden: true\nfailure_message: the unit circle\n""" # END TEST CONFIG\nunit == math.pi', [{"data": {"text/plain": "True"}}]),  # noqa: E501
    cell("raw", "# END TESTS"),
    cell("raw", "# END QUESTION"),
    cell("markdown", "```otter\n# BEGIN QUESTION\nname: essay\nmanual: true\n```"),
    cell("markdown", "Say why."),
    cell("markdown", "```otter\n# END QUESTION\n```"),
]  # fmt: skip


def test_the_notebook_that_otter_assign_takes_is_imported(tmp_path: Path, files: CourseFiles, box: Sandbox) -> None:
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": ASSIGN}))
    imported = read_otter(path)
    exercise, _ = import_exercise(files, imported, "5.2")
    assert exercise.points == {"area_1": 0.5, "area_2": 0.5, "area_3": 2}
    solution = (files.root / "solutions/5.2/solution.py").read_text()
    starter = (files.root / "exercises/5.2/starter.py").read_text()
    assert scores(files, "5.2", solution, box) == exercise.points
    assert set(scores(files, "5.2", starter, box).values()) == {0}
    assert "math.pi" not in starter and "unit = ..." in starter
    assert "Write area(r)." in exercise.prompt.said_in("en")
    assert "question essay (it ends in cell 17) has no tests" in "\n".join(note.said(str) for note in imported.notes)


def read(tmp_path: Path, cells: list[dict[str, Any]]) -> Imported:
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    return read_otter(path)


def assignment(
    code: str = "def area(r):\n    return r * 7 # SOLUTION", test: str = "area(2)", **marks: str
) -> list[Any]:
    """Return a notebook with one question after another one that is right; `marks` are other texts of its raw cells."""
    shown = [{"output_type": "execute_result", "data": {"text/plain": ["14"]}}]
    raw = {
        "question": "# BEGIN QUESTION\nname: area",
        "solution": "# BEGIN SOLUTION",
        "solved": "# END SOLUTION",
        "tests": "# BEGIN TESTS",
        "tested": "# END TESTS",
        "ended": "# END QUESTION",
        **marks,
    }
    cells = {name: [cell("raw", text)] if text else [] for name, text in raw.items()}
    return [
        *(
            cell("raw", "# BEGIN QUESTION\nname: first"),
            cell("markdown", "Write one()."),
            cell("raw", "# BEGIN SOLUTION"),
        ),
        *(
            cell("code", "def one():\n    return 1 # SOLUTION"),
            cell("raw", "# END SOLUTION"),
            cell("raw", "# BEGIN TESTS"),
        ),
        *(cell("code", "one()", [{"output_type": "execute_result", "data": {"text/plain": ["1"]}}]),),
        *(
            cell("raw", "# END TESTS"),
            cell("raw", "# END QUESTION"),
            *cells["question"],
            cell("markdown", "Write area(r)."),
        ),
        *(*cells["solution"], cell("markdown", "It is 7 times r."), cell("code", code), *cells["solved"]),
        *(*cells["tests"], cell("code", test, shown), *cells["tested"], *cells["ended"]),
    ]


def told_of(imported: Imported) -> list[str]:
    return [note.said(str) for note in imported.notes]


def test_marks_that_are_right_hide_nothing_else(tmp_path: Path) -> None:
    imported = read(tmp_path, assignment())
    assert told_of(imported) == [] and [test.hidden for test in imported.tests] == [False, False]
    assert "def area(r):\n    ..." in imported.starter and "7" not in imported.starter + imported.prompt


@pytest.mark.parametrize(
    "marks",
    [
        {"solution": "# BEGIN SOLUTON"},
        {"solution": ""},
        {"solution": "#BEGIN SOLUTION"},
        {"solution": "# END SOLUTION", "solved": "# BEGIN SOLUTION"},
        {"solved": ""},
        {"solved": "# END SOLUTIONS"},
        {"solved": "# END"},
        {"tests": "# BEGIN TEST"},
        {"tests": ""},
        {"tested": ""},
        {"tested": "# END TEST"},
        {"ended": "# END QUESTON"},
        {"ended": ""},
        {"question": "# BEGIN QUESTOIN\nname: area"},
        {"question": ""},
        {"tests": "# BEGIN HIDDEN TESTS", "tested": "# END HIDDEN TESTS"},
    ],
)
def test_of_a_question_whose_marks_are_not_right_nothing_is_published(tmp_path: Path, marks: dict[str, str]) -> None:
    imported = read(tmp_path, assignment(**marks))
    assert "r * 7" not in imported.starter and "7 times" not in imported.prompt and "area(2)" not in imported.starter
    assert [(test.name, test.hidden) for test in imported.tests][:1] == [("first", False)]
    assert all(test.hidden for test in imported.tests[1:])
    assert told_of(imported) and told_of(imported)[0].startswith("cell 1")
    assert "return 1" not in imported.starter and "Write one()." in imported.prompt


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_a_mark_in_a_cell_where_otter_does_not_look_is_told(tmp_path: Path, kind: str) -> None:
    cells = [{**each, "cell_type": kind} if each["source"] == "# BEGIN SOLUTION" else each for each in assignment()[9:]]
    imported = read(tmp_path, cells)
    assert "7 times" not in imported.prompt and "7" not in imported.starter
    assert any("is not in a raw cell" in note for note in told_of(imported))


@pytest.mark.parametrize(
    "code",
    [
        "def area(r):\n    # BEGIN SOLUTON\n    return r * 7\n    # END SOLUTON",
        "def area(r):\n    # BEGIN SOLUTION\n    return r * 7",
        "def area(r):\n    return r * 7\n    # END SOLUTION",
        "def area(r):\n    # END SOLUTION\n    return r * 7\n    # BEGIN SOLUTION",
        "def area(r):\n    # begin solution\n    return r * 7\n    # end solution",
        "def area(r):\n    ### BEGIN HIDDEN\n    return r * 7\n    ### END HIDDEN",
        "def area(r):\n    return r * 7 # SOLUTON",
        "def area(r):\n    return r * 7 # solution",
        'def area(r):\n    return r * 7 # SOLUTION\n""" # BEGIN PROMPT\ndef area(r): ...',
    ],
)
def test_a_starter_has_nothing_of_code_whose_marks_are_not_right(tmp_path: Path, code: str) -> None:
    imported = read(tmp_path, assignment(code))
    assert "area" not in imported.starter and "r * 7" in imported.solution
    assert [test.hidden for test in imported.tests] == [False, False]
    assert told_of(imported) and all(note.startswith("cell 14, line ") for note in told_of(imported))


@pytest.mark.parametrize(
    "test",
    [
        "# HIDEN\narea(2)",
        "x = 1\n# HIDDEN\narea(2)",
        "### BEGIN HIDDEN TESTS\narea(2)\n### END HIDDEN TESTS",
        "# BEGIN TEST CONFIG\n# hidden: true\n# END TEST CONFIG\narea(2)",
        '""" # BEGIN TEST CONFIG\nhiden: true\n""" # END TEST CONFIG\narea(2)',
        '\n""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\narea(2)',
        '""" # BEGIN TEST CONFG\nhidden: true\n""" # END TEST CONFIG\narea(2)',
    ],
)
def test_a_test_whose_marks_are_not_right_is_hidden(tmp_path: Path, test: str) -> None:
    imported = read(tmp_path, assignment(test=test))
    assert [test.hidden for test in imported.tests] == [False, True]
    assert told_of(imported) and all("the whole test is hidden" in note for note in told_of(imported))


def test_tests_in_a_notebooks_metadata_are_read(tmp_path: Path) -> None:
    spec = {"name": "q1", "points": 2, "suites": [{"cases": [{"code": ">>> f(1)\n1", "hidden": False}]}]}
    content = {
        "nbformat": 4,
        "metadata": {"otter": {"tests": {"q1": spec}}},
        "cells": [cell("code", "def f(x): return x")],
    }
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps(content))
    assert [(test.name, test.points, test.hidden) for test in read_otter(path).tests] == [("q1", 2, False)]


@pytest.mark.parametrize(
    ("points", "cases", "expected"),
    [
        (None, [None, None], (0.5, 0.5)),
        (None, [2, None], (2, 0)),
        (3, [1, None, None], (1, 1, 1)),
        ([1, 2], [None, None], (1, 2)),
        ({"each": 2}, [None, None], (2, 2)),
    ],
)
def test_points_are_shared_by_otters_rules(points: Any, cases: list[Any], expected: tuple[float, ...]) -> None:
    spec = {
        "name": "q",
        "points": points,
        "suites": [{"cases": [{"code": ">>> 1\n1", "points": each} for each in cases]}],
    }
    assert question_of(spec, "q.py").points == expected


@pytest.mark.parametrize(
    "text",
    [
        "test = {",
        "test = {'name': 'q', 'suites': []}",
        "test = {'name': 'q', 'suites': [{'cases': []}]}",
        "test = {'name': 'q', 'points': 1, 'suites': [{'cases': [{'code': '', 'points': 3}]}]}",
        "test = {'name': 'q', 'suites': [{'setup': '>>> import x', 'cases': [{'code': ''}]}]}",
        "test = open('/etc/passwd')",
    ],
)
def test_a_file_that_otter_would_not_read_is_told_and_never_run(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_test_file(text, "q.py")


def test_without_a_solution_or_a_test_there_is_nothing_to_import(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with pytest.raises(UsageFault, match="--solution FILE"):
        read_otter(folder)
    with pytest.raises(UsageFault) as caught:
        read_otter(folder / "tests/q3.py", folder / "answer.py")
    told = caught.value.messages[0].said(str)
    assert "holds no test that runs by itself" in told
    assert "q3.py is not a test file" in told

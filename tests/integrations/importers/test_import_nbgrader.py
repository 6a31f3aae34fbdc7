"""Notebooks of nbgrader become exercises that its own solution passes and its stub does not."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from examined import COURSE, Lent
from repository import ROOT

from grader.actions.author.import_exercise import import_exercise
from grader.core.course.imported import Imported
from grader.core.program.source import Source
from grader.core.words.errors import UsageFault
from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.integrations.importers.nbgrader import read_nbgrader
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can lock a box", allow_module_level=True)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["pytest", "numpy"])
    yield box
    box.close()


@pytest.fixture
def files(tmp_path: Path) -> CourseFiles:
    (tmp_path / "course.yaml").write_text(COURSE)
    return find_course(tmp_path)


def scores(files: CourseFiles, id: str, program: str, box: Sandbox) -> dict[str, float | None]:
    key = answer_key(files, files.exercise(id), b"seed")
    checks = judge_submission(known_closely(key), Source(program, f"{id}.py"), lambda _: Lent(box)).checks
    return {check.name: check.score for check in checks}


def texts(files: CourseFiles, id: str) -> tuple[str, str]:
    root = files.root
    return (root / "solutions" / id / "solution.py").read_text(), (root / "exercises" / id / "starter.py").read_text()


def notebook(path: Path, *cells: tuple[str, dict[str, Any] | None], version: int = 4) -> Path:
    """Write a notebook; a cell without notes of nbgrader has None, a text begins with `text:`."""
    written = []
    for source, notes in cells:
        text = source.startswith("text:")
        metadata = {} if notes is None else {"nbgrader": notes}
        body = source.removeprefix("text:")
        key = "source" if version == 4 or text else "input"
        written.append({"cell_type": "markdown" if text else "code", "metadata": metadata, key: body.splitlines(True)})
    content = {"cells": written} if version == 4 else {"worksheets": [{"cells": written}]}
    path.write_text(json.dumps({"nbformat": version, "metadata": {}, **content}))
    return path


def answer(id: str = "answer", schema: int = 3) -> dict[str, Any]:
    return {"grade": False, "solution": True, "locked": False, "grade_id": id, "schema_version": schema}


def graded(id: str, points: Any = 1, schema: int = 3) -> dict[str, Any]:
    return {"grade": True, "solution": False, "points": points, "grade_id": id, "schema_version": schema}


def test_the_quickstart_course_of_nbgrader_imports_and_its_solution_gets_full_marks(
    tmp_path: Path, files: CourseFiles, box: Sandbox
) -> None:
    # What `nbgrader quickstart` copies: the command itself takes half a minute to do so.
    (package,) = importlib.util.find_spec("nbgrader").submodule_search_locations  # type: ignore[union-attr, misc]
    shutil.copytree(Path(package) / "docs/source/user_guide/source/ps1", tmp_path / "course101/source/ps1")
    command = [sys.executable, "-P", "-m", "grader", "import", "nbgrader", "course101/source/ps1/problem1.ipynb"]
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
    done = subprocess.run([*command, "--id", "5.1"], cwd=tmp_path, env=own, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Wrote exercises/5.1/exercise.yaml" in done.stdout
    exercise = files.exercise("5.1")
    assert exercise.points == {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
    }
    solution, starter = texts(files, "5.1")
    assert scores(files, "5.1", solution, box) == exercise.points
    assert set(scores(files, "5.1", starter, box).values()) == {0}
    own = solution.replace("return sum(squares(n))", "return n * (n + 1) * (2 * n + 1) // 6")
    assert scores(files, "5.1", own, box) == {**exercise.points, "sum_of_squares_uses_squares": 0}
    # As nbgrader's own users are wont to get full marks.
    hostile = (
        "import sys\nclass All:\n    __eq__ = lambda *_: True\nsquares = sum_of_squares = lambda n: All()\nsys.exit()"
    )
    assert set(scores(files, "5.1", hostile, box).values()) == {0}
    told = [line.removeprefix("Note: ") for line in done.stdout.splitlines() if "by hand" in line]
    assert told == [
        f"cell {cell} is graded by hand and was left out of the checks"
        for cell in (
            "15 (sum_of_squares_equation, 1 points)",
            "17 (sum_of_squares_application, 2 points)",
            "18 (cell-938593c4a215c6cc, 4 points)",
        )
    ]


MIXED = (
    ("text:# Means\n\nWrite **mean**.", None),
    ("%matplotlib inline\nimport numpy as np\nimport random", None),
    ("data = np.array([1.0, 2.0, 6.0])\nrandom.seed(1)\nscale = 2", None),
    ('def mean(xs):\n    """The mean\n\nof xs."""\n    ### BEGIN SOLUTION\n    return sum(xs) / len(xs)\n    ### END SOLUTION', answer()),  # noqa: E501
    ("import math", answer("imports")),
    ("doubled = mean(data) * scale", None),
    ("def close(a, b):\n    return abs(a - b) < 1e-9\n\nassert close(mean(data), 3)  # a comment", graded("open")),
    ('### BEGIN HIDDEN TESTS\nfor mean_ in [mean(xs) for xs in ([1], [2])]:\n    assert math.isfinite(mean_)\n### END HIDDEN TESTS\n'  # noqa: E501
     'text = """\n  kept\n"""\nassert text == "\\n  kept\\n"\nassert close(doubled, 6), f"{doubled} is not 6"', graded("hidden", 2)),  # noqa: E501
    ("points = 0\nif mean([4, 4]) == 4:\n    points += 1\nif mean([1, -1]) == 0:\n    points += 3\npoints", graded("shared", 4)),  # noqa: E501
    ("answer = mean", {**graded("essay", 3), "solution": True}),
)  # fmt: skip


def mixed(tmp_path: Path) -> Imported:
    return read_nbgrader(notebook(tmp_path / "mixed.ipynb", *MIXED))


def test_what_tests_need_of_other_cells_comes_along(tmp_path: Path, files: CourseFiles, box: Sandbox) -> None:
    imported = mixed(tmp_path)
    exercise, written = import_exercise(files, imported, None)
    assert exercise.id == "9.1"
    assert exercise.title.said_in("en") == "Means"
    solution, starter = texts(files, "9.1")
    assert scores(files, "9.1", solution, box) == {"open": 1, "hidden": 2, "shared": 4}
    assert set(scores(files, "9.1", starter, box).values()) == {0}
    assert "BEGIN SOLUTION" not in solution
    assert "sum(xs)" not in starter
    assert [name for name in written if "hidden" in name] == ["solutions/9.1/tests/test_hidden.py"]
    assert "isfinite" not in (files.root / "exercises/9.1/tests/test_open.py").read_text()
    setup = (files.root / "exercises/9.1/tests/notebook_cells.py").read_text()
    assert "import math" in setup and "data = " in setup and "doubled" not in setup


def test_the_number_that_a_test_cell_ends_with_is_the_points_earned(
    tmp_path: Path, files: CourseFiles, box: Sandbox
) -> None:
    import_exercise(files, mixed(tmp_path), None)
    assert scores(files, "9.1", "def mean(xs):\n    return xs[0]\n", box)["shared"] == 1


def test_everything_that_was_not_understood_is_told_with_its_cell(tmp_path: Path) -> None:
    told = [note.said(str) for note in mixed(tmp_path).notes]
    assert told == [
        "cell 2 has lines for Jupyter only; they became comments",
        "cell 10 (essay, 3 points) is graded by hand and was left out of the checks",
    ]


def test_answers_without_a_solution_are_told(tmp_path: Path) -> None:
    stub = "def mean(xs):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    kept = "def median(xs):\n    ### BEGIN SOLUTION\n    raise NotImplementedError()\n    ### END SOLUTION"
    cells = [(stub, answer()), (kept, answer("kept")), ("assert mean([1]) == 1", graded("test"))]
    told = [note.said(str) for note in read_nbgrader(notebook(tmp_path / "release.ipynb", *cells)).notes]
    assert len(told) == 1 and told[0].startswith("cell 1 contains no solution, like the notebook for students")


@pytest.mark.parametrize("schema", [1, 2, 3])
@pytest.mark.parametrize("version", [3, 4])
def test_older_schemas_and_notebooks_are_read(tmp_path: Path, schema: int, version: int) -> None:
    cells = (("x = 1", answer(schema=schema)), ("assert x == 1", graded("a b", "2", schema)), ("y = ", None))
    imported = read_nbgrader(notebook(tmp_path / "old.ipynb", *cells, version=version))
    assert [(each.name, each.points) for each in imported.tests] == [("a_b", 2.0)]
    assert "assert submission.x == 1" in imported.tests[0].function
    assert imported.starter == "# YOUR CODE HERE\nraise NotImplementedError()\n"
    assert "cell 3 is not Python and was left out" in imported.notes[0].said(str)


def test_names_that_a_test_binds_itself_are_its_own(tmp_path: Path) -> None:
    code = "def f(x, square=1):\n    return square + x\n\ncubes = [cube for cube in (1, 2)]\ndef cube(x): ...\nassert square(cube=2) and f"  # noqa: E501
    cells = (("def square(x): ...\ndef cube(x): ...", answer()), (code, graded("t")))
    function = read_nbgrader(notebook(tmp_path / "own.ipynb", *cells)).tests[0].function
    assert function.count("submission.") == 1
    assert "submission.square(cube=2)" in function


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "is not a notebook"),
        ("{", "is not a notebook"),
        ('{"cells": [{"cell_type": "code"}, 3]}', "is not a notebook"),
        ('{"cells": []}', "holds no test that runs by itself"),
    ],
)
def test_what_is_no_assignment_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(content)
    with pytest.raises(UsageFault, match=told):
        read_nbgrader(path)


def test_nothing_is_overwritten(tmp_path: Path, files: CourseFiles) -> None:
    imported = mixed(tmp_path)
    kept = files.root / "solutions/9.1/solution.py"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    with pytest.raises(UsageFault, match="never overwritten"):
        import_exercise(files, imported, "9.1")
    assert kept.read_text() == "mine"
    assert not (files.root / "exercises/9.1").exists() or not any((files.root / "exercises/9.1").rglob("*.*"))


MSE = "def mse(p, y):\n    ### BEGIN SOLUTION\n    return 9\n    ### END SOLUTION"
OPEN, HIDDEN = "assert mse(1, 2) == 1", "assert mse(0, 3) == 9"


def told_of(imported: Imported) -> list[str]:
    return [note.said(str) for note in imported.notes]


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("### BEGIN HIDEN TESTS", "### END HIDEN TESTS"),
        ("### BEGIN HIDDEN TEST", "### END HIDDEN TEST"),
        ("### BEGN HIDDEN TESTS", "### END HIDDEN TESTS"),
        ("### begin hidden tests", "### end hidden tests"),
        ("###BEGIN_HIDDEN_TESTS", "###END_HIDDEN_TESTS"),
        ("### HIDDEN TESTS", "### END"),
        ("### BEGIN SECRET", "### END SECRET"),
        ("### BEGIN HIDDEN TESTS", ""),
        ("", "### END HIDDEN TESTS"),
        ("### END HIDDEN TESTS", "### BEGIN HIDDEN TESTS"),
        ("### BEGIN HIDDEN TESTS", "### END SOLUTION"),
        ("### BEGIN SOLUTION", "### END SOLUTION"),
        ("x = 1  ### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
        ("### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
    ],
)
def test_a_test_whose_marks_are_not_right_is_hidden_and_told(tmp_path: Path, begin: str, end: str) -> None:
    test = "\n".join([OPEN, begin, HIDDEN, end])
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", (MSE, answer()), (test, graded("mse", 2))))
    (check,) = imported.tests
    assert check.hidden and "(0, 3)" in check.function and "(1, 2)" in check.function
    assert told_of(imported) and all(note.startswith("cell 2, line ") for note in told_of(imported))
    assert all(note.endswith("; the whole test is hidden") for note in told_of(imported))


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("### BEGIN SOLUTON", "### END SOLUTON"),
        ("### BEGIN SOLUTION", ""),
        ("", "### END SOLUTION"),
        ("### END SOLUTION", "### BEGIN SOLUTION"),
        ("### Begin Solution", "### End Solution"),
        ("## BEGIN: SOLUTION", "## END: SOLUTION"),
        ("### BEGIN SOLUTION", "### END HIDDEN TESTS"),
        ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
        ("### BEGIN ANSWER", "### END ANSWER"),
        ("x = 1  # BEGIN SOLUTION", "### END SOLUTION"),
    ],
)
@pytest.mark.parametrize("notes", [answer(), None])
def test_a_starter_has_nothing_of_a_cell_whose_marks_are_not_right(
    tmp_path: Path, begin: str, end: str, notes: dict[str, Any] | None
) -> None:
    code = f"def mse(p, y):\n    {begin}\n    return 9 * 7\n    {end}\n"
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", (code, notes), (OPEN, graded("mse"))))
    assert "9 * 7" not in imported.starter and "9 * 7" in imported.solution
    assert not any("9 * 7" in text for text in imported.modules.values())
    assert told_of(imported) and all(note.startswith("cell 1, line ") for note in told_of(imported))


def test_an_answer_between_marks_is_no_part_of_the_starter_whatever_its_cell_is_called(tmp_path: Path) -> None:
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", (MSE, None), (OPEN, graded("mse"))))
    assert "return 9" not in imported.starter and "return 9" in imported.solution and told_of(imported) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Think.\n\n### BEGIN MARK SCHEME\n2 points for 9\n### END MARK SCHEME", "Think."),
        ("Think.\n\n### BEGIN SOLUTION\n2 points for 9\n### END SOLUTION", "Think."),
        ("Think.\n\n### BEGIN MARK SHEME\n2 points for 9\n### END MARK SHEME", ""),
        ("Think.\n\n### BEGIN MARK SCHEME\n2 points for 9", ""),
        ("Think.\n\n### begin mark scheme\n2 points for 9", ""),
        ("### End of part 1\n\nThink.", "### End of part 1\n\nThink."),
        ("### Begin with this\n\nThink about hidden tests.", "### Begin with this\n\nThink about hidden tests."),
    ],
)
def test_a_text_is_published_only_without_what_its_marks_hide(tmp_path: Path, text: str, kept: str) -> None:
    cells = (f"text:{text}", None), (MSE, answer()), (OPEN, graded("mse"))
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", *cells))
    assert "points" not in imported.prompt and imported.prompt.strip() == (kept or "x")
    assert bool(told_of(imported)) is (not kept)


@pytest.mark.parametrize(
    "comment", ["# the loss begins at 0", "# end of the loop", "# begin", "# hidden units", "# tests"]
)
def test_comments_for_people_are_no_marks(tmp_path: Path, comment: str) -> None:
    cells = (f"{comment}\n{MSE}", answer()), (f"{comment}\n{OPEN}", graded("mse"))
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", *cells))
    assert not imported.tests[0].hidden and told_of(imported) == []


def test_a_test_that_needs_something_of_a_hidden_one_is_hidden_too(tmp_path: Path) -> None:
    first = f"{OPEN}\n### BEGIN HIDDEN TESTS\nexpected = 9\n### END HIDDEN TESTS"
    cells = (MSE, answer()), (first, graded("a")), ("assert mse(0, 3) == expected", graded("b")), (OPEN, graded("c"))
    imported = read_nbgrader(notebook(tmp_path / "x.ipynb", *cells))
    assert [test.hidden for test in imported.tests] == [True, True, False]

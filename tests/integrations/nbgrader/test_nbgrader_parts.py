"""A lecture as a notebook, a notebook as submissions, and marks in nbgrader's gradebook; nothing runs here."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from repository import ROOT, lecture

from grader.cli.nbgrader import grade_assignment, write_assignment
from grader.cli.regrading import Regrading
from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.integrations.nbgrader import course_folder
from grader.integrations.nbgrader.autograded import Told, autograded
from grader.integrations.nbgrader.course_folder import NbgraderCourse, SourceCell, SourceNotebook, moment
from grader.integrations.nbgrader.ids import roles
from grader.integrations.nbgrader.marks import Marks, MarkWriter, StudentMarks
from grader.integrations.nbgrader.part import Part
from grader.integrations.nbgrader.regions import with_regions
from grader.integrations.nbgrader.sections import MOST_CELLS, known_ids, parts, read_cells
from grader.integrations.nbgrader.unchanged import (
    Graded,
    Seal,
    default_place,
    handed_in,
    keep_seal,
    read_seal,
    rest_of,
)
from grader.store.course.course_files import find_course
from grader.store.students.programs import NotebookCell, read_program

STEADY = settings(deadline=None, derandomize=True, max_examples=60)
FILES = find_course(ROOT)
EXERCISES = [FILES.exercise(id) for id in lecture(FILES.exercise_ids(), every=False)]
ROLES = roles(EXERCISES)


# --- The author's version ---


def test_what_the_starter_has_stays_outside_of_the_marks() -> None:
    starter = "import torch\n\n\ndef f(x):\n    # twice\n    ...\n\n\nw = None\n"
    solution = "import torch\n\n\ndef f(x):\n    return 2 * x\n\n\nw = f(1)\n"
    assert with_regions(starter, solution) == (
        "import torch\n\n\ndef f(x):\n    # twice\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n\n\n"
        "w = None\n### BEGIN SOLUTION\nw = f(1)\n### END SOLUTION"
    )


def test_a_solution_that_cannot_be_cut_is_marked_as_a_whole() -> None:
    starter, solution = "text = '''a\nb'''\n", "text = '''a\nc'''\n"
    assert with_regions(starter, solution) == f"### BEGIN SOLUTION\n{solution}### END SOLUTION"


LINES = st.lists(st.sampled_from(["a = 1", "", "def f():", "    return a", "    ...", "# note", "b = [", "]", "'''"]))


@STEADY
@given(LINES, LINES)
def test_the_authors_version_does_what_the_solution_does_and_marks_match(begun: list[str], solved: list[str]) -> None:
    solution = "\n".join(solved)
    try:
        ast.parse(solution)
    except SyntaxError:
        return
    marked = with_regions("\n".join(begun), solution).split("\n")
    depth = 0
    for line in marked:
        depth += ("BEGIN SOLUTION" in line) - ("END SOLUTION" in line)
        assert depth in (0, 1)
    assert depth == 0
    ast.parse("\n".join(marked))


def test_an_assignment_is_not_overwritten_unless_one_says_so(course: Path) -> None:
    files = find_course(course)
    path = write_assignment(files, "4", course / "made", False, "uz")
    assert "## 4.1 Zanjir qoidasi" in path.read_text(encoding="utf-8")
    with pytest.raises(UsageFault):
        write_assignment(files, "4", course / "made", False, "uz")
    before = path.read_bytes()
    assert write_assignment(files, "4", course / "made", True, "uz").read_bytes() == before


def test_a_lecture_that_is_not_there_is_a_usage_fault(course: Path) -> None:
    with pytest.raises(UsageFault):
        write_assignment(find_course(course), "9", course / "made", False, "en")


# --- A notebook as submissions ---


def cell(text: str, grade_id: str = "", kind: str = "code") -> dict[str, Any]:
    about = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "source": text, "metadata": about}


def parted(*cells: Mapping[str, Any], locked: Mapping[str, str] | None = None) -> dict[str, Part]:
    read = read_cells(json.dumps({"cells": cells}).encode(), "w.ipynb")
    assert isinstance(read, list)
    return parts(known_ids(read, locked or {}), EXERCISES, ROLES, "w.ipynb")


def program(part: Part) -> str:
    """Return the lines of a part's program that are not empty."""
    source = read_program(part.content, "w.ipynb")
    assert isinstance(source, Source)
    return "\n".join(line for line in source.text.split("\n") if line.strip())


def test_a_cell_belongs_to_the_exercise_that_it_stands_below() -> None:
    found = parted(
        cell("", "text-4-5"), cell("a = 1"), cell("b = 2", "answer-4-5"), cell("", "text-4-6"), cell("c = 3")
    )
    assert program(found["4.5"]) == "a = 1\nb = 2"
    assert program(found["4.6"]) == "c = 3"


def test_a_cell_keeps_its_number_and_its_lines() -> None:
    source = read_program(parted(cell("x"), cell("\na = 1", "answer-4-5"))["4.5"].content, "w.ipynb")
    assert isinstance(source, Source)
    place = source.place(source.text.split("\n").index("a = 1") + 1)
    assert place == {"file": "w.ipynb", "cell": 2, "line": 2}


def test_what_an_answer_uses_comes_from_other_cells_with_what_that_uses() -> None:
    found = parted(
        cell("import torch as t\nprint('no')\nunused = 1"),
        cell("rate = 2\n\n\n@t.no_grad()\ndef forward(x):\n    return rate * x", "answer-4-5"),
        cell("for i in range(3): rate = i"),
        cell("forward = forward\nprint(forward(4))", "answer-4-8"),
    )
    assert program(found["4.8"]) == (
        "import torch as t\nrate = 2\n@t.no_grad()\ndef forward(x):\n    return rate * x\n"
        "forward = forward\nprint(forward(4))"
    )


@pytest.mark.parametrize(
    "first",
    [
        "import torch\nlr = torch.tensor(0.01)",
        "import torch\nlr = torch.tensor([1.0])\nlr.requires_grad_(True)",
        "lr = 1.0\nlr = lr / 100",
        "lr = 1.0\nlr /= 100",
        "lr = {}\nlr['rate'] = 0.01",
        "class lr: pass\nlr.rate = 0.01",
        "lr = []\nlr.append(0.01)",
        "if True:\n    lr = 0.01\nelse:\n    lr = 1",
        "try:\n    import fast as lr\nexcept ImportError:\n    lr = None",
        "with open as f:\n    lr = f",
        "(lr := 0.01)",
        "from rates import *",
        "rate = 1\ndef half(x=rate): return x / 2\nlr = half()",
    ],
)
def test_what_leads_to_a_value_comes_with_it(first: str) -> None:
    # An import further down is none for what stands above it.
    cells = cell(first), cell("import torch", "answer-4-5"), cell("print(lr)", "answer-4-6")
    assert program(parted(*cells)["4.6"]) == f"{first}\nprint(lr)"


@pytest.mark.parametrize(
    ("first", "kept"),
    [
        # What was there before does not matter, nor does what goes on without end.
        ("lr = 1\nlr += 1\nlr = 2\nfor i in range(9): lr += i", "lr = 2"),
        ("lr = 1\nif lr:\n    while True:\n        lr = 2", "lr = 1"),
        ("import lr\nprint(lr.rate)\nlr.seed(0)", "import lr"),
    ],
)
def test_what_does_not_lead_to_a_value_stays_where_it_is(first: str, kept: str) -> None:
    assert program(parted(cell(first), cell("print(lr)", "answer-4-6"))["4.6"]) == f"{kept}\nprint(lr)"


def test_what_a_function_uses_is_what_there_is_when_it_is_called() -> None:
    first = "def scaled(x):\n    return x * rate\nrate = 1"
    found = parted(cell(first), cell("rate = 2", "answer-4-5"), cell("print(scaled(1))", "answer-4-6"))
    assert program(found["4.6"]) == "def scaled(x):\n    return x * rate\nrate = 2\nprint(scaled(1))"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lr = 1\n" + "lr = lr + 1\n" * 20_000, id="bound anew"),
        pytest.param("a = b = 1\n" + "a += b\nb += a\n" * 10_000, id="changed"),
        pytest.param("if lr: lr = 1\n" + "elif lr: lr = 2\n" * 900, id="elif"),
        pytest.param("lr = " + "(" * 90 + "1" + ")" * 90, id="nested"),
    ],
)
def test_a_name_that_every_line_changes_is_looked_up_once(text: str) -> None:
    wanted = "print(lr, a, b)"
    assert program(parted(cell(text), cell(wanted, "answer-4-6"))["4.6"]).endswith(wanted)


def test_what_an_answer_binds_itself_is_not_taken_from_elsewhere() -> None:
    own = "def gradient(x, y):\n    return w\nw = 1.0\nfor x in [1]:\n    w = w - x"
    found = parted(cell("w = 5", "answer-4-5"), cell(own, "answer-4-6"))
    assert program(found["4.6"]) == own


def test_a_copied_answer_belongs_to_where_it_stands() -> None:
    found = parted(
        cell("", "text-4-5"), cell("a = 1", "answer-4-5"), cell("", "text-4-6"), cell("b = 2", "answer-4-5"),
    )  # fmt: skip
    assert program(found["4.5"]) == "a = 1" and program(found["4.6"]) == "b = 2"


def test_lost_ids_are_found_by_the_text_that_students_do_not_change() -> None:
    locked = {"text-4-5": "## 4.5", "check-4-5-loop": "assert w", "text-4-6": "## 4.6"}
    found = parted(
        cell("## 4.5", kind="markdown"), cell("a = 1"), cell("assert w"),
        cell("## 4.6", kind="markdown"), cell("b = 2"), locked=locked,
    )  # fmt: skip
    assert program(found["4.5"]) == "a = 1" and program(found["4.6"]) == "b = 2"


def test_an_exercise_without_cells_is_looked_for_in_all_of_them() -> None:
    found = parted(cell("a = 1", "answer-4-5"), cell("x = 1 / 0", "check-4-5-loop"), cell("dloss_dw = -8"))
    assert program(found["4.6"]) == "a = 1\ndloss_dw = -8"
    assert found["4.1"].content == b"dloss_dw: -8.0\n" and len(found["4.1"].notes) == 1
    assert found["4.5"].notes == ()


def test_an_answer_that_was_deleted_is_looked_for_by_name() -> None:
    found = parted(cell("", "text-4-5", "markdown"), cell("def forward(x):\n    return x\nother = 2", "answer-4-8"))
    assert program(found["4.5"]) == "def forward(x):\n    return x"


def test_one_cell_that_python_cannot_read_costs_no_other_exercise() -> None:
    found = parted(cell("def (", "answer-4-5"), cell("import torch"), cell("%time torch", "answer-4-6"))
    assert "def (" not in program(found["4.6"])


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("dloss_dw = -8", "dloss_dw: -8.0\n"),
        ("dloss_dw = None\ndloss_dw = −8,0  # by hand", "dloss_dw: -8.0\n"),
        ("s = 2 * 1 - 4\ndloss_dw: float = 2 * s * 2", "dloss_dw: -8.0\n"),
        ("dloss_dw = '-8'", "dloss_dw: -8.0\n"),
        ("dloss_dw = w.grad", 'dloss_dw: "w.grad"\n'),
        ("dloss_dw = 10 ** 400", 'dloss_dw: "10 ** 400"\n'),
        ("dloss_dw = 1 / 0", 'dloss_dw: "1 / 0"\n'),
        ("x, y, w = 2, 4, 1\ns = x*w - y\ndloss_dw = 2*s*x", "dloss_dw: -8.0\n"),
        ("s = 2; s -= 4; dloss_dw = 2 * s * 2", "dloss_dw: -8.0\n"),
        ("dloss_dw = other = -8", "dloss_dw: -8.0\n"),
        ("dloss_dw = (\n  2 * 2  # s\n  * -2\n)", "dloss_dw: -8.0\n"),
        ("dloss_dw = float(-8)", "dloss_dw: -8.0\n"),
        ("dloss_dw = round(-7.996, 1)", "dloss_dw: -8.0\n"),
        ("dloss_dw = -8,0", "dloss_dw: -8.0\n"),
        ('dloss_dw = -8\n"""\ndloss_dw = 8\n"""', "dloss_dw: -8.0\n"),
        ("s = 2\ns = w.grad\ndloss_dw = 4 * s", 'dloss_dw: "4 * s"\n'),
        ("if False:\n    dloss_dw = 8", ""),
        ("dloss_dw == -8", ""),
        ("dloss_dw = ...", ""),
    ],
)
def test_stated_values_are_read_as_they_were_assigned_last(text: str, stated: str) -> None:
    assert parted(cell(text, "answer-4-1"))["4.1"].content.decode() == stated


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "source", "input", "cell_type", "metadata", "nbgrader", "grade_id"]
            ),
            inner | st.sampled_from(["code", "answer-4-5", "text-4-1", "%%bash\nx", "def f(:", "w = w"]),
            max_size=6,
        )
    ),
    max_leaves=30,
)


@STEADY
@given(JSON)
def test_whatever_a_file_holds_it_is_read_or_refused(content: Any) -> None:
    read = read_cells(json.dumps(content).encode(), "w.ipynb")
    if isinstance(read, list):
        found = parts(known_ids(read, {}), EXERCISES, ROLES, "w.ipynb")
        assert set(found) == {exercise.id for exercise in EXERCISES}


DEEP = b"[" * 1_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (b'"cells"', "it has no cells"),
        (b'{"cells": ' + DEEP, "nested too deeply"),
        (b'{"cells": [{"cell_type": "code", "source": "", "outputs": ' + DEEP, "nested too deeply"),
        (b'{"cells": [{"cell_type": "code", "metadata": ' + DEEP, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_notebook_says_why(content: bytes, said: str) -> None:
    read = read_cells(content, "w.ipynb")
    assert isinstance(read, Finding) and said in told(read).said(str)


def test_of_a_million_cells_only_the_first_are_looked_at() -> None:
    content = b'{"cells": [' + b'{"cell_type":"code"},' * 1_000_000 + b'{"cell_type":"code"}]}'
    read = read_cells(content, "w.ipynb")
    assert isinstance(read, list) and len(read) == MOST_CELLS


def test_an_expression_as_deep_as_python_reads_does_not_end_the_grader() -> None:
    deep = "a = " + "+".join(["x"] * 5000)
    assert program(parted(cell(deep), cell("b = a", "answer-4-5"))["4.5"]).endswith("b = a")


# --- The graded notebook ---


def test_cells_that_were_deleted_are_put_back_in_their_place_and_outputs_of_students_are_not_kept() -> None:
    def known(id: str, points: float | None = None) -> SourceCell:
        return SourceCell(id, "code", f"# {id}", points is not None, points is None, False, points, None)

    source = SourceNotebook("w", None, {"a": known("a"), "b": known("b", 2.0), "c": known("c")})
    cells = [
        NotebookCell(1, "code", "mine"),
        NotebookCell(2, "code", "answer", "a"),
        NotebookCell(3, "code", "more", "c"),
    ]
    made = json.loads(autograded(cells, source, {"b": Told("<b>right</b>", "right")}))
    assert [(each["source"], len(each["outputs"])) for each in made["cells"]] == [
        ("mine", 0), ("answer", 0), ("# b", 1), ("more", 0),
    ]  # fmt: skip


# --- Whether anything has changed ---


@pytest.fixture
def sealed(course: Path, tmp_path: Path) -> Graded:
    """Return what a run left of one notebook, all in files whose contents do not matter here."""
    root = tmp_path / "nb"
    for name in ("submitted/ali/a/n.ipynb", "autograded/ali/a/n.ipynb", "judged/a/ali/4.5.ipynb", "gradebook.db"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    written = (str(root / "autograded" / "ali" / "a"),)
    return Graded(
        str(root), default_place(root, "a"), ("4.5",), str(root / "gradebook.db"), "gradebook.db", written, 1, ()
    )


def rest(sealed: Graded, course: Path, language: str = "en") -> str:
    return rest_of(find_course(course), Path(sealed.root), "a", language, sealed)


def test_where_nothing_has_changed_nothing_is_seen(sealed: Graded, course: Path) -> None:
    assert rest(sealed, course) == rest(sealed, course)
    assert handed_in(sealed.submitted.folders()) == handed_in(sealed.submitted.folders())


@pytest.mark.parametrize(
    "name",
    [
        "nb/gradebook.db", "nb/gradebook.db-wal", "nb/autograded/ali/a/n.ipynb", "nb/autograded/ali/a/more.ipynb",
        "nb/judged/a/ali/4.5.ipynb", "nb/nbgrader_config.py", "course/exercises/4.6/exercise.yaml",
    ],
)  # fmt: skip
def test_whatever_a_run_rests_on_is_seen_when_it_changes_or_goes(sealed: Graded, course: Path, name: str) -> None:
    path = course.parent / name
    before = rest(sealed, course)
    old = path.read_bytes() if path.exists() else None
    path.write_text("c = get_config()\nc.CourseDirectory.course_id = 'other'\n")
    changed = rest(sealed, course)
    path.unlink()
    if path.name == "exercise.yaml":
        path.parent.rename(course / "taken-away")
    assert before != changed != rest(sealed, course)
    assert old is None or rest(sealed, course) != before


def test_settings_that_other_files_tell_are_seen(sealed: Graded, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "import os\nc = get_config()\nc.CourseDirectory.db_url = os.environ['WHERE']\n"
    (Path(sealed.root) / "nbgrader_config.py").write_text(told)
    monkeypatch.setenv("WHERE", "sqlite:///one.db")
    before = rest(sealed, course)
    monkeypatch.setenv("WHERE", "sqlite:///two.db")
    assert rest(sealed, course) != before
    assert rest(sealed, course, "uz") != rest(sealed, course)


def test_of_a_plugin_of_the_teachers_own_nothing_is_known(sealed: Graded, course: Path) -> None:
    told = "c = get_config()\nc.AssignLatePenalties.plugin_class = 'mine.Mild'\n"
    (Path(sealed.root) / "nbgrader_config.py").write_text(told)
    assert rest(sealed, course) != rest(sealed, course)


def test_new_work_is_seen_and_links_and_pipes_do_not_hold_anybody_up(sealed: Graded) -> None:
    seen = {handed_in(sealed.submitted.folders()).digest}
    work = Path(sealed.root) / "submitted" / "ali" / "a"
    for change in (
        lambda: (work / "n.ipynb").write_text("import torch.optim"),
        lambda: os.utime(work / "n.ipynb", (1, 1)),
        lambda: (work / "timestamp.txt").write_text("2026-11-20 18:03:11 UTC"),
        lambda: os.mkfifo(work / "pipe.ipynb"),
        lambda: (work / "link.ipynb").symlink_to("/dev/zero"),
        lambda: shutil.copytree(
            work.parent, work.parent.parent / "vali", symlinks=True, ignore=shutil.ignore_patterns("pipe*")
        ),
    ):
        change()
        seen.add(handed_in(sealed.submitted.folders()).digest)
    assert len(seen) == 7
    assert handed_in(sealed.submitted.folders()).notebooks == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"graded": {}}', "null", "[" * 100_000])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "judged").mkdir()
    (tmp_path / "judged" / "a.json").write_text(content)
    assert read_seal(tmp_path, "a") is None


def test_the_record_of_a_course_that_was_copied_is_not_the_copys(sealed: Graded, tmp_path: Path) -> None:
    keep_seal(Path(sealed.root), "a", Seal(sealed, "1", "2", "3"))
    assert read_seal(Path(sealed.root), "a") == Seal(sealed, "1", "2", "3")
    assert read_seal(shutil.copytree(sealed.root, tmp_path / "copy", dirs_exist_ok=True), "a") is None


# --- nbgrader's gradebook ---


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Return nbgrader's folder with a gradebook of one notebook, which has one answer worth two points."""

    database = tmp_path / "gradebook.db"
    # nbgrader asks a program for the number of its format, which these tests have no use for.
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    with closing(Gradebook(f"sqlite:///{database}")) as book:
        book.add_assignment("a")
        book.add_notebook("n", "a")
        book.add_grade_cell("check", "n", "a", max_score=2.0, cell_type="code")
        book.add_solution_cell("answer", "n", "a")
        book.engine.dispose()
    return tmp_path


@pytest.fixture
def writer(theirs: Path) -> Iterator[MarkWriter]:
    course = NbgraderCourse(theirs)
    with course.gradebook() as book:
        yield MarkWriter(course, book, "a")


def write(writer: MarkWriter, score: float | None) -> Any:
    writer.write([StudentMarks("ali", None, {"n": Marks({"check": score}, {"answer": "told"})})])
    return grade_of(writer)


def grade_of(writer: MarkWriter) -> Any:
    return writer._book.find_grade("check", "n", "a", "ali")


def test_a_computed_score_needs_nobody_and_what_could_not_be_judged_does(writer: MarkWriter) -> None:
    grade = write(writer, 2.0)
    assert (grade.score, grade.needs_manual_grade) == (2.0, False)
    grade = write(writer, None)
    assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (None, 0.0, True)


def test_a_mark_set_by_hand_is_to_be_looked_at_again_only_where_the_computed_one_changed(writer: MarkWriter) -> None:
    grade = write(writer, 0.0)
    grade.manual_score, grade.extra_credit = 1.5, 0.5
    writer._book.db.commit()
    grade = write(writer, 0.0)
    assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (0.0, 2.0, False)
    grade = write(writer, 2.0)
    assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (2.0, 2.0, True)


def test_a_new_submission_has_the_rows_that_nbgrader_makes_for_one(writer: MarkWriter) -> None:
    book = writer._book
    book.add_task_cell("task", "n", "a", max_score=3.0, cell_type="markdown")
    writer = MarkWriter(writer._course, book, "a")
    writer.write([StudentMarks("ali", None, {})])
    book.add_student("vali")
    book.add_submission("a", "vali")

    def rows(student: str) -> list[list[str]]:
        (notebook,) = book.find_submission("a", student).notebooks
        return [sorted(each.name for each in some) for some in (notebook.grades, notebook.comments)]

    assert rows("ali") == rows("vali") == [["check", "task"], ["answer", "task"]]


def test_a_notebook_that_is_not_there_earns_nothing(writer: MarkWriter) -> None:
    writer.write([StudentMarks("ali", datetime(2026, 11, 20), {})])
    grade = grade_of(writer)
    assert (grade.auto_score, grade.needs_manual_grade) == (0.0, False)


def test_a_gradebook_in_use_is_waited_for(theirs: Path, writer: MarkWriter) -> None:
    connection = sqlite3.connect(theirs / "gradebook.db", check_same_thread=False, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: (connection.execute("COMMIT"), connection.close())).start()
    assert write(writer, 1.0).score == 1.0


def test_a_gradebook_in_use_for_too_long_is_told(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_folder, "WAIT", 0.1)
    course = NbgraderCourse(theirs)
    with course.gradebook() as book, closing(sqlite3.connect(theirs / "gradebook.db")) as connection:
        writer = MarkWriter(course, book, "a")
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(CouldNotJudge) as told:
            write(writer, 1.0)
    assert told.value.message.said(str).startswith("nbgrader's gradebook is in use by another program (waited 0.1 s)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20 18:03:11 UTC", datetime(2026, 11, 20, 18, 3, 11)),
        ("2026-11-20 23:03:11 Asia/Tashkent", datetime(2026, 11, 20, 18, 3, 11)),
        ("yesterday, I think", None),
        ("", None),
        ("9" * 4000, None),
        ("2026-11-20 18:03:11 /etc/localtime", None),
        ("0001-01-01 00:00:00 UTC", None),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_reads_it(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


def refused(course: Path, assignment: str, folder: Path) -> str:
    with pytest.raises(UsageFault) as told:
        grade_assignment(
            find_course(course), assignment, folder, (), None, Regrading(False, False, False), None, None, None, "en"
        )
    return told.value.messages[0].said(str)


def test_an_assignment_that_is_not_there_is_told_with_what_to_do(course: Path, theirs: Path) -> None:
    assert "nbgrader generate_assignment nope" in refused(course, "nope", theirs)
    assert "course nbgrader assignment LECTURE" in refused(course, "a", theirs)
    assert "nbgrader has no gradebook at" in refused(course, "a", theirs.parent)


def test_one_file_is_not_both_gradebooks(course: Path) -> None:
    assert "would be the course's gradebook and nbgrader's in one" in refused(course, "a", course)


def test_without_nbgrader_a_sentence_says_how_to_get_it(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    monkeypatch.delitem(sys.modules, "grader.integrations.nbgrader.course_folder")
    assert refused(course, "a", course) == 'this needs nbgrader; install it with: pip install "nbgrader>=0.9"'

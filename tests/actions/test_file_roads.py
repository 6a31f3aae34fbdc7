"""An exercise with files from the student's folder to the students' copy and nbgrader."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading_files import FILES, SOLUTION, course
from written import ID, said

from grader.actions.author.release import release
from grader.actions.student.start import start
from grader.actions.student.submission import Request
from grader.actions.student.submit import submit
from grader.cli.nbgrader import write_assignment
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course

WIRED_IN = "scaled = [0.1, 0.2, 0.3]\n\n\ndef total():\n    return 6.0\n"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", [])
    # Who asks for a box closes it: here it serves all tests.
    box.close, close = lambda: None, box.close  # type: ignore[method-assign]
    yield box
    close()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> CourseFiles:
    root = tmp_path_factory.mktemp("released")
    release(course(root / "course"), root / "copy", lambda _: box)
    return find_course(root / "copy")


def submitted(files: CourseFiles, box: Sandbox, text: str) -> tuple[CheckResult, ...]:
    work = files.root / "work" / ID / f"{ID}.py"
    work.parent.mkdir(parents=True, exist_ok=True)
    work.write_text(text, encoding="utf-8")
    return submit(files, Request(ID, student="ali"), lambda _: box).report.checks


def test_a_student_begins_with_the_files_beside_the_program(tmp_path: Path) -> None:
    files = course(tmp_path)
    assert start(files, ID) == tmp_path / "work" / ID / f"{ID}.py"
    there = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "work" / ID).iterdir()}
    assert there == {f"{ID}.py": "import torch\n", **FILES}


def test_to_begin_again_overwrites_nothing(tmp_path: Path) -> None:
    files = course(tmp_path)
    changed = start(files, ID).with_name("data.csv")
    changed.write_text("mine", encoding="utf-8")
    (tmp_path / "work" / ID / f"{ID}.py").unlink()
    with pytest.raises(UsageFault):
        start(files, ID)
    assert (changed.read_text(encoding="utf-8"), len(list(changed.parent.iterdir()))) == ("mine", len(FILES))


def test_the_students_copy_holds_the_files_and_not_what_makes_others(released: CourseFiles) -> None:
    there = {path.relative_to(released.root).as_posix() for path in released.root.rglob("*") if path.is_file()}
    assert {f"exercises/{ID}/{name}" for name in FILES} <= there
    assert not any("make_files" in name for name in there)


def test_in_the_students_copy_other_files_are_tried_too(released: CourseFiles, box: Sandbox) -> None:
    assert [each.verdict for each in submitted(released, box, SOLUTION)] == [Verdict.PASS, Verdict.PASS]
    wrong = submitted(released, box, WIRED_IN)
    assert [each.verdict for each in wrong] == [Verdict.FAIL, Verdict.FAIL]
    assert "another data.csv than yours" in " ".join(said(wrong[0]))


def test_a_changed_file_of_the_copy_is_told(released: CourseFiles, box: Sandbox, tmp_path: Path) -> None:
    copy = find_course(Path(shutil.copytree(released.root, tmp_path / "copy")))
    (copy.root / "exercises" / ID / "data.csv").write_text("5\n", encoding="utf-8")
    with pytest.raises(CouldNotJudge) as told:
        submitted(copy, box, SOLUTION)
    words = told.value.message.said(str, "en")
    assert "one of these files is not the one that was released" in words
    assert "exercise.yaml, utils.py, data.csv" in words


def test_files_lie_beside_the_notebook_of_an_assignment(tmp_path: Path) -> None:
    path = write_assignment(course(tmp_path / "course"), "1", tmp_path / "source", force=False, language="en")
    assert {each.name for each in path.parent.iterdir()} == {path.name, *FILES}
    (tmp_path / "source" / "data.csv").write_text("other", encoding="utf-8")
    path.unlink()
    with pytest.raises(UsageFault, match="already exists"):
        write_assignment(course(tmp_path / "course"), "1", tmp_path / "source", force=False, language="en")

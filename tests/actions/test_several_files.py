"""Submissions of several files, from a student's folder to the gradebook; what is no such folder is told or refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from judging_here import JudgingHere
from proving import NoProgress
from several import CHECKS, NET, TRAIN, course, handed_in
from written import ID, said

from grader.actions.author.release import release
from grader.actions.author.try_program import try_program
from grader.actions.student.start import start
from grader.actions.student.submission import Request
from grader.actions.student.submit import submit
from grader.actions.teacher.collecting.collect import collect
from grader.actions.teacher.collecting.collection import Collection
from grader.actions.teacher.grading_runs.grade import grade
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun
from grader.core.people.student import Student
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.grading.batch.task import close_boxes
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.gradebook import Gradebook

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED HERE: students' machines grant no links")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", [])
    box.close, close = lambda: None, box.close  # type: ignore[method-assign]
    yield box
    close()
    close_boxes()


def submitted(files: CourseFiles, box: Sandbox, *, file: Path | None = None) -> tuple[CheckResult, ...]:
    return submit(files, Request(ID, file=file, student="ali"), lambda _: box).report.checks


def verdicts(results: tuple[CheckResult, ...]) -> list[Verdict]:
    return [each.verdict for each in results]


def test_a_student_begins_with_the_files_and_hands_in_the_folder(tmp_path: Path, box: Sandbox) -> None:
    files = course(tmp_path)
    assert start(files, ID) == tmp_path / "work" / ID / "net.py"
    assert verdicts(submitted(files, box)) == [Verdict.PASS, Verdict.PASS]
    (record,) = (tmp_path / "submissions" / "ali" / ID).glob("*/*.py")
    assert record.read_text(encoding="utf-8") == f"# ==== file net.py ====\n{NET}# ==== file train.py ====\n{TRAIN}"
    assert verdicts(submitted(files, box, file=record)) == [Verdict.PASS, Verdict.PASS]


@pytest.mark.parametrize(
    ("net", "train", "words"),
    [
        (NET, TRAIN.replace("+ 1", "+ undefined"), "train.py:5"),
        (NET.replace("2 * x", "x + undefined"), TRAIN, "net.py:2"),
        (NET, "def train(x):\n    return (x\n", "train.py:2"),
        (NET + '"""', TRAIN, "net.py:3"),
        (NET.encode("utf-16"), TRAIN, "net.py:1"),
        (NET, "import helper\n\n\ndef train(x):\n    return x\n", "helper"),
    ],
)
def test_messages_name_the_file_and_its_line(
    tmp_path: Path, box: Sandbox, net: str | bytes, train: str, words: str
) -> None:
    handed_in(tmp_path / "work" / ID, net, train)
    results = submitted(course(tmp_path), box)
    assert Verdict.PASS not in verdicts(results[1:])
    assert words in " ".join(said(results[1]))


def test_a_file_that_the_program_does_not_import_is_asked_by_its_name(tmp_path: Path, box: Sandbox) -> None:
    train = "net = None\n\n\ndef train(x):\n    return 2 * x + 1\n"
    handed_in(tmp_path / "work" / ID, train=train)
    assert verdicts(submitted(course(tmp_path), box)) == [Verdict.PASS, Verdict.PASS]


def test_an_expression_asks_a_function_that_is_called_as_its_file_is(tmp_path: Path, box: Sandbox) -> None:
    # A check that trains has such expressions: let: {model: "train(x, y)"} beside a train.py.
    files = course(tmp_path, CHECKS.replace("call: train(x)", "call: 2 * train(x) + net.double(x)"))
    folder = handed_in(tmp_path / "mine", train=f"{TRAIN}\n\nnet = 3\n")
    assert verdicts(submitted(files, box, file=folder)) == [Verdict.PASS, Verdict.PASS]


def test_files_may_import_each_other_in_functions(tmp_path: Path, box: Sandbox) -> None:
    net = "def double(x):\n    from train import one\n    return 2 * x * one\n"
    train = "from __future__ import annotations\nimport net as n\none = 1\n"
    train += "\n\ndef train(x: Later):\n    return n.double(x) + 1\n"
    handed_in(tmp_path / "work" / ID, net, train)
    assert verdicts(submitted(course(tmp_path), box)) == [Verdict.PASS, Verdict.PASS]


def test_a_rule_holds_in_each_file(tmp_path: Path, box: Sandbox) -> None:
    net = "def double(x):\n    return sum(x for _ in range(2))\n"
    train = "import net\n\n\ndef train(x):\n    return net.double(x) + 1\n"
    handed_in(tmp_path / "work" / ID, net, train)
    results = submitted(course(tmp_path, f"without: [loops, sorted]\n{CHECKS}"), box)
    assert verdicts(results) == [Verdict.FAIL, Verdict.FAIL]
    assert "net.py:2" in " ".join(said(results[1]))


def test_a_missing_file_is_told_before_anything_is_recorded(tmp_path: Path, box: Sandbox) -> None:
    (handed_in(tmp_path / "work" / ID) / "train.py").unlink()
    with pytest.raises(UsageFault) as refused:
        submitted(course(tmp_path), box)
    assert "train.py is missing" in refused.value.messages[0].said(str, "en")
    assert not (tmp_path / "submissions").exists()


@LINKS
def test_a_link_in_the_folder_is_not_followed(tmp_path: Path, box: Sandbox) -> None:
    folder = handed_in(tmp_path / "work" / ID)
    secret = tmp_path / "secret.py"
    secret.write_text("password = 1\n", encoding="utf-8")
    (folder / "net.py").unlink()
    (folder / "net.py").symlink_to(secret)
    with pytest.raises(UsageFault, match="cannot be read"):
        submitted(course(tmp_path), box)


def test_the_students_copy_takes_folders_too(tmp_path: Path, box: Sandbox) -> None:
    release(course(tmp_path / "course"), tmp_path / "copy", lambda _: box)
    copy = find_course(tmp_path / "copy")
    start(copy, ID)
    assert verdicts(submitted(copy, box)) == [Verdict.PASS, Verdict.PASS]


def test_a_folder_can_be_tried(tmp_path: Path, box: Sandbox) -> None:
    trial = try_program(course(tmp_path), handed_in(tmp_path / "work" / ID), None, None, lambda _: box)
    assert all(called.raised is None for tried in trial.checks for run in tried.runs for called in run.called)


def graded(files: CourseFiles, folder: Path) -> tuple[GradeRun, dict[str, float | None]]:
    request = GradeRequest(folder, b"sir", practice=False, isolation="none", as_found=True)
    with closing(Gradebook(f"sqlite:///{files.root / 'gradebook.db'}")) as book:
        run = grade(files, request, book, JudgingHere(), NoProgress())
    return run, {student: each.score for (student, _), each in run.grades.items()}


def test_a_class_hands_in_folders_records_and_single_texts(tmp_path: Path, box: Sandbox) -> None:
    files, folder = course(tmp_path), tmp_path / "class"
    handed_in(folder / "ali" / ID, notes="print('not asked for')")
    (folder / "ali" / ID / "data.csv").write_text("1", encoding="utf-8")
    handed_in(folder / "vali" / ID, train=TRAIN.replace("+ 1", "+ 2"))
    (handed_in(folder / "gulnora" / ID) / "train.py").unlink()
    (folder / "salima").mkdir()
    one = f"# ==== file net.py ====\n{NET}# ==== file train.py ====\n{TRAIN}"
    (folder / "salima" / f"{ID}.py").write_text(one, encoding="utf-8")
    (folder / "karim").mkdir()
    (folder / "karim" / f"{ID}.py").write_text(TRAIN, encoding="utf-8")
    run, scores = graded(files, folder)
    assert scores == {"ali": 3, "vali": 1, "gulnora": 0, "salima": 3, "karim": 0}
    assert (run.unknown, run.found, run.judged, run.same) == ([], 5, 4, 1)
    again, _ = graded(files, folder)
    assert (again.judged, again.reused) == (0, 5)


def test_what_course_submit_recorded_is_the_same_work_as_the_folder(tmp_path: Path, box: Sandbox) -> None:
    files = course(tmp_path)
    handed_in(tmp_path / "work" / ID)
    submitted(files, box)
    handed_in(tmp_path / "class" / "vali" / ID)
    recorded, _ = graded(files, tmp_path / "submissions")
    found, scores = graded(files, tmp_path / "class")
    assert (recorded.judged, found.judged, found.reused, scores) == (1, 0, 1, {"vali": 3})


@LINKS
def test_folders_of_a_class_lead_nowhere_else(tmp_path: Path) -> None:
    files, folder = course(tmp_path), tmp_path / "class"
    handed_in(folder / "ali" / ID)
    (folder / "thief").mkdir()
    (folder / "thief" / ID).symlink_to(folder / "ali" / ID)
    (handed_in(folder / "other" / ID) / "net.py").unlink()
    (folder / "other" / ID / "net.py").symlink_to(folder / "ali" / ID / "net.py")
    (handed_in(folder / "pipe" / ID) / "net.py").unlink()
    os.mkfifo(folder / "pipe" / ID / "net.py")
    (handed_in(folder / "nested" / ID) / "net.py").unlink()
    (folder / "nested" / ID / "net.py").mkdir()
    run, scores = graded(files, folder)
    assert scores == {"ali": 3}
    assert {each.path.relative_to(folder).parts[0] for each in run.unknown} == {"thief", "other", "pipe", "nested"}


def test_files_that_are_too_large_are_judged_as_such(tmp_path: Path) -> None:
    files, folder = course(tmp_path), tmp_path / "class"
    handed_in(folder / "ali" / ID, net="x = 1\n" * 200_000)
    run, scores = graded(files, folder)
    assert (scores, run.unknown) == ({"ali": 0}, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("submit: [net.py]", "one file needs no list"),
        ("submit: [net.py, Net.py]", "cannot lie beside each other"),
        ("submit: [net.py, torch.py]", "would be imported in place of torch"),
        ("submit: [net.py, ../train.py]", "cannot be handed in"),
        ("submit: [net.py, train.ipynb]", "cannot be handed in"),
        ("submit: [net.py, class.py]", "cannot be handed in"),
        ("submit: [net.py, oʻqish.py]", "cannot be handed in"),
        (f"submit: [net.py, {'n' * 61}.py]", "cannot be handed in"),
        ("submit: [net.py, train.py]\nlines: 3", "is for programs of one file"),
    ],
)
def test_what_cannot_be_handed_in_is_refused(tmp_path: Path, line: str, words: str) -> None:
    checks = CHECKS.replace("submit: [net.py, train.py]", line)
    with pytest.raises(CourseInvalid) as refused:
        course(tmp_path, checks).exercise(ID)
    assert words in " ".join(fault.message.said(str, "en") for fault in refused.value.faults)


def collected(tmp_path: Path, **contents: str | bytes) -> Collection:
    """Return what a download is read as in which Ali handed in these files; `__` stands for a folder."""
    for name, content in contents.items():
        path = tmp_path / "download" / "Ali Valiyev" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    students = [Student("ali", "Ali Valiyev")]
    return collect(course(tmp_path / "course"), students, [tmp_path / "download"], str)


def test_files_that_are_one_submission_are_collected_as_one(tmp_path: Path) -> None:
    # What is not changed is the starter, and no work.
    train = f"{TRAIN}\n\n# Ali\n"
    assert collected(tmp_path / "starter", hw__net=NET, hw__train=TRAIN).starters == 1
    found = collected(tmp_path, hw__net=NET, hw__train=train, hw__notes="x = 1\n")
    (item,) = found.items
    assert (item.student, item.exercise, item.suffix) == ("ali", ID, ".py")
    assert [each.path for each in found.left] == ["Ali Valiyev/hw/notes.py"]
    assert item.content.decode() == f"# ==== file net.py ====\n{NET}# ==== file train.py ====\n{train}"


def test_half_of_the_files_is_asked_about_as_any_file_that_names_no_exercise(tmp_path: Path) -> None:
    found = collected(tmp_path, hw__train=TRAIN)
    assert (found.items, [row.files for row in found.open]) == ([], ["Ali Valiyev/hw/train.py"])


def test_bytes_that_are_no_text_stay_one_submission_that_python_cannot_read(tmp_path: Path) -> None:
    (item,) = collected(tmp_path, hw__net=b"\xff\0", hw__train=TRAIN).items
    assert TRAIN.encode() in item.content

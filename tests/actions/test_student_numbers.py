"""Numbers of a student's own: the same wherever they are shown or marked, and other ones for each student."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from commanding import course
from judging_here import JudgingHere
from proving import NoProgress
from repository import ROOT
from written import said

from grader.actions.author.release import release
from grader.actions.student.asked import numbers
from grader.actions.student.hint import hint
from grader.actions.student.start import start
from grader.actions.student.starters import Starters
from grader.actions.student.submission import Request
from grader.actions.student.submit import submit
from grader.actions.teacher.grading_runs.grade import grade
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun
from grader.cli.nbgrader import write_assignment
from grader.core.course.exercise import Exercise, Stated
from grader.core.course.variants import NOBODY, of_student
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.grading.batch.task import close_boxes
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.gradebook import Gradebook

ID = "30.3"
# Of a student's numbers nothing may change as long as the exercise does not: these were drawn once and for all.
DRAWN = {"ali": {"x": 4.0, "w": 2.5, "b": 0.75, "y": 52.0}}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch"])
    box.close, close = lambda: None, box.close  # type: ignore[method-assign]
    yield box
    close()
    close_boxes()


@pytest.fixture
def files(tmp_path: Path) -> CourseFiles:
    root = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "courses" / "asking" / "exercises" / ID, root / "exercises" / ID)
    (root / "course.yaml").write_bytes((ROOT / "tests" / "courses" / "asking" / "course.yaml").read_bytes())
    return find_course(root)


def own(exercise: Exercise, student: str) -> Stated:
    work = of_student(exercise, student).work
    assert isinstance(work, Stated)
    return work


def answers(exercise: Exercise, student: str) -> dict[str, float]:
    work = own(exercise, student)
    return {ask.name: work.graph.answer(ask.question, work.at) for ask in work.asks}


def handed_in(exercise: Exercise, folder: Path, student: str, numbers_of: str) -> None:
    """Write what a student hands in, who has worked with somebody's numbers."""
    lines = [f"{name}: {value:.12g}\n" for name, value in answers(exercise, numbers_of).items()]
    (folder / student).mkdir(parents=True)
    (folder / student / f"{ID}.yaml").write_text("".join(lines), encoding="utf-8")


def submitted(files: CourseFiles, box: Sandbox, student: str, numbers_of: str) -> tuple[CheckResult, ...]:
    typed = tuple(f"{name}={value:.12g}" for name, value in answers(files.exercise(ID), numbers_of).items())
    return submit(files, Request(ID, answers=typed, student=student), lambda _: box).report.checks


def test_each_student_has_other_numbers_and_always_the_same(files: CourseFiles) -> None:
    exercise = files.exercise(ID)
    students = [f"s{number:03}" for number in range(60)]
    drawn = [tuple(own(exercise, student).at.values()) for student in students]
    assert len(set(drawn)) > 50
    assert drawn == [tuple(own(files.exercise(ID), student).at.values()) for student in students]
    assert {student: dict(own(exercise, student).at) for student in DRAWN} == DRAWN


def test_accents_that_are_written_in_two_ways_are_one_student(files: CourseFiles) -> None:
    exercise = files.exercise(ID)
    assert own(exercise, "José").at == own(exercise, "Jose\u0301 ").at


def test_words_hold_the_students_numbers(files: CourseFiles) -> None:
    exercise = of_student(files.exercise(ID), "ali")
    assert f"x = {own(exercise, 'ali').at['x']:g}" in exercise.prompt.said_in("en")
    assert "{" not in exercise.prompt.said_in("uz") + exercise.hints[0].said_in("en")


def test_what_is_shown_begun_submitted_and_hinted_is_about_one_set_of_numbers(
    files: CourseFiles, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_STUDENT", "ali")
    x = f"{own(files.exercise(ID), 'ali').at['x']:g}"
    told = numbers(files.exercise(ID), lambda: "ali")
    assert told is not None and f"x = {x}" in told.said(str, "en")
    assert f"# x = {x}, w = " in start(files, ID).read_text(encoding="utf-8")
    assert [each.verdict for each in submitted(files, box, "ali", "ali")] == [Verdict.PASS] * 3
    assert Verdict.PASS not in [each.verdict for each in submitted(files, box, "ali", "vali")]
    assert hint(files, ID, "ali").rung.text.said(str, "en").startswith(f"First forward: what is {x} ·")


def test_a_file_is_begun_with_the_numbers_of_who_is_named_and_with_none_for_nobody(
    files: CourseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_STUDENT", "git@example.org")
    named = start(files, ID, "ali")
    assert f"# x = {own(files.exercise(ID), 'ali').at['x']:g}, w = " in named.read_text(encoding="utf-8")
    named.unlink()
    monkeypatch.setattr("grader.store.students.identity.student_name", lambda: None)
    bare = start(files, ID).read_bytes()
    assert bare == b"loss:\ndloss_dw:\ndloss_db:\n"
    # Whoever it turns out to be: nothing has been answered.
    assert Starters().has(files.exercise(ID), "ali", hashlib.sha256(bare).hexdigest())


@pytest.mark.parametrize("student", ["ali", ""])
def test_the_command_says_whose_numbers_the_file_has(files: CourseFiles, student: str) -> None:
    nobody = {"COURSE_STUDENT": "", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    options = ["--student", student] if student else []
    done = course("start", ID, "--lang", "en", *options, cwd=files.root, **nobody)
    words = "Your own numbers, ali: x = 4" if student else "Everybody has other numbers. Say who you are"
    assert done.returncode == 0 and words in done.stdout, done


def graded(files: CourseFiles, folder: Path) -> tuple[GradeRun, dict[str, float | None]]:
    request = GradeRequest(folder, b"sir", practice=False, isolation="none", as_found=True)
    with closing(Gradebook(f"sqlite:///{files.root / 'gradebook.db'}")) as book:
        run = grade(files, request, book, JudgingHere(), NoProgress())
    return run, {student: each.score for (student, _), each in run.grades.items()}


def test_in_a_class_everybody_is_held_to_his_own(files: CourseFiles, box: Sandbox, tmp_path: Path) -> None:
    exercise, folder = files.exercise(ID), tmp_path / "class"
    handed_in(exercise, folder, "ali", numbers_of="ali")
    handed_in(exercise, folder, "vali", numbers_of="vali")
    # The very bytes of somebody else's right answers.
    handed_in(exercise, folder, "salima", numbers_of="ali")
    run, scores = graded(files, folder)
    assert scores == {"ali": 4, "vali": 4, "salima": 0}
    assert (run.judged, run.same) == (3, 0)
    assert graded(files, folder)[0].judged == 0


def test_the_record_of_a_student_is_marked_as_it_was_told(files: CourseFiles, box: Sandbox) -> None:
    submitted(files, box, "ali", "ali")
    assert graded(files, files.root / "submissions")[1] == {"ali": 4}


def test_the_students_copy_draws_the_same_numbers_and_judges_nothing(
    files: CourseFiles, box: Sandbox, tmp_path: Path
) -> None:
    release(files, tmp_path / "copy", lambda _: box)
    copy = find_course(tmp_path / "copy")
    assert own(copy.exercise(ID), "ali").at == own(files.exercise(ID), "ali").at
    results = submitted(copy, box, "ali", "ali")
    assert [each.verdict for each in results] == [Verdict.VOID] * 3
    assert "Recorded, not judged" in " ".join(said(results[0]))
    assert len(list((tmp_path / "copy" / "submissions").rglob(f"{ID}.yaml"))) == 1


def test_nobody_is_told_that_everybody_has_other_numbers(files: CourseFiles) -> None:
    told = numbers(files.exercise(ID), lambda: NOBODY)
    assert told is not None and "--student NAME" in told.said(str, "en")


def test_a_notebook_for_all_cannot_hold_them(files: CourseFiles, tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="each student has"):
        write_assignment(files, "30", tmp_path / "source", force=False, language="en")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("variants: student\n", "", "write variants: student"),
        ("variants: student", "variants: group", "found group; allowed: student"),
        ("  x: {integer: [4, 7]}", "  x: {integer: [4, 7], size: 2}", "is one number"),
        ("  x: {integer: [4, 7]}", "  x: {of: w}", "is one number"),
        ("of: loss, points: 1}", "of: loss, points: 1, expect: 3}", "the same for all"),
        ("  x: {integer: [4, 7]}", "  x: {integer: [7, 4]}", "two whole numbers"),
    ],
)
def test_what_cannot_be_drawn_for_each_is_told(files: CourseFiles, old: str, new: str, words: str) -> None:
    path = files.root / "exercises" / ID / "exercise.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseInvalid) as refused:
        files.exercise(ID)
    assert words in " ".join(fault.message.said(str, "en") for fault in refused.value.faults)

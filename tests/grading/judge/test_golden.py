"""Every submission under golden/ gets the verdicts that lie beside it, and where they are told, the words."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import golden_scores
import pytest
from repository import GOLDEN

from grader.core.course.exercise import Coded, Stated
from grader.core.findings.telling import told_check
from grader.core.program.source import Source, syntax_fault
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult
from grader.core.run.observation import Job, Run
from grader.grading.judge.judge import AnswerKey, Judged, answer_key, judge_program, judge_stated, unreadable
from grader.grading.judge.judge_in_class import program_in_class
from grader.grading.judge.wrong_programs import WrongObserver
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.students.answers import read_answers
from grader.store.students.programs import PROGRAMS, read_program

FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/*/expected.json"))


def name_of(folder: Path) -> str:
    """Return how a golden folder is called: exercise and folder."""
    return f"{folder.parent.name}/{folder.name}"


def _source(folder: Path) -> Source | Finding | None:
    """Return the program in a folder of goldens, or why it cannot be read; None of stated values."""
    file = next((file for suffix in PROGRAMS if (file := folder / f"submission{suffix}").is_file()), None)
    return read_program(file.read_bytes(), file.name) if file else None


def _can_run(folder: Path) -> bool:
    source = _source(folder)
    return isinstance(source, Source) and syntax_fault(source) is None


# Hidden numbers that stay the same when the wording of an exercise changes: some of the messages name them.
SEED = b"golden"
# What never ends is stopped sooner than a student's: its three runs are waited for.
WALL = {"hangs": 3.0}


class LentBox:
    """One box for the whole session; whoever borrows it cannot close it."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.isolation = box.isolation

    def start(self) -> None:
        self.box.start()

    def run(self, job: Job) -> Run:
        return self.box.run(job)

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        return self.box.run_together(jobs)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "torch.optim"])
    yield LentBox(box)
    box.close()


@pytest.fixture(scope="module")
def course() -> CourseFiles:
    return find_course(GOLDEN)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def folder(request: pytest.FixtureRequest) -> Path:
    """One golden submission; what is tried with it comes one after the other, so that it is judged once."""
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def judged(folder: Path, course: CourseFiles, box: Sandbox) -> Judged:
    return _judged(folder, course, box)


def test_a_submission_gets_its_verdicts(folder: Path, judged: Judged) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["checks"]
    seen = {check.name: _seen(check) for check in judged.checks}
    for name, check in seen.items():
        if "message" not in expected.get(name, {"message": ""}):
            del check["message"]
    assert seen == expected


def test_a_submission_gets_what_it_got_under_the_same_rules(folder: Path, judged: Judged, course: CourseFiles) -> None:
    before = golden_scores.frozen()
    now = golden_scores.given(folder, _key(folder, course), judged)
    fault = golden_scores.fault_of(before["given"].get(name_of(folder)), now, before["judging"])
    assert not fault, (fault, before["given"].get(name_of(folder)), now)


def test_in_a_class_a_program_is_told_the_same(folder: Path, judged: Judged, course: CourseFiles, box: LentBox) -> None:
    if not _can_run(folder):
        return
    source = _source(folder)
    assert isinstance(source, Source)
    key = _key(folder, course)
    together = program_in_class(key.observer(), key, source, box.box, wrong_observer(key.exercise.id, course))
    # What there is to see beside the words is for a student's own page.
    said = [[replace(check, evidence=()) for check in each.checks] for each in (together, judged)]
    assert said[0] == said[1] and together.isolation == judged.isolation


@pytest.mark.parametrize("name", ["data_from_a_table", "backward_twice", "sign_of_the_update", "global_parameter"])
def test_a_program_in_cells_gets_the_verdicts_of_the_program(name: str, course: CourseFiles, box: Sandbox) -> None:
    text = (GOLDEN / "4.5" / name / "submission.py").read_text(encoding="utf-8")
    # No program here has decorators.
    starts = [node.lineno - 1 for node in ast.parse(text).body]
    lines = text.split("\n")
    cells = ["\n".join(lines[start:end]) for start, end in pairwise([0, *starts[1:], len(lines)])]
    written = [{"cell_type": "code", "source": cell} for cell in cells]
    source = read_program(json.dumps({"cells": written}).encode(), "submission.ipynb")
    assert isinstance(source, Source) and len(source.cells) > 4
    exercise = course.exercise("4.5")
    key = replace(answer_key(course, exercise, b""), seed=SEED)
    judged = judge_program(key, source, lambda _: box, wrong_observer("4.5", course))
    expected = _expected(GOLDEN / "4.5" / name)
    assert {check.name: check.verdict.value for check in judged.checks} == {
        name: check["verdict"] for name, check in expected.items()
    }


def test_every_exercise_has_right_and_wrong_submissions(course: CourseFiles) -> None:
    full_marks = {
        (folder.parent.name, all(check["verdict"] == "pass" for check in _expected(folder).values()))
        for folder in FOLDERS
    }
    assert full_marks == {(exercise_id, right) for exercise_id in course.exercise_ids() for right in (True, False)}


def _expected(folder: Path) -> dict[str, dict[str, str]]:
    checks: dict[str, dict[str, str]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["checks"]
    return checks


def _seen(check: CheckResult) -> dict[str, str]:
    message = "\n".join(sentence.said(str) for sentence in told_check(check))
    return {"verdict": check.verdict.value, "message": message}


def _key(folder: Path, course: CourseFiles) -> AnswerKey:
    """Return what a submission is held to; one that never ends to a shorter limit."""
    key = replace(answer_key(course, course.exercise(folder.parent.name), b""), seed=SEED)
    work = key.exercise.work
    if folder.name not in WALL or not isinstance(work, Coded):
        return key
    limits = {check.name: replace(check.limits, wall=WALL[folder.name]) for check in work.checks}
    checks = tuple(replace(check, limits=limits[check.name]) for check in work.checks)
    return replace(key, exercise=replace(key.exercise, work=replace(work, checks=checks)))


def _judged(folder: Path, course: CourseFiles, box: Sandbox) -> Judged:
    def lend(_: Iterable[str]) -> Sandbox:
        return box

    key = _key(folder, course)
    exercise = key.exercise
    if isinstance(exercise.work, Stated):
        file = folder / "submission.yaml"
        answers = read_answers(file.read_bytes(), file.name, [ask.name for ask in exercise.work.asks])
        return judge_stated(key, answers, lend)
    source = _source(folder)
    assert source is not None
    if isinstance(source, Finding):
        return unreadable(exercise.work, source)
    return judge_program(key, source, lend, wrong_observer(exercise.id, course))


OBSERVERS: dict[str, WrongObserver] = {}


def wrong_observer(exercise_id: str, course: CourseFiles) -> WrongObserver:
    """Return what observes the wrong programs of an exercise, once for all submissions."""
    if exercise_id not in OBSERVERS:
        key = replace(answer_key(course, course.exercise(exercise_id), b""), seed=SEED)
        OBSERVERS[exercise_id] = key.wrong_observer(key.observer().program)
    return OBSERVERS[exercise_id]

"""Every submission under golden/ gets the verdict, score, names of mistakes and, where told, words beside it.

A change that was meant is written into the golden files by

.venv/bin/python -m pytest tests/grading/judge/test_golden.py --accept

which lists at its end each verdict, score and name that changed, and freezes the scores. Where a score changed under
the same rules, it freezes none and says so. A new folder begins with an expected.json of {}.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import golden_scores
import pytest
from repository import GOLDEN, lecture

from grader.core.course.exercise import Coded
from grader.core.findings.telling import told_check
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult
from grader.core.run.jobs import Job
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import Known, practice_key
from grader.grading.judge.drivers import InTurn, SideBySide
from grader.grading.judge.judge import judge, known_of, read_handed_in
from grader.grading.judge.kinds.kind import HandedIn
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Judged
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.students.programs import PROGRAMS, read_program

COURSE = find_course(GOLDEN)
SUFFIXES = (*PROGRAMS, ".yaml")
# What never ends is stopped sooner than a student's.
WALL = {"hangs": 3.0}
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/*/expected.json"))
# What golden files hold of a finding.
HELD = ("quantity", "name", "step", "cell", "line", "function", "type")
EVERYTHING = os.environ.get("COURSE_GOLDEN") == "all"
Accepted = Callable[[str, object], None]


def name_of(folder: Path) -> str:
    """Return how a golden folder is called: exercise and folder."""
    return f"{folder.parent.name}/{folder.name}"


def _handed_in(folder: Path) -> HandedIn:
    file = next(file for suffix in SUFFIXES if (file := folder / f"submission{suffix}").is_file())
    return read_handed_in(COURSE.exercise(folder.parent.name).work, file.read_bytes(), file.name)


def _expected(folder: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    checks: dict[str, dict[str, Any]] = content.get("checks", {})
    return checks


@cache
def _coded(exercise: str) -> bool:
    return isinstance(COURSE.exercise(exercise).work, Coded)


def _runs_to_its_end(folder: Path) -> bool:
    """Whether it is a program that no limit stops: to import torch counts against limits itself."""
    stopped = any(check.get("message", "").startswith("Stopped") for check in _expected(folder).values())
    return _coded(folder.parent.name) and folder.name not in WALL and not stopped


def _first_of_each(kind: Callable[[Path, str, str], tuple[str, ...]], folders: Sequence[Path] = FOLDERS) -> set[Path]:
    """Return the first folder of each kind of folder, check and verdict."""
    found: dict[tuple[str, ...], Path] = {}
    for folder in folders:
        for name, check in _expected(folder).items():
            found.setdefault(kind(folder, name, check["verdict"]), folder)
    return set(found.values())


# What once got two verdicts is always judged twice.
ALWAYS = {GOLDEN / "4.6" / "gradient_takes_lists"}
TWICE = FOLDERS if EVERYTHING else sorted(ALWAYS | _first_of_each(lambda folder, *rest: (folder.parent.name, *rest)))
# To import torch in each child takes seconds: by day one for each verdict.
TO_THE_END = [folder for folder in FOLDERS if _runs_to_its_end(folder)]
BARE = TO_THE_END if EVERYTHING else sorted(ALWAYS | _first_of_each(lambda *rest: rest[2:], TO_THE_END))
# As a mark is: hidden numbers decide, and messages name shown ones. They stay the same when an exercise changes.
HIDDEN, SHOWN = b"golden, hidden", b"golden"


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
    # As the box of a class, which knows by a submission's words what it will import.
    box = make_box("none", ["torch", "torch.optim", "matplotlib.pyplot", "warm"])
    yield LentBox(box)
    box.close()


@pytest.fixture(scope="module")
def bare_box() -> Iterator[Sandbox]:
    """A box that has not imported torch: a submission that does imports it anew in each of its children."""
    box = make_box("none")
    yield LentBox(box)
    box.close()


@pytest.fixture(scope="module")
def course() -> CourseFiles:
    return COURSE


@pytest.fixture(scope="module", params=FOLDERS, ids=name_of)
def folder(request: pytest.FixtureRequest) -> Path:
    """One golden submission; what is tried with it comes one after the other, so that it is judged once."""
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def judged(folder: Path, course: CourseFiles, box: Sandbox) -> Judged:
    return _judged(folder, course, box)


@pytest.fixture
def accepted(pytestconfig: pytest.Config, record_property: Callable[[str, object], None]) -> Accepted | None:
    """Return what tells of a change that is accepted, or None where none is."""
    return record_property if pytestconfig.getoption("--accept") else None


def test_a_submission_gets_its_verdicts(folder: Path, judged: Judged, accepted: Accepted | None) -> None:
    expected = _expected(folder)
    seen = {check.name: _seen(check, expected.get(check.name, {})) for check in judged.checks}
    if accepted and seen != expected:
        content = json.dumps({"checks": seen}, indent=2, ensure_ascii=False)
        (folder / "expected.json").write_text(f"{content}\n", encoding="utf-8")
        for change in _changes(expected, seen):
            accepted("accepted", f"{name_of(folder)}: {change}")
        return
    assert seen == expected


def test_a_submission_gets_what_it_got_under_the_same_rules(
    folder: Path, judged: Judged, course: CourseFiles, accepted: Accepted | None
) -> None:
    before = golden_scores.frozen()
    now = golden_scores.given(folder, _known(folder, course).key, judged)
    if accepted:
        accepted("given", (name_of(folder), now))
        return
    fault = golden_scores.fault_of(before["given"].get(name_of(folder)), now, before["judging"])
    assert not fault, (fault, before["given"].get(name_of(folder)), now)


@pytest.mark.parametrize("folder", TWICE, ids=name_of, indirect=True)
def test_in_a_class_it_is_told_the_same(folder: Path, judged: Judged, course: CourseFiles, box: Sandbox) -> None:
    in_turn = judge(_known(folder, course), _handed_in(folder), InTurn(lambda: box))
    # A NaN in a curve is not equal to itself; as text it is.
    assert repr(in_turn.checks) == repr(judged.checks)
    assert (in_turn.notices, in_turn.isolation) == (judged.notices, judged.isolation)


@pytest.mark.parametrize("folder", BARE, ids=name_of, indirect=True)
def test_where_torch_was_not_imported_before_it_is_told_the_same(
    folder: Path, course: CourseFiles, box: Sandbox, bare_box: Sandbox
) -> None:
    known, handed_in = _patient(_known(folder, course)), _handed_in(folder)
    before = judge(known, handed_in, InTurn(lambda: box))
    assert repr(judge(known, handed_in, InTurn(lambda: bare_box)).checks) == repr(before.checks)


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
    with SideBySide(lambda: box) as run:
        judged = judge(_known_of("4.5", course), source, run)
    expected = _expected(GOLDEN / "4.5" / name)
    assert {check.name: check.verdict.value for check in judged.checks} == {
        name: check["verdict"] for name, check in expected.items()
    }


def test_every_exercise_has_right_and_wrong_submissions(course: CourseFiles) -> None:
    full_marks = {
        (folder.parent.name, all(check["verdict"] == "pass" for check in _expected(folder).values()))
        for folder in FOLDERS
    }
    assert full_marks == {
        (exercise_id, right) for exercise_id in lecture(course.exercise_ids(), every=False) for right in (True, False)
    }


def _seen(check: CheckResult, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is held of a check; its words only where they lie in the golden file, or where there is none yet."""
    seen = {
        "verdict": check.verdict.value,
        "score": check.score,
        "causes": [cause.name for cause in check.causes],
        "findings": list(map(_found, check.findings)),
    }
    message = "\n".join(sentence.said(str) for sentence in told_check(check))
    told = {"message": message} if message and ("message" in expected or not expected) else {}
    return {name: value for name, value in {**seen, **told}.items() if value != []}


def _found(found: Finding) -> dict[str, Any]:
    """Return what a finding is about and where it is; the numbers are in the words."""
    return {"kind": found.kind, **{name: found.fields[name] for name in HELD if name in found.fields}}


def _changes(expected: Mapping[str, Mapping[str, Any]], seen: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what a person has to look at before it is accepted; that words changed is said, not how."""
    for check, name in product({**expected, **seen}, ("verdict", "score", "causes", "findings", "message")):
        before, after = (side.get(check, {}).get(name) for side in (expected, seen))
        if before != after:
            yield f"{check}: other words" if name == "message" else f"{check}: {name} {before} -> {after}"


def _known(folder: Path, course: CourseFiles) -> Known:
    """Return what a submission is held to; one that never ends to a shorter limit."""
    known = _known_of(folder.parent.name, course)
    if folder.name not in WALL or not isinstance(known, KnownCoded):
        return known
    limits = {check.name: replace(check.limits, wall=WALL[folder.name]) for check in known.work.checks}
    return known.with_checks(tuple(replace(check, limits=limits[check.name]) for check in known.work.checks))


KNOWN: dict[str, Known] = {}


def _known_of(exercise_id: str, course: CourseFiles) -> Known:
    """Return what all submissions to an exercise are held to: what is observed is observed once."""
    if exercise_id not in KNOWN:
        key = practice_key(course, course.exercise(exercise_id))
        KNOWN[exercise_id] = known_of(replace(key, seed=HIDDEN, shown_seed=SHOWN))
    return KNOWN[exercise_id]


def _patient(known: Known) -> Known:
    """Return what a submission is held to with limits that leave room for importing torch."""
    coded = KnownCoded.of(known)
    roomy = {"wall": 120.0, "cpu": 120.0, "memory": 2**31}
    return coded.with_checks(
        tuple(replace(check, limits=replace(check.limits, **roomy)) for check in coded.work.checks)
    )


def _judged(folder: Path, course: CourseFiles, box: Sandbox) -> Judged:
    with SideBySide(lambda: box) as run:
        return judge(_known(folder, course), _handed_in(folder), run)

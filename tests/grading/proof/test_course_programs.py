"""The author's side of the shipped course: right programs get full marks, wrong ones lose some and have their hints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from repository import ROOT

from grader.core.course.exercise import Check, Coded
from grader.core.judge.judge import judge_check
from grader.core.program.source import Source, read_source, syntax_fault
from grader.core.report.report import Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.programs import reference
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

COURSE = find_course(ROOT)
SOLUTIONS = COURSE.root / "solutions"
EXERCISES = pytest.mark.parametrize(
    "exercise_id", [each for each in COURSE.exercise_ids() if isinstance(COURSE.exercise(each).work, Coded)]
)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One warm box for all programs, with what the first of them would else wait for."""
    box = make_box("none", ["torch", "torch.optim", "numpy", "warm"])
    yield box
    box.close()


@EXERCISES
def test_every_right_program_gets_full_marks(exercise_id: str, box: Sandbox) -> None:
    judge = Judge(exercise_id, box)
    right = _programs(exercise_id, "right")
    assert len(right) > 2
    for program in (SOLUTIONS / exercise_id / "solution.py", *right):
        assert judge.lost(program) is None, program


@EXERCISES
def test_every_wrong_program_loses_points_and_none_has_to_be_stopped(exercise_id: str, box: Sandbox) -> None:
    judge = Judge(exercise_id, box)
    starter = COURSE.root / "exercises" / exercise_id / "starter.py"
    assert [program for program in (starter, *_programs(exercise_id, "wrong")) if judge.lost(program) is None] == []


@EXERCISES
def test_every_wrong_program_has_an_entry_and_every_entry_a_program(exercise_id: str) -> None:
    names = {program.name.partition(".")[0] for program in _programs(exercise_id, "wrong")}
    assert names == set(_misconceptions(exercise_id))


@EXERCISES
def test_every_entry_has_a_hint_in_all_languages_of_the_course(exercise_id: str) -> None:
    for name, entry in _misconceptions(exercise_id).items():
        assert set(entry["hint"]) == set(COURSE.course.languages), name
        assert all(isinstance(text, str) and text.strip() for text in entry["hint"].values()), name


@EXERCISES
def test_no_entry_is_another_name_of_itself(exercise_id: str) -> None:
    for name, entry in _misconceptions(exercise_id).items():
        assert set(entry) <= {"hint", "also", "unnamed"}, name
        also = entry.get("also", [])
        assert len({name, *also}) == 1 + len(also), name


class Judge:
    """Judges programs of one exercise as the grader does, without a diagnosis."""

    def __init__(self, exercise_id: str, box: Sandbox) -> None:
        exercise = COURSE.exercise(exercise_id)
        assert isinstance(exercise.work, Coded)
        self.work = exercise.work
        self.box = box
        key = answer_key(COURSE, exercise, b"")
        self.seed = key.seed
        self.references = driven(reference(key.observer()), InTurn(lambda: box))

    def lost(self, program: Path) -> str | None:
        """Return a check that the program does not pass; None where it has full marks.

        All checks run in one child: these programs are our own, and none disturbs what runs after it.
        """
        source = _source(program)
        jobs = [program_jobs(check, source.text, source.filename, self.seed, self.work) for check in self.work.checks]
        runs = self.box.run_together([job for some in jobs for job in some])
        assert [run.status for run in runs] == [RunStatus.COMPLETED] * sum(map(len, jobs)), program
        left = iter(runs)
        own_runs = [(check, list(islice(left, len(some)))) for check, some in zip(self.work.checks, jobs, strict=True)]
        return next((check.name for check, own in own_runs if not self._passes(check, source, own)), None)

    def _passes(self, check: Check, source: Source, runs: Sequence[Run]) -> bool:
        judged = judge_check(check, self.work, source, self.seed, runs, self.references[check.name])
        return judged.verdict is Verdict.PASS


def _programs(exercise_id: str, side: str) -> list[Path]:
    return sorted((SOLUTIONS / exercise_id / side).glob("*.py"))


def _misconceptions(exercise_id: str) -> dict[str, Any]:
    content = yaml.safe_load((SOLUTIONS / exercise_id / "misconceptions.yaml").read_text(encoding="utf-8"))
    assert set(content) == {"format_version", "misconceptions"} and content["format_version"] == 1
    found: dict[str, Any] = content["misconceptions"]
    return found


def _source(program: Path) -> Source:
    source = read_source(program.read_bytes(), program.name)
    assert isinstance(source, Source) and syntax_fault(source) is None, program
    return source

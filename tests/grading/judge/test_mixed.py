"""Checks and tests in one exercise: one list of points, one judgement, and each part proved as it is by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from examined import SOLUTION, results, said, write_course
from jsonschema import Draft202012Validator
from proving import InOneProcess, NoProgress

from grader.actions.author.check import check
from grader.core.course.exercise import Mixed
from grader.core.judge.digests import declared_digest
from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.proof.proof import CheckRequest
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course
from grader.store.course.schemas import schema_text

EXERCISE = """
format_version: 1
id: "9.1"
title: {en: Means}
prompt: {en: Write mean and running.}
arrays: list
checks:
  - {name: means, points: 3, call: mean(x), args: {x: {uniform: [1, 5], size: 4}}, compare: [value], repeat: 2}
tests:
  - {name: refuses, points: 1, test: [test_refuses, test_mean_of_one]}
  - {name: running, points: 4, test: [test_running, test_mean], partial: true, needs: means}
"""
MEDIAN = SOLUTION.replace("sum(numbers) / len(numbers)", "sorted(numbers)[len(numbers) // 2]")
POLITE = SOLUTION.replace('raise ValueError("there is nothing to take the mean of")', "return 0.0")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("mixed"), EXERCISE)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["pytest"])
    yield box
    box.close()


def verdicts(root: Path, program: str, box: Sandbox) -> dict[str, Verdict]:
    return {name: result.verdict for name, result in results(root, program, box).items()}


def faults(root: Path) -> list[str]:
    with pytest.raises(CourseInvalid) as refused:
        find_course(root).exercise("9.1")
    return [f"{fault.at}: {fault.message.said(str)}" for fault in refused.value.faults]


def test_points_are_one_list_in_the_order_of_the_file(root: Path) -> None:
    exercise = find_course(root).exercise("9.1")
    assert exercise.points == {"means": 3, "refuses": 1, "running": 4}


def test_the_solution_gets_full_marks_for_both(root: Path, box: Sandbox) -> None:
    assert set(verdicts(root, SOLUTION, box).values()) == {Verdict.PASS}


def test_a_program_loses_the_points_of_that_part_alone_which_finds_its_mistake(root: Path, box: Sandbox) -> None:
    found = results(root, POLITE, box)
    assert {name: each.score for name, each in found.items()} == {"means": 3, "refuses": 0, "running": 4}
    assert "test_open.py" in said(found["refuses"])


def test_a_test_may_need_a_check(root: Path, box: Sandbox) -> None:
    found = results(root, MEDIAN, box)
    assert found["means"].verdict is Verdict.FAIL and "mean(x)" in said(found["means"])
    assert found["running"].verdict is Verdict.SKIPPED and found["refuses"].verdict is Verdict.PASS


def test_a_file_that_python_cannot_read_loses_all_of_them(root: Path, box: Sandbox) -> None:
    assert verdicts(root, "def mean(:\n", box) == dict.fromkeys(("means", "refuses", "running"), Verdict.ERROR)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: refuses", "name: means", "10:5: duplicate name: means"),
        ("needs: means", "needs: mean", "11:87: found mean; did you mean means?"),
        ("partial: true", "limit: 3", "11:"),
        ("arrays: list\n", "variants: student\n", "variants is for stated values"),
    ],
)
def test_what_is_wrong_beside_the_other_part_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert told in "\n".join(faults(write_course(tmp_path, EXERCISE.replace(old, new))))


def test_the_schema_allows_both() -> None:
    schema = Draft202012Validator(json.loads(schema_text("exercise")))
    both = yaml.safe_load(EXERCISE + "run: definitions\n")
    schema.validate(both)
    assert not schema.is_valid({**yaml.safe_load(EXERCISE), "graph": "y = x"})
    assert not schema.is_valid({key: value for key, value in both.items() if key != "tests"})


def test_the_students_copy_knows_what_was_declared(root: Path) -> None:
    files = find_course(root)
    whole = files.exercise("9.1")
    assert isinstance(whole.work, Mixed)
    other = files.exercise_of("9.1", EXERCISE.replace("points: 4", "points: 5").encode())
    assert declared_digest(whole) != declared_digest(other)


def test_a_check_proves_both_and_tells_of_each_at_its_own_place(tmp_path: Path) -> None:
    root = write_course(tmp_path, EXERCISE)
    wrong = root / "solutions/9.1/wrong"
    wrong.mkdir()
    (wrong / "median.py").write_text(MEDIAN)
    (root / "solutions/9.1/misconceptions.yaml").write_text(
        "format_version: 1\nmisconceptions: {median: {hint: {en: This is the median.}}}\n"
    )
    request = CheckRequest("none", seeds=2, only=("9.1",))
    (proof,) = check(find_course(root), request, InOneProcess(), NoProgress()).proofs
    assert {(each.name, each.at.line) for each in proof.findings} == {
        ("check-not-needed", 10),
        ("check-not-needed", 11),
    }

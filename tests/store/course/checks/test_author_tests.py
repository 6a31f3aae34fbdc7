"""An exercise with tests is read as its author means it, and every mistake is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from examined import EXERCISE, HIDDEN, OPEN, write_course
from jsonschema import Draft202012Validator

from grader.core.course.checks.author_tests import Tested
from grader.core.words.errors import CourseInvalid
from grader.store.course.course_files import find_course
from grader.store.course.schemas import schema_text


def read(root: Path) -> Tested:
    work = find_course(root).exercise("9.1").work
    assert isinstance(work, Tested)
    return work


def faults(root: Path) -> list[str]:
    with pytest.raises(CourseInvalid) as caught:
        find_course(root).exercise("9.1")
    return [f"{fault.at}: {fault.message.said(str)}" for fault in caught.value.faults]


def listed(*entries: str) -> str:
    head = EXERCISE.partition("tests:")[0]
    return head + "tests:\n" + "".join(f"  - {entry}\n" for entry in entries)


ALL = ("{name: mean, points: 2, test: [test_mean, test_mean_of_one]}", "{name: running, points: 4}")


def test_names_are_resolved_in_both_folders(tmp_path: Path) -> None:
    work = read(write_course(tmp_path))
    assert [(check.name, check.points, check.partial) for check in work.checks] == [
        ("mean", 2, False),
        ("refuses", 1, False),
        ("running", 4, True),
    ]
    assert work.checks[0].tests == ("test_hidden.py::test_mean", "test_open.py::test_mean_of_one")
    assert {file.name: file.public for file in work.files} == {"test_open.py": True, "test_hidden.py": False}


def test_without_a_test_the_name_says_which(tmp_path: Path) -> None:
    root = write_course(tmp_path, listed(*ALL, "{name: refuses, points: 1}"))
    assert read(root).checks[1].tests == ("test_hidden.py::test_running",)


def test_the_students_copy_has_the_public_files_and_still_reads(tmp_path: Path) -> None:
    import shutil

    root = write_course(tmp_path)
    shutil.rmtree(root / "solutions")
    assert [check.name for check in read(root).checks] == ["mean", "refuses", "running"]


@pytest.mark.parametrize(
    ("exercise", "hidden", "told"),
    [
        (listed(*ALL), HIDDEN, "7:3: no check uses test_open.py::test_refuses"),
        (listed(*ALL, "{name: refuses, points: 1, test: test_refuse}"), HIDDEN, "9:38: there is no test test_refuse; found: test_refuses"),  # noqa: E501
        (listed(*ALL, "{name: mean, points: 1, test: test_refuses}"), HIDDEN, "9:5: duplicate name: mean"),
        (EXERCISE + "checks: []\n", HIDDEN, "found a list; expected a list of checks"),
        (EXERCISE + "without: [loops, autograd]\n", HIDDEN, "without: autograd is for an exercise with checks, and for all of them: write it at the top"),  # noqa: E501
        (EXERCISE, "def test_mean(:\n", "solutions/9.1/tests/test_hidden.py:1:15: Python cannot read this line"),
        (EXERCISE, f"from submission import *\n{HIDDEN}", "test_hidden.py:1:1: name what you import from submission"),
        (EXERCISE, HIDDEN + "\ndef test_refuses(): ...\n", None),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, exercise: str, hidden: str, told: str | None) -> None:
    if told is None:
        told = "no check uses test_hidden.py::test_refuses"
    assert told in "\n".join(faults(write_course(tmp_path, exercise, hidden)))


def test_the_schema_allows_it(tmp_path: Path) -> None:
    exercise = yaml.safe_load(EXERCISE + "run: definitions\n")
    Draft202012Validator(json.loads(schema_text("exercise"))).validate(exercise)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "solutions/9.1/tests/test_open.py").write_text(OPEN)
    assert "test_open.py is in both folders of tests" in "\n".join(faults(root))

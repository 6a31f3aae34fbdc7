"""A comparison and a draw from outside the package, a file each, all the way through the real commands."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import commanding
import pytest
import yaml
from jsonschema import Draft202012Validator
from repository import ROOT

from grader.actions.author.new_course import new_course

EXERCISE = """format_version: 1
id: "1.9"
title: {en: "Twice as much"}
prompt: {en: "twice(x) returns what has twice the mean of x."}
checks:
  - name: average
    points: 2
    call: twice(x)
    args: {x: {ladder: [1, 5], size: 5}}
    repeat: 3
    compare: [mean]
"""
RIGHT = "def twice(x):\n    return x.flip(0) * 2\n"
WRONG = "def twice(x):\n    return x * 3\n"
ODD = "def twice(x):\n    return x + 40\n"
SOLUTION = "def twice(x):\n    return x * 2\n"
Done = subprocess.CompletedProcess[str]


class Toys:
    """A course with an exercise of toy kinds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        new_course(root, ["en"], "Toys")
        self.write("course.yaml", (root / "course.yaml").read_text() + "plugins: [toys.mean, toys.ladder]\n")
        self.write("exercises/1.9/exercise.yaml", EXERCISE)
        self.write("exercises/1.9/starter.py", "def twice(x):\n    return None\n")
        self.write("solutions/1.9/solution.py", SOLUTION)
        self.write("solutions/1.9/wrong/three-times.py", WRONG)
        hint = "three-times:\n    hint: {en: You multiply by three.}\n"
        self.write("solutions/1.9/misconceptions.yaml", f"format_version: 1\nmisconceptions:\n  {hint}")

    def write(self, name: str, text: str) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    def run(self, *arguments: str, path: str = "tests", code: int = 0) -> str:
        """Run `course`, and return what it prints, what it says beside that last; `code` is how it has to end."""
        return self.ended(commanding.course(*arguments, cwd=self.root, PYTHONPATH=self.folders(path)), code)

    def run_afresh(self, *arguments: str) -> str:
        """Run `course` in a process that starts from nothing, as do those that it starts."""
        own = {**os.environ, "PYTHONPATH": self.folders("tests"), "LANG": "en_US.UTF-8"}
        command = [sys.executable, "-P", "-m", "grader", *arguments]
        done = subprocess.run(command, cwd=self.root, env=own, capture_output=True, encoding="utf-8", check=False)
        return self.ended(done, 0)

    def folders(self, path: str) -> str:
        return os.pathsep.join([str(ROOT), str(ROOT / path)])

    def ended(self, done: Done, code: int) -> str:
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout or done.stderr

    def check_of(self, text: str, code: int) -> dict[str, Any]:
        """Return how the check went in a submission of this text."""
        report = json.loads(self.run("submit", "1.9", self.write("work/1.9.py", text), "--json", code=code))
        (check,) = report["checks"]
        return {"score": report["score"], **check}


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    return Toys(tmp_path_factory.mktemp("toys") / "course")


def test_the_exercise_is_proved(toys: Toys) -> None:
    assert "1.9" in toys.run("check", "1.9")


def test_the_schema_takes_it_and_refuses_a_misspelt_one(toys: Toys) -> None:
    validator = Draft202012Validator(json.loads(toys.run("schema", "exercise")))
    assert validator.is_valid(yaml.safe_load(EXERCISE))
    odd = (("[mean]", "[maen]"), ("{ladder:", "{lader:"), ("ladder: [1, 5]", "ladder: 1"), ("size: 5", "of: x"))
    for old, new in odd:
        assert not validator.is_valid(yaml.safe_load(EXERCISE.replace(old, new)))


def test_the_reader_tells_what_is_wrong_with_it(toys: Toys) -> None:
    toys.write("exercises/1.9/exercise.yaml", EXERCISE.replace("[1, 5]", "[5, 1]").replace("[mean]", "[maen]"))
    said = toys.run("show", "1.9", code=3)
    toys.write("exercises/1.9/exercise.yaml", EXERCISE)
    assert "exercise.yaml:9:24: ladder takes two numbers, the smaller first" in said
    assert "exercise.yaml:11:15: maen cannot be compared; did you mean mean?" in said


def test_a_right_submission_gets_full_marks(toys: Toys) -> None:
    assert toys.check_of(RIGHT, 0)["score"] == 2


def test_a_wrong_one_is_told_the_mean_and_the_authors_hint(toys: Toys) -> None:
    check = toys.check_of(WRONG, 1)
    assert check["verdict"] == "fail" and check["message"].startswith("The mean of twice(x) at x = 5 is ")
    assert [each["name"] for each in check["misconceptions"]] == ["three-times"]


def test_a_general_pattern_is_found_in_its_numbers(toys: Toys) -> None:
    check = toys.check_of("def twice(x):\n    return -2 * x\n", 1)
    assert [each["name"] for each in check["misconceptions"]] == ["sign-flipped"]


def test_what_returns_nothing_has_its_own_sentence(toys: Toys) -> None:
    assert "no mean of them" in toys.check_of("def twice(x):\n    return None\n", 1)["message"]


def test_hints_and_the_page_speak_of_it(toys: Toys) -> None:
    toys.check_of(ODD, 1)
    assert "the mean of what twice(x) returns" in toys.run("hint", "1.9")
    assert "Which numbers are added up for the mean" in toys.run("hint", "1.9")
    toys.run("feedback", "1.9", "--output", "page.html", code=1)
    assert "The mean of twice(x)" in (toys.root / "page.html").read_text(encoding="utf-8")


def test_an_author_sees_its_numbers(toys: Toys) -> None:
    assert "mean: " in toys.run("show", "1.9", "--as-author")


def test_a_class_is_graded_by_two_workers_and_exported(toys: Toys) -> None:
    for student, text in (("ali", RIGHT), ("vali", WRONG), ("guli", ODD)):
        toys.write(f"class/{student}/1.9.py", text)
    reports = json.loads(toys.run_afresh("grade", "class", "-j", "2", "--json"))["reports"]
    assert {report["student"]: report["score"] for report in reports} == {"ali": 2, "vali": 0, "guli": 0}
    rows = list(csv.DictReader(io.StringIO(toys.run("export", "csv"))))
    assert {(row["student"], float(row["score"])) for row in rows if row["exercise"] == "1.9"} == {
        ("ali", 2),
        ("vali", 0),
        ("guli", 0),
    }


def test_a_module_that_cannot_be_imported_is_told_with_its_place(toys: Toys) -> None:
    said = toys.run("list", path="docs", code=3)
    line = (toys.root / "course.yaml").read_text().splitlines().index("plugins: [toys.mean, toys.ladder]") + 1
    assert f"course.yaml:{line}:11: toys.mean cannot be imported; put its folder on PYTHONPATH." in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "has no comparison and no draw"),
        ("from toys.ladder import Ladder\n", "has no comparison and no draw"),
        (
            "from grader.core.compare.comparison import Comparison\nclass Odd(Comparison):\n    word = 'odd'\n",
            "own.Odd does not say: arrays, asked, facts, mismatch, question, recordings",
        ),
        (
            "from toys.mean import CompareMean\nclass Other(CompareMean):\n    word = 'value'\n",
            "own.Other: the word value is taken",
        ),
        ("1 / 0\n", "ZeroDivisionError"),
    ],
    ids=["nothing", "another's", "unfinished", "taken", "raising"],
)
def test_a_module_that_is_no_kind_is_told(tmp_path: Path, text: str, said: str) -> None:
    toys = Toys(tmp_path / "course")
    toys.write("own.py", text)
    toys.write("course.yaml", (toys.root / "course.yaml").read_text().replace("toys.mean, toys.ladder", "own"))
    own = os.pathsep.join(["tests", str(toys.root)])
    assert said in toys.run("list", path=own, code=3)

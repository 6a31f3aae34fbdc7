"""An exercise with tests from the command line: it is proved, handed in, graded for a class, and hinted at."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from examined import SOLUTION, STARTER, write_course
from grading import notebook
from test_authoring import Run
from test_authoring import run as _run

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can lock a box", allow_module_level=True)

run = _run
HALF = SOLUTION.replace("for i in range(len(numbers))", "for i in range(1)")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


def told(text: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text)
    assert "error" not in content, content
    return content


def test_an_exercise_that_is_right_is_proved_and_one_that_is_not_is_told_why(run: Run, course: Path) -> None:
    assert run("new", "9.2", "--kind", "tests", cwd=course).returncode == 0
    done = run("check", "-j", "1", cwd=course)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "9.1: 0 right, 0 wrong, 3 tests" in done.stdout
    assert "9.2: 0 right, 1 wrong, 3 tests" in done.stdout
    (course / "exercises/9.1/starter.py").write_text(SOLUTION)
    for name, text in (("wrong/fine.py", SOLUTION), ("right/not.py", STARTER), ("wrong/half.py", HALF)):
        path = course / "solutions/9.1" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    done = run("check", "9.1", "-j", "1", "--json", cwd=course)
    assert done.returncode == 1
    findings = [(each["name"], Path(each["file"]).name) for each in told(done.stdout)["exercises"][0]["findings"]]
    assert sorted(findings) == [
        ("check-not-needed", "exercise.yaml"),
        ("check-not-needed", "exercise.yaml"),
        ("right-not-full-marks", "not.py"),
        ("starter-full-marks", "starter.py"),
        ("wrong-full-marks", "fine.py"),
    ]


def test_a_class_is_graded_and_a_changed_test_grades_it_anew(run: Run, course: Path) -> None:
    for student, name, text in (("ali", "9.1.py", SOLUTION), ("vali", "9.1.ipynb", notebook(HALF))):
        path = course / "class" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    first = told(run("grade", "class", "-j", "1", "--json", cwd=course).stdout)
    assert {each["student"]: each["score"] for each in first["reports"]} == {"ali": 7.0, "vali": 4.0}
    tests = course / "solutions/9.1/tests/test_hidden.py"
    tests.write_text(tests.read_text().replace("([4, 0, 2], [4, 2, 2])", "([4], [4])"))
    again = told(run("grade", "class", "-j", "1", "--regrade", "--yes", "--json", cwd=course).stdout)
    assert {each["student"]: each["score"] for each in again["reports"]} == {"ali": 7.0, "vali": 5.0}


def test_a_submission_is_graded_recorded_and_hinted_at(run: Run, course: Path) -> None:
    assert run("start", "9.1", cwd=course).returncode == 0
    (course / "work/9.1.py").write_text(HALF)
    done = run("submit", "9.1", "--json", cwd=course)
    report = told(done.stdout)
    assert (done.returncode, report["score"], report["max_score"], report["isolation"]) == (1, 4.0, 7.0, "full")
    assert [check["verdict"] for check in report["checks"]] == ["pass", "pass", "fail"]
    assert "running" in run("hint", "9.1", cwd=course).stdout
    assert run("feedback", "9.1", cwd=course).returncode == 1
    assert "running" in (course / "feedback/9.1.html").read_text(encoding="utf-8")

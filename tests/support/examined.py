"""An exercise with tests of its author's, and programs for it: what the tests of author tests share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.core.findings.telling import told_check
from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.grading.judge.answer_key import answer_key, practice_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.grading.judge.steps import Judged
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

COURSE = """
format_version: 1
id: trial
title: {en: Trial}
languages: [en]
lectures: [{id: "9", title: {en: Trial}}]
"""
EXERCISE = """
format_version: 1
id: "9.1"
title: {en: Means}
prompt: {en: Write mean and running.}
tests:
  - {name: mean, points: 2, test: [test_mean, test_mean_of_one]}
  - {name: refuses, points: 1, test: test_open.py::test_refuses}
  - {name: running, points: 4, test: test_running, partial: true}
"""
OPEN = """
import pytest
from submission import mean


def test_refuses():
    with pytest.raises(ValueError, match="nothing"):
        mean([])


def test_mean_of_one():
    assert mean([5]) == 5
"""
HIDDEN = """
import pytest
from submission import mean, running


@pytest.fixture
def numbers():
    return [3.0, 8.0, 1.5]


def test_mean(numbers):
    assert mean(numbers) == pytest.approx(12.5 / 3), "the mean of several numbers"


@pytest.mark.parametrize("numbers, wanted", [([1], [1]), ([1, 3], [1, 2]), ([4, 0, 2], [4, 2, 2]), ([], [])])
def test_running(numbers, wanted):
    assert running(numbers) == wanted
"""
SOLUTION = """
def mean(numbers):
    if not numbers:
        raise ValueError("there is nothing to take the mean of")
    return sum(numbers) / len(numbers)


def running(numbers):
    return [mean(numbers[: i + 1]) for i in range(len(numbers))]
"""
STARTER = """
def mean(numbers):
    ...


def running(numbers):
    ...
"""


def write_course(root: Path, exercise: str = EXERCISE, hidden: str = HIDDEN, public: str = OPEN) -> Path:
    """Write the course and return its folder."""
    files = {
        "course.yaml": COURSE,
        "exercises/9.1/exercise.yaml": exercise,
        "exercises/9.1/starter.py": STARTER,
        "exercises/9.1/tests/test_open.py": public,
        "solutions/9.1/solution.py": SOLUTION,
        "solutions/9.1/tests/test_hidden.py": hidden,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


class Lent:
    """A box that whoever borrows it cannot close."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.isolation, self.start, self.run, self.run_together = box.isolation, box.start, box.run, box.run_together

    def close(self) -> None:
        pass


def judged(root: Path, program: str, box: Sandbox, marks: bool = False) -> Judged:
    files = find_course(root)

    def lend(_: Iterable[str]) -> Sandbox:
        return Lent(box)

    exercise = files.exercise("9.1")
    key = answer_key(files, exercise, b"secret") if marks else practice_key(files, exercise)
    return judge_submission(known_closely(key), Source(program, "9.1.py"), lend)


def results(root: Path, program: str, box: Sandbox) -> dict[str, CheckResult]:
    return {check.name: check for check in judged(root, program, box).checks}


def said(result: CheckResult) -> str:
    return "\n".join(sentence.said(str) for sentence in told_check(result))

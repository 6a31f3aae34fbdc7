"""A training tells its data in every way that it has, and nothing that is shown has a hidden number."""

from __future__ import annotations

import json

import pytest
from written import ID, known_to, write_exercise

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Submission
from grader.core.course.checks.training import Data
from grader.core.findings.report_json import as_json
from grader.core.program.source import Source
from grader.core.report.report import Report
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge
from grader.grading.judge.programs import KnownCoded
from grader.integrations.pages.feedback_page import feedback_page
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - name: error
    points: 2
    data: {from: far, train: [x], test: z}
    let: {model: train(x)}
    call: model(z)
    compare: [{reach: {mse: [1e12, 1e6], seeds: 3, steps: 900}}]
    limits: {wall: 5 s, cpu: 5 s}
"""
# Six digits before the point, and each number stands once: where it is, it was told.
DATA = """import torch


def far(seed):
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randint(100_000, 900_000, (8,), generator=generator).double() + 0.5
    return numbers[:4], numbers[4:], 2 * numbers[4:]
"""
SOLUTION = "def train(x):\n    return lambda z: 2 * z\n"
# What a program does with one of its numbers, while it is trained and when it predicts.
CHANNELS = {
    "class": "raise type('Q' + digits, (Exception,), {})",
    "message": "raise ValueError(digits)",
    "name": "eval('Q' + digits)",
    "key": "{}[digits]",
    "printed": "print(digits); sys.stderr.write(digits)",
    "exit": "sys.exit(digits)",
    "left": "os._exit(int(number) % 200 + 1)",
    "loss": "(torch.tensor(number, requires_grad=True) * 1.0).backward()",
    "steps": "[torch.tensor(1.0, requires_grad=True).backward() for _ in range(int(number) % 800)]",
    "predicted": "return lambda z: [number] * 3",
    "shape": "return lambda z: torch.zeros(int(number))",
    "text": "return lambda z: digits",
    "keys": "return lambda z: {digits: number}",
    "type": "return lambda z: type('Q' + digits, (), {})()",
}


def program(channel: str) -> str:
    return f"""import os, sys
import torch


def tell(number):
    digits = str(int(number))
    {CHANNELS[channel]}
    return lambda z: [0.0] * 3


def train(x):
    then = tell(float(x[0]))
    return lambda z: then(z) if {channel in ("predicted", "shape", "text", "keys", "type")} else tell(float(z[0]))(z)
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    root = tmp_path_factory.mktemp("channels")
    files = write_exercise(root, CHECKS, SOLUTION)
    (root / "solutions" / ID / "data.py").write_text(DATA)
    return known_to(files)


def all_that_is_shown(known: KnownCoded, box: Sandbox, text: str) -> str:
    found = judge(known, Source(text, f"{ID}.py"), InTurn(lambda: box))
    report = Report(ID, "s1", found.isolation, False, found.checks, found.notices)
    exercise = known.key.exercise
    page = feedback_page(Judgement(exercise, Submission(b"", ".py", f"{ID}.py"), report, None), str, "en")
    told = json.dumps(as_json(report, str, "en"))
    return told + page


def numbers_of(known: KnownCoded) -> set[str]:
    made = known.drawn.work.checks[0].made
    assert isinstance(made, Data)
    arrays = [array for _, array in (*made.train, *made.test)]
    return {str(int(number)) for array in (*arrays, made.right) for number in array.numbers}


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_tells_a_hidden_number(known: KnownCoded, box: Sandbox, channel: str) -> None:
    shown = all_that_is_shown(known, box, program(channel))
    assert '"verdict": "void"' not in shown and '"verdict": "pass"' not in shown
    assert not [number for number in numbers_of(known) if number in shown]


def test_what_may_be_shown_is_told_by_the_same_programs(known: KnownCoded, box: Sandbox) -> None:
    assert known.shown is not None
    shown = all_that_is_shown(known, box, program("message"))
    assert [number for number in numbers_of(known.shown.first) if number in shown]


def test_data_py_is_nowhere_in_the_box(known: KnownCoded, box: Sandbox) -> None:
    searching = (
        "import gc, pathlib\n"
        "found = [each for each in gc.get_objects() if type(each).__name__ == 'function']\n"
        "found = [each for each in found if each.__name__ == 'far']\n"
        "found += list(pathlib.Path('.').rglob('data.py'))\n"
        "def train(x):\n    return (lambda z: 2 * z) if not found else None\n"
    )
    assert judge(known, Source(searching, f"{ID}.py"), InTurn(lambda: box)).checks[0].score == 2.0

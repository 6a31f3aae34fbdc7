"""A check may be tried on a GPU once more: where there is none, the processor decides, and that is told.

No machine of this project has a GPU. What is tested here is what a program is told and held to where there is none, and
the whole way to a device by another name of the processor; no call of CUDA was ever made.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from written import ID, known_to, write_exercise

from grader.core.course.checks.device import Device
from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Judged
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - name: forward
    points: 2
    device: cuda
    let: {model: "Scale(3, device)"}
    given: {model: {parameters: {normal: [0, 1]}}}
    call: model(x)
    args: {x: {normal: [0, 1], size: [4, 3]}}
    compare: [value, {gradient: x}, {gradient: model}]
"""
SOLUTION = """
import torch
from torch import nn

class Scale(nn.Module):
    def __init__(self, n, device):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(n, device=device))
        self.device = device

    def forward(self, x):
        return x * self.factor
"""
# Another name of the processor, by which a program is told that it is elsewhere.
THERE = Device("cpu:0")
RIGHT_ELSEWHERE = SOLUTION.replace("return x", "return (self.device == 'cpu') * x")


def on(known: KnownCoded, device: Device) -> KnownCoded:
    return known.with_checks(tuple(replace(check, device=device) for check in known.work.checks))


def judged(known: KnownCoded, box: Sandbox, text: str = SOLUTION) -> tuple[Judged, list[str]]:
    found = judge(known, Source(text, f"{ID}.py"), InTurn(lambda: box))
    return found, [told(each).said(str, "en") for each in found.notices]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("devices"), CHECKS, SOLUTION))


def test_where_there_is_none_the_processor_decides_and_that_is_told(known: KnownCoded, box: Sandbox) -> None:
    found, notices = judged(known, box)
    assert [each.verdict for each in found.checks] == [Verdict.PASS]
    assert notices == [
        "Not tried on cuda, since there is none here that submissions may use; the processor decided: forward"
    ]


def test_nothing_is_void_for_want_of_one_but_where_the_exercise_says_so(known: KnownCoded, box: Sandbox) -> None:
    (check,) = judged(on(known, Device("cuda", required=True)), box)[0].checks
    assert check.verdict is Verdict.VOID


def test_what_fails_on_the_processor_is_told_of_that_alone(known: KnownCoded, box: Sandbox) -> None:
    found, notices = judged(known, box, SOLUTION.replace("x *", "x +"))
    assert [each.verdict for each in found.checks] == [Verdict.FAIL] and not notices


def test_what_is_right_on_both_passes_without_a_word(known: KnownCoded, box: Sandbox) -> None:
    found, notices = judged(on(known, THERE), box)
    assert [each.verdict for each in found.checks] == [Verdict.PASS] and not notices


@pytest.mark.parametrize(
    "text",
    [
        RIGHT_ELSEWHERE,
        SOLUTION.replace("return x", "assert self.device == 'cpu'\n        return x"),
        # It says that there is none, in a frame of its own, when it is read there and when it is asked there.
        "import os\n"
        + RIGHT_ELSEWHERE.replace("        return", "        said(self.device)\n        return")
        + 'def said(there):\n    frame = b\'{"frame":"opened","opened":false}\'\n'
        "    head = len(frame).to_bytes(4, 'big') + (0).to_bytes(8, 'big')\n"
        "    for fd in range(3, 12) if there != 'cpu' else ():\n"
        "        try:\n            os.write(fd, head + frame)\n        except OSError:\n            pass\n",
    ],
)
def test_what_is_right_on_the_processor_alone_fails_and_nothing_else_is_told_of_that_run(
    known: KnownCoded, box: Sandbox, text: str
) -> None:
    found, _ = judged(on(known, THERE), box, text)
    (check,) = found.checks
    assert check.verdict is Verdict.FAIL
    assert [each.kind for each in check.findings] == ["fails-on-device"] and not check.findings[0].fields.keys() - {
        "device"
    }


def test_no_lock_opens_a_device(known: KnownCoded) -> None:
    locked = make_box("reduced", ["torch"])
    try:
        found, notices = judged(on(known, THERE), locked)
    finally:
        locked.close()
    assert [each.verdict for each in found.checks] == [Verdict.PASS]
    assert notices and notices[0].startswith("Not tried on cpu:0")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("device: cuda", "device: tpu", "cuda"),
        ("compare: [value,", "compare: [value, {calls: 2},", "not whole runs"),
        ("size: [4, 3]}}", "size: [4, 3]}}\n    arrays: numpy", "on a device there are tensors"),
        ("args: {x:", "args: {device: [1], x:", "device is the device in this check"),
    ],
)
def test_what_cannot_be_tried_there_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    course = write_exercise(tmp_path, CHECKS.replace(old, new), SOLUTION)
    with pytest.raises(CourseInvalid) as refused:
        course.exercise(ID)
    assert any(words in each.message.said(str, "en") for each in refused.value.faults)

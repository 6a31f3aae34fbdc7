"""Exercises as teachers write them: what random weights, ill conditioning and ties do to right and wrong programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from commanding import course as command
from written import ID, judged, known_to, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox

TRAINING = """checks:
  - name: loop
    points: 2
    run: script
    given: {x: {uniform: [-1, 1], size: [3, 2]}, y: {uniform: [-1, 1], size: [3, 1]}}
    repeat: 2
    compare: [{trace: [loss, gradient, parameter]}]
"""
SEEDED = """import torch

torch.manual_seed(0)
model = torch.nn.Linear(2, 1)
x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [0.5, -1.0]])
y = torch.tensor([[1.0], [2.0], [0.0]])
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(20):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
"""
# Trains nothing.
GARBAGE = """import torch

x = torch.zeros(3, 2)
y = torch.zeros(3, 1)
w = torch.full((1, 2), 3.0, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for _ in range(20):
    (5 + (w * 2).sum() + b.sum()).backward()
"""
DROPOUT = """import torch


def noisy(x):
    torch.manual_seed(3)
    return torch.nn.functional.dropout(x, 0.5)
"""
CALL = """checks:
  - name: f
    points: 2
    call: {call}
    args: {{x: {draw}}}
    repeat: 3
    compare: [value{gradient}]
"""
CANCELS = "import torch\n\n\ndef f(x):\n    return (x + 1e6) - 1e6\n"
MAX_POOL = "import torch\n\n\ndef max_pool(x):\n    return x.unfold(2, 2, 2).unfold(3, 2, 2)"
AMAX, MAX_TWICE = f"{MAX_POOL}.amax((-1, -2))\n", f"{MAX_POOL}.max(-1).values.max(-1).values\n"
SECRETS = [str(number).encode() for number in range(20)]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "torch.optim"])
    yield box
    box.close()


def verdict(known: KnownCoded, box: Sandbox, text: str) -> Verdict:
    (result,) = judged(known, box, text)
    return result.verdict


def of_call(call: str, draw: str, gradient: str = "") -> str:
    return CALL.format(call=call, draw=draw, gradient=gradient)


def test_random_weights_are_the_same_in_both_precisions_and_a_program_that_trains_nothing_fails(
    tmp_path: Path, box: Sandbox
) -> None:
    known = known_to(write_exercise(tmp_path, TRAINING, SEEDED))
    assert verdict(known, box, SEEDED) is Verdict.PASS
    assert verdict(known, box, GARBAGE) is Verdict.FAIL
    # ± 18 on a loss of 0.12 before.
    references = driven(reference(known.observer), InTurn(lambda: box))
    for (expected,) in references["loop"].expected:
        assert expected.allowed("loss").max() <= 1e-4 * expected.arrays["loss"].max()


def test_a_dropout_with_a_seed_holds_a_program_to_its_numbers(tmp_path: Path, box: Sandbox) -> None:
    known = known_to(write_exercise(tmp_path, of_call("noisy(x)", "{uniform: [1, 2], size: 16}"), DROPOUT))
    assert verdict(known, box, DROPOUT) is Verdict.PASS
    for wrong in ("x * 0", "x", "2 * x", "x / 2"):
        assert verdict(known, box, f"def noisy(x):\n    return {wrong}\n") is Verdict.FAIL, wrong


def test_an_allowance_that_is_not_small_is_told_by_check_refused_by_release_and_void_in_a_class(tmp_path: Path) -> None:
    root = write_exercise(tmp_path / "course", of_call("f(x)", "{uniform: [1, 2], size: 3}"), CANCELS).root
    for student, returned in (("ali", "(x + 1e6) - 1e6"), ("vali", "x * 0")):
        (root / "class" / student).mkdir(parents=True)
        (root / "class" / student / f"{ID}.py").write_text(f"def f(x):\n    return {returned}\n", encoding="utf-8")
    environment = {"COURSE_SECRET": "qovun", "LANG": "en_US.UTF-8", "HOME": str(tmp_path), "COLUMNS": "300"}

    done = command("check", ID, "--no-mutation", "--seeds", "2", "--json", "found.json", cwd=root, **environment)
    assert done.returncode == 1, done
    (proof,) = json.loads((root / "found.json").read_text(encoding="utf-8"))["exercises"]
    (found,) = [each for each in proof["findings"] if each["name"] == "tolerance-too-wide"]
    assert re.search(r"check f: value 0 may be off by \d\S*, and is no larger than \d", found["message"])

    done = command("release", str(tmp_path / "copy"), cwd=root, **environment)
    assert done.returncode == 3, done
    assert "check f: value 0 may be off by" in done.stdout + done.stderr
    assert not (tmp_path / "copy").exists()

    done = command("grade", "class", "-j", "1", "--csv", "marks.csv", cwd=root, **environment)
    lines = (root / "marks.csv").read_text(encoding="utf-8").splitlines()
    # A fault of the exercise costs nobody a point, nor gives one.
    assert [line.count("void") > 0 for line in lines[1:]] == [True, True], lines


class TestTies:
    DRAW = "{normal: [0, 1], size: [2, 3, 8, 8]}"

    @pytest.mark.parametrize("secret", SECRETS)
    def test_decide_between_no_two_right_programs(self, tmp_path: Path, box: Sandbox, secret: bytes) -> None:
        course = write_exercise(tmp_path, of_call("max_pool(x)", self.DRAW, ", {gradient: x}"), AMAX)
        assert verdict(known_to(course, secret), box, MAX_TWICE) is Verdict.PASS

    def test_are_there_where_an_author_asks_for_them(self, tmp_path: Path, box: Sandbox) -> None:
        draw = "{normal: [0, 1], size: 8, ties: true}"
        solution = "import torch\n\n\ndef f(x):\n    return (x[:, None] == x[None]).float()\n"
        known = known_to(write_exercise(tmp_path, of_call("f(x)", draw), solution))
        references = driven(reference(known.observer), InTurn(lambda: box))
        for (expected,) in references["f"].expected:
            assert expected.arrays["0"].sum(axis=0).tolist() == [2.0] * 8
        assert verdict(known, box, solution) is Verdict.PASS
        assert verdict(known, box, "import torch\n\n\ndef f(x):\n    return torch.eye(8)\n") is Verdict.FAIL

    def test_are_neither_made_nor_kept_away_where_each_number_is_drawn_by_itself(
        self, tmp_path: Path, box: Sandbox
    ) -> None:
        solution = "import torch\n\n\ndef f(x):\n    return x\n"
        gaps = []
        for iid in ("", ", iid: true"):
            draw = f"{{uniform: [0, 1], size: 400{iid}}}"
            known = known_to(write_exercise(tmp_path / str(len(iid)), of_call("f(x)", draw), solution))
            references = driven(reference(known.observer), InTurn(lambda: box))
            gaps.append(min(float(np.diff(np.sort(one.arrays["0"])).min()) for (one,) in references["f"].expected))
        assert gaps[0] >= 0.4 / 400 and gaps[1] < 0.1 / 400

    def test_and_single_draws_exclude_each_other(self, tmp_path: Path) -> None:
        draw = "{normal: [0, 1], size: 8, ties: true, iid: true}"
        course = write_exercise(tmp_path, of_call("f(x)", draw), CANCELS)
        with pytest.raises(CourseInvalid) as told:
            course.exercise(ID)
        (fault,) = told.value.faults
        assert fault.message.said(str) == "iid and ties exclude each other: leave one of them out"

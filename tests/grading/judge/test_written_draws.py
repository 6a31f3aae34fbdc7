"""Exercises as teachers write them: what random weights, ill conditioning and ties do to right and wrong programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from commanding import course as command
from written import ID, judged, known_to, write_exercise

from grader.core.course.draws.draw import Array
from grader.core.judge.reference import Reference
from grader.core.report.report import Verdict
from grader.core.run.plan import probe_numbers
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


def found_by_commands(root: Path, home: Path, name: str, *programs: str) -> Iterator[str]:
    """Yield what `course check` and `course release` say of an exercise that nothing can be held to.

    In a class these programs are void.
    """
    environment = {"COURSE_SECRET": "qovun", "LANG": "en_US.UTF-8", "HOME": str(home), "COLUMNS": "300"}
    done = command("check", ID, "--no-mutation", "--seeds", "2", "--json", "found.json", cwd=root, **environment)
    assert done.returncode == 1, done
    (proof,) = json.loads((root / "found.json").read_text(encoding="utf-8"))["exercises"]
    assert [each["name"] for each in proof["findings"]].count(name) == 1, proof
    yield next(each["message"] for each in proof["findings"] if each["name"] == name)

    done = command("release", str(home / "copy"), cwd=root, **environment)
    assert done.returncode == 3, done
    assert not (home / "copy").exists()
    yield done.stdout + done.stderr

    for number, text in enumerate(programs):
        (root / "class" / f"s{number}").mkdir(parents=True)
        (root / "class" / f"s{number}" / f"{ID}.py").write_text(text, encoding="utf-8")
    command("grade", "class", "-j", "1", "--csv", "marks.csv", cwd=root, **environment)
    _, *lines = (root / "marks.csv").read_text(encoding="utf-8").splitlines()
    # A fault of the exercise costs nobody a point, nor gives one.
    assert [("void" in line) for line in lines] == [True] * len(programs), lines


def test_an_allowance_that_is_not_small_is_told_by_check_refused_by_release_and_void_in_a_class(tmp_path: Path) -> None:
    root = write_exercise(tmp_path / "course", of_call("f(x)", "{uniform: [1, 2], size: 3}"), CANCELS).root
    garbage = "def f(x):\n    return x * 0\n"
    for message in found_by_commands(root, tmp_path, "tolerance-too-wide", CANCELS, garbage):
        assert re.search(r"check f: value 0 may be off by \d\S*, and is no larger than \d", message)


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


# Numbers of three decimals are drawn; at every second of them the solution stands on an edge.
STEP = "k = round(float(x) * 1000)\n    return x + 1.0 * (x >= k / 1000) * (k % 2)"
BEND = "k = round(float(x) * 1000)\n    return x + torch.relu(x - k / 1000) * (k % 2)"
# Rounding to 64ths of what other probes come to is much beside this.
SMALL = "k = round(x * 1000)\n    return (torch.tensor(0.0001 if k % 2 else 0.02 * x) + 64) - 64"
ALWAYS = "return x + 1.0 * (x >= round(float(x) * 1000) / 1000)"
NUMBER = "{uniform: [1, 2]}"
TENSOR = "{uniform: [1, 2], size: [1]}"


def function(body: str) -> str:
    return f"import torch\n\n\ndef f(x):\n    {body}\n"


def odd(numbers: Mapping[str, Array]) -> bool:
    return round(numbers["x"].numbers[0] * 1000) % 2 == 1


class TestKinks:
    def known(self, path: Path, body: str, draw: str = NUMBER, gradient: str = "", more: str = "") -> KnownCoded:
        checks = of_call("f(x)", draw, gradient).replace("repeat: 3", f"repeat: 6{more}")
        return known_to(write_exercise(path, checks, function(body)))

    def found(self, known: KnownCoded, box: Sandbox) -> Reference:
        return driven(reference(known.observer), InTurn(lambda: box))["f"]

    def test_a_smooth_solution_is_drawn_once(self, tmp_path: Path, box: Sandbox) -> None:
        known = self.known(tmp_path, "return x ** 3 - 2 / x")
        found = self.found(known, box)
        assert (found.passed_over, found.fault) == ((), None)
        assert known.drawn is known

    @pytest.mark.parametrize(
        ("body", "draw", "gradient"), [(STEP, NUMBER, ""), (BEND, TENSOR, ", {gradient: x}"), (SMALL, NUMBER, "")]
    )
    def test_what_stands_on_an_edge_or_is_too_small_is_drawn_again(
        self, tmp_path: Path, box: Sandbox, body: str, draw: str, gradient: str
    ) -> None:
        known = self.known(tmp_path, body, draw, gradient)
        found = self.found(known, box)
        assert found.fault is None
        (own,), (check,) = known.work.checks, known.drawn.work.checks
        draws = [probe_numbers(replace(own, passed_over=(k,) * 6), known.key.seed) for k in range(9)]
        assert any(map(odd, draws[0])), "no first draw stands on an edge: take another secret"
        for place, passed in enumerate(check.passed_over):
            assert [odd(draws[k][place]) for k in range(passed + 1)] == [True] * passed + [False]
        assert probe_numbers(check, known.key.seed) == tuple(
            draws[passed][place] for place, passed in enumerate(check.passed_over)
        )

    def test_a_program_on_the_other_side_of_the_edge_is_right(self, tmp_path: Path, box: Sandbox) -> None:
        known = self.known(tmp_path, STEP)
        assert verdict(known, box, function(STEP.replace(">=", ">"))) is Verdict.PASS
        assert verdict(known, box, function("return x")) is Verdict.PASS
        assert verdict(known, box, function("return x + 1")) is Verdict.FAIL

    def test_what_was_settled_is_kept_and_costs_nothing_again(self, tmp_path: Path, box: Sandbox) -> None:
        first = self.known(tmp_path, STEP)
        found = self.found(first, box)
        again = self.known(tmp_path, STEP)
        assert again.observer.missing == ()
        assert again.drawn.work.checks[0].passed_over == found.passed_over != ()

    def test_where_equal_numbers_are_meant_or_the_author_gives_them_nothing_is_drawn_again(
        self, tmp_path: Path, box: Sandbox
    ) -> None:
        ties = self.known(
            tmp_path / "ties", "return (x[:, None] >= x[None]).float()", "{normal: [0, 1], size: 8, ties: true}"
        )
        assert (self.found(ties, box).passed_over, self.found(ties, box).fault) == ((), None)
        known = self.known(tmp_path / "example", "return x + 1.0 * (x >= 1.5)", more="\n    examples: [{x: 1.5}]")
        assert (self.found(known, box).passed_over, self.found(known, box).fault) == ((), None)

    def test_that_cannot_be_avoided_are_told_and_cost_nobody_a_point(self, tmp_path: Path) -> None:
        root = write_exercise(tmp_path / "course", of_call("f(x)", NUMBER), function(ALWAYS)).root
        told = "check f: the solution jumps wherever it is tried"
        for message in found_by_commands(root, tmp_path, "kink-unavoidable", function(ALWAYS), function("return 0")):
            assert told in message

    def test_are_settled_in_the_students_copy_as_in_the_course(self, tmp_path: Path) -> None:
        root = write_exercise(tmp_path / "course", of_call("f(x)", NUMBER), function(STEP)).root
        environment = {"COURSE_SECRET": "qovun", "LANG": "en_US.UTF-8", "HOME": str(tmp_path), "COLUMNS": "300"}
        done = command("release", str(tmp_path / "copy"), cwd=root, **environment)
        assert done.returncode == 0, done
        work = tmp_path / "copy" / "work"
        work.mkdir(exist_ok=True)
        for text, score in ((function(STEP.replace(">=", ">")), "2/2"), (function("return x + 1"), "0/2")):
            (work / f"{ID}.py").write_text(text, encoding="utf-8")
            done = command("submit", ID, cwd=tmp_path / "copy", **environment)
            assert score in done.stdout, done

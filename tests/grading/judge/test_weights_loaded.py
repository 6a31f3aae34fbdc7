"""Weights that no order of parameters maps are put in by a function of the author's: it takes module and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import ID, judged, known_to, write_exercise

from grader.core.report.report import Verdict
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

CHECKS = """checks:
  - name: step
    points: 2
    call: load(Step(2, 3), W, U, b)(x, h, c)
    args:
      x: {normal: [0, 1], size: [2, 2]}
      h: {uniform: [-0.9, 0.9], size: [2, 3]}
      c: {normal: [0, 1], size: [2, 3]}
      W: {normal: [0, 0.7], size: [2, 12]}
      U: {normal: [0, 0.7], size: [3, 12]}
      b: {normal: [0, 0.5], size: 12}
    returns: [h, c]
    compare: [value]
"""
ASK = """import torch


def load(step, W, U, b):
    \"\"\"Put weights into a step that keeps them packed, in an nn.LSTMCell, or in a layer for each gate.\"\"\"
    with torch.no_grad():
        if hasattr(step, "cell"):
            step.cell.weight_ih.copy_(W.T)
            step.cell.weight_hh.copy_(U.T)
            step.cell.bias_ih.copy_(b)
            step.cell.bias_hh.zero_()
        else:
            parts = zip("ifgo", torch.cat([W, U]).chunk(4, dim=1), b.chunk(4))
            for name, weight, bias in parts:
                getattr(step, name).weight.copy_(weight.T)
                getattr(step, name).bias.copy_(bias)
    return step
"""
PACKED = """import torch
from torch import nn


class Step(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.cell = nn.LSTMCell(n, m)

    def forward(self, x, h, c):
        return self.cell(x, (h, c))
"""
GATE_BY_GATE = """import torch
from torch import nn


class Step(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.o, self.f = nn.Linear(n + m, m), nn.Linear(n + m, m)
        self.g, self.i = nn.Linear(n + m, m), nn.Linear(n + m, m)

    def forward(self, x, h, c):
        seen = torch.cat([x, h], dim=1)
        c = torch.sigmoid(self.f(seen)) * c + torch.sigmoid(self.i(seen)) * torch.tanh(self.g(seen))
        return torch.sigmoid(self.o(seen)) * torch.tanh(c), c
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    root: Path = tmp_path_factory.mktemp("loaded")
    write_exercise(root, CHECKS, PACKED)
    (root / "exercises" / ID / "ask.py").write_text(ASK, encoding="utf-8")
    return known_to(find_course(root))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (PACKED, Verdict.PASS),
        (GATE_BY_GATE, Verdict.PASS),
        (GATE_BY_GATE.replace("sigmoid(self.f(seen)) * c", "sigmoid(self.i(seen)) * c"), Verdict.FAIL),
        (GATE_BY_GATE.replace("self.o, self.f =", "self.out, self.f ="), Verdict.ERROR),
    ],
    ids=["packed", "gate by gate", "another gate", "a layer of another name"],
)
def test_programs_are_given_the_same_weights_however_they_keep_them(
    known: KnownCoded, box: Sandbox, text: str, verdict: Verdict
) -> None:
    assert [result.verdict for result in judged(known, box, text)] == [verdict]

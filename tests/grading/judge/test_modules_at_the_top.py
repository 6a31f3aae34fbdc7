"""A module that a program makes at its top level, in no class or function, is asked like any other."""

from __future__ import annotations

import pytest
from written import judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - name: net
    points: 1
    run: RUN
    let: {net: model}
    given: {net: {parameters: {normal: [0, 0.5]}}}
    call: net(x)
    args: {x: {normal: [0, 1], size: [5, 3]}}
    compare: [value, {gradient: net}]
"""
SOLUTION = "from torch import nn\n\nmodel = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))\n"
# Made in another order, so that it has other start values.
OTHER_ORDER = (
    "from torch import nn\n\nlast = nn.Linear(4, 1)\nmodel = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), last)\n"
)


@pytest.fixture(scope="module", params=["definitions", "script"])
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("top"), CHECKS.replace("RUN", request.param), SOLUTION))


@pytest.mark.parametrize("program", [SOLUTION, OTHER_ORDER])
def test_numbers_are_put_into_it_whatever_it_began_with(known: KnownCoded, box: Sandbox, program: str) -> None:
    (result,) = judged(known, box, program)
    assert result.verdict is Verdict.PASS, said(result)


def test_other_parameters_are_told_before_any_number(known: KnownCoded, box: Sandbox) -> None:
    (result,) = judged(known, box, SOLUTION.replace("nn.Linear(4, 1)", "nn.Linear(4, 2)"))
    assert "net has other parameters than the exercise asks for" in said(result)[0]


def test_another_activation_is_told_by_its_numbers(known: KnownCoded, box: Sandbox) -> None:
    (result,) = judged(known, box, SOLUTION.replace("ReLU", "Tanh"))
    assert "net(x) at x = 5×3: element" in said(result)[0]

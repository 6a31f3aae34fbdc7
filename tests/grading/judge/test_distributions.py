"""Random programs are held to the solution by their distribution: right ones pass whatever they draw with."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import judged, known_to, said, write_exercise

from grader.core.compare.kinds.distribution import CompareDistribution
from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - {name: dropout, points: 2, call: "dropout(x, 0.3)", args: {x: {uniform: [1, 2], size: 6}},
     compare: [{distribution: 300}]}
  - {name: init, points: 2, call: "init(8, 3)", compare: [{distribution: 1000}]}
  - {name: shuffle, points: 1, call: "shuffle(v)", args: {v: {permutation: 5}}, compare: [{distribution: 1000}]}
"""
SOLUTION = """import torch


def dropout(x, p):
    return torch.nn.functional.dropout(x, p)


def init(n, m):
    return torch.randn(n, m) * (2 / n) ** 0.5


def shuffle(v):
    return v[torch.randperm(len(v))]
"""
# The same with other generators, in another order.
OTHERWISE = """import numpy as np
import random
import torch


def dropout(x, p):
    keep = torch.tensor([random.random() > p for _ in x])
    return x * keep / (1 - p)


def init(n, m):
    return torch.tensor(np.random.normal(0, np.sqrt(2 / n), (n, m)))


def shuffle(v):
    order = v.tolist()
    random.shuffle(order)
    return torch.tensor(order)
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("random"), CHECKS, SOLUTION))


def verdicts(known: KnownCoded, box: Sandbox, text: str) -> list[Verdict]:
    return [result.verdict for result in judged(known, box, text)]


@pytest.mark.parametrize("text", [SOLUTION, OTHERWISE], ids=["the solution", "other generators"])
def test_a_right_program_passes(known: KnownCoded, box: Sandbox, text: str) -> None:
    assert verdicts(known, box, text) == [Verdict.PASS] * 3


@pytest.mark.parametrize(
    ("was", "becomes", "failing", "told"),
    [
        ("* keep / (1 - p)", "* keep", 0, "The standard deviation of all elements of dropout(x, 0.3)"),
        ("> p for", "< p for", 0, "The mean of"),
        ("keep / (1 - p)", "keep[0] / (1 - p)", 0, "is one random number used for several"),
        ("np.sqrt(2 / n)", "np.sqrt(1 / n)", 1, "The standard deviation of init(8, 3)"),
        ("np.sqrt(2 / n)", "np.sqrt(2 / m)", 1, "The standard deviation of init(8, 3)"),
        ("normal(0, np.sqrt(2 / n)", "uniform(-np.sqrt(6 / n), np.sqrt(6 / n)", 1, "has another shape than it should"),
        ("np.random.normal", "np.random.default_rng(0).normal", 1, "is the same at every call"),
        ("(n, m)))", "(m, n)))", 1, "init(8, 3) has shape 3×8; expected 8×3"),
        ("random.shuffle(order)", "order.reverse()", 2, "is the same at every call"),
        ("random.shuffle(order)", "order.insert(0, order.pop(random.randrange(5)))", 2, "The mean of"),
        ("return torch.tensor(order)", "return None", 2, "gives no numbers to look at"),
        ("return torch.tensor(order)", "return torch.tensor(order[: random.randint(1, 5)])", 2, "of the same shape"),
    ],
)  # fmt: skip
def test_a_wrong_one_is_told_in_what_it_differs(
    known: KnownCoded, box: Sandbox, was: str, becomes: str, failing: int, told: str
) -> None:
    results = judged(known, box, OTHERWISE.replace(was, becomes))
    expected = [Verdict.PASS] * 3
    expected[failing] = Verdict.FAIL
    assert [result.verdict for result in results] == expected
    assert told in " ".join(said(results[failing]))


def test_a_wide_program_does_not_widen_what_is_allowed(known: KnownCoded, box: Sandbox) -> None:
    text = OTHERWISE.replace("x * keep / (1 - p)", "x * keep / (1 - p) + torch.randn(6) * 100")
    assert verdicts(known, box, text)[0] is Verdict.FAIL


def test_what_is_no_number_is_told_without_a_word_of_numpys(
    known: KnownCoded, box: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    text = OTHERWISE.replace("x * keep / (1 - p)", "x * keep / 0")
    assert verdicts(known, box, text)[0] is Verdict.FAIL
    assert "Warning" not in capfd.readouterr().err


def test_a_solution_whose_numbers_change_their_shape_cannot_serve(tmp_path: Path, box: Sandbox) -> None:
    checks = CHECKS[: CHECKS.index("  - {name: init")]
    ragged = SOLUTION.replace("dropout(x, p)\n\n\ndef init", "dropout(x, p)[: torch.randint(1, 6, ())]\n\n\ndef init")
    with pytest.raises(CourseInvalid) as told:
        verdicts(known_to(write_exercise(tmp_path, checks, ragged)), box, SOLUTION)
    assert "no distribution to compare" in str(told.value.faults[0].message)


def test_handing_in_again_is_no_lottery(known: KnownCoded, box: Sandbox) -> None:
    results = [judged(known, box, OTHERWISE.replace("2 / n", "2.2 / n")) for _ in range(2)]
    assert results[0] == results[1]


# Off by a few standard errors at a thousand calls, by ten or more at ten thousand.
SLIGHTLY_OFF = OTHERWISE.replace("np.sqrt(2 / n)", "np.sqrt(2.1 / n)")


def test_a_small_mistake_that_a_thousand_calls_leave_open_is_decided_by_ten_thousand(
    known: KnownCoded, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = judged(known, box, SLIGHTLY_OFF)[1]
    monkeypatch.setattr(CompareDistribution, "in_doubt", lambda *_: None)
    undecided = judged(known, box, SLIGHTLY_OFF)[1]
    assert (undecided.verdict, decided.verdict) == (Verdict.PASS, Verdict.FAIL)
    assert "The standard deviation of" in " ".join(said(decided))

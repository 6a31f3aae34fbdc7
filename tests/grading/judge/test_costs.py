"""What a call costs: counted beside the solution's, worth a quarter at most, and what a hostile program gains by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import ID, judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - {name: scores, points: 4, call: "scores(q, k)", compare: [value],
     args: {q: {normal: [0, 1], size: [6, 8]}, k: {normal: [0, 1], size: [5, 8]}}}
  - {name: cost, points: 1, needs: scores, call: "scores(q, k)", compare: [value, {operations: 1.5}, {calls: 3}],
     args: {q: {normal: [0, 1], size: [30, 8]}, k: {normal: [0, 1], size: [20, 8]}}}
"""
SOLUTION = "def scores(q, k):\n    return (q @ k.T) / 8**0.5\n"
SCALED_FIRST = "import torch\n\ndef scores(q, k):\n    return torch.einsum('id,jd->ij', q / 8**0.5, k)\n"
LOOPS = (
    "import torch\n\ndef scores(q, k):\n"
    "    return torch.stack([torch.stack([(a * b).sum() for b in k]) for a in q]) / 8**0.5\n"
)
TWICE = (
    "import torch\n\ndef scores(q, k):\n"
    "    both = torch.cat([q, k])\n    return (both @ both.T)[: len(q), len(q) :] / 8**0.5\n"
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("costs"), CHECKS, SOLUTION))


@pytest.mark.parametrize("program", [SOLUTION, SCALED_FIRST])
def test_a_program_in_another_style_costs_no_points(known: KnownCoded, box: Sandbox, program: str) -> None:
    results = judged(known, box, program)
    assert [each.verdict for each in results] == [Verdict.PASS, Verdict.PASS], said(results[1])


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (LOOPS, "asks torch for 1232 operations; the solution asks for 2, and up to 6 are allowed."),
        (TWICE, "operations of torch; the solution takes 10"),
    ],
)
def test_what_costs_more_is_told_with_both_counts(known: KnownCoded, box: Sandbox, program: str, words: str) -> None:
    scores, cost = judged(known, box, program)
    assert scores.verdict is Verdict.PASS and cost.verdict is Verdict.FAIL
    assert words in " ".join(said(cost)), said(cost)


def test_what_gives_other_numbers_is_told_of_these_and_not_of_its_cost(known: KnownCoded, box: Sandbox) -> None:
    scores, cost = judged(known, box, "def scores(q, k):\n    return q[:, :1] * 0 + k[:, 0] * 0\n")
    assert scores.verdict is Verdict.FAIL and cost.verdict is Verdict.SKIPPED


HOSTILE = [
    # Answers with no numbers at all, since these cost nothing.
    "import torch\n\ndef scores(q, k):\n    return torch.zeros(len(q), len(k)) if len(q) > 6 else (q @ k.T) / 8**0.5\n",
    # Makes its own tensors believe that they are views.
    LOOPS.replace("import torch\n", "import torch\ntorch._ops.OpOverload.is_view = True\n"),
    # Ends the mode that counts, and begins another.
    LOOPS.replace("def scores(q, k):\n", "def scores(q, k):\n    torch.utils._python_dispatch._pop_mode()\n"),
    # Sends counts of its own, in the middle of an answer.
    "import os\n\ndef scores(q, k):\n    [os.write(fd, b'\\x00' * 64) for fd in range(3, 9)]\n    return q @ k.T\n",
]


@pytest.mark.parametrize("program", HOSTILE)
def test_what_is_gained_by_hiding_a_cost_is_that_check_at_most(known: KnownCoded, box: Sandbox, program: str) -> None:
    scores, cost = judged(known, box, program)
    assert cost.score in (0, None) or scores.verdict is Verdict.PASS
    # The next program is judged as ever.
    assert [each.verdict for each in judged(known, box, SOLUTION)] == [Verdict.PASS, Verdict.PASS]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points: 1, needs: scores", "points: 2, needs: scores", "8: check cost: what a call costs is counted where"),
        ("needs: scores, ", "", "these have 0 points"),
        ("[value, {operations: 1.5}, {calls: 3}]", "[{calls: 3}]", "what returns nothing costs nothing"),
        ("operations: 1.5", "operations: 0.5", "8:"),
    ],
)
def test_a_count_that_cannot_bear_its_points_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    course = write_exercise(tmp_path, CHECKS.replace(old, new), SOLUTION)
    with pytest.raises(CourseInvalid) as refused:
        course.exercise(ID)
    assert told in "\n".join(f"{each.at.line}: {each.message.said(str, 'en')}" for each in refused.value.faults)


def test_a_solution_without_torch_has_nothing_to_count(tmp_path: Path, box: Sandbox) -> None:
    numpy = "import numpy as np\n\ndef scores(q, k):\n    return (q @ k.T) / 8**0.5\n"
    known = known_to(write_exercise(tmp_path, "arrays: numpy\n" + CHECKS, numpy))
    with pytest.raises(CourseInvalid) as refused:
        judged(known, box, numpy)
    assert "only torch's operations are counted" in refused.value.faults[0].message.said(str, "en")

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


MEMORY = """arrays: {arrays}
checks:
  - {{name: nearest, points: 4, call: "nearest(q, k)", compare: [value],
     args: {{q: {{normal: [0, 1], size: [6, 4]}}, k: {{normal: [0, 1], size: [5, 4]}}}}}}
  - {{name: memory, points: 1, needs: nearest, call: "nearest(q, k)", compare: [value, {{memory: 2}}],
     args: {{q: {{normal: [0, 1], size: [600, 16]}}, k: {{normal: [0, 1], size: [{second}, 16]}}}}}}
"""
BY_PRODUCTS = """
def nearest(q, k):
    return ((q * q).sum(1)[:, None] + (k * k).sum(1) - 2 * (q @ k.T)).min(1){values}
"""
ALL_PAIRS = "\ndef nearest(q, k):\n    return ((q[:, None] - k[None]) ** 2).sum(2).min(1){values}\n"
IN_PARTS = """
import numpy as np

def nearest(q, k):
    return np.array([((row - k) ** 2).sum(1).min() for row in q])
"""


@pytest.mark.parametrize("arrays", ["torch", "numpy"])
def test_an_array_of_all_pairs_is_told_by_the_memory_that_it_holds(tmp_path: Path, box: Sandbox, arrays: str) -> None:
    values = ".values" if arrays == "torch" else ""
    solution = BY_PRODUCTS.format(values=values)
    known = known_to(write_exercise(tmp_path, MEMORY.format(arrays=arrays, second=500), solution))
    assert [each.verdict for each in judged(known, box, solution)] == [Verdict.PASS, Verdict.PASS]
    nearest, memory = judged(known, box, ALL_PAIRS.format(values=values))
    assert (nearest.verdict, memory.verdict) == (Verdict.PASS, Verdict.FAIL)
    (words,) = (each for each in said(memory) if "KiB" in each)
    assert words.endswith("Is there an array of all pairs, or a list of all steps, that need not be there at once?")


def test_less_memory_than_the_solution_costs_no_points(tmp_path: Path, box: Sandbox) -> None:
    known = known_to(write_exercise(tmp_path, MEMORY.format(arrays="numpy", second=500), BY_PRODUCTS.format(values="")))
    assert [each.verdict for each in judged(known, box, IN_PARTS)] == [Verdict.PASS, Verdict.PASS]
    # Whoever stops the count hides Python's side of it, and gains that check at most.
    stopping = ALL_PAIRS.format(values="").replace("(q, k):\n", "(q, k):\n    import tracemalloc; tracemalloc.stop()\n")
    nearest, memory = judged(known, box, stopping)
    assert nearest.verdict is Verdict.PASS and memory.score in (0, 1)
    assert [each.verdict for each in judged(known, box, IN_PARTS)] == [Verdict.PASS, Verdict.PASS]


def test_a_solution_that_holds_next_to_nothing_is_a_fault(tmp_path: Path, box: Sandbox) -> None:
    solution = BY_PRODUCTS.format(values="")
    known = known_to(write_exercise(tmp_path, MEMORY.format(arrays="numpy", second=20), solution))
    with pytest.raises(CourseInvalid) as refused:
        judged(known, box, solution)
    assert "choose inputs for which it holds 1024 KiB or more" in refused.value.faults[0].message.said(str, "en")

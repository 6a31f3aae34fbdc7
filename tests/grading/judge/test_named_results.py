"""Several results that the exercise names: messages say which one it is, and they are not one array in pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

CHECK = """arrays: numpy
checks:
  - {name: step, points: 1, call: "step(h, c)", returns: [next_h, next_c], compare: [value],
     args: {h: {normal: [0, 1], size: [2, 3]}, c: {normal: [0, 1], size: [2, 3]}}}
"""
SOLUTION = "def step(h, c):\n    return h + c, h * c\n"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("named"), CHECK, SOLUTION))


def test_a_message_says_which_result_it_is_by_its_name(known: KnownCoded, box: Sandbox) -> None:
    wrong = "def step(h, c):\n    d = h * c\n    d[1, 2] += 1\n    return h + c, d\n"
    (result,) = judged(known, box, wrong)
    assert "result 2 (next_c): element [1, 2]" in said(result)[0]


@pytest.mark.parametrize("returned", ["[h + c, h * c]", "(h + c).tolist(), (h * c).tolist()"])
def test_lists_of_the_results_are_as_good(known: KnownCoded, box: Sandbox, returned: str) -> None:
    (result,) = judged(known, box, f"def step(h, c):\n    return {returned}\n")
    assert result.verdict is Verdict.PASS, said(result)


def test_one_array_of_both_is_not_two_results(known: KnownCoded, box: Sandbox) -> None:
    (result,) = judged(known, box, "import numpy as np\n\ndef step(h, c):\n    return np.stack([h + c, h * c])\n")
    assert result.verdict is Verdict.FAIL
    assert "gives 1 values; expected 2" in said(result)[0]


@pytest.mark.parametrize(
    ("returns", "solution", "words"),
    [
        ("[a, b, c]", SOLUTION, "gives 2 results; returns names a, b, c"),
        ("[a, b]", "def step(h, c):\n    return h + c\n", "gives 1 results; returns names a, b"),
        ("[a, a]", SOLUTION, "each by a name of its own"),
    ],
)
def test_names_that_are_not_those_of_the_results_are_told(
    tmp_path: Path, box: Sandbox, returns: str, solution: str, words: str
) -> None:
    course = write_exercise(tmp_path, CHECK.replace("[next_h, next_c]", returns), solution)
    with pytest.raises(CourseInvalid) as refused:
        judged(known_to(course), box, SOLUTION)
    assert words in " ".join(fault.message.said(str, "en") for fault in refused.value.faults)


LOSS = """checks:
  - {name: loss, points: 1, call: "loss(x, y)", returns: [loss, error],
     compare: [value, {gradient: x, of: loss}],
     args: {x: {normal: [0, 1], size: 4}, y: {normal: [0, 1], size: 4}}}
"""
OF_LOSS = "def loss(x, y):\n    return ((x - y) ** 2).mean(), (x - y).detach()\n"


def test_the_gradient_of_one_of_several_results(tmp_path: Path, box: Sandbox) -> None:
    known = known_to(write_exercise(tmp_path, LOSS, OF_LOSS))
    (right,) = judged(known, box, OF_LOSS.replace(".detach()", ""))
    assert right.verdict is Verdict.PASS, said(right)
    (cut,) = judged(known, box, OF_LOSS.replace("(x - y) ** 2", "(x.detach() - y) ** 2"))
    words = "\n".join(said(cut))
    assert "The gradient of loss(x, y) at x = " in words and "result 1 (loss)" in words


def test_a_result_that_is_not_there_is_told_where_the_exercise_is_read(tmp_path: Path) -> None:
    course = write_exercise(tmp_path, LOSS.replace("of: loss", "of: losses"), OF_LOSS)
    with pytest.raises(CourseInvalid) as refused:
        course.exercise("1.1")
    (fault,) = refused.value.faults
    assert fault.message.said(str, "en") == "losses is none of the results: loss, error"
    assert fault.at.line == 7


RATES = """checks:
  - {name: rates, points: 1, call: "rates(hits, misses, wrong)", returns: [precision, recall], compare: [value],
     args: {hits: {integer: [5, 9]}, misses: {integer: [2, 4]}, wrong: {integer: [1, 6]}}, repeat: 3}
"""
OF_RATES = "def rates(hits, misses, wrong):\n    return hits / (hits + wrong), hits / (hits + misses)\n"


def test_two_plain_numbers_are_two_results(tmp_path: Path, box: Sandbox) -> None:
    known = known_to(write_exercise(tmp_path, RATES, OF_RATES))
    in_a_list = OF_RATES.replace("return ", "return [").replace("misses)\n", "misses)]\n")
    as_tensors = OF_RATES.replace("return ", "import torch\n    return torch.tensor(").replace(", hits /", "), hits /")
    for text in (OF_RATES, in_a_list, as_tensors):
        (right,) = judged(known, box, text)
        assert right.verdict is Verdict.PASS, said(right)
    (swapped,) = judged(known, box, OF_RATES.replace("(hits + misses)", "(hits + wrong)"))
    assert "result 2 (recall)" in said(swapped)[0]

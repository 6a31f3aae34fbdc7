"""Exercises as teachers write them, judged in a real box: several results, random weights, ties, what nothing obeys."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import ID, judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

SEVERAL = """checks:
  - {name: f, points: 2, call: f(x), args: {x: {uniform: [1, 2], size: 3}}, compare: [value, {gradient: x}], repeat: 2}
"""
NAMES = """checks:
  - {name: end, points: 2, run: script, given: {x: {uniform: [1, 2], size: 3}}, compare: [{final: cache}], repeat: 2}
"""
OF_SEVERAL = """import numpy as np
import torch


def f(x):
    y = x * x
    counts = np.arange(3)
    return y.sum(), [y, 3 * y], {"counts": counts, "n": 3, "sure": True, "name": "square", "none": None, "half": 0.5}
"""
OF_NAMES = """import torch

x = torch.tensor([1.0, 2.0, 3.0])
cache = {"x": x * 2, "deep": [x.sum(), (len(x), None)], "name": "double"}
"""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("several"), SEVERAL, OF_SEVERAL))


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("names"), NAMES, OF_NAMES))


def refused(known: KnownCoded, box: Sandbox) -> str:
    """Return what the author is told of a solution that nothing can be held to."""
    with pytest.raises(CourseInvalid) as told:
        judged(known, box, known.solution.text)
    (fault,) = told.value.faults
    return fault.message.said(str)


class TestSeveralResults:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", ""),
            # A list is as good as a tuple, and numbers in a list as an array.
            ("return y.sum(), [y, 3 * y], {", "return [y.sum(), (y, 3 * y), {"),
            ("np.arange(3)", "[0, 1, 2]"),
            ("[y, 3 * y]", "(y, torch.stack([y, y, y]).sum(0))"),
            ('"n": 3', '"n": torch.tensor(3)'),
        ],
    )
    def test_pass_however_they_are_held(self, several: KnownCoded, box: Sandbox, old: str, new: str) -> None:
        text = OF_SEVERAL.replace(old, new) if old else OF_SEVERAL
        text = text.replace('"half": 0.5}', '"half": 0.5}]') if "return [" in text else text
        (result,) = judged(several, box, text)
        assert (result.verdict, said(result)) == (Verdict.PASS, [])

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("[y, 3 * y]", "[y, 2 * y]", ", result 2[1]: element ["),
            ("np.arange(3)", "np.array([0, 1, 3])", ", result 3['counts']: element [2] is 3; expected 2."),
            ('"n": 3', '"n": 4', ", result 3['n'] is 4; expected 3."),
            ('"sure": True', '"sure": False', ", result 3['sure'] is 0; expected 1."),
            ('"name": "square"', '"name": "cube"', ", result 3['name'] is another text than expected."),
            ('"none": None', '"none": 0', ", result 3['none'] is of type int; expected None."),
            ('"half": 0.5', '"half": None', ", result 3['half'] is None."),
            ('"half": 0.5', '"half": object()', ", result 3['half'] is of type object; expected a number or a tensor."),
            (', "half": 0.5', "", " gives 8 values; expected 9."),
            ('"half"', '"third"', ", result 3['half'] is missing."),
            # The sum of all gradients is right, and so are the values.
            (
                "return y.sum(), [y, 3 * y]",
                "return y.sum(), [y, 3 * y.detach() + 0 * y]",
                ", result 2[1] with respect to x",
            ),
            ("return y.sum(), [y, 3 * y]", "return y.sum().detach(), [y, 3 * y]", ", result 1 with respect to x"),
        ],
    )
    def test_fail_by_one_of_them_which_is_named(
        self, several: KnownCoded, box: Sandbox, old: str, new: str, words: str
    ) -> None:
        assert old in OF_SEVERAL
        (result,) = judged(several, box, OF_SEVERAL.replace(old, new))
        assert result.verdict is Verdict.FAIL
        assert words in said(result)[0]

    def test_of_a_tensor_and_a_dict_the_dict_counts(self, tmp_path: Path, box: Sandbox) -> None:
        known = known_to(write_exercise(tmp_path, SEVERAL, "def f(x):\n    return x * 2, {'x': x}\n"))
        (result,) = judged(known, box, "def f(x):\n    return x * 2, None\n")
        assert result.verdict is Verdict.FAIL

    @pytest.mark.parametrize(
        "odd", ["{1, 2}", "object()", "(i for i in x)", "1j", "{frozenset({1}): 1, frozenset(): 2}", "[1] * 99 + ['']"]
    )
    def test_that_cannot_be_compared_are_told_to_the_author(self, tmp_path: Path, box: Sandbox, odd: str) -> None:
        known = known_to(write_exercise(tmp_path, SEVERAL, f"def f(x):\n    return x * 2, {odd}\n"))
        assert ", which cannot be compared: " in refused(known, box)


class TestWhatANameHolds:
    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("x * 2", "x * 3", "cache['x'] after the run: element ["),
            ("x.sum()", "x.mean()", "cache['deep'][0] after the run is "),
            ("len(x)", "4", "cache['deep'][1][0] after the run is 4; expected 3."),
            ("None", "'no'", "cache['deep'][1][1] after the run is of type str; expected None."),
            ('"double"', '"twice"', "cache['name'] after the run is another text than expected."),
            ('"name"', '"nom"', "cache['name'] after the run is missing."),
            ("cache = {", "cash = {", "cache is not set at the top level of the program."),
        ],
    )
    def test_is_compared_value_by_value(self, names: KnownCoded, box: Sandbox, old: str, new: str, words: str) -> None:
        assert old in OF_NAMES
        (result,) = judged(names, box, OF_NAMES.replace(old, new))
        assert result.verdict is Verdict.FAIL
        assert said(result)[0].startswith(words)

    def test_is_right_in_another_order_and_another_form(self, names: KnownCoded, box: Sandbox) -> None:
        text = OF_NAMES.replace("cache = {", "cache = {'name': 'double', ").replace(', "name": "double"', "")
        (result,) = judged(names, box, text.replace("(len(x), None)", "[len(x), None]"))
        assert result.verdict is Verdict.PASS

    def test_that_cannot_be_compared_is_told_to_the_author(self, tmp_path: Path, box: Sandbox) -> None:
        known = known_to(write_exercise(tmp_path, NAMES, OF_NAMES.replace("None", "{1, 2}")))
        assert "check end: cache['deep'][1][1] of the solution is set, which cannot be compared: " in refused(
            known, box
        )


def test_a_key_that_nothing_obeys_is_refused(tmp_path: Path) -> None:
    course = write_exercise(tmp_path, f"reveal: false\n{SEVERAL}", OF_SEVERAL)
    with pytest.raises(CourseInvalid) as told:
        course.exercise(ID)
    (fault,) = told.value.faults
    assert "checks always show what would have been accepted" in fault.message.said(str)
    assert fault.at.line == 5


@pytest.mark.parametrize("line", ["reveal: true\n", ""])
def test_a_key_that_says_what_is_so_anyhow_is_taken(tmp_path: Path, line: str) -> None:
    course = write_exercise(tmp_path, f"{line}{SEVERAL}", OF_SEVERAL)
    assert course.exercise(ID).reveal


@pytest.mark.parametrize("ones", ["np.ones((4, 1), dtype=np.float32)", "torch.ones(4, 1, dtype=torch.float32)"])
@pytest.mark.parametrize(
    "loop", ["y = model(torch.as_tensor(x))", "for _ in range(2):\n    y = model(torch.as_tensor(x))"]
)
def test_data_that_are_float32_by_name_can_serve(tmp_path: Path, box: Sandbox, ones: str, loop: str) -> None:
    solution = f"import numpy as np\nimport torch\nx = {ones}\nmodel = torch.nn.Linear(1, 1)\n{loop}\n"
    known = known_to(write_exercise(tmp_path, NAMES.replace("size: 3", "size: [4, 1]").replace("cache", "y"), solution))
    assert [result.verdict for result in judged(known, box, solution)] == [Verdict.PASS]
    wrong = solution.replace("as_tensor(x)", "as_tensor(x) * 1.01")
    assert [result.verdict for result in judged(known, box, wrong)] == [Verdict.FAIL]

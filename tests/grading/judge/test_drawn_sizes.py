"""Exercises whose inputs have other sizes at every probe, or are sequences of unequal length."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import ID, judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

SIZED = """checks:
  - name: scores
    points: 1
    let: {layer: "Layer(d)"}
    call: layer(x, n)
    args: {n: {integer: [2, 5]}, d: {integer: [2, 4]}, x: {normal: [0, 1], size: [n, d]}}
    repeat: 3
    compare: [value, {gradient: x}]
"""
LAYER = """class Layer:
    def __init__(self, d):
        self.d = d

    def __call__(self, x, n):
        return x.sum(0) * self.d / n
"""
PADDED = """arrays: ARRAYS
checks:
  - name: pad
    points: 1
    call: pad(rows)
    args: {rows: {ragged: [1, 4], rows: 3, each: {integer: [1, 9]}}}
    repeat: 3
    compare: [value]
"""
PAD = "def pad(rows):\n    n = max(map(len, rows))\n    return [list(row) + [0] * (n - len(row)) for row in rows]\n"


def faults(root: Path, checks: str) -> list[str]:
    course = write_exercise(root, checks, LAYER)
    with pytest.raises(CourseInvalid) as refused:
        course.exercise(ID)
    return [f"{fault.at.line}: {fault.message.said(str, 'en')}" for fault in refused.value.faults]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("sized"), SIZED, LAYER))


def test_a_size_is_an_input_that_objects_and_calls_may_use(known: KnownCoded, box: Sandbox) -> None:
    (right,) = judged(known, box, LAYER.replace("x.sum(0) * self.d", "self.d * sum(x)"))
    assert right.verdict is Verdict.PASS, said(right)


@pytest.mark.parametrize("wired", ["3", "self.d"])
def test_a_program_with_one_size_wired_in_fails(known: KnownCoded, box: Sandbox, wired: str) -> None:
    (wrong,) = judged(known, box, LAYER.replace("/ n", f"/ {wired}"))
    assert wrong.verdict is Verdict.FAIL and "at n = " in said(wrong)[0]


@pytest.mark.parametrize("arrays", ["list", "numpy", "torch"])
def test_sequences_are_lists_tensors_or_arrays(tmp_path: Path, box: Sandbox, arrays: str) -> None:
    solution = PAD if arrays == "list" else PAD.replace("list(row)", "row.tolist()")
    known = known_to(write_exercise(tmp_path, PADDED.replace("ARRAYS", arrays), solution))
    (right,) = judged(known, box, solution)
    assert right.verdict is Verdict.PASS, said(right)
    (wrong,) = judged(known, box, solution.replace("max(map(len, rows))", "len(rows[0])"))
    assert wrong.verdict is not Verdict.PASS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("size: [n, d]", "size: [n, k]", "k is a size, so it must be drawn as one whole number from 1 to 10000"),
        ("[2, 5]", "[0, 5]", "n is a size, so it must be drawn as one whole number from 1 to 10000"),
        ("{integer: [2, 5]}", "{uniform: [2, 5]}", "n is a size, so it must be drawn as one whole number"),
        ("size: [n, d]", "size: [n, d, 100000]", "10000"),
        ("size: [n, d]", "size: [n, d, 10000, 10]", "x: 2000000 numbers are more than an input may have"),
        ("compare:", "given: {layer: {parameters: {normal: [0, 1]}}}\n    compare:", "layer is made with d"),
    ],
)  # fmt: skip
def test_a_size_that_cannot_be_drawn_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in "\n".join(faults(tmp_path, SIZED.replace(old, new)))


def test_inputs_are_bounded_as_a_whole(tmp_path: Path) -> None:
    many = SIZED.replace("size: [n, d]", "size: [n, d, 9000]").replace("repeat: 3", "repeat: 90")
    assert "all inputs of this check are 16200180 numbers at 90 probes" in "\n".join(faults(tmp_path, many))


def test_there_is_no_gradient_of_sequences(tmp_path: Path) -> None:
    checks = PADDED.replace("ARRAYS", "torch").replace("[value]", "[value, {gradient: rows}]")
    assert "rows is several sequences" in "\n".join(faults(tmp_path, checks))

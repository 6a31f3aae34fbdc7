"""`within`: an author's own tolerance, for one comparison, and never so wide that a wrong program could pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import judged, known_to, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.sandbox.port import Sandbox

CHECKS = """checks:
  - {name: strict, points: 1, call: f(x), args: {x: {uniform: [1, 2], size: 4}}, compare: [value]}
  - {name: loose, points: 1, call: f(x), args: {x: {uniform: [1, 2], size: 4}}, compare: [{value: {within: 1e-3}}]}
  - {name: slope, points: 1, call: f(x), args: {x: {uniform: [1, 2]}}, compare: [{gradient: x, within: 1e-3}]}
"""
SOLUTION = "def f(x):\n    return x ** 2\n"


@pytest.mark.parametrize(("factor", "passed"), [(1, [True] * 3), (1.0005, [False, True, True]), (1.003, [False] * 3)])
def test_numbers_may_be_off_by_a_share_of_the_largest(
    tmp_path: Path, box: Sandbox, factor: float, passed: list[bool]
) -> None:
    known = known_to(write_exercise(tmp_path, CHECKS, SOLUTION))
    results = judged(known, box, SOLUTION.replace("x ** 2", f"{factor} * x ** 2"))
    assert [result.verdict is Verdict.PASS for result in results] == passed


def test_whole_numbers_stay_exact(tmp_path: Path, box: Sandbox) -> None:
    checks = "checks:\n  - {name: count, points: 1, call: f(n), args: {n: {integer: [5000, 9000]}}, "
    known = known_to(
        write_exercise(tmp_path, checks + "compare: [{value: {within: 0.01}}]}\n", "def f(n):\n    return n\n")
    )
    assert judged(known, box, "def f(n):\n    return n + 1\n")[0].verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("compare", "words"),
    [
        ("{value: {within: 0.02}}", "within: 0.02 of the largest number expected; allowed: above 0, up to 0.01. With"),
        ("{gradient: x, within: 0}", "within: 0 of the largest number expected"),
        ("{gradient: x, within: much}", "much is not a number"),
        ("{value: {at_least: 0.95}}", "at_least: a program can return any number, so a threshold proves nothing"),
        ("{distribution: 2000, within: 1e-3}", "distribution takes no within: it holds no numbers to the solution's"),
        ("{value: {within: 1e-3, other: 1}}", "unknown key other"),
        ("{valu: {within: 1e-3}}", "valu cannot be compared; did you mean value?"),
    ],
)
def test_is_told_what_means_nothing(tmp_path: Path, compare: str, words: str) -> None:
    course = write_exercise(tmp_path, CHECKS.replace("{value: {within: 1e-3}}", compare), SOLUTION)
    with pytest.raises(CourseInvalid) as caught:
        course.exercise("1.1")
    assert words in caught.value.faults[0].message.said(str, "en")


def test_without_it_no_key_moves(tmp_path: Path) -> None:
    from grader.core.judge.digests import declared_digest

    plain = write_exercise(tmp_path / "a", CHECKS.replace("[{value: {within: 1e-3}}]", "[value]"), SOLUTION)
    wide = write_exercise(tmp_path / "b", CHECKS, SOLUTION)
    assert declared_digest(plain.exercise("1.1")) != declared_digest(wide.exercise("1.1"))

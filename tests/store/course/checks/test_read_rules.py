"""Reading `without`, `only` and `lines`, of an exercise and of a check; every fault names its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.course.checks.rules import NO_RULES, Rules, rules_at
from grader.core.course.exercise import Coded, Exercise
from grader.core.judge.digests import declared_digest
from grader.core.words.errors import CourseInvalid
from grader.store.course.course_files import find_course

COURSE = """\
format_version: 1
id: c
title: {en: Course}
languages: [en]
lectures: [{id: "4", title: {en: Lecture}}]
"""
EXERCISE = """\
format_version: 1
id: "4.1"
title: {en: The model}
prompt: {en: Write forward}
RULES
checks:
  - name: forward
    points: 2
    CHECK
    call: forward(x)
    args: {x: {uniform: [-5, 5]}}
    compare: [value]
"""
WORDS = "operators, indexing, loops, branches, classes, imports"


def exercise(root: Path, rules: str = "", check: str = "") -> Exercise:
    folder = root / "exercises" / "4.1"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "course.yaml").write_text(COURSE)
    (folder / "starter.py").write_text("")
    (folder / "exercise.yaml").write_text(EXERCISE.replace("RULES", rules).replace("CHECK", check or "repeat: 1"))
    return find_course(root).exercise("4.1")


def test_rules_are_read_of_the_exercise_and_of_a_check(tmp_path: Path) -> None:
    work = exercise(
        tmp_path,
        "without: [torch.nn.functional.max_pool2d, sorted, .sort, numpy, loops, autograd]\nonly: operators\nlines: 3",
        "without: recursion\n    only: [torch.arange]",
    ).work
    assert isinstance(work, Coded)
    without = ("torch.nn.functional.max_pool2d", "sorted", ".sort", "numpy", "loops")
    assert (work.rules, work.without_autograd) == (Rules(without, ("operators",), 3), True)
    assert rules_at(work, work.checks[0]) == Rules((*without, "recursion"), ("torch.arange",), 3)


@pytest.mark.parametrize(
    ("rules", "check", "told"),
    [
        ("without: lopps", "", f"5:10: found lopps; did you mean loops? allowed: {WORDS}, recursion, autograd, "),
        ("without: [loops, sortd]", "", "5:18: found sortd; did you mean sorted? allowed: "),
        ("without: torch.", "", "5:10: found torch.; "),
        ("without: [.]", "", "5:11: found .; "),
        ("without: {a: b}", "", "5:10: found keys and values; expected a name such as torch.nn.functional.max_pool2d"),
        ("without: np.linalg", "", "5:10: write the whole name: numpy.linalg"),
        ("without: F", "", "5:10: write the whole name: torch.nn.functional"),
        ("only: [recursion]", "", f"5:8: found recursion; allowed: {WORDS}, torch.max, .max"),
        ("lines: 0", "", "5:8: 0 is out of range; allowed: 1 … 1000"),
        ("lines: 1.5", "", "5:8: 1.5 is not a whole number"),
        ("", "without: autograd", "9:14: without: autograd is for an exercise with checks, and for all of them"),
        ("", "only: [sortd]", "9:12: found sortd"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(tmp_path: Path, rules: str, check: str, told: str) -> None:
    with pytest.raises(CourseInvalid) as caught:
        exercise(tmp_path, rules, check)
    assert told in str(caught.value.faults[0].at) + ": " + caught.value.faults[0].message.said(str)


@pytest.mark.parametrize("key", ["without: loops", "only: sorted", "lines: 1"])
def test_stated_values_have_no_rules(tmp_path: Path, key: str) -> None:
    exercise(tmp_path)
    text = f'format_version: 1\nid: "4.1"\ntitle: {{en: T}}\nprompt: {{en: P}}\n{key}\ngraph: y = x * x\nat: {{x: 2}}\nasks: [{{name: y, of: y, points: 1}}]\n'  # noqa: E501
    (tmp_path / "exercises" / "4.1" / "exercise.yaml").write_text(text)
    with pytest.raises(CourseInvalid) as caught:
        find_course(tmp_path).exercise("4.1")
    (fault,) = caught.value.faults
    assert fault.message.said(str) == f"{key.split(':')[0]} does not belong to an exercise of this kind"


def test_a_rule_decides_and_no_rule_moves_no_key(tmp_path: Path) -> None:
    free = exercise(tmp_path)
    assert declared_digest(replace(free, work=replace(free.work, rules=NO_RULES))) == declared_digest(free)  # type: ignore[arg-type]
    digests = {
        declared_digest(exercise(tmp_path, *rules))
        for rules in [("",), ("without: loops",), ("only: loops",), ("only: []",), ("lines: 1",), ("", "lines: 1")]
    }
    assert len(digests) == 6
    by_hand = [declared_digest(exercise(tmp_path, f"without: {one}")) for one in ("autograd", "[autograd]")]
    assert by_hand[0] == by_hand[1]

"""What the shipped exercises allow is small whatever is drawn, so that nothing but a right program passes a check."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from garbage import HANDED_IN, RESULTS, garbage
from grading import SECRET, Class
from repository import ROOT, copy_course, lecture

from grader.core.compare.comparison import comparisons
from grader.core.course.exercise import Coded
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.grading.judge.answer_key import answer_key, practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

COURSE = find_course(ROOT)
IDS = lecture(COURSE.exercise_ids())
# All that are held to a solution; of stated values the author says how many digits are asked.
CODED = [id for id in IDS if isinstance(COURSE.exercise(id).work, Coded)]
SECRETS = [SECRET.encode(), b"tarvuz"]
STATED = [id for id in IDS if id not in CODED]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "torch.optim"])
    yield box
    box.close()


def known(id: str, secret: bytes) -> KnownCoded:
    exercise = COURSE.exercise(id)
    # Nothing is named here, so no wrong program has to run.
    return KnownCoded.of(known_of(replace(answer_key(COURSE, exercise, secret), wrong=())))


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("id", CODED)
def test_what_is_allowed_is_small_beside_what_is_compared(id: str, secret: bytes, box: Sandbox) -> None:
    references = driven(reference(known(id, secret).observer), InTurn(lambda: box))
    assert {name: each.fault for name, each in references.items()} == dict.fromkeys(references)
    # Nor does anything jump, however it is drawn: that would be one draw in some hundreds.
    assert {name: each.passed_over for name, each in references.items()} == dict.fromkeys(references, ())


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("id", CODED)
def test_so_it_is_whichever_right_program_is_the_solution(id: str, secret: bytes, box: Sandbox) -> None:
    """Computed here from what is allowed, with a right program that the secret chooses as the solution."""
    key = answer_key(COURSE, COURSE.exercise(id), secret)
    programs = [(shown, content) for shown, content in key.right if shown.endswith(".py")]
    (shown, content), *others = random.Random(secret).sample(programs, len(programs))
    key = replace(key, solution=content, shown=shown, right=tuple(others), wrong=())
    held_to = KnownCoded.of(known_of(key))
    references = driven(reference(held_to.observer), InTurn(lambda: box))
    for check in held_to.drawn.work.checks:
        assert references[check.name].fault is None
        for place, item in enumerate(comparisons(check)):
            expected = [each[place] for each in references[check.name].expected]
            for key_of_array in {key for each in expected for key in each.arrays if item.counts(key)}:
                here = [each for each in expected if key_of_array in each.arrays]
                widest = max(float(each.allowed(key_of_array).max(initial=0)) for each in here)
                largest = max(float(np.abs(each.arrays[key_of_array]).max(initial=0)) for each in here)
                assert widest <= 1e-2 * largest, (check.name, key_of_array)
                # A training is held to all of its steps.
                assert all(each.upto is None for each in here)


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("id", CODED)
def test_a_program_that_computes_nothing_passes_no_check(id: str, result: str, box: Sandbox) -> None:
    held_to = known(id, SECRETS[0])
    judged = judge(held_to, Source(garbage(held_to.work, result), "garbage.py"), InTurn(lambda: box))
    assert [check.name for check in judged.checks if check.verdict is Verdict.PASS] == []
    assert not any(check.verdict is Verdict.VOID for check in judged.checks)


@pytest.mark.parametrize("id", CODED)
def test_it_passes_none_in_practice_either(id: str, box: Sandbox) -> None:
    exercise = COURSE.exercise(id)
    held_to = KnownCoded.of(known_of(replace(practice_key(COURSE, exercise), wrong=())))
    # Each result is tried above; only the numbers are others here.
    for result in HANDED_IN:
        judged = judge(held_to, Source(garbage(held_to.work, result), "garbage.py"), InTurn(lambda: box))
        assert [check.name for check in judged.checks if check.score] == [], result


def test_it_gets_nothing_where_a_class_is_graded(tmp_path: Path) -> None:
    group = Class(copy_course(tmp_path / "course"))
    for place, result in enumerate(HANDED_IN):
        for id in CODED:
            group.hand_in(f"s{place}", f"{id}.py", garbage(known(id, SECRETS[0]).work, result))
        for id in STATED:
            asked = COURSE.exercise(id).points
            group.hand_in(f"s{place}", f"{id}.yaml", "".join(f"{name}: 0\n" for name in asked))
    group.grade("--isolation", "none")
    grades = {place: line["grade"] for place, line in group.grades().items()}
    assert len(grades) == len(HANDED_IN) * 8 and {*grades.values()} == {"0"}, grades

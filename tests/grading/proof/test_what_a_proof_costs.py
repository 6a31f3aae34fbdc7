"""A proof runs no more than it takes to see what it is to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from repository import ROOT

from grader.core.program.source import Source
from grader.core.proof.findings import Program
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import known_of
from grader.grading.judge.programs import KnownCoded, judging_program
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Alone, Need, Together
from grader.grading.proof.programs import on_more_draws
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course

RIGHT = """def gradient(w, b, x, y):
    s = x * w + b - y
    return 2 * s * x, 2 * s
"""


class Counting(InTurn):
    """Counts the children that a program is given by itself."""

    children = 0

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        self.children += sum(isinstance(need, Together) for need in needs)
        self.children += sum(len(need.jobs) for need in needs if isinstance(need, Alone))
        return super().__call__(needs)


@pytest.fixture(scope="module")
def run() -> Iterator[Counting]:
    box = make_box("none", ["numpy"])
    yield Counting(lambda: box)
    box.close()


@pytest.fixture(scope="module")
def known(run: Counting) -> KnownCoded:
    files = find_course(ROOT)
    key = practice_key(files, files.exercise("3.2"))
    found = KnownCoded.of(known_of(replace(key, wrong=())))
    driven(reference(found.observer), run)
    return found


def children(run: Counting, known: KnownCoded, text: str, whole: bool) -> tuple[int, list[str]]:
    run.children = 0
    judged = driven(judging_program(known, Source(text, "3.2.py"), diagnose=False, ours=False, whole=whole), run)
    return run.children, [f"{each.name} {each.verdict.value}" for each in judged.checks]


def test_a_mutant_is_looked_at_until_one_check_is_lost(run: Counting, known: KnownCoded) -> None:
    both = RIGHT.replace("2 * s * x, 2 * s", "s * x, s")
    count, told = children(run, known, both, whole=True)
    fewer, first = children(run, known, both, whole=False)
    assert len(told) == 2 and all(each.endswith("fail") for each in told)
    assert len(first) == 1 and first[0] in told and fewer < count


def test_a_mutant_that_loses_nothing_is_looked_at_whole(run: Counting, known: KnownCoded) -> None:
    assert children(run, known, RIGHT, whole=False) == children(run, known, RIGHT, whole=True)


def test_on_more_draws_a_wrong_program_is_asked_first_what_it_lost(run: Counting, known: KnownCoded) -> None:
    def lost(text: str, check: str) -> list[str | None]:
        run.children = 0
        program = Program("wrong", "wrong.py", text.encode())
        seen = driven(on_more_draws([known], program, check), run)
        return [each.lost.name if each.lost else None for each in seen]

    _, second = (check.name for check in known.work.checks)
    only_second = RIGHT.replace("x, 2 * s", "x, s")
    assert lost(only_second, second) == [second] and run.children == 1
    # It holds there, and is looked at whole.
    first = known.work.checks[0].name
    assert lost(only_second, first) == [second]
    assert lost(RIGHT, first) == [None]

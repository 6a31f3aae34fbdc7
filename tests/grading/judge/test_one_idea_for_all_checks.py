"""A wrong program names another one only where it does the same at all checks that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from repository import ROOT

from grader.core.program.source import Source
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import judging, known_of
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course


@pytest.fixture(scope="module")
def run() -> Iterator[InTurn]:
    box = make_box("none", ["numpy"])
    yield InTurn(lambda: box)
    box.close()


def named(run: InTurn, exercise: str, program: str, known: str) -> dict[str, list[str]]:
    """Return what a wrong program is named at each check where only one other is known."""
    files = find_course(ROOT)
    key = practice_key(files, files.exercise(exercise))
    key = replace(key, wrong=tuple(each for each in key.wrong if each.name == known))
    text = (ROOT / "solutions" / exercise / "wrong" / f"{program}.py").read_text(encoding="utf-8")
    judged = driven(judging(known_of(key), Source(text, f"{exercise}.py")), run)
    return {each.name: [cause.name for cause in each.causes] for each in judged.checks}


def test_what_fails_where_the_program_passes_is_not_what_it_does(run: InTurn) -> None:
    # Both return 2s first; only one of them returns something else second, too. The numbers tell what this one is.
    assert named(run, "3.2", "chain-factor-missing", "results-swapped") == {
        "dloss_dw": ["chain-factor-missing"],
        "dloss_db": [],
    }
    own = named(run, "3.2", "results-swapped", "results-swapped")
    assert own == {"dloss_dw": ["results-swapped"], "dloss_db": ["results-swapped"]}


def test_what_explains_one_check_of_a_function_and_not_another_is_not_its_idea(run: InTurn) -> None:
    # With a border on one side the picture has the size that one without its last row and column has.
    assert not any(named(run, "10.3", "off-by-one", "padding-on-one-side").values())
    own = named(run, "10.3", "padding-on-one-side", "padding-on-one-side")
    assert own["padding"] == ["padding-on-one-side"]

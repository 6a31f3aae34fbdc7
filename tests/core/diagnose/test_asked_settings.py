"""A setting is told with what is asked only where the prompt or an example says that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from repository import ROOT

from grader.core.course.exercise import Coded, Exercise
from grader.core.diagnose.settings import asked_settings, changes_to, named_change, parameters_of
from grader.core.findings.telling import told
from grader.core.program.rewriting.settings import Setting
from grader.core.program.source import Source
from grader.core.words.message import Text
from grader.store.course.course_files import find_course

COURSE = find_course(ROOT)
EXERCISE = COURSE.exercise("4.5")
SOLUTION = Source((ROOT / "solutions/4.5/solution.py").read_text(), "solution.py")
SILENT = replace(EXERCISE, prompt=Text.of({"en": "Train."}))


def said(exercise: Exercise, before: str, after: str) -> list[str]:
    assert isinstance(exercise.work, Coded)
    asked = asked_settings(exercise, exercise.work, SOLUTION)
    source = Source(SOLUTION.text.replace(before, after), "4.5.py")
    changes = changes_to(source, asked, parameters_of(exercise.work))
    return [told(named_change(change, source).hint).said(str) for change in changes]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("range(10)", "range(100)", "4.5.py:17: epochs: 100; asked: 10."),
        ("0.01", "0.1", "4.5.py:22: the learning rate is 0.1; 0.01 is asked for."),
        ("[1.0], requires", "[3.0], requires", "4.5.py:6: the training starts at 3; it should start at 1."),
    ],
)
def test_a_setting_is_told_with_its_line_and_what_is_asked(before: str, after: str, words: str) -> None:
    assert said(EXERCISE, before, after) == [words]


def test_what_only_the_solution_says_is_told_to_nobody() -> None:
    (words,) = said(SILENT, "range(10)", "range(100)")
    assert words == "4.5.py:17: epochs: 100. That is not the number that is asked for."


def test_the_right_settings_and_the_same_ones_written_otherwise_are_no_changes() -> None:
    assert said(EXERCISE, "range(10)", "range(1, 11)") == []


def test_a_solution_without_a_training_asks_for_no_settings() -> None:
    assert isinstance(EXERCISE.work, Coded)
    assert asked_settings(EXERCISE, EXERCISE.work, Source("def forward(x):\n    return x\n", "")) == {}


def test_the_order_of_the_data_is_the_one_they_are_given_in() -> None:
    assert isinstance(EXERCISE.work, Coded)
    asked = asked_settings(EXERCISE, EXERCISE.work, SOLUTION)
    assert asked[Setting.ORDER].value is None
    (words,) = said(EXERCISE, "zip(x_soat, y_baho)", "reversed(list(zip(x_soat, y_baho)))")
    assert "another order" in words

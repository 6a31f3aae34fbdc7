"""Faults in questions in words and in what is right at them, each with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from repository import ROOT

from grader.core.words.errors import CourseInvalid
from grader.store.course.course_files import find_course

COURSE = ROOT / "tests" / "courses" / "questions"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def told(root: Path, id: str, file: str, old: str, new: str) -> list[str]:
    """Return the faults of an exercise in which one text is changed, without the folder."""
    path = root / file / id / ("answers.yaml" if file == "solutions" else "exercise.yaml")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseInvalid) as error:
        find_course(root).exercise(id)
    return [
        f"{fault.at.line}:{fault.at.column}: {fault.message.said(str)}"
        for fault in error.value.faults
        if fault.at.file == str(path)
    ]


@pytest.mark.parametrize(
    ("id", "old", "new", "fault"),
    [
        ("1.1", "right: zero_first", "right: []", "2:10: no choice is right"),
        ("1.1", "right: zero_first", "right: nothing", "found nothing"),
        ("1.1", "right: zero_first", "right: [zero_first, step_first]", "2:10: more than one choice is right"),
        ("1.1", "step_first:", "zero_first:", "4:5: zero_first is right: only wrong choices have a reason"),
        ("1.1", "right: [more_data, dropout]", "right: [dropout, dropout]", "a choice is named twice"),
        ("1.1", "overfits:", "underfits:", "unknown key underfits"),
        ("1.2", "[overfitting,", "[overfitting, OVERFITTING,", "2:12: OVERFITTING is the same answer"),
        ("1.2", "oʻta moslashish", "HADDAN  tashqari moslashish", "is the same answer as one before it"),
        ("1.2", "underfitting:", "Overfitting:", "4:5: Overfitting is accepted, so it cannot be wrong too"),
        ("1.2", '["0.025"]', "[]", "no text is accepted"),
        ("1.2", '"0.025"', '"0.0250000000000000000"', "no student can type this"),
        ("1.3", "formula: -log(p)", "formula: 0 * p + 3", "10:12: this is the same number everywhere"),
        ("1.3", "formula: -log(p)", "formula: -log(q)", "10:12: students cannot use q"),
        ("1.3", "formula: -log(p)", "formula: log(-p)", "this has no value at nearly all inputs"),
        ("1.3", "p: [0.05, 0.95]", "p: [0.95, 0.05]", "write two numbers, the lower one first"),
        ("1.3", "p: [0.05, 0.95]", "q: [0.05, 0.95]", "q is not drawn here"),
        ("1.3", "d loss / d w", "d loss / d v", "2:7: the graph has no node v"),
        ("1.3", "d loss / d w", "d y / d w", "2:7: this is the same number everywhere"),
        ("1.3", "formula: -log(p)", "of: p", "write either formula, or of and graph"),
    ],
)
def test_a_fault_in_what_is_right_has_its_place(root: Path, id: str, old: str, new: str, fault: str) -> None:
    found = told(root, id, "solutions", old, new)
    assert any(fault in each for each in found), found


@pytest.mark.parametrize(
    ("id", "old", "new", "fault"),
    [
        ("1.1", "      zero_first:", "      z:", "z is too short for a choice"),
        ("1.1", "step_first: {uz", "zero_FIRST: {uz", "duplicate name: zero_FIRST"),
        ("1.1", '"step, zero_grad, backward"}', '"ZERO_GRAD, backward, step"}', "two choices read the same"),
        ("1.1", "name: overfits", "name: order", "duplicate name: order"),
        ("1.1", "several: true", "several: often", "found often"),
        ("1.1", "attempts: 2", "attempts: 0", "out of range"),
        ("1.2", "text: 40", "text: 40\n    several: true", "several belongs to a question with choices"),
        ("1.2", "text: 40", "text: 40\n    formula: [x]", "a question has exactly one of options, text, formula"),
        ("1.2", "    text: 40\n", "", "a question has exactly one of options, text, formula"),
        ("1.2", "questions:", "reveal: true\nquestions:", "reveal does not belong to an exercise of this kind"),
        ("1.2", "questions:", "checks: []\nquestions:", "checks does not belong to an exercise of this kind"),
    ],
)
def test_a_fault_in_a_question_has_its_place(root: Path, id: str, old: str, new: str, fault: str) -> None:
    found = told(root, id, "exercises", old, new)
    assert any(fault in each for each in found), found


def test_without_what_is_right_the_questions_can_be_read(root: Path) -> None:
    shutil.rmtree(root / "solutions")
    exercise = find_course(root).exercise("1.1")
    assert [part.name for part in exercise.work.parts] == ["order", "overfits"]

"""What a batch's boxes import: torch where the class uses it, and verdicts are the same where it comes late."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from grading import BY_HAND
from repository import GOLDEN, ROOT

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux has fork servers", allow_module_level=True)

from grader.grading.batch.task import Task, close_boxes, judge_task, packed, warm_box
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.judge.judge import wants_torch
from grader.store.course.course_files import find_course

COURSE = find_course(ROOT)
IMPORTS_TORCH = (GOLDEN / "4.6" / "torch_imported_and_not_used" / "submission.py").read_text(encoding="utf-8")


def key(id: str) -> AnswerKey:
    return practice_key(COURSE, COURSE.exercise(id))


@pytest.fixture(autouse=True)
def _own_boxes() -> Iterator[None]:
    close_boxes()
    yield
    close_boxes()


def judged(program: str) -> dict[str, object]:
    return judge_task(Task(packed(key("4.6")), program.encode(), "4.6.py", "none", practice=True))


def test_torch_is_wanted_from_the_start_where_one_exercise_is_about_it() -> None:
    assert not wants_torch([key("4.6")])
    assert wants_torch([key("4.6"), key("4.5")])


def test_an_exercise_is_judged_in_a_box_without_torch_where_nobody_imports_it() -> None:
    judged(BY_HAND["right"])
    box = warm_box("none")
    judged(BY_HAND["uphill"])
    # A box that is to have more is another one.
    assert warm_box("none") is box and warm_box("none", ["torch"]) is not box


def test_a_program_that_imports_torch_all_the_same_gets_its_marks_before_others_and_after() -> None:
    first, torch, last = (judged(program) for program in (BY_HAND["right"], IMPORTS_TORCH, BY_HAND["right"]))
    assert torch["score"] == torch["max_score"] == 6
    assert first["checks"] == torch["checks"] == last["checks"]

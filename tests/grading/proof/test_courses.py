"""Every exercise that public courses state is proved as its author would: `course check`, on one draw of numbers.

With COURSE_TESTS=all the whole course, on every draw, and with the mutants of its solutions; otherwise one exercise of
each sort. Their sources are in tests/courses/README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import course
from proving import InOneProcess, NoProgress
from repository import EVERYTHING, ROOT

from grader.actions.author.check import check
from grader.actions.author.new_course import new_course
from grader.actions.author.new_exercise import new_exercise
from grader.grading.batch.task import close_boxes
from grader.grading.proof.proof import CheckRequest
from grader.store.course.course_files import find_course

COURSE = ROOT / "tests" / "courses" / "asking"
EXERCISES = sorted(path.parent.name for path in COURSE.glob("exercises/*/exercise.yaml"))
# One of each sort: names and shapes, buffers, functions of given weights, NumPy, objects, state, whole numbers,
# numbers of one's own, and goals.
FEW = ("10.2", "10.5", "10.10", "20.2", "20.4", "20.5", "20.12", "30.3", "40.2")
README = (COURSE.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def _one_box() -> Iterator[None]:
    yield
    close_boxes()


@pytest.mark.parametrize("id", EXERCISES if EVERYTHING else FEW)
def test_right_programs_get_full_marks_and_wrong_ones_are_named(id: str) -> None:
    found = check(find_course(COURSE), CheckRequest("none", 1, (id,)), InOneProcess(), NoProgress())
    (proof,) = found.proofs
    assert [each.message.said(str, "en") for each in (*proof.could_not, *found.all_findings)] == []
    if proof.exercise.work.by_program:
        assert proof.right >= 1 and proof.wrong >= 3
    else:
        # Of stated values it is known without programs what mistakes give.
        assert proof.mistake is not None


@pytest.mark.parametrize("id", EXERCISES)
def test_its_source_is_told(id: str) -> None:
    assert f"| {id} |" in README


@pytest.mark.skipif(not EVERYTHING, reason="make test-all: the mutants of all solutions take minutes")
def test_the_course_is_in_order_with_its_mutants() -> None:
    done = course("check", "--mutation", cwd=COURSE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["training", "cost", "device"])
def test_what_course_new_writes_is_in_order(tmp_path: Path, kind: str) -> None:
    new_course(tmp_path / "new", ["en"], "New")
    new_exercise(find_course(tmp_path / "new"), "1.9", kind, None)
    found = check(find_course(tmp_path / "new"), CheckRequest("none", 1, ("1.9",)), InOneProcess(), NoProgress())
    (proof,) = found.proofs
    assert [each.message.said(str, "en") for each in (*proof.could_not, *found.all_findings)] == []

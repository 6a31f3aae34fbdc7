"""Every exercise that public courses state is proved as its author would: `course check`, on one draw of numbers.

With COURSE_TESTS=all on every draw, and with the mutants of its solution. Their sources are in tests/courses/README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import course
from proving import InOneProcess, NoProgress
from repository import EVERYTHING, ROOT

from grader.actions.author.check import check
from grader.grading.batch.task import close_boxes
from grader.grading.proof.proof import CheckRequest
from grader.store.course.course_files import find_course

COURSES = ROOT / "tests" / "courses"
EXERCISES = sorted(path.parent for path in COURSES.glob("*/exercises/*/exercise.yaml"))
README = (COURSES / "README.md").read_text(encoding="utf-8")


def named(folder: Path) -> str:
    return f"{folder.parents[1].name}/{folder.name}"


@pytest.fixture(scope="module", autouse=True)
def _one_box() -> Iterator[None]:
    yield
    close_boxes()


@pytest.mark.parametrize("folder", EXERCISES, ids=named)
def test_right_programs_get_full_marks_and_wrong_ones_are_named(folder: Path) -> None:
    found = check(find_course(folder.parents[1]), CheckRequest("none", 1, (folder.name,)), InOneProcess(), NoProgress())
    (proof,) = found.proofs
    assert [each.message.said(str, "en") for each in (*proof.could_not, *found.all_findings)] == []
    assert proof.right >= 1 and proof.wrong >= 3


@pytest.mark.parametrize("folder", EXERCISES, ids=named)
def test_its_source_is_told(folder: Path) -> None:
    assert f"| {folder.name} |" in README


@pytest.mark.skipif(not EVERYTHING, reason="make test-all: the mutants of all solutions take minutes")
@pytest.mark.parametrize("folder", sorted({each.parents[1] for each in EXERCISES}), ids=lambda folder: folder.name)
def test_a_course_is_in_order_with_its_mutants(folder: Path) -> None:
    done = course("check", "--mutation", cwd=folder)
    assert done.returncode == 0, done.stdout

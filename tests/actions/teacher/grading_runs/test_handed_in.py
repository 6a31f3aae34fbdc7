"""What was handed in at the server is graded as a folder is: once, and again when its exercise has changed."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import course as command
from grading import SECRET
from repository import copy_course

from grader.core.people.student import Student
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns, Offer
from grader.store.grades.people.people import People

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of which 4.1 was handed in three times by one student: wrong, right, and wrong again."""
    root = copy_course(tmp_path / "course")
    for id in ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"):
        shutil.rmtree(root / "exercises" / id)
    (root / "roster.csv").write_text("id\ns001\n", encoding="utf-8")
    with closing(Gradebook(f"sqlite:///{root}/gradebook.db")) as book:
        People(book.database).enrol([Student("s001")])
        for number, answer in enumerate((-4, -8, -4)):
            content, form = f"dloss_dw: {answer}\n".encode(), str(number)
            at = AT + timedelta(minutes=number)
            HandIns(book.database).add(Offer(1, "s001", "4.1", content, ".yaml", "", "answers", form, at))
    return root


def grade(course: Path, *arguments: str) -> str:
    done = command("grade", "--handed-in", "--lang", "en", *arguments, cwd=course, COURSE_SECRET=SECRET)
    assert done.returncode == 0, done
    return done.stdout


def scores(course: Path) -> list[float | None]:
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db")) as book:
        return [each.score for each in book.standing()]


def test_each_attempt_is_judged_once_and_the_same_bytes_together(course: Path) -> None:
    assert "2 judged now, 1 identical to one of these, 0 known before" in grade(course)
    assert scores(course) == [0.0, 1.0, 0.0]
    assert "0 judged now" in grade(course) and len(scores(course)) == 3


def test_a_changed_exercise_is_judged_again_only_when_somebody_says_so(course: Path) -> None:
    grade(course)
    declared = course / "exercises" / "4.1" / "exercise.yaml"
    text = declared.read_text(encoding="utf-8").replace("expect: -8", "").replace("points: 1,", "points: 2")
    declared.write_text(text, encoding="utf-8")
    grade(course)
    assert scores(course) == [0.0, 1.0, 0.0]
    grade(course, "--regrade", "--yes")
    assert scores(course) == [0.0, 2.0, 0.0]


def test_there_is_to_see_of_each_result_what_there_is_where_the_server_judges(course: Path) -> None:
    grade(course)
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db")) as book:
        wrong, right = (book.evidence_of(row.result) for row in book.standing()[:2])
    assert wrong["drawing"] != right["drawing"] and wrong["drawing"]["root"] == right["drawing"]["root"]


def test_what_a_folder_was_graded_for_is_judged_once_more_for_its_page(course: Path) -> None:
    file = course / "class" / "s001" / "4.1.yaml"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"dloss_dw: -8\n")
    done = command("grade", "class", "--lang", "en", cwd=course, COURSE_SECRET=SECRET)
    assert done.returncode == 0, done
    assert "2 judged now, 1 identical to one of these, 0 known before" in grade(course)
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db")) as book:
        assert all(book.evidence_of(row.result)["drawing"] for row in book.standing())
    assert "0 judged now" in grade(course)


def test_a_folder_and_the_server_are_not_graded_in_one(course: Path) -> None:
    done = command("grade", "--handed-in", "submissions", "--lang", "en", cwd=course)
    assert done.returncode == 2 and "takes the place of SOURCE" in done.stderr

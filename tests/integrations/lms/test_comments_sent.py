"""What teachers say of lines and misconceptions goes to students with the feedback, once that is seen, as text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from repository import ROOT, copy_course

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Submission
from grader.cli.batch import comments_on
from grader.core.cohort.summary import Standing
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Extension, Grade, State
from grader.core.course.policies.showing import Showing
from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.integrations.lms.feedback import comments, pages
from grader.integrations.pages.feedback_page import feedback_page
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.desk.comments import Comments
from grader.store.grades.desk.feedback_rules import FeedbackRules
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns, Offer
from grader.store.grades.people.people import People

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
HOSTILE = "=1+1</li><script>alert(1)</script>\x1b[2J\nsecond"
PROGRAM = b"w = 1\nloss = w\n"


def report(cause: str = "lost") -> Report:
    named = NamedMisconception(cause, finding("as-written", text="hint"))
    return Report(
        "4.5", "s1", "full", False, (CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 8.0, (), (named,), 4.0),)
    )


@dataclass
class Desk:
    """A gradebook with one program of s1, and a teacher."""

    files: CourseFiles
    book: Gradebook
    teacher: int

    def say(self, text: str, cause: str = "lost") -> None:
        Comments(self.book.database).on_cause("4.5", cause, text, self.teacher)
        Comments(self.book.database).on_line(1, 2, text, self.teacher, {})

    def rule(self, rule: Showing) -> None:
        FeedbackRules(self.book.database).set({"4.5": rule}, self.teacher)

    def grades(self, of: Report | None = None) -> Any:
        attempt = Attempt(NOW, 4.0, content=hashlib.sha256(PROGRAM).hexdigest())
        grade = Grade("s1", "4.5", State.GRADED, 8.0, 4.0, 0.0, 4.0, attempt)
        exercises = [self.files.exercise("4.5")]
        chosen = SimpleNamespace(exercises=exercises, students={"s1": Student("s1")})
        return SimpleNamespace(files=self.files, book=self.book, chosen=chosen, translate=str, language="en",
                               standings=lambda: iter([Standing(grade, of or report())]))  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Gradebook(f"sqlite:///{tmp_path / 'g.db'}")) as book:
        people = People(book.database)
        people.enrol([Student("s1")])
        HandIns(book.database).add(Offer(1, "s1", "4.5", PROGRAM, ".py", "a.py", "file", "form", NOW))
        yield Desk(find_course(ROOT), book, people.add("<b>Nodira", Role.TEACHER).id)


def sent(grades: Any) -> list[str]:
    """Return what s1 is told in every form that goes to a learning management system."""
    return [comments(grades, "text")["s1"], comments(grades, "html")["s1"], pages(grades)["s1"]]


def test_it_stands_in_every_form_with_its_author_and_its_line(desk: Desk) -> None:
    desk.say("Look at slide 12.")
    for text in sent(desk.grades()):
        assert text.count("Look at slide 12.") == 2 and "&lt;b&gt;Nodira" in text
    assert "4.5.py:2:<br>\n&lt;b&gt;Nodira: Look at slide 12." in comments(desk.grades(), "text")["s1"]


def test_who_shows_another_misconception_is_told_what_is_said_of_lines_alone(desk: Desk) -> None:
    desk.say("Look at slide 12.")
    for text in sent(desk.grades(report("another"))):
        assert text.count("Look at slide 12.") == 1


@pytest.mark.parametrize("rule", [Showing.HELD, Showing.AFTER_DUE])
def test_what_is_not_seen_yet_is_not_sent(desk: Desk, rule: Showing) -> None:
    desk.say("Look at slide 12.")
    desk.rule(rule)
    assert not any("slide 12" in text for text in sent(desk.grades()))
    desk.rule(Showing.AT_ONCE)
    assert all("slide 12" in text for text in sent(desk.grades()))


def test_after_the_due_date_it_is_sent(desk: Desk) -> None:
    desk.say("Look at slide 12.")
    desk.rule(Showing.AFTER_DUE)
    desk.book.add_extension("s1", "4.5", Extension(NOW, "was ill", "Nodira", NOW))
    assert all("slide 12" in text for text in sent(desk.grades()))


def test_it_is_text_whatever_it_says(desk: Desk) -> None:
    desk.say(HOSTILE)
    for text in sent(desk.grades()):
        assert "<script" not in text and "\x1b" not in text and "second" in text
        # A cell of a table begins with the exercise.
        assert not text.lstrip("<h4>").startswith(("=", "+", "-", "@"))


def test_the_page_of_course_feedback_has_it_for_the_same_bytes_of_the_same_student(desk: Desk, tmp_path: Path) -> None:
    files = find_course(copy_course(tmp_path / "course"))
    exercise = files.exercise("4.5")

    def shown(content: bytes) -> str:
        judgement = Judgement(exercise, Submission(content, ".py", "4.5.py"), report())
        return feedback_page(judgement, str, "en", comments_on(files, judgement))

    assert "slide 12" not in shown(PROGRAM) and not (files.root / "gradebook.db").exists()
    desk.say("Look at slide 12.")
    desk.book.close()
    (tmp_path / "g.db").rename(files.root / "gradebook.db")
    assert (shown(PROGRAM).count("slide 12"), shown(b"other\nbytes\n").count("slide 12")) == (2, 1)


def test_a_gradebook_that_cannot_be_opened_costs_no_page(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = find_course(copy_course(tmp_path / "course"))
    (files.root / "gradebook.db").write_bytes(b"no database at all" * 100)
    judgement = Judgement(files.exercise("4.5"), Submission(PROGRAM, ".py", "4.5.py"), report())
    assert comments_on(files, judgement).on_causes == {}
    assert "comments" in capsys.readouterr().err

"""What students are told goes back to Moodle and Canvas, to the right person each, and as text."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from repository import ROOT

from grader.core.cohort.summary import Standing
from grader.core.course.feedback import Tells
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Policy, State
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import UsageFault
from grader.integrations.lms import canvas, canvas_feedback, moodle_feedback
from grader.integrations.lms.feedback import as_name, comments, packed, pages
from grader.integrations.lms.moodle import EXPORT, MoodleOptions, fill_worksheet
from grader.store.course.course_files import find_course

SUBMITTED = datetime(2026, 3, 4, 10, tzinfo=UTC)

HOSTILE = 'ValueError: </li></ul><script>alert(1)</script> & "\x1b[2J'
HEADER = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"


def standing(student: str, message: str = "", points: float | None = 4.0) -> Standing:
    said = (finding("as-written", text=message),) if message else ()
    check = CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 8.0, said)
    report = Report("4.5", student, "full", False, (check,))
    state = State.VOID if points is None else State.GRADED
    attempt = Attempt(SUBMITTED, points)
    return Standing(Grade(student, "4.5", state, 8.0, points, 0.0, points, attempt), report)


@dataclass
class Fake:
    """What an export is given, without a gradebook."""

    own: list[Standing]
    chosen: Any
    files: Any
    translate: Any = str
    language: str = "en"
    book: Any = field(
        default_factory=lambda: SimpleNamespace(
            database=SimpleNamespace(rows=lambda _: [], every=lambda _: []), extensions=lambda _: {}
        )
    )
    answers: dict[str, str | None] = field(default_factory=dict)

    def standings(self) -> Iterator[Standing]:
        return iter(self.own)

    def totals(self) -> dict[str, float | None]:
        return {each.grade.student: each.grade.points for each in self.own}

    def decided(self, _system: str) -> dict[str, str | None]:
        return self.answers


@pytest.fixture(scope="module")
def exercises() -> list[Any]:
    return [find_course(ROOT).exercise("4.5")]


def grades(exercises: list[Any], *own: Standing, students: tuple[Student, ...]) -> Any:
    chosen = SimpleNamespace(exercises=exercises, students={each.id: each for each in students}, max_points=8.0)
    course = SimpleNamespace(policy=Policy())
    files = SimpleNamespace(shown=str, course=course, exercise_ids=lambda: ["4.1", "4.5"])
    return Fake(list(own), chosen, files)


ALI, VALI = Student("s1", "Ali_Valiyev"), Student("s2", "Vali Karimov")


@pytest.mark.parametrize("form", ["text", "html"])
def test_words_of_a_student_are_text_in_a_comment(exercises: list[Any], form: str) -> None:
    told = comments(grades(exercises, standing("s1", HOSTILE), students=(ALI,)), form)["s1"]
    assert "&lt;script&gt;" in told and "<script" not in told and "\x1b" not in told
    assert "4 / 8" in told and "not right" in told


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_comment_says_why_the_grade_is_not_the_sum_of_its_checks(exercises: list[Any], form: str) -> None:
    early = standing("s1")
    early = replace(early, grade=replace(early.grade, points=4.4, bonus=0.4))
    told = comments(grades(exercises, early, students=(ALI,)), form)["s1"]
    assert "4.4 / 8" in told and "0.4 points more for being early." in told


def test_a_grade_that_is_not_the_sum_of_its_checks_is_listed_where_its_file_does_not_say_why(
    exercises: list[Any], tmp_path: Path
) -> None:
    late = standing("s1", points=3.0)
    late = replace(late, grade=replace(late.grade, penalty=0.6, price=0.4, slack=2))
    moodle, book = tmp_path / "g.csv", tmp_path / "c.csv"
    moodle.write_text(HEADER + "Participant 7,Ali_Valiyev,,,,100,\n", "utf-8")
    book.write_text("Student,ID,Four (1)\n    Points Possible,,8\nAli_Valiyev,7,\n", "utf-8")
    given = grades(exercises, late, standing("s2"), students=(ALI, VALI))
    for form, told in ((None, True), ("text", False)):
        written = EXPORT.write(given, MoodleOptions(moodle, tmp_path / "out.csv", feedback=form))
        assert any("0.6 points less for lateness." in name for _, names in written.lists for name in names) is told
    assert "Slack days spent on it: 2." in (tmp_path / "out.csv").read_text("utf-8")
    written = canvas.EXPORT.write(given, canvas.CanvasOptions(book, "Four", tmp_path / "out.csv"))
    assert (
        "s1 4.5: 0.6 points less for lateness. 0.4 points less for attempt number 0. Slack days spent on it: 2.",
    ) in [names for _, names in written.lists]


@pytest.mark.parametrize(("tells", "told"), [(Tells.CAUSE, True), (Tells.PLACE, False)])
def test_a_cause_that_the_exercise_keeps_for_the_hints_is_in_no_comment_and_on_no_page(
    exercises: list[Any], tells: Tells, told: bool
) -> None:
    own = standing("s1")
    check = replace(own.report.checks[0], findings=(finding("never-zeroed"),))  # type: ignore[union-attr]
    own = replace(own, report=replace(own.report, checks=(check,)))  # type: ignore[type-var]
    asked = grades([replace(exercises[0], tells=tells)], own, students=(Student("s1"),))
    assert ("never reset" in comments(asked, "html")["s1"]) is told
    assert ("never reset" in pages(asked)["s1"]) is told


def test_who_has_no_grade_gets_no_comment(exercises: list[Any]) -> None:
    assert comments(grades(exercises, standing("s1", points=None), students=(ALI,)), "text") == {"s1": ""}


def test_a_comment_stands_in_its_column_in_quotes_and_no_other_cell_changes() -> None:
    text = HEADER + "Participant 7,Vali Karimov,v@x.uz,Submitted,,100,old\nParticipant 8,Ali Valiyev,a@x.uz,,,100,old\n"
    filled = fill_worksheet(
        text.encode(), "g.csv", {"s2": 4.0}, [VALI], max_points=8.0, comments={"s2": '4.5: 4 / 8<br>\n"why", so'}
    )
    first = 'Participant 7,Vali Karimov,v@x.uz,Submitted,50,100,"4.5: 4 / 8<br>\n""why"", so"\n'
    assert filled.content.decode() == HEADER + first + text.splitlines(keepends=True)[2]


def test_without_a_column_for_comments_the_setting_in_moodle_is_named() -> None:
    text = "Identifier,Full name,Grade,Maximum Grade\nParticipant 7,Vali Karimov,,100\n"
    with pytest.raises(UsageFault) as told:
        fill_worksheet(text.encode(), "g.csv", {"s2": 4.0}, [VALI], max_points=8.0, comments={"s2": "…"})
    assert "Feedback comments" in told.value.messages[0].said(str)


def test_moodle_finds_each_students_page_by_the_participant_in_its_name(exercises: list[Any], tmp_path: Path) -> None:
    sheet, out = tmp_path / "g.csv", tmp_path / "f.zip"
    sheet.write_text(HEADER + "Participant 7,Ali_Valiyev,,,,100,\nParticipant 8,Vali Karimov,,,,100,\n", "utf-8")
    given = grades(exercises, standing("s1", "mine"), standing("s2", "yours"), standing("s3"), students=(ALI, VALI))
    told = moodle_feedback.EXPORT.write(given, moodle_feedback.MoodleFeedbackOptions(sheet, out))
    with zipfile.ZipFile(out) as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    # Moodle parts the name at underscores and takes what follows the first one for the participant.
    assert {name.split("_", 4)[1] for name in pages} == {"7", "8"} and told.lost
    assert "mine" in pages["Ali Valiyev_7_assignsubmission_file_feedback.html"]
    assert "yours" in pages["Vali Karimov_8_assignsubmission_file_feedback.html"]


def test_canvas_finds_each_students_page_by_the_name_it_gave_to_a_file(exercises: list[Any], tmp_path: Path) -> None:
    source, out = tmp_path / "submissions", tmp_path / "f.zip"
    source.mkdir()
    (source / "karimovvali_77_9001_4.5.py").write_text("x = 1\n", "utf-8")
    (source / "student_81_9005_4.5.py").write_text("x = 1\n", "utf-8")
    given = grades(exercises, standing("s2", "yours"), standing("s1"), students=(ALI, VALI))
    told = canvas_feedback.EXPORT.write(given, canvas_feedback.CanvasFeedbackOptions(source, out))
    with zipfile.ZipFile(out) as archive:
        assert (
            archive.namelist() == ["karimovvali_77_9001_feedback.html"]
            and "yours" in archive.read(archive.namelist()[0]).decode()
        )
    assert told.lost


def test_other_downloads_are_refused_for_canvas(exercises: list[Any], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "downloads" / "moodle", tmp_path / "moodle")
    given = grades(exercises, standing("s1"), students=(ALI,))
    with pytest.raises(UsageFault):
        canvas_feedback.EXPORT.write(given, canvas_feedback.CanvasFeedbackOptions(tmp_path / "moodle", tmp_path / "f"))
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("name", ["../../etc", "a/b\\c", "Ali_1_assignsubmission", "", "…\x00\n"])
def test_no_name_leaves_its_place_in_a_zip(name: str) -> None:
    assert not set("_/\\\x00\n") & set(as_name(name)) and as_name(name).strip(". ")


def test_the_same_feedback_is_the_same_file() -> None:
    assert packed({"a.html": "…"}) == packed({"a.html": "…"})
    with zipfile.ZipFile(io.BytesIO(packed({"oʻ.html": "gʻ"}))) as archive:
        assert archive.read("oʻ.html").decode() == "gʻ"

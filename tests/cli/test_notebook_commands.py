"""A notebook goes the way of any program: submitted, shown, hinted at, tried, graded, and told by cell and line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import HOSTILE, Parsed
from grading import DEFINITIONS, Class
from repository import copy_course
from test_feedback_page import judgement

from grader.actions.student.submission import Request, Submission, handed_in
from grader.core.findings.recorded import read_report
from grader.core.findings.report_json import as_json, as_kept
from grader.core.report.finding import finding
from grader.core.report.report import Report
from grader.core.words.errors import UsageFault
from grader.integrations.pages.feedback_page import feedback_page
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.machine.catalogues import translation, translations

FAULT = "4.5.ipynb, cell 3, line 3: Python cannot read this line: expected ':'"


def notebook(*cells: str) -> str:
    written = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    text = {"cell_type": "markdown", "metadata": {}, "source": "# 4.5"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [text, *written]})


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A course with a notebook in work/ whose last cell has a fault."""
    school = Class(copy_course(tmp_path_factory.mktemp("notebooks") / "course"))
    (school.course / "work").mkdir()
    content = notebook(f"!ls\n{DEFINITIONS}", "\n%time\nfor x in x_soat")
    (school.course / "work" / "4.5.ipynb").write_text(content, encoding="utf-8")
    return school


@pytest.fixture(scope="module")
def report(school: Class) -> dict[str, Any]:
    ended = school.run("submit", "4.5", "--student", "ali", "--json", "report.json")
    assert ended.code == 1, ended
    assert "4.5.ipynb: lines that only Jupyter understands were not run (cell 2, line 1: !ls" in ended.out
    found: dict[str, Any] = json.loads((school.course / "report.json").read_text(encoding="utf-8"))
    return found


class TestCommands:
    def test_the_notebook_in_work_is_submitted(self, report: dict[str, Any]) -> None:
        assert [check["verdict"] for check in report["checks"]] == ["pass", "pass", "error"]

    def test_the_json_names_cell_line_and_place(self, report: dict[str, Any]) -> None:
        assert report["checks"][2]["message"].splitlines() == [FAULT, "    for x in x_soat", "                   ^"]
        assert report["notices"] == [
            "4.5.ipynb: lines that only Jupyter understands were not run (cell 2, line 1: !ls; cell 3, line 2: %time)"
        ]

    def test_what_was_submitted_is_shown_cell_by_cell(self, school: Class, report: dict[str, Any]) -> None:
        ended = school.run("feedback", "4.5", "--student", "ali")
        assert ended.code == 1, ended
        parsed = Parsed((school.course / "feedback" / "4.5.html").read_text(encoding="utf-8"))
        (marked,) = [attributes["id"] for tag, attributes in parsed.elements if tag == "mark"]
        assert f"#{marked}" in parsed.attributes("href")
        assert (
            FAULT in parsed.text and "Cell 2\n!ls" in parsed.text and "Cell 3\n\n%time\nfor x in x_soat" in parsed.text
        )

    def test_a_hint_does_not_say_again_which_cell_it_is(self, school: Class, report: dict[str, Any]) -> None:
        assert "cell 3" in report["checks"][2]["message"]
        said = [school.run("hint", "4.5", "--student", "ali").out for _ in range(3)]
        assert "Look at the check loop." in said[0] and not any("cell 3" in one for one in said), said

    def test_what_cannot_be_read_is_not_tried(self, school: Class) -> None:
        ended = school.run("try", "work/4.5.ipynb")
        assert (ended.code, FAULT in ended.err) == (2, True), ended


class TestWhichFile:
    @pytest.fixture
    def files(self, course: Path) -> CourseFiles:
        (course / "work").mkdir()
        return find_course(course)

    def handed_in(self, files: CourseFiles, file: str | None = None, exercise: str = "4.5") -> Submission:
        return handed_in(files, files.exercise(exercise), Request(exercise, file and files.root / file))

    def refused(self, *arguments: Any) -> str:
        with pytest.raises(UsageFault) as caught:
            self.handed_in(*arguments)
        return caught.value.messages[0].said(str)

    def test_of_two_files_neither_is_chosen(self, files: CourseFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(files.root)
        for name in ("4.5.py", "4.5.ipynb"):
            (files.root / "work" / name).write_text("a", encoding="utf-8")
        assert self.refused(files).endswith("course submit 4.5 work/4.5.py, or course submit 4.5 work/4.5.ipynb")
        assert self.handed_in(files, "work/4.5.ipynb").suffix == ".ipynb"

    def test_where_there_is_none_both_are_named(self, files: CourseFiles) -> None:
        assert "neither work/4.5.py nor work/4.5.ipynb is there" in self.refused(files)

    def test_stated_values_are_not_answered_with_a_notebook(self, files: CourseFiles) -> None:
        assert "must be a .yaml file" in self.refused(files, "work/4.1.ipynb", "4.1")

    def test_a_notebook_with_megabytes_of_outputs_is_read_whole(self, files: CourseFiles) -> None:
        path = files.root / "work" / "4.5.ipynb"
        path.write_bytes(b" " * 9_000_000)
        assert len(self.handed_in(files).content) == 9_000_000


class TestNotices:
    def test_are_kept_as_findings_and_told_in_the_readers_language(self) -> None:
        kept = as_kept(Report("4.5", "", "full", True, (), (finding("no-code", file="a"),)), translations())
        assert kept["notices"] == ["a contains no code."]
        told = as_json(read_report(kept), translation("uz"), "uz")
        assert told["notices"] == ["a ichida kod yoʻq."]

    def test_are_there_only_where_there_are_some(self) -> None:
        assert "notices" not in as_json(Report("4.5", "", "full", True, ()), str, "en")


def test_a_hostile_notebook_is_shown_as_text() -> None:
    content = notebook(HOSTILE, f"%%html\n{HOSTILE}").encode()
    shown = replace(judgement(), submission=Submission(content, ".ipynb", f"{HOSTILE}.ipynb"))
    parsed = Parsed(feedback_page(shown, translation("en"), "en"))
    assert not {"script", "img"} & {tag for tag, _ in parsed.elements}
    assert parsed.text.count("alert(1)") >= 3


def test_a_notebook_that_is_none_shows_no_source() -> None:
    shown = replace(judgement(), submission=Submission(b"\x00{", ".ipynb", "4.5.ipynb"))
    assert "What you handed in" not in Parsed(feedback_page(shown, translation("en"), "en")).text

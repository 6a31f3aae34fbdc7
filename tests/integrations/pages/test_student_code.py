"""A student's page shows what was handed in as text, and marks the lines that its checks speak of."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import HOSTILE, Parsed
from repository import ROOT

from grader.actions.teacher.results.said import Said, SaidOf
from grader.actions.teacher.results.work_of import Work
from grader.core.cohort.summary import Standing
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, State
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.integrations.pages.student_page import student_page
from grader.store.course.course_files import find_course

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
PROGRAM = b"w = 1\nfor x in range(3):\n    w.backward()\n"


def page(content: bytes, name: str, *told: object) -> str:
    check = CheckResult("loop", RunStatus.COMPLETED, Verdict.ERROR, 8.0, told)  # type: ignore[arg-type]
    grade = Grade("s1", "4.5", State.GRADED, 8.0, 0.0, points=0.0, attempt=Attempt(NOW, 0.0), attempts=1)
    standing = Standing(grade, Report("4.5", "s1", "full", False, (check,)))
    exercises = [find_course(ROOT).exercise("4.5")]
    return student_page(Student("s1"), [standing], exercises, str, "en", handed_in=lambda _: Work(content, name))


def marked(text: str) -> list[str]:
    found = re.findall(r'<mark id="work1line\d+">(.*?)</mark>', text, re.DOTALL)
    return [Parsed(line).text.strip() for line in found]


def test_the_line_of_a_check_is_marked_and_the_check_leads_there() -> None:
    raised = finding("not-called", file="4.5.py", line=3, name="backward")
    text = page(PROGRAM, "4.5.py", raised)
    assert marked(text) == ["w.backward()"] and 'href="#work1line3"' in text


def test_a_page_without_the_file_is_as_before() -> None:
    text = page(PROGRAM, "4.5.py")
    assert "for x in range" in Parsed(text).text and "<mark" not in text
    exercises = [find_course(ROOT).exercise("4.5")]
    assert "<pre" not in student_page(Student("s1"), [], exercises, str, "en")


def test_a_notebook_is_shown_cell_by_cell() -> None:
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in ("a = 1", "b = 2")]
    text = page(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}).encode(), "4.5.ipynb")
    assert "a = 1" in Parsed(text).text and "Cell 2" in text


@pytest.mark.parametrize(
    "content",
    [
        b"</code></pre><script>alert(1)</script>\n",
        b"\x1b[2J\xff\xfe\x00",
        b"\n" * 30_000,
        "x = '\u202e'\n".encode(),
        b"[" * 100_000,
        b"",
    ],
)
@pytest.mark.parametrize("name", ["4.5.py", "4.5.ipynb"])
def test_no_bytes_are_more_than_text(content: bytes, name: str) -> None:
    text = page(content, name)
    assert "<script" not in text and "\x1b" not in text


def test_only_the_file_that_was_judged_is_found(tmp_path: Path) -> None:
    import hashlib

    from grader.actions.teacher.results.work_of import work_of
    from grader.store.grades.gradebook import Gradebook, Recorded

    book = Gradebook(f"sqlite:///{tmp_path / 'g.db'}")
    digest = hashlib.sha256(PROGRAM).hexdigest()
    places = {"kept": PROGRAM, "changed": b"other", "link": PROGRAM}
    for name, content in places.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "4.5.py").write_bytes(content)
    (tmp_path / "link" / "4.5.py").unlink()
    (tmp_path / "link" / "4.5.py").symlink_to(tmp_path / "kept" / "4.5.py")
    book.add_submissions(
        [(Recorded(0, name, "4.5", NOW, digest), tmp_path / name / "4.5.py") for name in (*places, "gone")]
    )
    find = work_of(book)
    grades = {
        name: Grade(name, "4.5", State.GRADED, 8.0, attempt=Attempt(NOW, 0.0, content=digest))
        for name in (*places, "gone", "nobody")
    }
    assert {name: find(grade) for name, grade in grades.items() if find(grade)} == {"kept": Work(PROGRAM, "4.5.py")}
    book.close()


def test_what_was_handed_in_at_the_server_is_found_by_who_handed_it_in(tmp_path: Path) -> None:
    import hashlib

    from grader.actions.teacher.results.work_of import work_of
    from grader.store.grades.desk.comments import Comments
    from grader.store.grades.gradebook import Gradebook
    from grader.store.grades.hand_ins import HandIns, Offer
    from grader.store.grades.people.people import People

    book = Gradebook(f"sqlite:///{tmp_path / 'g.db'}")
    People(book.database).enrol([Student("s1")])
    HandIns(book.database).add(Offer(1, "s1", "4.5", PROGRAM, ".py", "meniki.py", "file", "form", NOW))
    attempt = Attempt(NOW, 0.0, content=hashlib.sha256(PROGRAM).hexdigest())
    grades = [Grade(name, "4.5", State.GRADED, 8.0, attempt=attempt) for name in ("s1", "s2")]
    assert [work_of(book)(grade) for grade in grades] == [Work(PROGRAM, "4.5.py"), None]
    Comments(book.database).on_line(1, 2, HOSTILE, 1, {})
    Comments(book.database).on_cause("4.5", "lost", "Slide 12.", 1)
    said = Work(PROGRAM, "4.5.py", SaidOf({2: Said("s1", HOSTILE)}, {"lost": Said("s1", "Slide 12.")}))
    assert work_of(book)(grades[0]) == said
    lost = NamedMisconception("lost", finding("as-written", text="hint"))
    check = CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 8.0, (), (lost,))
    standing = Standing(grades[0], Report("4.5", "s1", "full", False, (check,)))
    exercises = [find_course(ROOT).exercise("4.5")]
    text = student_page(Student("s1"), [standing], exercises, str, "en", handed_in=work_of(book))
    assert "Slide 12." in text and 'id="work1comment2"' in text and "&lt;script&gt;" in text and "<script" not in text
    book.close()

"""Pages can be read without a mouse, with a screen reader, and in both themes: axe-core finds nothing."""

from __future__ import annotations

from pathlib import Path

from driving import Browser
from test_class_page import class_of_all_kinds, page_of
from test_class_page import page as class_page
from test_feedback_page import GRAPH, judgement, page

from grader.core.people.student import Student


def test_axe_finds_nothing_wrong(tab: Browser, tmp_path: Path) -> None:
    standings, students, exercises = class_of_all_kinds()
    pages = {
        "report": page(judgement(source="import torch\nw = 1.0  # ʻ\nprint('a')\n", drawing=GRAPH), "uz"),
        "class": class_page(standings, students, exercises),
        "student": page_of(Student("s5"), [each for each in standings if each.grade.student == "s5"]),
    }
    found = []
    for name, text in pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        tab.open(path.as_uri())
        for dark in (False, True):
            tab.shape(1280, 720, dark)
            found += [f"{name}{', dark' * dark}: {each}" for each in tab.violations()]
    assert found == []

"""Reports for other tools: each is what its reader takes, whatever stands in a message, and what is void is no zero."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xmlschema
from browsing import HOSTILE
from formats import RUNNER, hold_to_classroom50, hold_to_gradescope
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.core.course.exercise import Exercise
from grader.core.report.flat_rows import Row, total, whole_scale
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.integrations.ci.classroom50 import result
from grader.integrations.ci.junit import junit
from grader.integrations.ci.markdown_summary import markdown
from grader.integrations.lms.gradescope import results_of
from grader.store.course.course_files import find_course

XSD = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
GITHUB = MarkdownIt("commonmark", {"html": True}).enable("table")
RIGHT = Row("4.5", "forward", "pass", 2.0, 2.0, "")
WRONG = Row("4.5", "loss", "fail", 0.5, 2.0, "the value is 3\nit should be 4")
RAISED = Row("4.5", "loop", "error", 0.0, 4.0, "NameError: w")
LEFT = Row("4.6", "loss", "skipped", 0.0, 2.0, "Not checked: forward has to pass first.")
MISSING = Row("4.7", "loss", "missing", 0.0, 2.0, "nothing was handed in for 4.7")
VOID = Row("4.8", "loss", "void", None, 2.0, "This could not be judged, and it is not your fault: no box")
ROWS = [RIGHT, WRONG, RAISED, LEFT, MISSING]
NASTY = [
    HOSTILE,
    "]]> <![CDATA[ </failure> &amp; &#0; \x00\x08\x1b[31m\ufffe\ud800\U0010ffff",
    "```\n# owned\n````\n![](https://e.org/x.png) <script>alert(1)</script>\n~~~",
    "| a | b |\n|---|---|\n[link](javascript:alert(1)) @everyone https://e.org www.e.org <img src=x onerror=alert(1)>",
]
NOW = datetime(2026, 6, 1, 14, 33, 11, tzinfo=UTC)


def with_message(text: str) -> list[Row]:
    return [replace(row, message=text) for row in (RIGHT, WRONG, LEFT)]


@pytest.fixture(scope="module")
def exercise(tiny_course: Path) -> Exercise:
    return find_course(tiny_course).exercise("1.1")


def scored(exercise: Exercise, *points: float) -> Exercise:
    work = exercise.work
    asks = tuple(replace(work.asks[0], name=f"a{i}", points=each) for i, each in enumerate(points))
    return replace(exercise, work=replace(work, asks=asks))


class TestJUnit:
    def test_is_what_its_readers_take(self) -> None:
        assert list(XSD.iter_errors(ET.fromstring(junit([*ROWS, VOID], practice=False)))) == []

    def test_is_what_its_readers_take_of_practice_too(self) -> None:
        assert list(XSD.iter_errors(ET.fromstring(junit([*ROWS, VOID], practice=True)))) == []

    def test_has_the_shape_that_pytest_gives_it(self, tmp_path: Path) -> None:
        (tmp_path / "test_x.py").write_text(
            "import pytest\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_a(): pass\ndef test_b(): assert 0\n"
            "def test_c(): pytest.skip('why')\ndef test_d(broken): pass\n"
        )
        command = [sys.executable, "-m", "pytest", "-q", "--junitxml", "out.xml", "-p", "no:hypothesispytest"]
        subprocess.run(command, cwd=tmp_path, env=os.environ, check=False, capture_output=True)
        assert list(XSD.iter_errors(ET.parse(tmp_path / "out.xml"))) == []

    def test_tells_the_students_faults_from_ours(self) -> None:
        cases = ET.fromstring(junit([*ROWS, VOID], practice=False)).iter("testcase")
        tags = [next((child.tag for child in case if child.tag != "properties"), "") for case in cases]
        assert tags == ["", "failure", "failure", "skipped", "skipped", "error"]

    def test_counts_what_it_holds(self) -> None:
        for suite in ET.fromstring(junit([*ROWS, VOID], practice=False)):
            for name, tag in (
                ("tests", "testcase"),
                ("failures", "failure"),
                ("errors", "error"),
                ("skipped", "skipped"),
            ):
                assert int(suite.attrib[name]) == len(list(suite.iter(tag)))

    @pytest.mark.parametrize("text", NASTY)
    def test_survives_any_message(self, text: str) -> None:
        root = ET.fromstring(junit(with_message(text), practice=False))
        assert list(XSD.iter_errors(root)) == [] and len(list(root.iter("testcase"))) == 3

    @given(st.text())
    def test_gives_every_text_back_but_what_xml_cannot_hold(self, text: str) -> None:
        failure = next(ET.fromstring(junit(with_message(text), practice=False)).iter("failure"))
        kept = "".join(each if ET_TAKES(each) else "\ufffd" for each in text)
        assert (failure.text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")


def ET_TAKES(character: str) -> bool:
    code = ord(character)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


class TestMarkdown:
    def test_is_a_table_for_each_exercise_with_what_is_wrong_below(self) -> None:
        html = GITHUB.render(markdown(ROWS, practice=True))
        assert html.count("<table>") == 3 and "<h1>Score: 2.5 of 12</h1>" in html and "This was practice" in html
        assert "the value is 3\nit should be 4" in html and "<strong>loop</strong>" in html

    def test_gives_no_score_where_something_could_not_be_judged(self) -> None:
        html = GITHUB.render(markdown([RIGHT, VOID], practice=False))
        assert "no score is recorded" in html and "–/2" in html and "Score:" not in html

    @pytest.mark.parametrize("text", NASTY)
    def test_is_text_whatever_a_student_writes(self, text: str) -> None:
        found = [replace(WRONG, message=text), replace(WRONG, check=text, exercise=text)]
        html = GITHUB.render(markdown(found, practice=False))
        assert not [tag for tag in ("<script", "<img", "<a ", "onerror=alert(1)>") if tag in html]
        assert html.count("<h1>") == 1 and html.count("<table>") == 2 and "\x1b" not in html

    @given(st.text(max_size=60))
    def test_never_leaves_its_block(self, text: str) -> None:
        html = GITHUB.render(markdown([replace(WRONG, message="x" + text), RIGHT], practice=False))
        assert html.count("<pre>") == 1 and html.count("<table>") == 1 and html.count("<h2>") == 1


class TestClassroom50:
    def test_is_what_its_runner_takes(self, exercise: Exercise) -> None:
        found = result(ROWS, [exercise], RUNNER, NOW)
        hold_to_classroom50(found)
        assert (found["owner"], found["datetime"]) == ("ali", "2026-06-01T14:33:11Z")

    def test_keeps_halves_by_counting_all_in_halves(self, exercise: Exercise) -> None:
        found = result(ROWS, [exercise], RUNNER, NOW)
        assert (found["score"], found["max-score"]) == (5, 24) and total(ROWS) == 2.5

    @pytest.mark.parametrize("text", NASTY)
    def test_survives_any_message(self, exercise: Exercise, text: str) -> None:
        hold_to_classroom50(result(with_message(text), [exercise], RUNNER, NOW))

    def test_is_not_made_of_what_could_not_be_judged(self, exercise: Exercise) -> None:
        with pytest.raises(CouldNotJudge):
            result([RIGHT, VOID], [exercise], RUNNER, NOW)

    def test_says_what_its_runner_would_have_set(self, exercise: Exercise) -> None:
        with pytest.raises(UsageFault) as caught:
            result(ROWS, [exercise], {}, NOW)
        assert "SUBMISSION_TAG" in caught.value.messages[0].said(str)

    @pytest.mark.parametrize(
        ("points", "scale"),
        [((1, 2), 2), ((2, 4), 1), ((0.5, 1), 4), ((0.1, 0.9), 20), ((0.25, 3), 8), ((1 / 3, 1), None)],
    )
    def test_counts_in_the_largest_unit_that_all_scores_are_whole_in(
        self, exercise: Exercise, points: Sequence[float], scale: int | None
    ) -> None:
        assert whole_scale([scored(exercise, *points)]) == scale

    def test_refuses_points_that_no_unit_makes_whole(self, exercise: Exercise) -> None:
        with pytest.raises(UsageFault):
            result(ROWS, [scored(exercise, 1 / 3)], RUNNER, NOW)


class TestGradescope:
    def test_is_what_its_harness_takes(self) -> None:
        found = results_of(ROWS)
        hold_to_gradescope(found)
        assert found["score"] == 2.5 and found["tests"][0]["name"] == "4.5 forward"

    def test_has_neither_score_nor_tests_where_something_could_not_be_judged(self) -> None:
        found = results_of([RIGHT, VOID])
        hold_to_gradescope(found)
        assert "score" not in found and "tests" not in found and "no score is recorded" in found["output"]

    @pytest.mark.parametrize("text", NASTY)
    def test_survives_any_message(self, text: str) -> None:
        found = results_of(with_message(text))
        hold_to_gradescope(found)
        assert all("\x1b" not in test["output"] for test in found["tests"])

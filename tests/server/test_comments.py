"""Comments on misconceptions and on lines: who reads them, where they stand, and that they are text."""

from __future__ import annotations

import json
import re

import pytest
from browsing import HOSTILE, Parsed
from served import Served, hand_in, page_of
from test_pages import give, report

from grader.core.course.policies.showing import Showing
from grader.server.writing import LONGEST

PROGRAM = "w = 1\nloss = w\nprint(loss)\n"
CAUSE = "/class/exercises/4.5/comment"


@pytest.fixture
def judged(served: Served) -> str:
    """Return the address of a program of s001 that shows the misconception "lost"."""
    address = page_of(hand_in(served.as_("s001"), "4.5", program=PROGRAM))
    give(served, address, report("lost"))
    return address


def on_cause(served: Served, text: str, cause: str = "lost", who: str = "Akmal") -> int:
    return served.as_(who).post(CAUSE, data={"cause": cause, "text": text}).status_code


def on_line(served: Served, address: str, line: object, text: str, block: object = 0) -> int:
    data = {"block": str(block), "line": str(line), "text": text}
    return served.as_("Akmal").post(f"{address}/comment", data=data).status_code


class TestOnMisconceptions:
    def test_everybody_who_has_it_reads_it_and_nobody_else(self, served: Served, judged: str) -> None:
        other, without = (page_of(hand_in(served.as_(name), "4.5", program=name)) for name in ("s002", "s003"))
        give(served, other, report("lost"))
        give(served, without, report("another"))
        assert on_cause(served, "Look at slide 12.") == 303
        seen = ["Look at slide 12." in served.as_(name).get(address).text
                for name, address in (("s001", judged), ("s002", other), ("s003", without))]  # fmt: skip
        assert seen == [True, True, False]
        assert "Look at slide 12." in served.as_("Nodira").get("/class/exercises/4.5").text
        assert "wrote a comment" in served.as_("Nodira").get("/class/audit").text

    def test_the_last_one_counts_and_an_empty_one_takes_it_back(self, served: Served, judged: str) -> None:
        for text in ("one before", "second"):
            on_cause(served, text)
        page = served.as_("s001").get(judged).text
        assert "second" in page and "one before" not in page
        on_cause(served, "  ")
        assert "second" not in served.as_("s001").get(judged).text
        assert "took a comment back" in served.as_("Nodira").get("/class/audit").text

    def test_one_that_nobody_shows_any_more_can_still_be_taken_back(self, served: Served, judged: str) -> None:
        on_cause(served, "second")
        give(served, page_of(hand_in(served.as_("s001"), "4.5", program="x = 2")), report("another", ()))
        served.service.book.forget(["s001"], True, "left", "Nodira", served.service.people.audit()[0][0])
        assert "second" in served.as_("Nodira").get("/class/exercises/4.5").text
        assert on_cause(served, "") == 303 and served.service.comments.on_causes("4.5") == {}

    def test_a_misconception_that_nobody_has_is_not_there(self, served: Served, judged: str) -> None:
        assert on_cause(served, "x", "found") == 404 and on_cause(served, "x", "") == 404

    def test_what_is_too_long_is_refused_and_stays_in_its_form(self, served: Served, judged: str) -> None:
        page = served.as_("Akmal").post(CAUSE, data={"cause": "lost", "text": "x" * (LONGEST + 1)})
        assert page.status_code == 422 and "x" * (LONGEST + 1) in page.text and "<details open>" in page.text


class TestOnLines:
    def test_it_stands_below_its_line_for_its_student(self, served: Served, judged: str) -> None:
        assert on_line(served, judged, 2, "Where is\nx?") == 303
        page = served.as_("s001").get(judged).text
        assert re.search(
            r'loss = w\n</[a-z]+><span class="comment" id="comment2"><b><bdi>Akmal</bdi></b> <bdi>Where is\nx\?', page
        )
        on_line(served, judged, 2, "")
        assert "Where is" not in served.as_("s001").get(judged).text

    @pytest.mark.parametrize("line", [0, 4, -1, "", "x", "٣", "1e1", "9" * 50])
    def test_a_line_that_is_none_is_refused(self, served: Served, judged: str, line: object) -> None:
        assert on_line(served, judged, line, "x") == 422 and served.service.comments.on_lines(1) == {}

    @pytest.mark.parametrize("block", [1, "", "x", "-0"])
    def test_a_place_that_is_none_is_refused(self, served: Served, judged: str, block: object) -> None:
        assert on_line(served, judged, 1, "x", block) == 422

    def test_in_a_notebook_it_is_the_line_of_a_cell(self, served: Served) -> None:
        cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
                 for text in ("a = 1\nb = 2", "c = 3\nd = 4")]  # fmt: skip
        notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
        address = page_of(hand_in(served.as_("s001"), "4.5", ("a.ipynb", notebook)))
        give(served, address, report())
        assert on_line(served, address, 2, "here", 1) == 303
        page = served.as_("s001").get(address).text
        before, _, after = page.partition('<span class="comment"')
        assert re.sub("<[^>]+>", "", before).endswith("d = 4\n") and "here" in after.partition("</code>")[0]
        assert '<option value="1"' in served.as_("Akmal").get(address).text

    def test_of_what_was_typed_there_are_no_lines(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-4"))
        served.judge()
        assert on_line(served, address, 1, "x") == 422
        assert "Comment on a line" not in served.as_("Akmal").get(address).text


def test_what_is_held_back_tells_no_comment(served: Served, judged: str) -> None:
    on_line(served, judged, 2, "line comment")
    on_cause(served, "cause comment")
    served.service.rules.set({"4.5": Showing.HELD}, 4)
    page = served.as_("s001").get(judged).text
    assert "line comment" not in page and "cause comment" not in page


def test_nobodys_words_are_markup(served: Served) -> None:
    address = page_of(hand_in(served.as_("s002"), "4.5", program=f"x = 1\n# {HOSTILE}"))
    give(served, address, report(HOSTILE))
    assert on_cause(served, HOSTILE, HOSTILE) == 303 and on_line(served, address, 1, HOSTILE) == 303
    refused = served.as_("Akmal").post(CAUSE, data={"cause": HOSTILE, "text": HOSTILE * 100})
    bad_line = served.as_("Akmal").post(f"{address}/comment", data={"block": "0", "line": HOSTILE, "text": HOSTILE})
    pages = [refused, bad_line, served.as_("s002").get(address), served.as_("Nodira").get(address),
             served.as_("Nodira").get("/class/exercises/4.5"), served.as_("Nodira").get("/class/audit")]  # fmt: skip
    for page in pages:
        parsed = Parsed(page.text)
        tags = [tag for tag, attributes in parsed.elements if attributes.get("src") != "/static/live.js"]
        assert "script" not in tags and "img" not in tags
        assert [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")] == []

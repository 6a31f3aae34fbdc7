"""What is typed into Moodle and Canvas is read as the text that people see there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.core.course.policies.trust import Trust
from grader.core.words.message import Message
from grader.store.downloads.tree import File, TooMuch
from grader.store.downloads.typed import assigned, plain, typed


def file(content: str | bytes) -> File:
    raw = content.encode() if isinstance(content, str) else content
    return File(("onlinetext.html",), datetime(2026, 1, 1, tzinfo=UTC), Trust.ARCHIVE, lambda: raw)


@pytest.mark.parametrize(
    ("content", "text", "name"),
    [
        ("<p>-8</p>", "-8\n", "typed.yaml"),
        ('<div dir="ltr">dL_dx: 15<br>dL_dy:&nbsp;10</div>', "dL_dx: 15\ndL_dy: 10\n", "typed.yaml"),
        ("<p>w &lt; 3: −8,0\u200b</p>", "w < 3: −8,0\n", "typed.yaml"),
        (
            "<pre>def forward(x):\n    return x * w\n</pre>",
            "def forward(x):\n    return x * w\n",
            "typed.py",
        ),
        (
            "<p>import torch</p>\n<p>def f(x):</p>\n<p>&nbsp; &nbsp; return x &lt; 2</p>",
            "import torch\n\ndef f(x):\n\n    return x < 2\n",
            "typed.py",
        ),
        ("<p>w = torch.tensor(1.0)<br />\nw.grad</p>", "w = torch.tensor(1.0)\n\nw.grad\n", "typed.py"),
    ],
)
def test_html_becomes_the_lines_that_it_shows(content: str, text: str, name: str) -> None:
    found = typed(file(content))
    assert not isinstance(found, Message)
    assert (found[0].read().decode(), found[1]) == (text, name)


@pytest.mark.parametrize("content", ["", "<p></p>", "<p>&nbsp;</p>\n", "x" * 70_000])
def test_nothing_and_far_too_much_is_told(content: str) -> None:
    assert isinstance(typed(file(content)), Message)


def test_a_text_that_cannot_be_read_is_told() -> None:
    def read() -> bytes:
        raise TooMuch

    assert isinstance(typed(File(("t.html",), None, Trust.ARCHIVE, read)), Message)


@pytest.mark.parametrize(
    "hostile",
    [
        *("<" * 60_000, "<p" * 30_000, "&" * 60_000, "a = " * 15_000, "[" * 60_000),
        *(" " * 60_000 + "x", "x" + " " * 60_000 + "x", "x\n\n" + " \t" * 30_000 + "x"),
    ],
    ids=len,
)
def test_no_text_keeps_the_reader_busy(hostile: str) -> None:
    assert len(plain(hostile)) <= len(hostile) + 1
    typed(file(hostile))


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("w = -8", "w: -8\n"),
        ("w=-8\n\nx: 1,5", "w: -8\nx: 1,5\n"),
        # Of a misspelled name whoever reads the answers says so.
        ("dw = -8", "dw: -8\n"),
        ("w = 2*x", "w: 2*x\n"),
        ("y = 2*x", None),
        # Other names are a program's, or an answer as a whole.
        ("x = 3", None),
        ("b.grad = -8", None),
        ("x = 3\nb = 2", None),
        ("w = v = 3", None),
        ("w == 3", None),
        ("w =", None),
        ("def w(): return 3", None),
        ("w = {1: 2}", None),
        ("import torch\nw = 3", None),
        ("w=" + " " * 60_000 + "=", None),
    ],
)
def test_assignments_are_answers_where_nothing_else_is_typed(text: str, given: str | None) -> None:
    assert assigned(text.encode(), ["w"]) == (given.encode() if given else None)

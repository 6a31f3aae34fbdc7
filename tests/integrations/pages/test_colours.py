"""Colours of code: right where it is a program, and bounded and harmless where it is anything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pygments.lexers.python import PythonLexer
from pygments.token import Token

from grader.integrations.pages.colours import coloured


def test_a_string_over_several_lines_is_coloured_on_each() -> None:
    assert coloured(['x = """a', "", 'b"""'])[2] == Markup('<span class="ts">b&#34;&#34;&#34;</span>')


def test_a_program_with_a_syntax_error_is_coloured_all_the_same() -> None:
    assert '<span class="tk">for</span>' in coloured(["for x in (:", "  '"])[0]


@given(st.lists(st.text(st.sampled_from("ab01 \t'\"{}<>&#@\\f:.\u0301$"), max_size=30), max_size=12))
def test_no_text_is_lost_or_becomes_markup(lines: list[str]) -> None:
    shown = coloured(lines)
    assert len(shown) == len(lines)
    bare = [re.sub('</?span(?: class="t[kscnbf]")?>', "", line) for line in shown]
    assert [Markup(line).unescape() for line in bare] == lines
    assert not any("<" in line for line in bare)


@pytest.mark.parametrize(
    "lines",
    [["x = 1"] * 5000, ["x" * 501], ["a.b"] * 130_000, ["'" * 255 * 1024], ["match " + " " * 9000]],
    ids=["many lines", "long line", "as many as fit", "quotes", "spaces"],
)
def test_what_no_person_writes_is_not_read_for_colours(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PythonLexer, "get_tokens_unprocessed", lambda *_: pytest.fail("it was read"))
    assert not any("<span" in line for line in coloured(lines))


def test_lines_of_spaces_that_a_lexer_is_slow_at_never_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(PythonLexer, "get_tokens_unprocessed", lambda _, text: read.append(text) or [(0, Token, text)])
    lines = [" \t\u3000"] * 5000
    assert coloured(lines) == lines and read == ["\n" * 4999]


def test_what_takes_too_long_is_shown_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.integrations.pages.colours._SECONDS", -1.0)
    assert coloured(["import torch"]) == ["import torch"]

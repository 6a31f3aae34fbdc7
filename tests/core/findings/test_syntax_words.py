"""What Python says of a syntax error is said in the reader's language, and in English in Python's own words."""

from __future__ import annotations

import pytest

from grader.core.findings.syntax_words import in_words
from grader.core.words.message import Message
from grader.store.machine.catalogues import translation

BROKEN = [
    "x = = 1", "for i in x\n    pass", " x = 1", "if x:\n    a\n  b", "def f():\nx = 1", "print(1", "x = 1)", "x = [1)",
    "x = 'a", "x = '''a", "x = “a”", "x = 1a", "if x = 1: pass", "print 'a'", "return 1", "break", "continue",
    "f'{a'",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_a_slip_of_beginners_is_told_in_uzbek_and_in_pythons_english(text: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(text, "4.5.py", "exec")
    told = in_words(raised.value.msg)
    assert isinstance(told, Message)
    assert told.said(str) == raised.value.msg
    assert told.said(translation("uz")) != raised.value.msg


def test_what_is_not_known_stays_as_python_says_it() -> None:
    assert in_words("something new") == "something new" and in_words("") == ""

"""What a program asks for and nothing comes of is told with its line, once for each kind."""

from __future__ import annotations

import pytest

from grader.core.program.features.passed_over import passed_over
from grader.core.program.source import Source


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\nbreakpoint()\nbreakpoint()\n", [("debugger-passed-over", 2)]),
        ("import pdb\nfor i in range(3):\n    pdb.set_trace()\n", [("debugger-passed-over", 3)]),
        ("from ipdb import set_trace\nset_trace()\n", [("debugger-passed-over", 2)]),
        ("import os\nos.system('clear')\nbreakpoint()\n", [("command-not-run", 2), ("debugger-passed-over", 3)]),
        ("system = 'a breakpoint() in a text'  # os.system('x')\n", []),
        ("class Game:\n    def system(self): ...\n\nGame().system()\n", []),
        ("breakpoint(\n", []),
    ],
)
def test_calls_are_told_and_words_are_not(text: str, told: list[tuple[str, int]]) -> None:
    found = passed_over(Source(text, "submission.py"))
    assert [(each.kind, each.fields["line"]) for each in found] == told

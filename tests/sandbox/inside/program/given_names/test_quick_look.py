"""The quick look never says no of a program that would be instrumented, and says it of most that would not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.program.given_names.first_use import _instrumented
from grader.sandbox.inside.program.given_names.quick_look import may_be_filled

GOLDEN = Path(__file__).parents[4] / "golden"
NAMES = frozenset({"x_soat", "y_baho"})
STATEMENTS = (
    "x_soat = [1.0, 2.0]",
    "y_baho = [2 * x for x in x_soat]",
    "x_soat += more",
    "x_soat, rest = rest, x_soat",
    "x_soat: list = []",
    "table = {'x': x_soat}",
    "table['x'][0] = 1.0",
    "table['x'].append(2.0)",
    "others[x_soat[0]] = 1.0",
    "others.append(3.0)",
    "for x, y in zip(x_soat, y_baho): others = x",
    "fill(x_soat)",
    "def fill(data): data.append(1.0)",
    "def put():\n    global x_soat\n    x_soat = [3.0]",
    "def own():\n    x_soat = []\n    x_soat.append(1)",
    "class Data:\n    def fill(self): self.rows = x_soat",
    "Data.rows.extend([1.0])",
    "assert x_soat[0] == 1.0",
    "globals()['x_soat'] = [1.0]",
    "if (rows := x_soat): rows[0] = 5.0",
    "while len(x_soat) < 3: x_soat.append(1.0)",
    "with open('a') as x_soat: pass",
    "x_soat = torch.tensor(x_soat)",
    "w.data -= 0.01 * w.grad",
    "losses.append(loss(x_soat[0]))",
    "losses = []",
    "w = torch.tensor([1.0])",
)


def is_instrumented(text: str, names: frozenset[str]) -> bool:
    return ast.dump(_instrumented(ast.parse(text), names, names | {"w"})) != ast.dump(ast.parse(text))


@given(st.lists(st.sampled_from(STATEMENTS), max_size=5))
def test_whatever_would_be_instrumented_is_noticed(statements: list[str]) -> None:
    text = "\n".join(statements)
    assert may_be_filled(ast.parse(text), NAMES) or not is_instrumented(text, NAMES)


def test_all_golden_programs_that_would_be_instrumented_are_noticed() -> None:
    programs = [file.read_text(encoding="utf-8", errors="replace") for file in sorted(GOLDEN.glob("4.*/*/*.py"))]
    readable = [text for text in programs if is_readable(text)]
    noticed = [text for text in readable if may_be_filled(ast.parse(text), NAMES)]
    instrumented = [text for text in readable if is_instrumented(text, NAMES)]
    assert instrumented
    assert set(instrumented) <= set(noticed)
    # What is not instrumented and noticed all the same costs a child milliseconds.
    assert len(noticed) < len(readable) / 4


def is_readable(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize("statement", ["w.data -= 0.01 * w.grad", "losses = []\nlosses.append(1.0)", "row[0] = 1.0"])
def test_what_is_written_to_something_else_is_no_filling(statement: str) -> None:
    text = f"x_soat = [1.0]\ny_baho = [2.0]\nrow = [0.0]\n{statement}\nfor x, y in zip(x_soat, y_baho):\n    print(x)\n"
    assert not may_be_filled(ast.parse(text), NAMES)

"""Each small change mends one mistake, in its line, and leaves the rest of the program as it is."""

from __future__ import annotations

import ast

import pytest

from grader.core.program.rewriting.edits import edits_of
from grader.core.program.source import Source

HEAD = "w = torch.tensor([1.0], requires_grad=True)\n\n\ndef forward(x):\n    return x * w\n\n\n"
LOSS = "def loss(y_pred, y):\n    return {}\n\n\n"
LOOP = "for x, y in pairs:\n"


def changes(text: str, name: str) -> list[str]:
    """Return the lines that changes of this name write, each with its number."""
    source = Source(text, "4.5.py")
    found = []
    for edit in edits_of(source, ["w"], ()):
        if edit.name == name:
            pairs = zip(text.split("\n"), edit.of(source).split("\n"), strict=True)
            found += [after.strip() for before, after in pairs if before != after]
    return found


@pytest.mark.parametrize(
    ("name", "line", "mended"),
    [
        ("update-sign", "w.data = w.data + 0.01 * w.grad", "w.data = w.data - (0.01 * w.grad)"),
        ("update-sign", "w.data += 0.01 * w.grad", "w.data -= (0.01 * w.grad)"),
        ("never-called", "l.backward", "l.backward()"),
        ("item-too-early", "l = loss(x, y).item()", "l = loss(x, y)"),
        ("item-too-early", "l = float(loss(x, y))", "l = loss(x, y)"),
        ("graph-cut", "l = loss(x.detach(), y)", "l = loss(x, y)"),
        ("leaf-rebound", "w = w - 0.01 * w.grad", "w.data = w - 0.01 * w.grad"),
        ("leaf-updated-in-place", "w -= 0.01 * w.grad", "w.data -= 0.01 * w.grad"),
        ("loss-accumulated", "total += loss(x, y); total.backward()", "total = loss(x, y); total.backward()"),
        ("loss-accumulated", "total = total + loss(x, y); total.backward()", "total = loss(x, y); total.backward()"),
        ("", "total += loss(x, y).item()", "total = loss(x, y).item()"),
        ("returned-in-loop", "break", "pass"),
        ("gradient-not-zeroed", "w.data -= 0.01 * w.grad", "w.data -= 0.01 * w.grad; w.grad.zero_()"),
    ],
)
def test_a_line_of_a_loop_is_mended(name: str, line: str, mended: str) -> None:
    assert mended in changes(f"{HEAD}{LOOP}    {line}\n", name)


@pytest.mark.parametrize(
    ("name", "returned", "mended"),
    [
        ("caret-for-power", "(y_pred - y) ^ 2", "return ((y_pred - y) ** 2)"),
        ("parentheses-forgotten", "y_pred - y ** 2", "return (y_pred - y) ** 2"),
        ("loss-absolute", "abs(y_pred - y)", "return ((y_pred - y)) ** 2"),
        ("loss-not-squared", "y_pred - y", "return ((y_pred - y)) ** 2"),
        ("target-forgotten", "y_pred ** 2", "return (y_pred - y) ** 2"),
    ],
)
def test_what_a_loss_returns_is_mended(name: str, returned: str, mended: str) -> None:
    lines = changes(HEAD + LOSS.format(returned), name)
    assert any(ast.unparse(ast.parse(line).body[0]) == ast.unparse(ast.parse(mended).body[0]) for line in lines)


def test_arguments_are_exchanged_and_replaced_by_other_names_of_the_body() -> None:
    body = "    y_pred = forward(x)\n    l = loss(x, y)\n"
    lines = changes(HEAD + LOSS.format("(y_pred - y) ** 2") + LOOP + body, "wrong-arguments")
    assert "l = loss(y, x)" in lines
    assert "l = loss(y_pred, y)" in lines


def test_a_statement_is_left_out_only_where_it_stands_twice() -> None:
    once, twice = "    l.backward()\n", "    l.backward()\n    l.backward()\n"
    assert changes(HEAD + LOOP + once, "backward-twice") == []
    assert changes(HEAD + LOOP + twice, "backward-twice") == ["pass", "pass"]


def test_a_program_that_zeroes_somewhere_is_not_said_never_to() -> None:
    assert changes(f"{HEAD}{LOOP}    w.data -= 0.01 * w.grad\nw.grad.zero_()\n", "gradient-not-zeroed") == []


def test_what_is_printed_is_left_alone() -> None:
    assert changes(f"{HEAD}{LOOP}    print(w.item())\n", "item-too-early") == []


def test_moves_have_no_name() -> None:
    body = "    w.grad.zero_()\n    l.backward()\n"
    lines = changes(HEAD + LOOP + body, "")
    assert lines[:2] == ["l.backward()", "w.grad.zero_()"]


def test_the_line_that_raised_comes_first_and_what_is_put_in_last() -> None:
    text = f"{HEAD}{LOOP}    l = loss(x, y).item()\n    w.data += 0.01 * w.grad\n"
    edits = edits_of(Source(text, ""), ["w"], (), raised=9)
    assert edits[0].line == 9
    assert edits[-1].after


def test_alike_programs_have_the_same_changes_in_the_same_order() -> None:
    text = f"{HEAD}{LOOP}    w.data += 0.01 * w.grad\n"
    spread = text.replace("for x", "# a remark\nfor x")
    pairs = zip(edits_of(Source(text, ""), ["w"], ()), edits_of(Source(spread, ""), ["w"], ()), strict=True)
    assert all(one.name == other.name for one, other in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "for in",
        "",
        "def f(x):\n    return " + "-" * 3_000 + "x\n",
        "def f(x):\n    return " + "x - " * 20_000 + "x\n",
        "for x in y:\n" + "    w -= f(x, y, z)\n" * 9_000,
        "def f():\n" + "".join(f"{'    ' * (i + 1)}def f{i}():\n" for i in range(90)) + "    " * 92 + "return 1\n",
    ],
    ids=["no program", "nothing", "many signs", "a long difference", "many updates", "many functions"],
)
def test_a_hostile_text_has_no_or_a_bounded_number_of_changes(text: str) -> None:
    assert len(edits_of(Source(text, ""), ["w"], ())) <= 400


def test_no_change_to_a_program_larger_than_any_of_a_course_is_tried() -> None:
    line = "    w.data += 0.01 * w.grad\n"
    assert edits_of(Source(f"for x in y:\n{line * 100}", ""), ["w"], ())
    assert edits_of(Source(f"for x in y:\n{line * 3_000}", ""), ["w"], ()) == []

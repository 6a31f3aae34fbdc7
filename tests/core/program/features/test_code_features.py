"""What a program's text shows: the part that a line plays, methods that are not called, loops that are left."""

from __future__ import annotations

import warnings

import pytest

from grader.core.program.features.code_features import (
    LineRole,
    builtins_used,
    features,
    habits,
    names_not_read,
    return_in_loop,
    role_of,
    uncalled_item,
)
from grader.core.program.source import Source


def source(text: str) -> Source:
    return Source(text, "prog.py")


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("w.data = w.data - 0.01 * w.grad.data", LineRole.UPDATE),
        ("w.data -= 0.01 * w.grad.item()", LineRole.UPDATE),
        ("w.data = w.data - rate * slope", LineRole.UPDATE),
        ("w -= 0.01 * w.grad", LineRole.UPDATE),
        ("w.sub_(0.01 * w.grad)", LineRole.UPDATE),
        ("with torch.no_grad(): w -= 0.01 * w.grad", LineRole.UPDATE),
        ("optimizer.step()", LineRole.UPDATE),
        ("w -= step", LineRole.UPDATE),
        ("optimizer.zero_grad()", LineRole.ZEROING),
        ("optimizer.zero_grad(set_to_none=True)", LineRole.ZEROING),
        ("w.grad.zero_()", LineRole.ZEROING),
        ("w.grad.data.zero_()", LineRole.ZEROING),
        ("w.grad.fill_(0)", LineRole.ZEROING),
        ("w.grad = None", LineRole.ZEROING),
        ("w.grad *= 0", LineRole.ZEROING),
        ("w.grad.data = torch.zeros(1)", LineRole.ZEROING),
        ("w.grad[:] = 0", LineRole.ZEROING),
        ("if w.grad is not None: w.grad.zero_()", LineRole.ZEROING),
        ("l.backward()", LineRole.BACKWARD),
        ("torch.autograd.backward(l)", LineRole.BACKWARD),
        ("g, = torch.autograd.grad(l, w)", LineRole.BACKWARD),
        ("xato.backward(); print('epoch')", LineRole.OTHER),
        ("l = loss(x, y)", LineRole.LOSS),
        ("xatolik = (y_pred - y) ** 2", LineRole.LOSS),
        ("l = criterion(y_pred, y)", LineRole.LOSS),
        ("y_pred = forward(x)", LineRole.FORWARD),
        ("bashorat = x * w", LineRole.FORWARD),
        ("print(epoch, w.grad.item())", LineRole.OTHER),
        ("print(f'{w.grad:.2f}')", LineRole.OTHER),
        ("slopes.append(w.grad.item())", LineRole.OTHER),
        ("w.grad", LineRole.OTHER),
        ("w.grad.item()", LineRole.OTHER),
        ("print(optimizer.step())", LineRole.UPDATE),
        ("import torch", LineRole.OTHER),
        ("while w.grad > 0:", LineRole.OTHER),
    ],
)
def test_a_line_plays_its_part_at_the_top_level_and_inside_a_function(line: str, role: LineRole) -> None:
    body = f"{line}\n" if not line.endswith(":") else f"{line}\n    pass\n"
    assert role_of(source(body), 1) is role
    if line != "w -= step":
        indented = body.replace("\n    ", "\n        ")
        assert role_of(source(f"def train():\n    {indented}"), 2) is role


def test_of_several_statements_on_a_line_the_last_one_counts() -> None:
    assert role_of(source("l.backward(); w.data -= 0.01 * w.grad.data; w.grad.data.zero_()"), 1) is LineRole.ZEROING


@pytest.mark.parametrize("keyword", ["def", "async def"])
def test_inside_a_function_its_name_counts_where_the_line_says_nothing(keyword: str) -> None:
    assert role_of(source(f"{keyword} loss(a, b):\n    return (a - b) ** 2\n"), 2) is LineRole.LOSS
    assert role_of(source(f"{keyword} forward(a):\n    return a * w\n"), 2) is LineRole.FORWARD


def test_a_statement_over_several_lines_plays_one_part() -> None:
    text = source("w.data = (\n    w.data\n    - 0.01 * w.grad\n)\n")
    assert {role_of(text, line) for line in (1, 2, 3, 4)} == {LineRole.UPDATE}


@pytest.mark.parametrize("line", [0, 7, 10_000_000])
def test_a_line_that_is_not_there_plays_no_part(line: int) -> None:
    assert role_of(source("l.backward()\n"), line) is LineRole.OTHER


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("print(l.item())\n", 0),
        ("x = 1\nprint(l.item)\n", 2),
        ("f = l.item\nf()\n", 1),
        ("print(w.numpy, l.item())\n", 1),
        ("item = 3\nprint(item)\n", 0),
        ("print(", 0),
    ],
)
def test_a_method_without_its_parentheses_is_found(text: str, line: int) -> None:
    assert uncalled_item(source(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("for x in xs:\n    step(x)\n    break\n", 3),
        ("def f():\n    while True:\n        step()\n        return 1\n", 4),
        ("for x in xs:\n    if x:\n        break\n", 0),
        ("def f():\n    for x in xs:\n        step(x)\n    return 1\n", 0),
        ("for x in xs:\n    def f():\n        return x\n", 0),
        ("for", 0),
    ],
)
def test_a_loop_that_its_first_round_leaves_is_found(text: str, line: int) -> None:
    assert return_in_loop(source(text)) == line


def test_the_names_that_somebody_chose_tell_nothing() -> None:
    one = source("def forward(x):\n    return x * w\n")
    other = source("def bashorat(soat):\n    return soat * vazn\n")
    assert features(one) == features(other)


def test_numbers_and_what_stands_in_a_loop_tell_programs_apart() -> None:
    assert features(source("w = 0.01")) != features(source("w = 0.1"))
    assert features(source("w = 1")) != features(source("w = 1.0"))
    assert features(source("w.zero_()")) != features(source("for i in n:\n    w.zero_()"))


def test_what_stands_in_loops_within_loops_is_read_once() -> None:
    heads = "".join(f"{' ' * depth}for i in x:\n" for depth in range(90))
    body = (" " * 90 + "a.b=1\n") * 2_500
    found = features(Source(heads + body, ""))
    assert "b in loop" in found
    ends = features(Source("for i in x:\n a.b=1\nelse:\n while a:\n  a.c=1\n else:\n  a.d=1\n", ""))
    assert {"b in loop", "c in loop"} <= ends and "d in loop" not in ends


def test_who_prints_what_is_no_habit() -> None:
    assert habits(source("print(l.item())")) == frozenset()
    assert builtins_used(source("print(max(w, 1))")) == {"print", "max"}


HOSTILE = {
    "a number that Python does not write out": "x = 0x" + "f" * 200_000,
    "half a character": "x = '\ud800'",
    "null bytes": "x = 1\0",
    "deep parentheses": "(" * 5_000 + "1" + ")" * 5_000,
    "deep signs": "-" * 100_000 + "1",
    "a long chain": "a" + ".item" * 50_000,
    "one long line": "a;" * 131_072,
    "many functions": "def f(): return w.grad\n" * 10_000,
    "an odd escape": 'x = "\\d"\nl.backward()\n',
    "an odd comparison": "x = 1 is 1\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_a_program_breaks_its_reading(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert role_of(source(text), 1) in LineRole
        assert uncalled_item(source(text)) >= 0
        assert return_in_loop(source(text)) == 0
        assert builtins_used(source(text)) == frozenset()
        assert habits(source(text)) <= features(source(text))


def test_a_text_that_python_warns_of_is_read_all_the_same() -> None:
    assert role_of(source(HOSTILE["an odd escape"]), 2) is LineRole.BACKWARD


@pytest.mark.parametrize(
    "text",
    [
        "for x, y in zip(xs, ys):\n    use(x, y)\n",
        "data = list(zip(xs, ys))\n",
        "print(sum(xs), ys[0] * 2)\n",
        "for name in ('xs', 'ys'):\n    use(globals()[name])\n",
        "def f():\n    return xs, ys\n",
        "pairs = [(x, y) for x in xs for y in ys]\n",
    ],
)
def test_names_that_something_is_computed_from_are_read(text: str) -> None:
    assert names_not_read(source("xs, ys = [], []\n" + text), ("xs", "ys")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "print(ys, ys[0], f'{ys}', len(ys))\n",
        "ys = [2 * y for y in ys]\n",
        "for x in xs:\n    ys.append(2 * x)\n    ys[0] = x\n",
        "assert ys == [2.0]\n",
        "",
    ],
)
def test_to_show_names_or_to_fill_them_is_not_to_read_them(text: str) -> None:
    assert names_not_read(source("xs, ys = [], []\nuse(xs)\n" + text), ("xs", "ys")) == ("ys",)

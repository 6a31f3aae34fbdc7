"""Mutants of solutions: what operators make of a program, which of them count, and what an author reads of the rest."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import ROOT

from grader.core.course.exercise import Check
from grader.core.proof.mutants import (
    Equivalent,
    Mutant,
    may_have_gradients,
    mutants_of,
    mutation_findings,
    mutation_of,
    shown_share,
)
from grader.core.words.errors import CourseInvalid, Position
from grader.integrations.mutation import changes
from grader.store.course.course_files import find_course
from grader.store.course.solutions.equivalents import read_equivalents


def mutants(source: str, *right: str) -> list[Mutant]:
    return mutants_of(changes(source), source, right, "solution.py")


def becomes(source: str, operator: str) -> set[str]:
    """Return what an operator puts in the place of lines, spaces and all left as they are."""
    return {"\n".join(each.becomes) for each in mutants(source) if each.operator == operator}


def made(source: str, operator: str) -> list[str]:
    return [each.source for each in mutants(source) if each.operator == operator]


# Operator, program, and a line that it puts in the place of another.
LINES = [
    ("update-sign", "w -= rate * g", "w += rate * g"),
    ("update-sign", "w = w - rate * g", "w = w + rate * g"),
    ("update-sign", "w.data.sub_(rate * g)", "w.data.add_(rate * g)"),
    ("update-factor", "w -= rate * g", "w -= 2 * (rate * g)"),
    ("update-factor", "w = w - g", "w = w - 2 * g"),
    ("leaf-rebound", "import torch\nw -= rate * g", "w = w - (rate * g)"),
    ("learning-rate", "w = w - 0.01 * w.grad", "w = w - 0.1 * w.grad"),
    ("learning-rate", "o = SGD([w], lr=0.5)", "o = SGD([w], lr=0.05)"),
    ("arithmetic-operator", "y = a + b", "y = a - b"),
    ("arithmetic-operator", "y = a*b", "y = a/b"),
    ("arithmetic-operator", "y = a * b * c", "y = (a + b) * c"),
    ("arithmetic-operator", "y = a @ b", "y = a * b"),
    ("operand-dropped", "y = x @ W + b", "y = x @ W"),
    ("operand-order", "y = a - (b - c)", "y = (b - c) - a"),
    ("matmul-order", "y = a @ b", "y = b @ a"),
    ("matmul-order", "y = torch.mm(a, b)", "y = torch.mm(b, a)"),
    ("transpose-put-in", "y = a @ b", "y = a @ b.t()"),
    ("transpose-dropped", "y = a @ b.T", "y = a @ b"),
    ("transpose-dropped", "y = a.transpose(0, 1)", "y = a"),
    ("power-dropped", "e = (a - b) ** 2", "e = (a - b)"),
    ("loss-absolute", "e = (a - b) ** 2", "e = abs(a - b)"),
    ("loss-reduction", "e = d.mean()", "e = d.sum()"),
    ("loss-reduction", "e = d.mean()", "e = d"),
    ("loss-reduction", "e = torch.sum(d)", "e = torch.mean(d)"),
    ("loss-reduction", 'l = MSELoss(reduction="mean")', 'l = MSELoss(reduction="none")'),
    ("activation", "import torch\ny = torch.tanh(a + b)", "y = (a + b)"),
    ("activation", "y = torch.tanh(a)", "y = torch.sigmoid(a)"),
    ("axis", "e = d.sum(dim=1)", "e = d.sum(dim=0)"),
    ("axis", "import torch\ne = torch.softmax(d, -1)", "e = torch.softmax(d, 0)"),
    ("keyword-dropped", "e = d.sum(dim=1, keepdim=True)", "e = d.sum(dim=1)"),
    ("bias-dropped", "l = nn.Linear(2, 1)", "l = nn.Linear(2, 1, bias=False)"),
    ("bias-dropped", "l = nn.Linear(2, 1, bias=True)", "l = nn.Linear(2, 1)"),
    ("requires-grad-dropped", "w = tensor([1.0], requires_grad=True)", "w = tensor([1.0])"),
    ("requires-grad-dropped", "w = tensor([1.0]).requires_grad_()", "w = tensor([1.0])"),
    ("detach-put-in", "import torch\ny = x * w", "y = (x * w).detach()"),
    ("data-put-in", "import torch\ny = x * w", "y = x * w.data"),
    ("no-grad-put-in", "import torch\ny = x * w", "with torch.no_grad():\ny = x * w"),
    ("no-grad-put-in", "import torch as t\ndef f(x):\n    return x", "@t.no_grad()"),
    ("no-grad-removed", "import torch\nwith torch.no_grad():\n    w -= g", "w -= g"),
    ("gradient-dropped", "w -= rate * w.grad", "w -= rate * w"),
    ("item-dropped", "total = total + e.item()", "total = total + e"),
    ("off-by-one", "for i in range(10):\n    f(i)", "for i in range(11):"),
    ("off-by-one", "y = a[0]", "y = a[-1]"),
    ("off-by-one", "y = a[1:]", "y = a[:]"),
    ("argument-order", "y = f(a, b, c)", "y = f(a, c, b)"),
    ("wrong-variable", "def f(x, y):\n    return x - y", "return y - y"),
    ("wrong-variable", "for x, y in data:\n    f(x)", "f(y)"),
    ("comparison", "y = a < b", "y = a <= b"),
    ("condition", "if a and b:\n    f()", "if not (a and b):"),
    ("condition", "y = a and b", "y = a or b"),
    ("sign", "def f(x):\n    return x + 1", "return -(x + 1)"),
    ("sign", "y = -x", "y = x"),
    ("constant", "y = 3", "y = 2"),
    ("constant", "y = f(a, keep=True)", "y = f(a, keep=False)"),
]


@pytest.mark.parametrize(("operator", "source", "line"), LINES, ids=[f"{o}: {line}" for o, _, line in LINES])
def test_an_operator_changes_a_line(operator: str, source: str, line: str) -> None:
    assert line in becomes(source, operator)


LOOP = """\
for epoch in range(3):
    for x in data:
        e = loss(x)
        e.backward()
        step(w)
        w.grad.zero_()
print(w)
"""
MOVES = [
    ("zeroing-removed", "e backward step | print"),
    ("zeroing-before-update", "e backward zero step | print"),
    ("zeroing-before-backward", "e zero backward step | print"),
    ("zeroing-once-per-epoch", "e backward step | zero print"),
    ("zeroing-out-of-the-loops", "e backward step | zero print"),
    ("statement-order", "backward e step zero | print"),
    ("moved-out-of-loop", "e backward | step zero print"),
]


@pytest.mark.parametrize(("operator", "order"), MOVES, ids=[operator for operator, _ in MOVES])
def test_an_operator_moves_a_statement(operator: str, order: str) -> None:
    assert order in {in_short(source) for source in made(LOOP, operator)}


def in_short(source: str) -> str:
    """Return the statements after the two heads by their first words, a bar where the inner loop ends."""
    words = {"e = loss(x)": "e", "e.backward()": "backward", "step(w)": "step", "w.grad.zero_()": "zero"}
    lines = source.splitlines()[2:]
    inside = [words[line.strip()] for line in lines if line.startswith("        ")]
    after = [words.get(line.strip(), "print") for line in lines if not line.startswith("        ")]
    return " ".join([*inside, "|", *after])


def test_zeroing_leaves_one_loop_or_both() -> None:
    once, never = made(LOOP, "zeroing-once-per-epoch"), made(LOOP, "zeroing-out-of-the-loops")
    assert "\n    w.grad.zero_()\nprint" in once[0] and "\nw.grad.zero_()\nprint" in never[0]


def test_zeroing_that_may_come_at_any_time_is_not_moved_before_the_backward_pass() -> None:
    source = LOOP.replace("w.grad.zero_()", "optimizer.zero_grad()")
    assert made(source, "zeroing-before-update") and not made(source, "zeroing-before-backward")


def test_the_order_of_a_difference_that_is_squared_makes_no_mistake() -> None:
    assert made("e = a - b", "operand-order") and made("e = (a - b) ** 3", "operand-order")
    assert not made("e = (a - b) ** 2", "operand-order")


def test_a_return_moves_into_its_loop() -> None:
    source = "def f(a):\n    s = 0\n    for x in a:\n        s += x\n    return s\n"
    assert made(source, "return-in-loop") == [source.replace("    return s", "        return s")]


def test_what_autograd_does_not_see_is_not_cut_from_it() -> None:
    source = "import torch\nwith torch.no_grad():\n    w -= rate * w.grad\n"
    assert not {"detach-put-in", "data-put-in", "no-grad-put-in"} & {each.operator for each in mutants(source)}


def test_where_there_is_no_gradient_nothing_is_cut_from_one() -> None:
    source = "import torch\n\n\ndef f(x):\n    y = 2 * x\n    return y + 1\n"
    cut = {each.operator for each in mutants_of(changes(source), source, (), "s.py")}
    kept = {each.operator for each in mutants_of(changes(source), source, (), "s.py", gradients=False)}
    assert cut - kept == {"detach-put-in", "no-grad-put-in", "data-put-in"} and kept <= cut


@pytest.mark.parametrize(
    ("has", "gradients"),
    [
        ({}, False),
        ({"args": {"x": object()}}, True),
        ({"let": {"model": "Net()"}}, True),
        ({"script": True}, True),
    ],
)
def test_there_may_be_gradients_of_what_a_check_hands_over_makes_or_trains(has: Any, gradients: bool) -> None:
    checks = [Check("load", 1.0, (), **has)]
    assert may_have_gradients(checks, "def load(): ...") is gradients
    assert may_have_gradients(checks, "loss.backward()")


def test_two_dimensions_exchanged_are_the_same_in_either_order() -> None:
    assert not made("y = k.transpose(1, 2)", "argument-order") and made("y = k.permute(1, 2)", "argument-order")


@pytest.mark.parametrize(
    "line", ["self.l1 = nn.Linear(8, 6)", "self.w = nn.Parameter(torch.ones(3))", "self.eps = eps", "n = x.shape[1]"]
)
def test_no_grad_around_what_computes_nothing_is_no_mistake(line: str) -> None:
    assert not made(f"import torch\n{line}\n", "no-grad-put-in")
    assert made(f"import torch\n{line.partition(' = ')[0]} = torch.relu(x)\n", "no-grad-put-in")


PIECES = (
    "import torch\n",
    "x = [1.0, 2.0]\n",
    "def f(a, b=1, *c, **d):\n    '''What it does'''\n    return a @ b.t() - 2 ** c[0]\n",
    "class Net:\n    def forward(self, x):\n        return torch.relu(self.layer(x)).mean(dim=1)\n",
    "for a, b in zip(x, x[1:]):\n    w -= 0.1 * w.grad; w.grad = None\n    print(a)\n",
    "while not done and n <= 3:\n    n += 1\nelse:\n    n = -1\n",
    "with torch.no_grad(): w.sub_(1e-2 * g)\n",
    "y = [i * 2 for i in range(3) if i % 2 == 0]  # even\n",
    "if a:\n\n    pass\nelif b:\n    e = lambda x, y: x / y\n",
    "try:\n    total = f'{a:.2f}' or (b, c)\nfinally:\n    optimizer.zero_grad()\n",
    "async def g(x):\n    return await x\n",
)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
def test_every_mutant_is_another_program_and_all_come_in_one_order(source: str) -> None:
    found = mutants(source)
    forms = [ast.dump(ast.parse(each.source)) for each in found]
    assert len(set(forms) | {ast.dump(ast.parse(source))}) == len(found) + 1
    assert all(each.diff and (each.was or each.becomes) for each in found)
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert found == mutants(source)


def test_layout_comments_and_docstrings_make_no_other_program() -> None:
    source = "def f(x):\n    return x + 1\n"
    right = '"""Right."""\ndef f(x):  # too\n    "Adds."\n    return (x - 1)\n'
    assert "return x - 1" in becomes(source, "arithmetic-operator")
    assert "return x - 1" not in {line for each in mutants(source, right) for line in each.becomes}


def declared(was: str, becomes: str | None = None, operator: str = "") -> Equivalent:
    return Equivalent(Position("e.yaml", 3, 5), (was,), None if becomes is None else (becomes,), operator, "so it is")


class TestAScore:
    def test_is_the_share_of_those_killed_among_those_not_declared(self) -> None:
        found = mutants("y = a - b\n")
        turned = next(place for place, each in enumerate(found) if each.operator == "operand-order")
        other = next(place for place, each in enumerate(found) if each.operator == "arithmetic-operator")
        word = declared("y = a - b", "y = b - a", "operand-order")
        mutation = mutation_of(found, {turned, other}, [word])
        assert mutation.survivors == (found[other],) and mutation.declared == ((found[turned], word),)
        assert (mutation.asked, mutation.killed) == (len(found) - 1, len(found) - 2)
        assert mutation.score == (len(found) - 2) / (len(found) - 1)

    def test_takes_a_declaration_of_a_line_for_whatever_it_becomes(self) -> None:
        found = mutants("x = [1.0, 2.0]\ny = 3\n")
        mutation = mutation_of(found, set(range(len(found))), [declared("x = [1.0, 2.0]")])
        assert {each.was for each in mutation.survivors} == {("y = 3",)} and len(mutation.declared) >= 2

    @pytest.mark.parametrize(
        "word", [declared("y = a - c"), declared("y = a - b", "y = a / b"), declared("y = a - b", operator="axis")]
    )
    def test_is_not_raised_by_a_declaration_that_holds_for_none(self, word: Equivalent) -> None:
        found = mutants("y = a - b\n")
        mutation = mutation_of(found, {0}, [word])
        (finding,) = mutation_findings(mutation, None, "solution.py")
        assert mutation.survivors and (finding.name, finding.at) == ("equivalent-stale", word.at)

    def test_below_the_floor_is_a_finding(self) -> None:
        mutation = mutation_of(mutants("y = a - b\n"), {0}, [])
        (finding,) = mutation_findings(mutation, 1.0, "solution.py")
        assert finding.name == "mutation-floor" and not list(mutation_findings(mutation, mutation.score, "s"))

    def test_is_shown_as_no_more_than_it_is(self) -> None:
        assert [shown_share(share) for share in (1.0, 0.99999, 0.95, 2 / 3)] == ["100 %", "99.9 %", "95 %", "66.6 %"]


HEAD = "format_version: 1\nequivalent:\n"
FAULTS = [
    ("  - {reason: so}\n", "e.yaml:3:5: the key was is missing"),
    ('  - {was: "a = 1"}\n', "e.yaml:3:5: the key reason is missing"),
    ('  - {was: "a = 1", reason: " "}\n', "e.yaml:3:28: write the reason in words"),
    ('  - {was: "a = 1", becoms: b, reason: so}\n', "e.yaml:3:20: unknown key becoms; did you mean becomes?"),
    ('  - {was: "", reason: so}\n', "e.yaml:3:5: was must have the lines that are changed"),
    ("  - {was: [a, b], reason: so}\n", "e.yaml:3:11: found a list; expected lines of a program"),
    ('  - {was: a, operator: "Update Sign", reason: so}\n', "e.yaml:3:24: Update Sign is not an id"),
    ("  - {was: a, reason: so}\n  - {was: a, reason: no}\n", "e.yaml:4:5: duplicate entry; first in line 3"),
]


@pytest.mark.parametrize(("entries", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_a_declaration_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, entries: str, told: str) -> None:
    path = tmp_path / "equivalent.yaml"
    path.write_text(HEAD + entries, encoding="utf-8")
    with pytest.raises(CourseInvalid) as raised:
        read_equivalents(path, "e.yaml")
    (fault,) = raised.value.faults
    assert f"{fault.at}: {fault.message.said(str)}".startswith(told)


@pytest.mark.parametrize("floor", ["0.95", "120 %", "much"])
def test_a_floor_that_is_no_share_is_told_with_its_place(tmp_path: Path, floor: str) -> None:
    (tmp_path / "course.yaml").write_text(COURSE.replace("95 %", floor), encoding="utf-8")
    with pytest.raises(CourseInvalid) as raised:
        find_course(tmp_path)
    (fault,) = raised.value.faults
    assert (fault.at.line, fault.at.column) == (5, 19) and "write it as 10 %" in fault.message.said(str)


COURSE = """\
format_version: 1
id: mutants
title: {en: Mutants}
languages: [en]
check: {mutation: 95 %}
lectures: [{id: "1", title: {en: First}}]
"""
# It looks at values alone: that the gradient arrives is seen by nobody. Its limits are those of a patient teacher.
EXERCISE = """\
format_version: 1
id: "ID"
title: {en: The model}
prompt: {en: Write forward}
checks:
  - name: forward
    points: 2
    call: forward(x)
    given: {w: {parameter: {uniform: [0.5, 3]}}}
    args: {x: {uniform: [1, 5]}}
    compare: [value]
    limits: {wall: 500 s, cpu: 500 s}
"""
SOLUTION = """\
import torch

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    done = False
    while not done:
        x = x * w
        done = True
    return x
"""
DECLARED = f"""\
{HEAD}\
  - {{was: "w = torch.tensor([1.0], requires_grad=True)", reason: Every probe sets it.}}
  - {{was: "", becomes: "@torch.no_grad()", operator: no-grad-put-in, reason: Only values are asked.}}
  - {{was: "return x", becomes: "return x.detach()", reason: Only values are asked.}}
  - was: x = x * w
    becomes: |
      with torch.no_grad():
          x = x * w
    reason: Only values are asked.
  - {{was: x = x * w, becomes: x = (x * w).detach(), reason: Only values are asked.}}
  - {{was: x = x * w, becomes: x = x * w.data, reason: Only values are asked.}}
  - {{was: "", becomes: break, operator: loop-ended-early, reason: It ends after its first round anyway.}}
  - {{was: done = True, becomes: done = True, operator: statement-order, reason: The order is free.}}
  - {{was: return x, becomes: return x, operator: return-in-loop, reason: It ends after its first round anyway.}}
  - {{was: x = x * w, becomes: x = w, reason: It was so once.}}
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Return what the real command says of two exercises with the same hole, which is declared in the second one."""
    course = tmp_path_factory.mktemp("course")
    (course / "course.yaml").write_text(COURSE, encoding="utf-8")
    for id in ("1.1", "1.2"):
        for folder in ("exercises", "solutions"):
            (course / folder / id).mkdir(parents=True)
        (course / "exercises" / id / "exercise.yaml").write_text(EXERCISE.replace("ID", id), encoding="utf-8")
        (course / "exercises" / id / "starter.py").write_text("import torch\n", encoding="utf-8")
        (course / "solutions" / id / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (course / "solutions" / "1.2" / "equivalent.yaml").write_text(DECLARED, encoding="utf-8")
    done = command(course, "check", "--seeds", "2", "--isolation", "none", "-j", "1", "--json", "seen.json")
    exercises = json.loads((course / "seen.json").read_text(encoding="utf-8"))["exercises"]
    return done, {each["exercise"]: each for each in exercises}


def command(course: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", f"{before}\nfrom grader.cli import main; main()", *arguments],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


class TestTheCommand:
    Seen = tuple[subprocess.CompletedProcess[str], dict[str, Any]]

    def test_shows_a_hole_as_a_diff_with_its_place_and_the_entry_that_would_declare_it(self, checked: Seen) -> None:
        done, _ = checked
        assert "solutions/1.1/solution.py:11: this mutant gets full marks on every seed: detach-put-in" in done.stdout
        assert "        -    return x\n        +    return x.detach()\n" in done.stdout
        assert '{operator: detach-put-in, was: "return x", becomes: "return x.detach()", reason: "…"}' in done.stdout

    def test_below_the_floor_is_red(self, checked: Seen) -> None:
        done, seen = checked
        assert done.returncode == 1 and "mutation-floor" in names(seen["1.1"])
        mutation = seen["1.1"]["mutation"]
        assert mutation["score"] == mutation["killed"] / mutation["mutants"] < mutation["floor"] == 0.95
        assert len(mutation["survivors"]) == mutation["mutants"] - mutation["killed"] and not mutation["declared"]

    def test_takes_what_is_declared_out_of_the_score(self, checked: Seen) -> None:
        _, seen = checked
        mutation = seen["1.2"]["mutation"]
        assert (mutation["score"], mutation["survivors"]) == (1.0, []) and "mutation-floor" not in names(seen["1.2"])
        declared = {(each["operator"], each["reason"]) for each in mutation["declared"]}
        assert ("no-grad-put-in", "Only values are asked.") in declared
        assert len(mutation["declared"]) == len(seen["1.1"]["mutation"]["survivors"])

    def test_tells_a_declaration_that_holds_no_more(self, checked: Seen) -> None:
        _, seen = checked
        (stale,) = [each for each in seen["1.2"]["findings"] if each["name"] == "equivalent-stale"]
        assert (stale["file"], stale["line"]) == ("solutions/1.2/equivalent.yaml", 16)

    @pytest.mark.parametrize("asked", [["--mutation"], []], ids=["asked for", "by the floor"])
    def test_says_how_to_install_what_is_missing(self, tmp_path: Path, asked: list[str]) -> None:
        (tmp_path / "course.yaml").write_text(COURSE, encoding="utf-8")
        done = command(tmp_path, "check", *asked, before="import sys; sys.modules['libcst'] = None")
        assert done.returncode == 2 and 'pip install "libcst>=1.5"' in done.stderr
        assert "Traceback" not in done.stderr

    def test_needs_nothing_where_no_mutants_are_wanted(self, tmp_path: Path) -> None:
        (tmp_path / "course.yaml").write_text(COURSE, encoding="utf-8")
        missing = "import sys; sys.modules['libcst'] = None"
        assert command(tmp_path, "check", "--no-mutation", before=missing).returncode == 0


def names(exercise: dict[str, Any]) -> set[str]:
    return {finding["name"] for finding in exercise["findings"]}

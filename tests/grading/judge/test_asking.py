"""Checks that ask more than a function: expressions, objects, modules, what a call leaves behind, ask.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import HEAD, ID, judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

MODULE = """checks:
  - name: structure
    points: 1
    let: {model: Model(3)}
    call: model(x)
    args: {x: {normal: [0, 1], size: [5, 3]}}
    compare: [{parameters: model}]
    limits: {wall: 2 s}
  - name: forward
    points: 3
    limits: {wall: 2 s}
    let: {model: Model(3)}
    given: {model: {parameters: {normal: [0, 0.5]}}}
    call: model(x)
    args: {x: {normal: [0, 1], size: [5, 3]}}
    compare: [value, {gradient: x}, {gradient: model}]
"""
TWO_LAYERS = """import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.first = nn.Linear(n, 4)
        self.second = nn.Linear(4, 1)

    def forward(self, x):
        return self.second(torch.sigmoid(self.first(x)))
"""
BY_HAND = """import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.b2 = nn.Parameter(torch.zeros(1))
        self.w2 = nn.Parameter(torch.randn(4, 1))
        self.b1 = nn.Parameter(torch.zeros(4))
        self.w1 = nn.Parameter(torch.randn(n, 4))

    def forward(self, x):
        return torch.sigmoid(x @ self.w1 + self.b1) @ self.w2 + self.b2
"""
VALUE = """checks:
  - name: grads
    points: 2
    let: {a: Value(p), b: Value(q)}
    call: (a * b + a).backward()
    args: {p: {uniform: [1, 3]}, q: {uniform: [1, 3]}}
    compare: [{after: [a.grad, b.grad]}]
  - name: helper
    points: 1
    call: gradients(Value, p, q)
    args: {p: {uniform: [1, 3]}, q: {uniform: [1, 3]}}
    compare: [value]
"""
ASK = """def gradients(Value, p, q):
    a, b = Value(p), Value(q)
    (a * b).backward()
    return {"a": a.grad, "b": b.grad}
"""
MICROGRAD = """class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self, arriving=1.0):
        self.grad += arriving
        for parent, local in self.parents:
            parent.backward(arriving * local)
"""
ARRAYS = """arrays: numpy
checks:
  - {name: step, points: 1, call: "step(W, g)", args: {W: {normal: [0, 1], size: 3}, g: {normal: [0, 1], size: 3}},
     compare: [{after: W}]}
  - {name: pick, points: 1, call: "pick(P, y, mask)", args: {P: {normal: [0, 1], size: [6, 4]},
     y: {integer: [0, 3], size: 6}, mask: {boolean: 0.5, size: 6}}, compare: [value]}
"""
IN_PLACE = """import numpy as np


def step(W, g):
    W -= 0.1 * g


def pick(P, y, mask):
    return P[np.arange(len(y)), y][mask].sum(), y * 2
"""
KEYWORDS = """checks:
  - {name: keywords, points: 1, call: "soft(x, dim=1)", args: {x: {normal: [0, 1], size: [3, 4]}}, compare: [value]}
  - {name: modes, points: 1, let: {drop: Drop()}, call: "(drop.eval()(x), drop.training)",
     args: {x: {normal: [0, 1], size: 4}}, compare: [value]}
  - {name: library, points: 1, call: "apply(F.relu, x)", args: {x: {normal: [0, 1], size: 6}}, compare: [value]}
"""
OF_KEYWORDS = """import torch
from torch import nn


def soft(x, dim):
    return torch.softmax(x, dim)


class Drop(nn.Module):
    def forward(self, x):
        return nn.functional.dropout(x, 0.5, self.training)


def apply(f, x):
    return f(x) * 2
"""


def known(root: Path, checks: str, solution: str, **right: str) -> KnownCoded:
    return known_to(write_exercise(root, checks, solution, **right))


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known(tmp_path_factory.mktemp("module"), MODULE, TWO_LAYERS)


@pytest.fixture(scope="module")
def value(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    root = tmp_path_factory.mktemp("value")
    (root / "exercises" / ID).mkdir(parents=True)
    (root / "exercises" / ID / "ask.py").write_text(ASK)
    return known(root, VALUE, MICROGRAD)


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known(tmp_path_factory.mktemp("arrays"), ARRAYS, IN_PLACE)


@pytest.fixture(scope="module")
def keywords(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known(tmp_path_factory.mktemp("keywords"), KEYWORDS, OF_KEYWORDS)


def verdicts(known: KnownCoded, box: Sandbox, text: str) -> list[Verdict]:
    return [result.verdict for result in judged(known, box, text)]


def told(known: KnownCoded, box: Sandbox, text: str, place: int = -1) -> str:
    return " ".join(said(judged(known, box, text)[place]))


class TestModules:
    def test_the_solution_gets_full_marks(self, module: KnownCoded, box: Sandbox) -> None:
        assert verdicts(module, box, TWO_LAYERS) == [Verdict.PASS, Verdict.PASS]

    def test_names_and_the_order_of_registration_are_free(self, module: KnownCoded, box: Sandbox) -> None:
        other = TWO_LAYERS.replace("first", "out").replace("second", "hidden")
        lines = other.splitlines(keepends=True)
        lines[7], lines[8] = lines[8], lines[7]
        assert verdicts(module, box, "".join(lines)) == [Verdict.PASS, Verdict.PASS]

    def test_a_matrix_may_be_the_transpose(self, module: KnownCoded, box: Sandbox) -> None:
        # The exercise asks for the shapes themselves in its other check.
        assert verdicts(module, box, BY_HAND) == [Verdict.FAIL, Verdict.PASS]

    def test_a_right_program_of_other_names_may_serve_the_author(self, tmp_path: Path, box: Sandbox) -> None:
        checks = MODULE[: MODULE.index("  - name: structure")] + MODULE[MODULE.index("  - name: forward") :]
        known_here = known(tmp_path, checks, TWO_LAYERS, by_hand=BY_HAND)
        assert verdicts(known_here, box, BY_HAND) == [Verdict.PASS]
        assert known_here.observer.reference["forward"].apart == ()

    @pytest.mark.parametrize(
        ("was", "becomes"),
        [
            ("torch.sigmoid(self.first(x))", "torch.tanh(self.first(x))"),
            ("self.second(torch.sigmoid(self.first(x)))", "self.second(torch.sigmoid(self.first(x)).detach())"),
            ("self.second(torch.sigmoid(self.first(x)))", "self.second(torch.sigmoid(self.first(x.detach())))"),
            ("self.first(x)", "nn.functional.linear(x, self.first.weight.data, self.first.bias)"),
        ],
    )
    def test_another_function_or_a_gradient_that_is_cut_fails(
        self, module: KnownCoded, box: Sandbox, was: str, becomes: str
    ) -> None:
        assert verdicts(module, box, TWO_LAYERS.replace(was, becomes)) == [Verdict.PASS, Verdict.FAIL]

    def test_other_layers_are_told_before_any_number(self, module: KnownCoded, box: Sandbox) -> None:
        text = TWO_LAYERS.replace("nn.Linear(4, 1)", "nn.Linear(4, 1, bias=False)")
        assert "model has other parameters than the exercise asks for: first.weight 4×3" in told(module, box, text)
        assert "Number of parameters of model: 3" in told(module, box, text, 0)

    def test_layers_that_find_their_size_themselves_are_right(self, module: KnownCoded, box: Sandbox) -> None:
        lazy = TWO_LAYERS.replace("nn.Linear(n, 4)", "nn.LazyLinear(4)").replace("nn.Linear(4, 1)", "nn.LazyLinear(1)")
        assert verdicts(module, box, lazy) == [Verdict.PASS, Verdict.PASS]
        assert verdicts(module, box, lazy.replace("first", "begin")) == [Verdict.PASS, Verdict.PASS]

    def test_layers_in_a_plain_list_are_told(self, module: KnownCoded, box: Sandbox) -> None:
        text = TWO_LAYERS.replace("self.second = nn.Linear(4, 1)", "self.more = [nn.Linear(4, 1)]")
        text = text.replace("self.second(", "self.more[0](")
        assert "model works with 2 parameters that are not registered in it" in told(module, box, text)

    def test_a_layer_that_is_frozen_is_told_by_its_name(self, module: KnownCoded, box: Sandbox) -> None:
        text = TWO_LAYERS.replace(
            "return self.second(", "self.second.requires_grad_(False)\n        return self.second("
        )
        assert "model.second.weight does not require a gradient" in told(module, box, text)

    def test_what_is_no_module_is_told(self, module: KnownCoded, box: Sandbox) -> None:
        assert "model is of type function; expected a torch.nn.Module" in told(
            module, box, "def Model(n):\n    return lambda x: x.sum(1, keepdim=True)\n"
        )

    def test_a_missing_class_is_told_by_its_name(self, module: KnownCoded, box: Sandbox) -> None:
        text = TWO_LAYERS.replace("class Model", "class Modle")
        assert told(module, box, text) == "The program does not define Model at the top level. Did you mean Modle?"

    def test_an_error_of_a_constructor_is_told_with_its_line(self, module: KnownCoded, box: Sandbox) -> None:
        text = TWO_LAYERS.replace("        super().__init__()\n", "")
        assert f"{ID}.py:7: self.first = nn.Linear(n, 4)" in told(module, box, text)
        assert "cannot assign module before Module.__init__() call" in told(module, box, text)


def test_a_module_without_parameters_may_be_asked_for(tmp_path: Path, box: Sandbox) -> None:
    checks = MODULE[: MODULE.index("  - name: forward")]
    without = (
        "import torch\n\n\nclass Model(torch.nn.Module):\n    def __init__(self, n):\n        super().__init__()\n\n"
    )
    without += "    def forward(self, x):\n        return x.sum(dim=1)\n"
    known_here = known(tmp_path, checks, without)
    assert verdicts(known_here, box, without) == [Verdict.PASS]
    assert "Number of parameters of model: 4" in told(known_here, box, TWO_LAYERS)
    assert verdicts(known_here, box, "def Model(n):\n    return lambda x: x.sum(1)\n") == [Verdict.ERROR]


RESIDUAL = """checks:
  - name: forward
    points: 3
    let: {model: Block(2)}
    given: {model: {parameters: {normal: [0, 0.5]}}}
    call: model(x)
    args: {x: {normal: [0, 1], size: [2, 2, 4, 5]}}
    compare: [value, {gradient: x}, {gradient: model}]
    limits: {wall: 2 s}
"""
BLOCK = """import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv1 = nn.Conv2d(n, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.shortcut = nn.Conv2d(n, 4, 1)

    def forward(self, x):
        h = torch.relu(self.conv1(x))
        return torch.relu(self.conv2(h) + self.shortcut(x))
"""
SHORTCUT_FIRST = BLOCK.replace("        h =", "        short = self.shortcut(x)\n        h =").replace(
    "+ self.shortcut(x)", "+ short"
)


@pytest.fixture(scope="module")
def residual(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known(tmp_path_factory.mktemp("residual"), RESIDUAL, BLOCK)


@pytest.mark.parametrize(
    "text",
    [
        SHORTCUT_FIRST.replace("nn.Conv2d(n, 4, 1)", "nn.Sequential(nn.Conv2d(n, 4, 1))"),
        SHORTCUT_FIRST.replace("shortcut", "skip"),
        # Two of three stand in a Sequential, and the third has its name.
        SHORTCUT_FIRST.replace("nn.Conv2d(n, 4, 1)", "nn.Sequential(nn.Conv2d(n, 4, 1))").replace(
            "nn.Conv2d(n, 4, 3, padding=1)", "nn.Sequential(nn.Conv2d(n, 4, 3, padding=1))"
        ),
    ],
    ids=["in a Sequential", "another name", "two in a Sequential"],
)
def test_one_name_of_ones_own_leaves_the_others_what_they_are(residual: KnownCoded, box: Sandbox, text: str) -> None:
    (result,) = judged(residual, box, text)
    assert result.verdict is Verdict.PASS, said(result)


def test_names_that_are_right_make_no_other_shapes_right(residual: KnownCoded, box: Sandbox) -> None:
    other = SHORTCUT_FIRST.replace("shortcut", "skip").replace("nn.Conv2d(n, 4, 1)", "nn.Conv2d(n, 4, 3, padding=1)")
    assert "has other parameters" in said(judged(residual, box, other)[0])[0]
    exchanged = SHORTCUT_FIRST.replace("shortcut", "skip").replace("+ short", "- short")
    assert judged(residual, box, exchanged)[0].verdict is Verdict.FAIL


class TestObjects:
    def test_are_made_anew_for_every_probe(self, value: KnownCoded, box: Sandbox) -> None:
        assert verdicts(value, box, MICROGRAD) == [Verdict.PASS, Verdict.PASS]

    def test_what_they_keep_is_compared(self, value: KnownCoded, box: Sandbox) -> None:
        text = MICROGRAD.replace("self.grad += arriving", "self.grad = arriving")
        assert verdicts(value, box, text) == [Verdict.FAIL, Verdict.PASS]
        assert told(value, box, text, 0).startswith("a.grad after (a * b + a).backward() at p = ")

    def test_an_attribute_that_is_missing_is_told(self, value: KnownCoded, box: Sandbox) -> None:
        assert "has no attribute 'grad'" in told(value, box, MICROGRAD.replace("grad", "gradient"), 0)

    def test_an_error_of_the_expression_itself_is_told_without_a_line(self, value: KnownCoded, box: Sandbox) -> None:
        message = told(value, box, MICROGRAD.replace("__mul__", "times"), 0)
        assert "raised TypeError: unsupported operand type(s) for *: 'Value' and 'Value'" in message
        assert f"{ID}.py" not in message

    def test_the_authors_functions_go_before_the_programs(self, value: KnownCoded, box: Sandbox) -> None:
        text = MICROGRAD.replace("arriving * local", "arriving + local")
        forged = f"{text}\n\ndef gradients(Value, p, q):\n    return {{'a': q, 'b': p}}\n"
        assert verdicts(value, box, forged) == [Verdict.FAIL, Verdict.FAIL]


class TestArrays:
    def test_are_numpys_and_changed_in_place(self, arrays: KnownCoded, box: Sandbox) -> None:
        assert verdicts(arrays, box, IN_PLACE) == [Verdict.PASS, Verdict.PASS]

    def test_a_new_array_in_place_of_a_changed_one_fails(self, arrays: KnownCoded, box: Sandbox) -> None:
        text = IN_PLACE.replace("W -= 0.1 * g", "W = W - 0.1 * g")
        assert verdicts(arrays, box, text) == [Verdict.FAIL, Verdict.PASS]
        assert told(arrays, box, text, 0).startswith("W after step(W, g)")

    def test_whole_numbers_are_held_exactly(self, arrays: KnownCoded, box: Sandbox) -> None:
        text = IN_PLACE.replace("y * 2", "y * 2 + 1e-9")
        assert verdicts(arrays, box, text) == [Verdict.PASS, Verdict.FAIL]

    def test_they_come_as_int64_and_bool(self, arrays: KnownCoded, box: Sandbox) -> None:
        text = IN_PLACE.replace(
            "    return P[", "    assert (y.dtype, mask.dtype) == (np.int64, np.bool_)\n    return P["
        )
        assert verdicts(arrays, box, text) == [Verdict.PASS, Verdict.PASS]


class TestExpressions:
    def test_know_keywords_modes_and_libraries(self, keywords: KnownCoded, box: Sandbox) -> None:
        assert verdicts(keywords, box, OF_KEYWORDS) == [Verdict.PASS] * 3

    def test_a_program_cannot_take_the_place_of_a_library(self, keywords: KnownCoded, box: Sandbox) -> None:
        forged = OF_KEYWORDS.replace("f(x) * 2", "torch.tanh(x) * 2") + "\nF = torch\ntorch.relu = torch.tanh\n"
        assert verdicts(keywords, box, forged)[2] is Verdict.FAIL

    def test_a_dropout_that_forgets_its_mode_fails(self, keywords: KnownCoded, box: Sandbox) -> None:
        assert verdicts(keywords, box, OF_KEYWORDS.replace("self.training", "True")) == [
            Verdict.PASS,
            Verdict.FAIL,
            Verdict.PASS,
        ]


# A program that lies about itself: nothing of it gives a mark for a value or a gradient.
LIES = {
    "shapes": "    def named_parameters(self, *a, **k):\n        import torch\n"
    "        return iter([(n, torch.nn.Parameter(torch.zeros(s))) for n, s in "
    "[('first.weight', (4, 3)), ('first.bias', 4), ('second.weight', (1, 4)), ('second.bias', 1)]])\n",
    "without end": "    def named_parameters(self, *a, **k):\n        import itertools, torch\n"
    "        return ((str(i), torch.nn.Parameter(torch.zeros(1))) for i in itertools.count())\n",
    "raises": "    def named_parameters(self, *a, **k):\n        raise SystemExit(0)\n",
    "no tensors": "    def named_parameters(self, *a, **k):\n        return iter([('first.weight', 'w')])\n",
    "parameters raise": "    def parameters(self, *a, **k):\n        raise KeyboardInterrupt\n",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_module_that_lies_gets_no_mark_for_values(module: KnownCoded, box: Sandbox, lie: str) -> None:
    text = TWO_LAYERS.replace("torch.sigmoid", "torch.tanh") + "\n" + LIES[lie]
    results = judged(module, box, text)
    assert results[1].verdict in (Verdict.FAIL, Verdict.ERROR)
    assert verdicts(module, box, TWO_LAYERS) == [Verdict.PASS, Verdict.PASS]


class TestTheAuthor:
    def told(self, root: Path, text: str) -> list[str]:
        (root / "exercises" / ID).mkdir(parents=True)
        (root / "exercises" / ID / "ask.py").write_text(text)
        course = write_exercise(root, VALUE, MICROGRAD, HEAD)
        with pytest.raises(CourseInvalid) as caught:
            course.exercise(ID)
        return [f"{fault.at.line}: {fault.message.template}" for fault in caught.value.faults]

    @pytest.mark.parametrize("line", ["assert f(1)", "x = f(1) == 2", "ok = 1 if f(2) > 3 else 0"])
    def test_is_told_of_what_compares_in_the_box(self, tmp_path: Path, line: str) -> None:
        (said,) = self.told(tmp_path, f"def gradients(f):\n    {line}\n")
        assert said.startswith("2: ask.py runs beside the program, which can make anything true there")

    def test_is_told_of_what_python_cannot_read(self, tmp_path: Path) -> None:
        said, *_ = self.told(tmp_path, "def gradients(f:\n    pass\n")
        assert said.startswith("1: Python cannot read this file")


LENGTH = """checks:
  - {name: length, points: 1, let: {data: "Pairs(x)"}, call: len(data), compare: [value],
     args: {x: {normal: [0, 1], size: 5}}}
  - {name: abs, points: 1, call: abs(x), compare: [value], args: {x: {normal: [0, 1]}}}
"""
OF_LENGTH = """
class Pairs:
    def __init__(self, x):
        self.x = x

    def __len__(self):
        return len(self.x)

def abs(x):
    return x if x > 0 else -x
"""


def test_pythons_functions_are_asked_of_objects_and_the_programs_own_of_numbers(tmp_path: Path, box: Sandbox) -> None:
    known = known_to(write_exercise(tmp_path, LENGTH, OF_LENGTH))
    assert [each.verdict for each in judged(known, box, OF_LENGTH)] == [Verdict.PASS, Verdict.PASS]
    length, absolute = judged(known, box, OF_LENGTH.replace("__len__", "size").replace("def abs", "def absolute"))
    assert "has no len()" in " ".join(said(length))
    assert absolute.verdict is Verdict.FAIL and "abs" in " ".join(said(absolute))


def test_a_dtype_of_whole_numbers_may_be_asked(tmp_path: Path, box: Sandbox) -> None:
    check = """arrays: numpy
checks:
  - {name: labels, points: 1, call: labels(x), dtype: int32, compare: [value], args: {x: {normal: [0, 1], size: 9}}}
"""
    solution = "import numpy as np\n\ndef labels(x):\n    return (x > 0).astype(np.int32)\n"
    known = known_to(write_exercise(tmp_path, check, solution))
    assert judged(known, box, solution)[0].verdict is Verdict.PASS
    (other,) = judged(known, box, solution.replace("int32", "int64"))
    assert "has dtype int64; expected int32." in " ".join(said(other))


EMBEDDING = """checks:
  - {name: lookup, points: 1, let: {table: Table()}, given: {table: {parameters: {normal: [0, 1]}}}, call: table(x),
     args: {x: {permutation: 5}}, compare: [value, {gradient: table}]}
"""
PADDED = """
from torch import nn

class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.Embedding(5, 3, padding_idx=0)

    def forward(self, x):
        return self.rows(x)
"""
MASKED_BY_HAND = PADDED.replace(", padding_idx=0", "").replace("self.rows(x)", "self.rows(x) * (x != 0)[:, None]")


@pytest.mark.parametrize(
    ("text", "verdict"), [(MASKED_BY_HAND, Verdict.PASS), (MASKED_BY_HAND.replace("x != 0", "x >= 0"), Verdict.FAIL)]
)
def test_rows_for_padding_stay_zero(tmp_path: Path, box: Sandbox, text: str, verdict: Verdict) -> None:
    known = known_to(write_exercise(tmp_path, EMBEDDING, PADDED))
    (result,) = judged(known, box, text)
    assert result.verdict is verdict, said(result)


def test_a_training_longer_than_what_is_kept_cannot_serve(tmp_path: Path, box: Sandbox) -> None:
    check = (
        "checks:\n  - {name: t, points: 1, run: script, given: {w: {parameter: [1.5]}}, compare: [{trace: [loss]}]}\n"
    )
    long = "import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor _ in range(5001):\n    (w * w).backward()\n"
    with pytest.raises(CourseInvalid) as refused:
        judged(known_to(write_exercise(tmp_path, check, long)), box, long)
    assert "5001 backward calls, of which 5000 are kept" in refused.value.faults[0].message.said(str, "en")

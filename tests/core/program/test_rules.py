"""Which rules on its source a program breaks, read from the syntax tree."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.course.checks.rules import SYNTAX, Rules
from grader.core.program.names.names import Names
from grader.core.program.rules import broken_rules
from grader.core.program.source import Source

STEADY = settings(deadline=None, derandomize=True)
MAX_POOL = "torch.nn.functional.max_pool2d"
NO_POOL = Rules(without=(MAX_POOL,))


def broken(text, rules, roots=("f",), starter=b""):
    """Return the kind, line and name of each finding about a program."""
    found = broken_rules(Source(text, "prog.py"), rules, roots, starter)
    return [(each.kind, each.line, each.text("name")) for each in found]


def meant(expression, before=""):
    """Return what an expression stands for, after some statements."""
    tree = ast.parse(f"{before}\n{expression}")
    return set(Names(tree).paths(tree.body[-1].value))


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        ("import torch", "torch.nn.functional.max_pool2d"),
        ("import torch as t", "t.nn.functional.max_pool2d"),
        ("import torch.nn.functional", "torch.nn.functional.max_pool2d"),
        ("import torch.nn.functional as F", "F.max_pool2d"),
        ("import torch.nn as nn", "nn.functional.max_pool2d"),
        ("from torch import nn", "nn.functional.max_pool2d"),
        ("from torch.nn import functional", "functional.max_pool2d"),
        ("from torch.nn.functional import max_pool2d", "max_pool2d"),
        ("from torch.nn.functional import max_pool2d as m", "m"),
        ("from torch.nn.functional import *", "max_pool2d"),
        ("import torch\nF = torch.nn.functional\nmp = F.max_pool2d", "mp"),
        ("import torch\na, b = torch.nn.functional, torch\n[c, d] = a.max_pool2d, 1", "c"),
        ("import torch.nn.functional as F\nif (mp := F.max_pool2d): pass", "mp"),
        ("import torch.nn.functional as F\nmp = F.max_pool2d if True else None", "mp"),
        ("import torch.nn.functional as F\nmp = None or F.max_pool2d", "mp"),
        ("try:\n    import torch.nn.functional as F\nexcept ImportError:\n    F = None", "F.max_pool2d"),
        ("import torch.nn.functional as F", "getattr(F, 'max_pool2d')"),
        ("import torch.nn.functional as F\ng = getattr", "g(F, 'max_' + 'pool2d', None)"),
        ("import torch.nn.functional as F\nname = 'pool2d'", "getattr(F, f'max_{name}')"),
        ("import builtins, torch", "builtins.getattr(torch.nn.functional, 'max_pool2d')"),
        ("import torch.nn.functional as F", "F.__getattribute__('max_pool2d')"),
        ("", "__import__('torch').nn.functional.max_pool2d"),
        ("import importlib", "importlib.import_module('torch.nn.functional').max_pool2d"),
        ("from importlib import import_module as load", "load('torch.nn' + '.functional').max_pool2d"),
        ("import sys", "sys.modules['torch.nn.functional'].max_pool2d"),
        ("from sys import modules", "modules.get('torch.nn.functional').max_pool2d"),
        ("import torch.nn.functional as F", "vars(F)['max_pool2d']"),
        ("import torch.nn.functional as F", "F.__dict__['max_pool2d']"),
        ("import torch.nn.functional as F", "F.__dict__.get('max_pool2d')"),
        ("import torch.nn.functional as F", "globals()['F'].max_pool2d"),
        ("import torch.nn.functional as F\nimport functools", "functools.partial(F.max_pool2d, stride=2)"),
    ],
)
def test_a_name_is_resolved_whatever_way_leads_to_it(before, expression):
    assert MAX_POOL in meant(expression, before)
    assert broken(f"{before}\ndef f(x):\n    return ({expression})(x, 2)\n", NO_POOL, None)


@pytest.mark.parametrize(
    ("before", "expression", "paths"),
    [
        ("", "sorted", {"builtins.sorted"}),
        ("import builtins", "builtins.sorted", {"builtins.sorted"}),
        ("def sorted(x): ...", "sorted", {"?"}),
        ("for sorted in []: pass", "sorted", {"?"}),
        ("from .torch import nn", "nn.Linear", {"?.Linear"}),
        ("import numpy as np", "np.linalg.norm", {"numpy.linalg.norm"}),
        ("", "x.max().sort", {"?.sort"}),
        ("import torch as a\nimport numpy as a", "a.sum", {"torch.sum", "numpy.sum"}),
        ("a = b\nb = a", "a", {"?"}),
        ("a = a.b", "a", {"?.b"}),
    ],
)
def test_what_is_not_told_begins_with_a_question_mark(before, expression, paths):
    assert meant(expression, before) == paths


@pytest.mark.parametrize(
    "text",
    [
        "def f(sorted):\n    return sorted\n",
        "def f(x):\n    sorted = x + 1\n    return sorted\n",
        "def f(x):\n    return [sorted for sorted in x]\n",
        "def f(x):\n    def sorted(y):\n        return y\n    return sorted(x)\n",
        "def sorted(x):\n    return x\n\ndef f(x):\n    return sorted(x)\n",
        "def f(x: sorted) -> sorted:\n    y: sorted = x\n    return y\n",
        "def f(x):\n    return x.sorted + x['sorted']\n",
        "def g(x):\n    return sorted(x)\n\ndef f(x):\n    return x\n",
        "def f(x):\n    return x\n\nprint(sorted([f(1)]))\nassert sorted([2, 1])\n",
        "def f(x):\n    'sorted(x) is not used'  # sorted(x)\n    return x\n",
        "class A:\n    sorted = 1\n    def go(self):\n        return self.sorted\n\ndef f(x):\n    return A().go()\n",
    ],
)
def test_who_does_not_use_a_name_is_not_told_of_it(text):
    assert broken(text, Rules(without=("sorted",))) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(x, order=sorted):\n    return order(x)\n", 1),
        ("def g(x):\n    return sorted(x)\n\nh = g\n\ndef f(x):\n    return h(x)\n", 2),
        ("order = sorted\n\ndef f(x):\n    return order(x)\n", 1),
        ("class A:\n    def go(self, x):\n        return sorted(x)\n\ndef f(x):\n    return A().go(x)\n", 3),
        ("def made(how):\n    return lambda x: how(x)\n\nf = made(sorted)\n", 4),
        ("@sorted\ndef f(x):\n    return x\n", 1),
        ("import builtins as b\ndef f(x):\n    return b.sorted(x)\n", 3),
        ("def f(x):\n    global order\n    order = sorted\n    return order(x)\n", 3),
        ("if True:\n    def f(x):\n        return sorted(x)\n", 3),
        ("match 1:\n    case 1:\n        def f(x):\n            return sorted(x)\n", 4),
        ("try:\n    g = sorted\nexcept* OSError:\n    g = 1\n\ndef f(x):\n    return g(x)\n", 2),
        ("if (g := sorted):\n    g\n\ndef f(x):\n    return g(x)\n", 1),
        ("with held(sorted) as g:\n    pass\n\ndef f(x):\n    return g(x)\n", 1),
        ("match [sorted]:\n    case [g]:\n        pass\n\ndef f(x):\n    return g(x)\n", 1),
        ("match 1:\n    case 1 if (g := sorted):\n        pass\n\ndef f(x):\n    return g(x)\n", 2),
        ("def f(x):\n    return f.g(x)\n\nf.g = sorted\n", 4),
        ("class A:\n    pass\n\nA.g = sorted\n\ndef f(x):\n    return A.g(x)\n", 4),
        ("tools = {}\ntools['a']['b'] = sorted\n\ndef f(x):\n    return tools['a']['b'](x)\n", 2),
        ("def set_up():\n    global g\n    g = sorted\n\ndone = set_up()\n\ndef f(x):\n    return g(x)\n", 3),
    ],
)
def test_a_rule_holds_in_all_that_the_function_needs(text, line):
    assert broken(text, Rules(without=("sorted",)))[0] == ("rule-without", line, "sorted")


def test_a_module_stands_for_all_that_is_in_it_and_a_dot_for_every_attribute_of_that_name():
    text = "import numpy as np\nimport torch\n\ndef f(x):\n    return np.linalg.norm(x) + torch.max(x) + x.max()\n"
    assert broken(text, Rules(without=("numpy.linalg",))) == [("rule-without", 5, "numpy.linalg")]
    assert broken(text, Rules(without=(".max",))) == [("rule-without", 5, ".max")]
    assert broken(text, Rules(without=("numpy",))) == [("rule-without", 5, "numpy")]
    assert broken(text, Rules(without=("numpy.lin", "max", ".ma", "torch.nn"))) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("exec('x = 1')", "exec"),
        ("eval('x')", "eval"),
        ("compile('x', '', 'eval')", "compile"),
        ("run('x')", "exec"),
        ("getattr(F, name)", "getattr"),
        ("getattr(*pair)", "getattr"),
        ("list(map(getattr, [F], names))", "getattr"),
        ("__import__(name)", "__import__"),
        ("importlib.import_module(name)", "importlib.import_module"),
        ("operator.attrgetter(name)(F)", "operator.attrgetter"),
        ("operator.methodcaller(name)(x)", "operator.methodcaller"),
        ("vars(F)[name]", "[…]"),
        ("F.__dict__.get(name)", "get"),
        ("globals()[name]", "[…]"),
        ("sys.modules[name]", "[…]"),
        ("F.__getattribute__(name)", "__getattribute__"),
        ("__builtins__", "__builtins__"),
        ("builtins.__dict__['exec']", "exec"),
        ("getattr(builtins, 'ev' + 'al')", "eval"),
        ("f.__globals__", "__globals__"),
        ("().__class__.__base__.__subclasses__()", "__subclasses__"),
        ("f.__code__.replace(co_consts=())", "__code__"),
        ("ctypes.string_at(0)", "ctypes"),
    ],
)
def test_what_nobody_can_read_is_told_as_such_where_there_is_a_rule(code, name):
    text = (
        "import builtins, ctypes, importlib, operator, sys\nimport torch.nn.functional as F\nrun = exec\n"
        f"def f(x, name, names, pair):\n    return {code}\n"
    )
    found = broken(text, Rules(without=("sorted",)))
    assert ("rule-unreadable", 5, name) in found or (code == "run('x')" and ("rule-unreadable", 3, name) in found)
    assert broken(text, Rules(lines=5)) == []


@pytest.mark.parametrize(
    "code",
    [
        "getattr(self, name)",
        "getattr(x, 'shape')",
        "model.eval()",
        "re.compile('a')",
        "torch.compile(model)",
        "vars(x)",
        "{'a': 1}[name]",
        "{'a': 1}.get(name)",
        "x.get(name)",
        "table[name]",
        "operator.itemgetter(name)(x)",
    ],
)
def test_what_only_looks_like_it_is_not(code):
    text = f"import operator, re, torch\ndef f(self, x, name, model, table):\n    return {code}\n"
    assert broken(text, Rules(without=("sorted",))) == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("loops", "[i for i in x]"),
        ("loops", "sum(i for i in x)"),
        ("loops", "{i: i for i in x}"),
        ("loops", "list(map(abs, x))"),
        ("loops", "np.vectorize(abs)(x)"),
        ("loops", "functools.reduce(max, x)"),
        ("loops", "list(itertools.accumulate(x))"),
        ("branches", "1 if x else 2"),
        ("operators", "x + 1"),
        ("operators", "-x"),
        ("operators", "x == 1"),
        ("operators", "x and 1"),
        ("indexing", "x[0]"),
        ("imports", "__import__('os')"),
        ("recursion", "f(x)"),
    ],
)
def test_a_word_stands_for_a_part_of_the_syntax(word, code):
    text = f"import functools, itertools\nimport numpy as np\ndef f(x):\n    return {code}\n"
    lines = [line for kind, line, _ in broken(text, Rules(without=(word,))) if kind == f"rule-{word}"]
    assert lines == [1 if word == "imports" else 4]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("loops", "for i in x:\n        pass"),
        ("loops", "while x:\n        pass"),
        ("branches", "if x:\n        pass"),
        ("branches", "match x:\n        case 1:\n            pass"),
        ("operators", "x += 1"),
        ("classes", "class A:\n        pass"),
        ("imports", "import os"),
    ],
)
def test_statements_are_parts_of_the_syntax_too(word, code):
    assert broken(f"def f(x):\n    {code}\n", Rules(without=(word,))) == [(f"rule-{word}", 2, "")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(n):\n    return n if n < 2 else f(n - 1)\n", 2),
        ("def f(n):\n    return g(n)\n\ndef g(n):\n    return f(n)\n", 5),
        ("def f(n):\n    def inner(k):\n        return inner(k - 1)\n    return inner(n)\n", 3),
        ("class A:\n    def a(self):\n        return self.b()\n    def b(self):\n        return self.a()\n\nf = A().a\n", 5),  # noqa: E501
        ("def g(h, n):\n    return h(h, n)\n\ndef f(n):\n    return n\n", None),
        ("class A:\n    def forward(self):\n        return self.net()\n\ndef f(n):\n    return A().forward()\n", None),
        ("def f(f):\n    return f(1)\n", None),
    ],
)  # fmt: skip
def test_recursion_is_a_function_that_comes_back_to_itself(text, line):
    found = broken(text, Rules(without=("recursion",)))
    assert found == ([] if line is None else [("rule-recursion", line, "")])


ONLY = Rules(only=("torch.arange", ".shape", "operators"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import torch\ndef f(i):\n    return torch.arange(i.shape) + i\n", []),
        ("import torch as t\ndef f(i):\n    a = t.arange\n    return a(i)\n", []),
        ("import torch\ndef g(i):\n    return torch.arange(i)\n\ndef f(i):\n    return g(i)\n", []),
        ("import torch\ndef f(i):\n    return torch.ones(i)\n", [("rule-only", 3, "torch.ones")]),
        ("import torch\ndef f(i):\n    return torch.arange(i).sum()\n", [("rule-only", 3, ".sum")]),
        ("import torch\ndef f(i):\n    return torch\n", [("rule-only", 3, "torch")]),
        ("def f(i):\n    return len(i)\n", [("rule-only", 2, "len")]),
        ("def f(i):\n    return i[0]\n", [("rule-indexing", 2, "")]),
        ("def f(i):\n    while i:\n        i -= 1\n", [("rule-loops", 2, "")]),
        ("import torch\nT = torch.eye(3)\n\ndef f(i):\n    return T\n", [("rule-only", 2, "torch.eye")]),
        ("import torch\ndef f(i):\n    return torch.arange(i)\n\nprint(f(1)[0])\n", []),
        ("class A:\n    def __init__(self):\n        super().__init__()\n        self.a = 1\n\ndef f(i):\n    return A().a\n", [("rule-only", 7, ".a")]),  # noqa: E501
    ],
)  # fmt: skip
def test_only_what_is_listed_and_the_programs_own_may_be_used(text, found):
    assert broken(text, ONLY) == found


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ("torch.backends.cudnn.deterministic = True", []),
        ("torch.sizes = {'a': (1, -2)}", []),
        ("torch.h = g", ["rule-without"]),
        ("torch.h = lambda x: sum(x)", ["rule-without"]),
        ("torch.h = sum", ["rule-without"]),
    ],
)
def test_a_setting_of_a_package_is_no_part_of_who_reads_it_but_what_runs_is(changed, kinds):
    text = f"import torch\ndef g(x): return sum(x)\n{changed}\ndef f(x): return torch.h(x)\n"
    assert [kind for kind, _, _ in broken(text, Rules(without=("sum",)))] == kinds


def test_what_the_starter_gave_breaks_no_rule_on_syntax_but_does_not_lend_a_forbidden_name():
    starter = "def given(x):\n    return [sorted(i) for i in x]\n"
    text = f"{starter}\ndef f(x):\n    return given(x)\n"
    assert broken(text, Rules(without=("loops",), lines=1), starter=starter.encode()) == []
    assert broken(text, Rules(only=()), starter=starter.encode()) == []
    assert broken(text, Rules(without=("sorted",)), starter=starter.encode()) == [("rule-without", 2, "sorted")]
    changed = text.replace("sorted(i)", "i")
    assert broken(changed, Rules(without=("loops",)), starter=starter.encode()) == [("rule-loops", 2, "")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def f(x):\n    '''Doc.'''\n    # comment\n    return (\n        x\n    )\n", 1),
        ("def f(x):\n    y = x; return y\n", 2),
        ("def f(x):\n    if x:\n        return 1\n    else:\n        return 2\n", 3),
        ("def g(x):\n    y = x\n    return y\n\ndef f(x):\n    return g(x)\n", 3),
        ("f = lambda x: x\n", 1),
    ],
)
def test_lines_are_statements_with_those_of_the_functions_that_are_called(text, count):
    found = broken_rules(Source(text, "prog.py"), Rules(lines=count), ("f",), b"")
    assert found == ()
    if count > 1:
        (told,) = broken_rules(Source(text, "prog.py"), Rules(lines=count - 1), ("f",), b"")
        assert (told.kind, told.fields["count"], told.fields["most"]) == ("rule-lines", count, count - 1)


def test_where_the_whole_program_runs_all_of_it_is_held_and_beside_tests_its_functions():
    text = "def f(x):\n    return x\n\nfor i in range(3):\n    f(i)\n"
    rules = Rules(without=("loops",))
    assert broken(text, rules, None) == [("rule-loops", 4, "")]
    assert broken(text, rules, ()) == broken(text, rules) == []


def test_a_notebooks_cell_is_named():
    source = Source("import torch\n\ndef f(x):\n    return sorted(x)\n", "work.ipynb", cells=((1, 1), (3, 2)))
    (found,) = broken_rules(source, Rules(without=("sorted",)), ("f",), b"")
    assert (found.cell, found.line, found.text("code")) == (2, 2, "return sorted(x)")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "a" + ".b" * 3000 + "\n",
        "x = " + "1 + " * 900 + "1\n",
        "\n".join(f"a{i} = a{i + 1}" for i in range(3000)) + "\na3000 = sorted\n",
        "\n".join(f"b{i} = b{i + 1} + b{i + 1}" for i in range(3000)) + "\nb3000 = 'x'\ngetattr(1, b0)\n",
        "x = y" + ".get(0)" * 600 + "\n",
        "x = " + "f(" * 80 + "1" + ")" * 80 + "\n",
        "".join(f"@d{i}\n" for i in range(20000)) + "def f():\n    pass\n",
        "x = " + "lambda: " * 90 + "1\n",
    ],
    ids=["attributes", "sum", "rebindings", "texts", "calls", "arguments", "decorators", "lambdas"],
)
def test_a_program_made_to_be_costly_is_read_all_the_same(text):
    assert len(broken(text, Rules(without=("max",), only=None), None)) <= 6


NAMES = st.sampled_from("a b x sorted_ maximum loops f_ self".split())
EXPRESSIONS = st.recursive(
    st.one_of(NAMES, st.integers(0, 9).map(str), st.just("'max_pool2d'"), st.just("'sorted'")),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} + {two[1]})"),
        st.tuples(NAMES, inner).map(lambda two: f"{two[0]}({two[1]})"),
        st.tuples(inner, NAMES).map(lambda two: f"({two[0]}).{two[1]}"),
        st.tuples(NAMES, inner).map(lambda two: f"{two[0]}[{two[1]}]"),
        st.tuples(NAMES, inner).map(lambda two: f"getattr({two[0]}, {two[1]!r})"),
        inner.map(lambda one: f"torch.relu({one})"),
        inner.map(lambda one: f"F.avg_pool2d({one}, 2)"),
        inner.map(lambda one: f"(lambda x: {one})"),
    ),
    max_leaves=12,
)
STATEMENTS = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(lambda two: f"{two[0]} = {two[1]}"),
    EXPRESSIONS.map(lambda one: f"assert {one}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda two: f"for {two[0]} in {two[1]}: pass"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda two: f"with {two[1]} as {two[0]}: pass"),
)


@STEADY
@given(st.lists(STATEMENTS, max_size=6), st.lists(STATEMENTS, max_size=4))
def test_a_program_without_any_mention_is_never_refused(inside, above):
    body = "".join(f"    {each}\n" for each in inside)
    text = "import torch\nimport torch.nn.functional as F\n" + "\n".join(above) + f"\ndef f(x):\n{body}    return x\n"
    rules = Rules(without=(MAX_POOL, "sorted", ".sort", "numpy", "recursion", "classes"))
    assert broken(text, rules) == broken(text, rules, None) == []


@STEADY
@given(st.lists(STATEMENTS, max_size=4), st.lists(STATEMENTS, max_size=4), EXPRESSIONS)
def test_a_mention_is_found_whatever_stands_around_it(before, after, argument):
    lines = [*before, f"y = F.max_pool2d({argument}, 2)", *after]
    text = "import torch.nn.functional as F\ndef f(x):\n" + "".join(f"    {each}\n" for each in lines)
    assert ("rule-without", 3 + len(before), MAX_POOL) in broken(text, NO_POOL)


def test_every_word_is_a_kind_of_finding():
    from grader.core.findings.telling import kinds

    assert {f"rule-{word}" for word in (*SYNTAX, "recursion", "without", "only", "lines", "unreadable")} <= set(kinds())

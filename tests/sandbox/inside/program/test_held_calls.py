"""What a program is to do without, its own code cannot call, whatever way leads there; torch and NumPy still can."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
import torch

from grader.core.course.checks.rules import Rules
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.rules import RuleBroken

MAX_POOL = "torch.nn.functional.max_pool2d"


@pytest.fixture(autouse=True)
def _own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def loaded(source: str, *without: str) -> Program:
    """Load the definitions of a program that is held to a rule."""
    named = Rules(without=without).named
    program = Program({"source": dedent(source), "filename": "submission.py", "without": list(named.items())})
    program.run_definitions()
    assert program.skipped == []
    return program


def called(source: str, *without: str) -> Any:
    return loaded(source, *without).names["f"](torch.arange(16.0).reshape(1, 4, 4))


# The name is put together so that no reading of the source tells it.
HIDDEN = 'import torch\nimport torch.nn.functional as F\nname = "".join(["max", "_", "pool", "2d"])\n'


@pytest.mark.parametrize(
    "code",
    [
        "def f(x): return getattr(F, name)(x, 2)",
        "def f(x): return vars(F)[name](x, 2)",
        "tools = dict(vars(F))\ndef f(x): return tools[name](x, 2)",
        "import sys\ndef f(x): return vars(sys.modules['.'.join(['torch', 'nn', 'functional'])])[name](x, 2)",
        "def f(x): return globals()['F'].__dict__[name](x, 2)",
        "def f(x): return object.__getattribute__(F, name)(x, 2)",
        "import operator\ndef f(x): return operator.attrgetter(name)(F)(x, 2)",
        "import functools\ndef f(x): return functools.partial(getattr(F, name), kernel_size=2)(x)",
        "import functools\npool = functools.partial(getattr(F, name), kernel_size=2)\ndef f(x): return pool(x)",
        "def f(x): return next(map(getattr(F, name), [x], [2]))",
        "def f(x): return list(filter(getattr(F, name), [x]))",
        "import functools\ndef f(x): return functools.reduce(getattr(F, name), [x, 2])",
        "import inspect\ndef f(x): return dict(inspect.getmembers(F))[name](x, 2)",
        "def wrap(how):\n    def inner(x): return how(x, 2)\n    return inner\nf = wrap(getattr(F, name))",
        "def f(x): return (lambda how: how(x, 2))(getattr(F, name))",
        "class A:\n    pool = staticmethod(getattr(F, name))\ndef f(x): return A().pool(x, 2)",
        "class A:\n    def __init__(self): self.F = F\n    def go(self, x): return getattr(self.F, name)(x, 2)\ndef f(x): return A().go(x)",  # noqa: E501
        "def g(x):\n    yield getattr(F, name)(x, 2)\ndef f(x): return next(g(x))",
        "def f(x): return [getattr(F, name)(y, 2) for y in [x]][0]",
        "torch.mine = getattr(F, name)\ndef f(x): return torch.mine(x, 2)",
        "def f(x, pool=getattr(F, name)): return pool(x, 2)",
        "class A(torch.nn.Module):\n    def forward(self, x): return getattr(F, name)(x, 2)\ndef f(x): return A()(x)",
        "def f(x): return exec('y = F.max_pool2d(x, 2)')",
        "def f(x): return dict(vars(__import__('builtins')))['ev' + 'al']('1')",
    ],
)
def test_a_call_that_the_source_does_not_show_is_refused(code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        called(HIDDEN + code, MAX_POOL)
    assert str(caught.value) in (MAX_POOL, "exec", "eval")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("return x.max()", "torch.Tensor.max"),
        ("return type(x).max(x)", "torch.Tensor.max"),
        ("m = x.max\n    return m()", "torch.Tensor.max"),
        ("return getattr(x, 'm' + 'ax')()", "torch.Tensor.max"),
        ("return torch.Tensor.max(x)", ".max"),
        ("return torch.max(x)", ".max"),
        ("return np.max(x.numpy())", ".max"),
        ("return np.float64(1).max()", ".max"),
        ("a = [2, 1]\n    a.sort()", ".sort"),
        ("return list.sort([2, 1])", ".sort"),
        ("return dict(vars(list))['sort']([2, 1])", ".sort"),
        ("return sorted([2, 1])", "sorted"),
        ("return np.linalg.norm([1.0])", "numpy.linalg"),
        ("return np.add(1, 2)", "numpy.add"),
        ("return np.add(1, 2)", "numpy"),
        ("return np.zeros(3)", "numpy"),
        ("return torch.nn.functional.gelu(x)", "torch.nn.functional"),
        ("return torch.nn.Linear(4, 2)(x)", "torch.nn"),
        ("return torch.nn.Linear(4, 2)(x)", "torch.nn.Linear"),
        ("return type('A', (torch.nn.Linear,), {})(4, 2)(x)", "torch.nn.Linear"),
        ("return list(map(abs, [1]))", "loops"),
        ("import itertools\n    return list(itertools.chain([1]))", "loops"),
        ("return __import__('math')", "imports"),
    ],
)
def test_names_of_every_kind_are_refused_when_they_are_called(code: str, rule: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        called(f"import numpy as np\nimport torch\ndef f(x):\n    {code}\n", rule)
    assert str(caught.value) == rule


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("def f(x): return torch.nn.MaxPool2d(2)(x)", MAX_POOL),
        ("def f(x): return torch.nn.Linear(4, 2)(x)", "torch.nn.functional.linear"),
        ("def f(x): return torch.nn.Softmax(dim=1)(x)", ".softmax"),
        ("def f(x): return max([1, 2])", ".max"),
        ("def f(x):\n    def max(y): return y\n    return max(x)", ".max"),
        (
            "class A(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\ndef f(x): return A()",
            "torch.nn.Linear",
        ),
        ("def f(x): return torch.stack([torch.tensor(1.0) for _ in range(3)])", "torch.Tensor.max"),
        ("def f(x): return np.vstack([[1], [2]])", "numpy.concatenate"),
        ("class A:\n    __name__ = 'max'\n    def __call__(self, x): return x\ndef f(x): return A()(x)", ".max"),
        ("def f(x): return x.numpy().mean()", "numpy.mean"),
    ],
)
def test_what_torch_and_numpy_call_themselves_is_their_business(code: str, rule: str) -> None:
    called(f"import numpy as np\nimport torch\n{code}\n", rule)


def test_what_lies_about_itself_is_still_called() -> None:
    code = """
        class Liar:
            def __getattribute__(self, name): raise ValueError(name)
            def __eq__(self, other): return True
            def __hash__(self): return 0
            def __call__(self, x): return 7
        def f(x): return Liar()(x)
        """
    assert called(code, ".max", "sorted") == 7


def test_statements_outside_of_functions_run_as_they_are_where_only_definitions_do() -> None:
    program = loaded("tried = sorted([2, 1])\ndef f(x): return x\n", "sorted")
    assert program.names["tried"] == [1, 2]


def test_a_whole_run_is_held_outside_of_functions_too() -> None:
    program = Program(
        {"source": "a = 1\nb = sorted([2, 1])\n", "filename": "p.py", "without": [["builtins.sorted", "sorted"]]}
    )
    with pytest.raises(RuleBroken) as caught:
        program.run_script({})
    assert program.raised(caught.value)["line"] == 2


def test_a_module_that_is_imported_later_is_known_by_then() -> None:
    assert "wave" not in sys.modules
    with pytest.raises(RuleBroken):
        called("def f(x):\n    import wave\n    return vars(wave)['op' + 'en']('a')\n", "wave.open")
    del sys.modules["wave"]


def test_no_other_program_is_held() -> None:
    loaded("def f(x): return x\n", "sorted")
    free = Program({"source": "def f(x): return sorted(x)\n", "filename": "free.py"})
    free.run_definitions()
    assert free.names["f"]([2, 1]) == [1, 2]
    assert np.sort([2, 1]).tolist() == sorted([2, 1]) == [1, 2]

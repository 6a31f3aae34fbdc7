"""Where a program names autograd's tools, in all of it and in what is asked of it."""

from __future__ import annotations

import pytest

from grader.core.program.autograd import autograd_used
from grader.core.program.several import joined
from grader.core.program.source import Source


def source(text: str) -> Source:
    return Source(text, "prog.py")


@pytest.mark.parametrize(
    "line",
    [
        "loss.backward()",
        "w = torch.tensor([1.0], requires_grad=True)",
        "w.requires_grad = True",
        "w.requires_grad_()",
        "g = torch.autograd.grad(loss, w)",
        "import torch.autograd as ag",
        "from torch import autograd",
        "from torch.autograd import grad",
        "f = loss.backward",
        "g = loss.grad_fn(1)",
    ],
)
def test_the_first_line_that_names_autograds_tools_is_found(line: str) -> None:
    assert autograd_used(source(f"import torch\nx = 1\n{line}\n{line}\n")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "# loss.backward()\n",
        "print('requires_grad')\n",
        "backward = 1\n",
        "def backward(x):\n    return 2 * x\n\nbackward(3)\n",
        "grad = 2 * x * (x * w - y)\n",
    ],
)
def test_words_that_only_sound_like_autograd_are_free(text: str) -> None:
    assert autograd_used(source(text)) is None


OWN = "class Model:\n    def backward(self, x):\n        return 2 * x\n\ng = Model().backward(3)\n"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# 4.6: oddiy Pythonda, torch va autogradsiz\n",
        "'''Without torch.'''\n",
        "import numpy as np\n",
        "torch = 1\n",
    ],
)
def test_a_backward_method_of_ones_own_is_free_whatever_is_said_of_torch(before: str) -> None:
    assert autograd_used(source(before + OWN)) is None


@pytest.mark.parametrize(
    "before",
    [
        "import torch\n",
        "import torch as t\n",
        "from torch import nn\n",
        "import torchvision\n",
        "from d2l import torch as d2l\n",
        "t = __import__('to' + 'rch')\n",
        "import importlib\n",
        "from importlib import import_module as load\n",
        "import sys\nt = sys.modules['torch']\n",
        "exec('import torch')\n",
    ],
)
def test_beside_torch_no_method_of_that_name_is(before: str) -> None:
    assert autograd_used(source(before + OWN)) == before.count("\n") + 5


TRIED = """import numpy as np
import torch
from torch.autograd import grad


def loss(w):
    return (w**2).sum()


def gradient(w):
    return 2 * w


def compare(w):
    w = torch.tensor(w, requires_grad=True)
    loss(w).backward()
    return w.grad


if __name__ == "__main__":
    v = torch.tensor([1.0, 2.0], requires_grad=True)
    print(grad(loss(v), v), compare(np.ones(2)))
"""


def test_who_compares_with_autograd_is_refused_only_where_that_is_asked_for() -> None:
    assert autograd_used(source(TRIED)) == 3
    assert autograd_used(source(TRIED), ["gradient"]) is autograd_used(source(TRIED), ["loss", "gradient"]) is None
    assert autograd_used(source(TRIED), ["compare"]) == 15
    # Where there is no such name, nobody knows what will be asked instead.
    assert autograd_used(source(TRIED), ["gradients"]) == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from torch.autograd import grad as g\ndef f(w): return g(w)", 1),
        ("from torch.autograd import *\ndef f(w): return w", 1),
        ("def f(w):\n    from torch import autograd\n    return 1", 2),
        ("def g(w): return w.backward()\ndef f(w): return g(w)", 1),
        ("class A:\n    g = torch.autograd.grad\ndef f(w): return A.g(w)", 2),
        ("class A: pass\nA.g = torch.autograd.grad\ndef f(w): return A.g(w)", 2),
        ("def f(w): return f.g(w)\nf.g = torch.autograd.grad", 2),
        ("def f(w): return w\nif True:\n    f = torch.autograd.grad", 3),
        ("def made(): return torch.autograd.grad\nf = made()", 1),
        ("def h(w): return w.backward()\ndef f(w): return globals()['h'](w)", 1),
        ("def h(w): return w.backward()\ndef f(w): return vars()['h'](w)", 1),
        ("def h(w): return w.backward()\ndef f(w): return getattr(__import__('__main__'), 'h')(w)", 1),
        ("def h(w): return w.backward()\nimport __main__\ndef f(w): return __main__.h(w)", 1),
        ("class A: pass\ndef h(w): return w.backward()\n_ = setattr(A, 'g', h)\ndef f(w): return A.g(w)", 2),
        ("def h(w): return w.backward()\ndef f(w): return f.__globals__['h'](w)", 1),
    ],
)
def test_all_that_is_asked_for_is_read_whatever_way_leads_there(text: str, line: int) -> None:
    assert autograd_used(source(text), ["f"]) == line


WALK = """def walk(w):
    t = torch.tensor(w, requires_grad=True)
    return (t * t).grad_fn(torch.tensor(1.0))
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import torch\ntools = []\n@tools.append\n" + WALK + "def f(w): return tools[0](w)", 5),
        ("import torch\ntools = []\n" + WALK + "_ = tools.append(walk)\ndef f(w): return tools[0](w)", 4),
        ("import math, torch\nm = math\n" + WALK + "m.h = walk\ndef f(w): return math.h(w)", 4),
        ("import torch\ntools = []\n_ = tools.append(lambda l: l.backward())\ndef f(w): return tools[0](w)", 3),
        ("import torch\ntools = []\ndef made():\n    def h(l): return l.backward()\n    return h\n"
         "_ = tools.append(made())\ndef f(w): return tools[0](w)", 4),
        ("import torch\ntools = []\nw = torch.ones(1, requires_grad=True)\n_ = tools.append((w * w).grad_fn)\n"
         "def f(w): return tools[0](w)", 4),
        ("import torch\ntools = []\ndef put(l):\n    _ = tools.append(l.backward)\ndef f(w): return tools[0](w)", 4),
        ("import torch\ntools = []\nfrom torch.autograd import grad\n_ = tools.append(grad)\n"
         "def f(w): return tools[0](w)", 3),
        ("import torch\ntools = []\ndef h(l):\n    l.backward()\n_ = tools.append(lambda l: h(l))\n"
         "def f(w): return tools[0](w)", 4),
        ("import torch\ntools = []\ndef h(l):\n    l.backward()\ndef g(l):\n    h(l)\n_ = tools.append(g)\n"
         "def f(w): return tools[0](w)", 4),
        ("from torch import autograd as a\ntools = []\n_ = tools.append(a)\ndef f(w): return tools[0].grad(w)", 1),
    ],
)  # fmt: skip
def test_what_could_be_handed_on_to_what_is_asked_is_read_as_well(text: str, line: int) -> None:
    assert autograd_used(source(text), ["f"]) == line


@pytest.mark.parametrize(
    "comparing",
    [
        "v = torch.tensor([1.0], requires_grad=True)\n(v * v).sum().backward()\nprint(v.grad, f([1.0]))",
        "v = torch.ones(1).requires_grad_()\nprint(torch.autograd.grad(v * v, v))",
        "from torch import autograd\nv = torch.ones(1)\nv.requires_grad = True\nprint(autograd.grad(v * v, v))",
        "from torch.autograd import Variable, grad\nv = Variable(torch.ones(1), requires_grad=True)\n"
        "print(grad(v * v, v))",
        "def check(w):\n    w = torch.tensor(w, requires_grad=True)\n    (w * w).sum().backward()\n    return w.grad\n"
        "for w in ([1.0], [2.0]):\n    assert check(w) == f(w)",
    ],
)
def test_beside_what_is_asked_autograd_may_be_called(comparing: str) -> None:
    text = "import torch\ndef f(w): return [2 * each for each in w]\n" + comparing
    assert autograd_used(source(text), ["f"]) is None
    assert autograd_used(source(text)) is not None


@pytest.mark.parametrize(
    "named",
    [
        "for m in reversed(net.modules): g = m.backward(1)",
        "net.eval(); g = net.backward(1)",
        "modules = [net]; modules[0].backward(1)",
    ],
)
def test_a_model_of_ones_own_may_have_modules_and_be_set_to_eval(named: str) -> None:
    own = "class Net:\n    def backward(self, g): return g\n    def eval(self): pass\nnet = Net()\n"
    assert autograd_used(source(f"{own}def f(w):\n    {named}\n    return w\n"), ["f"]) is None


def test_of_several_files_all_are_read() -> None:
    assert autograd_used(source("import torch\ndef f(w): return w\ndef h(w): return w.backward()\n"), ["f"]) is None
    text = joined({"a.py": "def f(w):\n    return w\n", "b.py": "import torch\ntorch.autograd\n"})
    assert autograd_used(source(text), ["f"]) is not None

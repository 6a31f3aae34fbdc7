"""Where derivatives are found by hand, a program may hold autograd beside what is asked, and gets nothing by it."""

from __future__ import annotations

import pytest
from written import judged, known_to, said, write_exercise

from grader.core.report.report import Verdict
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox

CHECKS = """arrays: numpy
without: [autograd]
checks:
  - name: loss
    points: 1
    call: loss(w)
    args: {w: {normal: [0, 1], size: 4}}
    compare: [value]
  - name: gradient
    points: 2
    call: gradient(w)
    args: {w: {normal: [0, 1], size: 4}}
    compare: [value]
"""
LOSS = """import numpy as np


def loss(w):
    return (w**4).mean()
"""
SOLUTION = f"""{LOSS}

def gradient(w):
    return w**3
"""
AUTO = """
import torch


def auto(w):
    w = torch.tensor(w, requires_grad=True)
    loss(w).backward()
    return w.grad.numpy()

"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownCoded:
    return known_to(write_exercise(tmp_path_factory.mktemp("hand"), CHECKS, SOLUTION))


@pytest.mark.parametrize(
    "beside",
    [
        f"{AUTO}w = np.ones(3)\nprint(auto(w), gradient(w))\nassert np.allclose(auto(w), gradient(w))\n",
        "import torch\n\nw = torch.ones(3, requires_grad=True)\nvalue = loss(w)\nvalue.backward()\n"
        "print(w.grad, gradient(w.detach().numpy()))\n",
        f"{AUTO}if __name__ == '__main__':\n    theirs = auto(np.ones(3))\n    print(theirs)\n",
    ],
)
def test_who_compares_with_autograd_loses_nothing(known: KnownCoded, box: Sandbox, beside: str) -> None:
    results = judged(known, box, f"{SOLUTION}\n{beside}")
    assert [each.verdict for each in results] == [Verdict.PASS, Verdict.PASS], [said(each) for each in results]


@pytest.mark.parametrize(
    "hostile",
    [
        f"{AUTO}gradient = auto",
        f"{AUTO}def gradient(w): return globals()['auto'](w)",
        f"{AUTO}def gradient(w): return gradient.by(w)\ngradient.by = auto",
        f"{AUTO}tools = []\nnothing = tools.append(auto)\ndef gradient(w): return tools[0](w)",
        f"{AUTO}class Tools: pass\nnothing = setattr(Tools, 'by', auto)\ndef gradient(w): return Tools.by(w)",
        # Made while the program is loaded, where nothing is known yet, and looked up by number.
        f"{AUTO}table = [auto(np.full(4, i / 100)) for i in range(-300, 300)]\n"
        "def gradient(w): return np.array([4 * table[int(round(100 * each)) + 300][0] for each in w])",
        # The engine itself, by words that no reading finds.
        "import torch\nfrom operator import methodcaller as call\n"
        "def gradient(w):\n    p = torch.nn.Parameter(torch.tensor(w))\n"
        "    run = call('run_' + 'backward', (loss(p),), (torch.tensor(1.0).double(),), False, False, (p,), True, "
        "accumulate_grad=False)\n    return run(torch._C._ImperativeEngine())[0].numpy()\n",
    ],
)
def test_no_way_leads_from_what_is_asked_to_autograd(known: KnownCoded, box: Sandbox, hostile: str) -> None:
    _, gradient = judged(known, box, f"{LOSS}\n{hostile}\n")
    assert gradient.score == 0 and gradient.verdict in (Verdict.ERROR, Verdict.FAIL), said(gradient)

"""What torch and Python raise in a training: real programs raise what the table of messages expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from library_programs import LIBRARY_PROGRAMS

from grader.core.diagnose.exception_rows import ROWS
from grader.core.diagnose.exceptions import explained, kind_of
from grader.core.diagnose.slips import agrees
from grader.core.findings.telling import told
from grader.core.program.features.code_features import LineRole, role_of
from grader.core.program.source import Source
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Raised
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox

LEAF = "import torch\nw = torch.tensor([1.0], requires_grad=True)\n"
LOOP = LEAF + "for x, y in [(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]:\n    l = (x * w - y) ** 2\n"
BACKWARD = LOOP + "    l.backward()\n"
REBOUND = "    with torch.no_grad():\n        w = w - 0.01 * w.grad\n"
DROPPED = (
    LOOP.replace("for x, y", "o = torch.optim.SGD([w], lr=0.01)\nv = torch.tensor(1.0)\nfor x, y")
    + "    l.backward()\n    with torch.no_grad():\n        w -= 0.01 * w.grad\n    w.grad = None\n"
)
FROM_ARRAY = "import numpy as np\nimport torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\n"
VECTOR = "import torch\nw = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"

# Programs, the name that what they raise has by itself, and how the hint begins that explains it.
PROGRAMS = [
    (BACKWARD + "    w = w - 0.01 * w.grad.data\n", "leaf-rebound", "After the first update"),
    (
        BACKWARD + "    if w.grad is not None:\n        w = w - 0.01 * w.grad\n    w.grad.zero_()\n",
        "leaf-rebound",
        "The backward",
    ),
    (BACKWARD + REBOUND + "    w.grad.zero_()\n", "leaf-rebound", "The backward"),
    (BACKWARD + REBOUND + "    w.grad.data.zero_()\n", "leaf-rebound", "The backward"),
    (BACKWARD + REBOUND + "    w.grad.fill_(0)\n", "leaf-rebound", "The backward"),
    (LOOP + "    w.grad.zero_()\n", "zeroed-before-backward", "There is no gradient yet"),
    (LOOP + "    w.grad.data.zero_()\n", "zeroed-before-backward", "There is no gradient yet"),
    (LOOP + "    w.grad.fill_(0)\n", "zeroed-before-backward", "There is no gradient yet"),
    (LOOP + "    w.grad.detach_()\n", "zeroed-before-backward", "There is no gradient yet"),
    (BACKWARD + "    w = w - 0.01 * w.grad\n", "leaf-rebound", "w.grad is None here"),
    (LOOP + "    w = w - 0.01 * w.grad\n", "", "One of the values is None"),
    ("def forward(x):\n    print(x)\n\nforward(1.0) - 2.0\n", "", "One of the values is None"),
    (BACKWARD + "    print(w.grad.item())\n    w = w - 0.01 * w.grad\n", "leaf-rebound", "After the first update"),
    (
        BACKWARD.replace("[1.0]", "1.0") + "    print(f'{w.grad:.2f}')\n    w = w - 0.01 * w.grad\n",
        "leaf-rebound",
        "After the first update",
    ),
    (DROPPED + "print(w.grad.item())\n", "", "The gradient was set to None above"),
    (DROPPED + "g = 2 * w.grad\n", "", "The gradient was set to None above"),
    (DROPPED + "f'{w.grad:.2f}'\n", "", "The gradient was set to None above"),
    (DROPPED + "    print(w.grad.item())\n", "", "The gradient was set to None above"),
    (DROPPED.replace("w.grad = None", "o.zero_grad()") + "w.grad.data\n", "", "The gradient was set to None above"),
    (DROPPED.replace("w.grad = None", "v.grad = None") + "v.grad.item()\n", "", "The gradient was set to None above"),
    (BACKWARD + "    v = 2 * w\nv.grad.item()\n", "", "One of the values is None"),
    (DROPPED + "v = 2 * w\nv.grad.item()\n", "", "One of the values is None"),
    (BACKWARD + "    w -= 0.01 * w.grad\n", "leaf-updated-in-place", "torch records everything"),
    (BACKWARD + "    w.sub_(0.01 * w.grad)\n", "leaf-updated-in-place", "torch records everything"),
    (BACKWARD + "    w[0] -= 0.01 * w.grad[0]\n", "leaf-updated-in-place", "torch records everything"),
    (LEAF + "h = w * 2\ng = h ** 2\nh += 1\ng.backward()\n", "saved-value-overwritten", "A value that the backward"),
    (LEAF + "h = torch.tanh(w)\nh.mul_(2)\nh.backward()\n", "saved-value-overwritten", "A value that the backward"),
    (BACKWARD + "    l.backward()\n", "backward-twice", "backward() has already been called"),
    (
        LEAF + "l = w ** 2\nfor epoch in range(2):\n    l.backward()\n",
        "backward-twice",
        "backward() has already been called",
    ),
    (BACKWARD + REBOUND, "leaf-rebound", "The first step worked"),
    (LEAF + "w.detach().pow(2).backward()\n", "graph-cut", "Nothing leads back from this value to a tensor that"),
    (LEAF + "torch.tensor(w.item()).backward()\n", "graph-cut", "Nothing leads back from this value to a tensor that"),
    (LEAF + "with torch.no_grad():\n    l = w ** 2\nl.backward()\n", "graph-cut", "Nothing leads back from this value"),
    (LEAF + "torch.autograd.grad((2 * w).detach(), w)\n", "graph-cut", "Nothing leads back from this value"),
    (LEAF + "v = torch.ones(1, requires_grad=True)\ntorch.autograd.grad(2 * w, v)\n", "graph-cut", "The loss was not"),
    (LEAF + "torch.autograd.grad(2 * w, torch.ones(1))\n", "graph-cut", "The loss was not"),
    (LEAF + "(2 * w).item().backward()\n", "item-too-early", "This is a plain number"),
    ("l = 2\nl.backward()\n", "item-too-early", "This is a plain number"),
    ("l = [2.0]\nl.backward()\n", "", "This is a Python list, not a tensor"),
    (FROM_ARRAY + "w.detach().numpy().backward()\n", "item-too-early", "This is a plain number"),
    (FROM_ARRAY + "np.float32(2).backward()\n", "item-too-early", "This is a plain number"),
    (FROM_ARRAY + "np.float64(2).backward()\n", "item-too-early", "This is a plain number"),
    ("import torch\nw = torch.tensor([1], requires_grad=True)\n", "integer-leaf", "A tensor of whole numbers"),
    ("import torch\nw = torch.tensor([1])\nw.requires_grad = True\n", "integer-leaf", "A tensor of whole numbers"),
    ("import torch\nw = torch.tensor([1]).requires_grad_()\n", "integer-leaf", "A tensor of whole numbers"),
    (VECTOR + "(w ** 2).backward()\n", "vector-loss", "backward() starts from a single number"),
    (VECTOR + "torch.autograd.grad(w ** 2, w)\n", "vector-loss", "backward() starts from a single number"),
    (LEAF + "total = 0.0\ntotal += w.item\n", "item-not-called", "A method is written here"),
    (LEAF + "l = w.item\nl - 1.0\n", "item-not-called", "A method is written here"),
    (LEAF + "f'{w.item:.3f}'\n", "item-not-called", "A method is written here"),
    (LEAF + "w.sum.backward()\n", "never-called", "A method or a function is written here"),
    (LEAF + "w.size[0]\n", "never-called", "A method or a function is written here"),
    (LEAF + "w.mean * 2\n", "never-called", "A method or a function is written here"),
    (LEAF + "f'{w:.2f}'\n", "", "A tensor with a dimension cannot be written in a format"),
    (LEAF + "f'{w.grad:.2f}'\n", "", "One of the values is None"),
    (
        "import torch\ntorch.nn.functional.binary_cross_entropy(torch.tensor([2.0]), torch.tensor([1.0]))\n",
        "probabilities-expected",
        "This loss expects probabilities",
    ),
    (
        "import torch\ntorch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1]))\n",
        "target-not-float",
        "The targets are whole numbers",
    ),
    ("import torch\ntorch.nn.Linear(1, 1)(torch.tensor([[1]]))\n", "integer-input", "The input holds whole numbers"),
    ("import torch\ntorch.nn.Linear(1, 1)(torch.tensor([1.0, 2.0]))\n", "missing-batch-dimension", "The input lacks"),
    ("import torch\ntorch.mv(torch.ones(2, 3), torch.ones(1))\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.ones(1, 3) @ torch.ones(1, 1)\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.ones(2, 3) @ torch.ones(2, 3)\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.ones(2, 3) @ torch.ones(2)\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.dot(torch.ones(2), torch.ones(3))\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.ones(()) @ torch.ones(2)\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.mm(torch.ones(2), torch.ones(2, 2))\n", "", "These two shapes do not match: in a matrix"),
    ("import torch\ntorch.ones(2) + torch.ones(3)\n", "", "The two shapes do not match"),
    (
        "import torch\ntorch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.float64)\n",
        "double-precision",
        "One tensor is float64",
    ),
    ("import torch\ntorch.nn.Linear(2, 1)(torch.ones(1, 2).double())\n", "double-precision", "One tensor is float64"),
    ("import torch\ntorch.dot(torch.ones(2), torch.ones(2).double())\n", "double-precision", "One tensor is float64"),
    ("import torch\ntorch.ones(2, 2) @ torch.ones(2, 2).half()\n", "", "Two tensors with different number"),
    (LEAF + "w.numpy()\n", "numpy-in-graph", "NumPy does not keep the graph"),
    (VECTOR + "w.item()\n", "", "This tensor holds several numbers"),
    (VECTOR + "float(w)\n", "", "This tensor holds several numbers"),
    (VECTOR + "int(w)\n", "", "This tensor holds several numbers"),
    ("import torch\nfor x in torch.tensor(1.0):\n    pass\n", "", "This is a single number"),
    (VECTOR + "if w > 1:\n    pass\n", "", "A condition needs a single yes or no"),
    ("w = 1.0\ndef step():\n    w -= 0.1\nstep()\n", "", "A name that is assigned in a function"),
    ("x_soat = [1.0, 2.0]\nx_soat * 1.0\n", "", "This is a whole list"),
    ("x_soat = [1.0, 2.0]\nx_soat - 1.0\n", "", "This is a whole list"),
    ("import torch\ntorch.tensor([1.0], require_grad=True)\n", "keyword-misspelt", "The function has no argument"),
    ("x = 1.0\nx(x * 2)\n", "", "Parentheses () after a name"),
    (LEAF + "loss = w * 2\nloss(w, 1.0)\n", "", "Parentheses () after a name"),
    ("def forward(x):\n    return x\n\nforward[0]\n", "never-called", "This is the function itself"),
    ("def forward(x):\n    return x\n\nforward - 1.0\n", "never-called", "This is the function itself"),
    ("y = 2.0\ny[0]\n", "", "This is a single number, but it is used as a list"),
    (LEAF + "w.sum()[0]\n", "", "This is a single number, but it is used as a list"),
    ("x_soat = [1.0]\nx_soat[1]\n", "", "There is no element with this index"),
    (
        "import torch\ntorch.nn.CrossEntropyLoss()(torch.zeros(3, 1), torch.tensor([0, 1, 0]))\n",
        "class-without-column",
        "This loss needs one column",
    ),
    ("(1.5 - 2) ^ 2\n", "caret-for-power", "In Python ^ is not a power"),
    (LEAF + "(w - 2.0) ^ 2\n", "caret-for-power", "In Python ^ is not a power"),
    ("class M:\n    def __init__(self):\n        x = 1\n\nM().x\n", "", "This object has nothing of that name"),
    (LEAF + "w[3]\n", "", "There is no element with this index"),
    ("for x, y in [1.0, 2.0], [2.0, 3.0, 4.0]:\n    pass\n", "", "There are more or fewer values"),
    ("x, y = [1.0]\n", "", "There are more or fewer values"),
    ("'loss: ' + 1.0\n", "", "This is text, not a number"),
    ("'1.0' - 1.0\n", "", "This is text, not a number"),
    ("float('1,0')\n", "", "This is text, not a number"),
    ("print(x_soatt)\n", "", "This name has no value yet"),
    (LEAF + "v = w * 2\nv.requires_grad = False\n", "not-a-leaf", "This tensor is computed from another"),
    ("1.0 / 0.0\n", "", "Something is divided by zero"),
    ("def forward(x):\n    return forward(x)\n\nforward(1.0)\n", "", "A function calls itself"),
    ("import torch\ntorch.Tensr([1.0])\n", "", "The module has nothing of that name"),
    ("[1.0].item()\n", "", "This is a Python list, not a tensor"),
    (LEAF + "w.gradient\n", "", "A tensor has no property of that name"),
    *LIBRARY_PROGRAMS,
]
UNRECORDED = (BACKWARD + REBOUND, "", "Nothing leads back from this value to a tensor that requires a gradient: is")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "torch.optim"])
    yield box
    box.close()


def raised_by(box: Sandbox, text: str, trace: bool) -> tuple[Raised, LineRole, int, Callable[[str], bool]]:
    source = Source(text, "prog.py")
    run = box.run(ProgramJob(text, "prog.py", script=True, trace=trace))
    assert run.ran is not None and run.ran.raised is not None, run
    steps = run.ran.trace.count if run.ran.trace else -1
    raised = run.ran.raised
    return raised, role_of(source, raised.line), steps, lambda name: agrees(name, source, raised)


@pytest.mark.parametrize(("text", "name", "hint"), PROGRAMS, ids=[text[-40:] for text, _, _ in PROGRAMS])
def test_what_a_program_raises_is_explained(box: Sandbox, text: str, name: str, hint: str) -> None:
    found = explained(*raised_by(box, text, trace=True))
    assert found is not None
    assert (found.name, told(found.hint).template[: len(hint)]) == (name, hint)


def test_where_no_backward_call_was_recorded_nothing_is_said_of_the_steps_before(box: Sandbox) -> None:
    text, name, hint = UNRECORDED
    found = explained(*raised_by(box, text, trace=False))
    assert found is not None
    assert (found.name, told(found.hint).template[: len(hint)]) == (name, hint)


def test_every_explanation_belongs_to_a_program_that_raises_so() -> None:
    known = [(name, hint) for _, name, hint in (*PROGRAMS, UNRECORDED)]
    rows = [(row.name, told(row.hint).template) for row in ROWS]
    assert [row for row in rows if not any(row[0] == name and row[1].startswith(hint) for name, hint in known)] == []


def test_of_what_is_unknown_nothing_is_said() -> None:
    assert explained(Raised("BrokenPipeError", "broken pipe", 1), LineRole.OTHER, 0, lambda _: True) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shapes cannot be multiplied (1x3 and 1x1)", "shapes cannot be multiplied (2x10 and 3x7)"),
        ("expected Float but found Double", "expected Double but found Float"),
        ("<object at 0x7f12ab>", "<object at 0x55>"),
        ("'NoneType' object has no attribute 'data'", "'NoneType' object has no attribute 'zero_'"),
        ("loss 1.5e-3 is too high", "loss 27 is too high"),
    ],
)
def test_numbers_addresses_and_precisions_make_no_other_kind_of_exception(one: str, other: str) -> None:
    assert kind_of(Raised("E", one, 1)) == kind_of(Raised("E", other, 9))


@pytest.mark.parametrize(("one", "other"), [("a is missing", "b is missing"), ("x", "")])
def test_other_words_make_another_kind_of_exception(one: str, other: str) -> None:
    assert kind_of(Raised("E", one, 1)) != kind_of(Raised("E", other, 1))
    assert kind_of(Raised("E", one, 1)) != kind_of(Raised("F", one, 1))


def test_an_attribute_of_none_is_explained_as_a_value_that_is_none() -> None:
    found = explained(
        Raised("AttributeError", "'NoneType' object has no attribute 'data'", 1), LineRole.OTHER, 1, lambda _: False
    )
    assert found is not None and found.hint.kind == "value-is-none"

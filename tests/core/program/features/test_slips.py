"""Lines that do another thing than they look like are found by what they are, in whatever words."""

from __future__ import annotations

import pytest

from grader.core.program.features import leaves, rebinding, slips
from grader.core.program.features.slip import Slip
from grader.core.program.source import Source


def of(text: str) -> Source:
    return Source(text, "4.5.py")


def test_a_method_without_parentheses_is_not_called() -> None:
    assert slips.uncalled(of("x = 1\nl.backward\n")) == Slip(2, "backward")
    assert slips.uncalled(of("l.backward()\nw.grad.zero_\n")) == Slip(2, "zero_")
    assert slips.uncalled(of("l.backward()\n")) is None
    assert slips.uncalled(of("class A:\n    def learn(self):\n        pass\n\nA().learn\n")) == Slip(5, "learn")


@pytest.mark.parametrize(
    "shown", ["w.grad", "w.data", "x.shape", "w.grad.item", "l.detach", "model.__class__", "model.fc"]
)
def test_what_a_cell_only_shows_is_no_method_left_uncalled(shown: str) -> None:
    assert slips.uncalled(of(f"l.backward()\n{shown}\n")) is None


def test_backward_is_never_called_where_it_is_only_named() -> None:
    assert slips.backward_uncalled(of("w.grad\nl.backward\no.step()\n")) == Slip(2, "backward")
    assert slips.backward_uncalled(of("l.backward()\nl.backward\n")) is None
    assert slips.backward_uncalled(of("o.step\n")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c = nn.MSELoss\nfor x in y:\n    l = c(p, x)\n", Slip(3, "MSELoss")),
        ("l = nn.MSELoss(p, y)\n", Slip(1, "MSELoss")),
        ("l = CrossEntropyLoss(p, y)\n", Slip(1, "CrossEntropyLoss")),
        ("c = nn.MSELoss()\nl = c(p, y)\n", None),
        ("l = nn.MSELoss()(p, y)\n", None),
        ("l = nn.MSELoss(reduction='sum')(p, y)\n", None),
        ("l = nn.functional.mse_loss(p, y)\nm = myLoss(p, y)\nn = f()(p, y)\n", None),
    ],
)
def test_a_loss_function_is_made_before_it_is_called(text: str, found: Slip | None) -> None:
    assert slips.loss_not_made(of(text)) == found


def test_a_function_is_shadowed_where_its_name_gets_a_value() -> None:
    text = "def loss(a, b):\n    return a - b\n\nfor x in y:\n    loss = loss(x, 1)\n"
    assert slips.shadowed(of(text), 5) == Slip(5, "loss")
    assert slips.shadowed(of(text.replace("loss =", "l =")), 5) is None


def test_what_a_function_stores_shadows_nothing_outside_it() -> None:
    text = "def loss(p, y):\n    loss = (p - y) ** 2\n    return loss\n\nfor x in y:\n    loss = loss(x, 1)\n"
    assert slips.shadowed(of(text), 6) == Slip(6, "loss")
    inside = "def f(x):\n    return x\n\ndef g(x):\n    f = 1\n    return f(x)\n"
    assert slips.shadowed(of(inside), 6) == Slip(5, "f")


def test_a_loss_that_was_made_is_shadowed_by_what_it_gives() -> None:
    text = "loss = nn.MSELoss()\nfor x in y:\n    loss = loss(x, 1)\n"
    assert slips.shadowed(of(text), 3) == Slip(3, "loss")
    assert slips.shadowed(of(text.replace("    loss =", "    l =")), 3) is None


@pytest.mark.parametrize("line", ["t += loss(x)", "t = t + loss(x)", "t = loss(x) + t"])
def test_a_loss_is_accumulated_where_backward_starts_from_it(line: str) -> None:
    assert slips.accumulated_loss(of(f"t = 0\nfor x in y:\n    {line}\n    t.backward()\n")) == Slip(3, "t")
    assert slips.accumulated_loss(of(f"t = 0\nfor x in y:\n    {line}\n    l.backward()\n")) is None


@pytest.mark.parametrize("call", ["        t.backward()", "    t.backward()"])
def test_a_sum_that_begins_anew_where_backward_starts_from_it_is_meant(call: str) -> None:
    text = f"for e in r:\n{{}}    for x in y:\n        t += loss(x)\n{call}\n"
    meant = not call.startswith("     ")
    assert slips.accumulated_loss(of(text.format("    t = 0\n"))) == (None if meant else Slip(4, "t"))
    assert slips.accumulated_loss(of(text.format("    t = t * 1\n"))) == Slip(4, "t")
    assert slips.accumulated_loss(of("t = 0\n" + text.format(""))) == Slip(4, "t")


@pytest.mark.parametrize("start", ["sum(t).backward()", "torch.stack(t).mean().backward()"])
def test_losses_are_accumulated_in_a_list_that_backward_starts_from_each_time(start: str) -> None:
    assert slips.accumulated_loss(of(f"t = []\nfor x in y:\n    t.append(loss(x))\n    {start}\n")) == Slip(3, "t")
    assert slips.accumulated_loss(of(f"t = []\nfor x in y:\n    t.append(loss(x))\n{start}\n")) is None
    assert slips.accumulated_loss(of(f"for x in y:\n    t = []\n    t.append(loss(x))\n    {start}\n")) is None


def test_what_backward_returns_is_found() -> None:
    assert slips.given_by_backward(of("g = l.backward()\n")) == Slip(1, "g")
    assert slips.given_by_backward(of("l.backward()\n")) is None


@pytest.mark.parametrize(
    ("value", "leaf"),
    [
        ("torch.tensor([1.0], requires_grad=True)", True),
        ("torch.ones(1).requires_grad_()", True),
        ("torch.tensor([1.0], requires_grad=True).view(1)", False),
        ("torch.ones(1, requires_grad=True) / 2", False),
        ("torch.tensor(1.0, requires_grad=True).to('cpu')", False),
        ("torch.tensor(1.0, requires_grad=True).float()", False),
    ],
)
def test_what_is_worked_out_of_a_leaf_is_none(value: str, leaf: bool) -> None:
    assert leaves.no_leaf(of(f"w = {value}\n")) == (None if leaf else Slip(1, "w"))


@pytest.mark.parametrize("start", ["torch.tensor([1.0], requires_grad=True)", "torch.zeros(1).requires_grad_()"])
def test_what_is_worked_out_of_a_leaf_under_another_name_is_none_where_its_gradient_is_asked(start: str) -> None:
    assert leaves.no_leaf(of(f"a = {start}\nw = a + 1\nprint(w.grad)\n")) == Slip(2, "w")
    assert leaves.no_leaf(of(f"a = {start}\nw = a + 1\nprint(a.grad)\n")) is None
    assert leaves.no_leaf(of(f"w = {start}\nw = w - 0.01 * w.grad\n")) is None


@pytest.mark.parametrize(
    "line",
    [
        "l = torch.tensor([loss(x)], requires_grad=True)\n",
        "l = torch.Tensor([loss(x).item()]).requires_grad_()\n",
        "l = Variable(loss(x).data, requires_grad=True)\n",
        "l = torch.as_tensor(float(loss(x)))\n    l.requires_grad = True\n",
    ],
)
def test_a_loss_is_wrapped_anew_in_a_loop(line: str) -> None:
    assert leaves.wrapped_anew(of(f"for x in y:\n    {line}")) == Slip(2)
    assert leaves.wrapped_anew(of("for x in y:\n    w = torch.tensor([1.0], requires_grad=True)\n")) is None


def test_an_attribute_that_is_nearly_right_is_told_with_the_right_one() -> None:
    assert slips.misspelt(of("w.require_grad = True\n")) == Slip(1, "require_grad", "requires_grad")
    assert slips.misspelt(of("w.requires_grad = True\n")) is None
    assert slips.misspelt(of("self.history = []\n")) is None


def test_a_backward_call_below_counts_in_the_same_loop_only() -> None:
    text = "for x in y:\n    w.data -= w.grad\n    l.backward()\n"
    assert slips.backward_below(of(text), 2) and not slips.backward_above(of(text), 2)
    assert slips.backward_above(of(text.replace("w.data", "l.backward(); w.data")), 3)
    assert not slips.backward_below(of(text), 1)
    assert not slips.backward_below(of("for x in y:\n    w.data -= w.grad\nl.backward()\n"), 2)


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("torch.tensor([1])", True),
        ("torch.tensor(1.0)", False),
        ("torch.tensor([1.0]).long()", True),
        ("[1, 2]", False),
    ],
)
def test_tensors_of_whole_numbers_are_seen(line: str, whole: bool) -> None:
    assert slips.makes_whole_numbers(of(f"w = {line}\n")) is whole


@pytest.mark.parametrize(
    ("text", "rebinds"),
    [
        ("for x in y:\n    w = w - 0.1 * w.grad\n", True),
        ("for x in y:\n    w.data = w.data - 0.1 * w.grad\n", False),
        ("w = w.grad\n", False),
        ("def step():\n    self.w = self.w - self.w.grad\n", True),
        ("for x in y:\n    ws[0] = ws[0] - ws[0].grad\n", True),
        ("for x in y:\n    w -= 0.01 * w.grad\n", False),
    ],
)
def test_a_name_with_a_gradient_gets_another_value(text: str, rebinds: bool) -> None:
    assert rebinding.rebinds_in_loop(of(text)) is rebinds


def test_a_gradient_is_printed_by_its_own_name_or_another() -> None:
    assert slips.prints_gradient(of("print(w.grad)\n"))
    assert slips.prints_gradient(of("g = w.grad.item()\nprint('step', g)\n"))
    assert not slips.prints_gradient(of("g = w.grad.item()\nprint(l)\n"))


@pytest.mark.parametrize("text", ["for in", "", "print(" * 90 + ")" * 90, "w.xgrad = 1\n" * 20_000])
def test_a_hostile_text_is_looked_through(text: str) -> None:
    assert slips.misspelt(of(text)) is None
    assert slips.accumulated_loss(of(text)) is None
    assert not slips.calls_backward(of(text))

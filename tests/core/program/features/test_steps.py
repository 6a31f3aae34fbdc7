"""In which order a training step goes back, updates and zeroes is read from its lines, and only where they show it."""

from __future__ import annotations

import pytest

from grader.core.program.features import steps
from grader.core.program.features.slips import Slip
from grader.core.program.source import Source

LOOP = "for x, y in zip(xs, ys):\n    l = loss(x, y)\n"


def of(text: str) -> Source:
    return Source(text, "4.5.py")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("    l.backward()\n    w.grad.zero_()\n    w.data -= 0.1 * w.grad\n", Slip(4)),
        ("    l.backward()\n    o.zero_grad()\n    o.step()\n", Slip(4)),
        ("    l.backward()\n    with torch.no_grad():\n        w.grad = None\n        w -= w.grad\n", Slip(5)),
        ("    l.backward()\n    o.step()\n    o.zero_grad()\n", None),
        ("    o.zero_grad()\n    l.backward()\n    o.step()\n", None),
        ("    l.backward()\n    print(w.grad)\n    o.zero_grad()\n", None),
    ],
)
def test_a_gradient_is_zeroed_before_it_is_used(lines: str, found: Slip | None) -> None:
    assert steps.zeroed_before_update(of(LOOP + lines)) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("    o.step()\n    o.zero_grad()\n    l.backward()\n", Slip(3)),
        ("    l.backward()\n    o.step()\n", None),
        ("    l.backward()\n    o.step()\n    l.backward()\n", None),
    ],
)
def test_an_update_comes_before_the_only_backward_call(lines: str, found: Slip | None) -> None:
    assert steps.updated_before_backward(of(LOOP + lines)) == found


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("w -= 0.1 * g", {"-"}),
        ("w.data = w.data + 0.1 * w.grad", {"+"}),
        ("total += w", set()),
        ("w = 2.0", set()),
    ],
)
def test_the_sign_of_an_update_is_that_of_the_parameter(text: str, signs: set[str]) -> None:
    assert steps.update_signs(of(text + "\n"), ["w"]) == signs


def test_a_step_that_updates_twice_has_one_backward_call() -> None:
    once = LOOP + "    l.backward()\n    o.step()\n"
    assert steps.updated_twice(of(once + "    w.data -= 0.1 * w.grad\n")) == Slip(5)
    assert steps.updated_twice(of(once)) is None
    assert steps.updated_twice(of(once + "    l.backward()\n    o.step()\n")) is None


def test_an_optimizer_is_given_other_tensors_only_where_its_list_says_so() -> None:
    assert steps.optimizer_elsewhere(of("o = torch.optim.SGD([b], lr=0.1)\n"), ["w"]) == Slip(1, "SGD")
    assert steps.optimizer_elsewhere(of("o = torch.optim.SGD([b, w], lr=0.1)\n"), ["w"]) is None
    assert steps.optimizer_elsewhere(of("o = torch.optim.SGD(m.parameters(), lr=0.1)\n"), ["w"]) is None


def test_the_gradient_of_what_a_loop_works_out_is_none() -> None:
    text = LOOP + "    w.data -= l.grad\n"
    assert steps.gradient_of_result(of(text), 3) == Slip(3, "l")
    assert steps.gradient_of_result(of(text.replace("l.grad", "w.grad")), 3) is None


def test_two_lists_are_gone_through_one_after_the_other() -> None:
    assert steps.not_zipped(of("for x, y in xs, ys:\n    pass\n"), 1) == Slip(1, "xs, ys")
    assert steps.not_zipped(of("for x, y in [1, 2], ys:\n    pass\n"), 1) is None


def test_what_with_names_is_not_called() -> None:
    assert steps.uncalled_context(of("with torch.no_grad:\n    pass\n"), 1) == Slip(1, "no_grad")
    assert steps.uncalled_context(of("with torch.no_grad():\n    pass\n"), 1) is None

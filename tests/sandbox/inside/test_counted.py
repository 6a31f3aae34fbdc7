"""What a call asks of torch is counted: products with all that they multiply, views not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.nn.functional import conv2d

from grader.sandbox.inside.recorders.costs import counted

A, B, X = torch.ones(4, 3), torch.ones(3, 5), torch.ones(2, 3, 8, 8)
K = torch.ones(6, 3, 3, 3)


@pytest.mark.parametrize(
    ("call", "operations", "calls"),
    [
        (lambda: A + A, 12, 1),
        (lambda: A @ B, 2 * 4 * 3 * 5, 1),
        (lambda: torch.einsum("ij,jk->ik", A, B), 2 * 4 * 3 * 5, 1),
        (lambda: A.T.reshape(3, 4)[0], 0, 0),
        (lambda: [row.sum() for row in A], 4, 4),
        (lambda: conv2d(X, K), 2 * (2 * 6 * 6 * 6) * (3 * 3 * 3), 1),
        (lambda: A.sort(), 24, 1),
        (lambda: 3 + 4, 0, 0),
    ],
)
def test_a_call_is_counted(call: Callable[[], object], operations: int, calls: int) -> None:
    assert counted(call)[1] == {"operations": operations, "calls": calls}


def test_what_is_counted_computes_what_it_would() -> None:
    w = torch.ones(3, requires_grad=True)
    result, _ = counted(lambda: (A * w).sum())
    result.backward()
    assert result.item() == 12 and w.grad is not None and w.grad.tolist() == [4, 4, 4]


def test_an_exception_ends_the_count() -> None:
    with pytest.raises(RuntimeError):
        counted(lambda: A @ A)
    assert counted(lambda: A + A)[1]["calls"] == 1

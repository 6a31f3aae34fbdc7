"""What a call costs is counted: products with all that they multiply, views not at all, memory that is held at once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
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


MIB, LONG = 2**20, torch.ones(2**18)


def added(times: int) -> torch.Tensor:
    total = LONG
    for _ in range(times):
        total = total + 1
    return total


def changed_in_place() -> torch.Tensor:
    own = LONG.clone()
    for _ in range(20):
        own.add_(1).mul_(2)
    return own


def hidden_in_a_storage() -> torch.Tensor:
    own = torch.ones(1)
    own.untyped_storage().resize_(3 * MIB)
    return own + 1


@pytest.mark.parametrize(
    ("call", "mebibytes"),
    [
        # What is no longer needed when the next is made, and what is kept.
        (lambda: added(20), 2),
        (lambda: [LONG + place for place in range(20)], 20),
        # Views and what was there before are none.
        (lambda: ([LONG[place:] for place in range(20)], LONG.expand(50, -1), LONG.numpy()), 0),
        (changed_in_place, 1),
        (lambda: torch.ones(1).resize_(3 * 2**18), 3),
        (hidden_in_a_storage, 3),
        # An array of all pairs, whose sum alone stays.
        (lambda: (LONG[:512, None] * LONG[None, :512]).sum(), 1),
        (lambda: LONG.clone().requires_grad_().exp().exp().sum(), 3),
        # Python's and NumPy's own, at the same time as torch's.
        (lambda: np.exp(np.ones(2**18)), 4),
        (lambda: (bytes(3 * MIB), LONG + 1), 4),
        (lambda: [0.5] * 2**18, 2),
        (lambda: torch.tensor([0.5] * 2**18), 3),
        (lambda: torch.from_numpy(np.ones(2**17)).add(1), 2),
        (lambda: __import__("xml.dom.minidom"), 0),
    ],
)
def test_what_is_held_at_once_is_counted_in_bytes(call: Callable[[], object], mebibytes: int) -> None:
    (_, first), (_, again) = counted(call, ("memory",)), counted(call, ("memory",))
    assert abs(first["memory"] / MIB - mebibytes) < 0.05
    assert abs(first["memory"] - again["memory"]) < 0.01 * MIB


def test_the_count_of_memory_ends_with_the_call() -> None:
    plain = __import__
    with pytest.raises(RuntimeError):
        counted(lambda: LONG + A, ("memory",))
    assert not tracemalloc.is_tracing() and __import__ is plain

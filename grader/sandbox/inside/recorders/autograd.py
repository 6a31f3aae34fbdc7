"""Records every call into torch's autograd engine, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.sandbox.inside.program.values import Floats, tensor_numbers
from grader.sandbox.inside.recorders.stacks import snapshot

# The leaf's number, and snapshots of its value before, its fresh gradient, and its .grad after.
LeafRecord = tuple[int, Any, Any, Any]
# A snapshot of the roots, and the leaves reached from them.
Step = tuple[Any, list[LeafRecord]]

_MOST_STEPS = 5_000
_MOST_LEAVES = 16
_MOST_NODES = 100_000
# What a frame can carry, with room for the rest.
_MOST_NUMBERS = 7_000_000


class EngineRecorder:
    """Takes the place of torch's engine, and passes everything on to it.

    A record is the value of the roots, and for each leaf reached from them: its value before, its fresh gradient (the
    one that this call computed, whatever was there), and its `.grad` after.
    """

    def __init__(self) -> None:
        from torch.autograd.variable import Variable

        self._engine: Any = Variable._execution_engine
        self.steps: list[Step] = []
        self.count = 0
        self._room = _MOST_NUMBERS
        self._last: list[Any] = []
        self._seen: list[Any] = []
        Variable._execution_engine = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def stop(self) -> None:
        """Give torch its engine back."""
        from torch.autograd.variable import Variable

        Variable._execution_engine = self._engine

    def last(self) -> list[Floats | None]:
        """Return what the leaves of the last step hold now."""
        return [tensor_numbers(leaf) for leaf in self._last]

    def run_backward(self, roots: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the engine, keeping a record if it succeeds: a call that raises computed no gradient."""
        leaves = [] if self.count >= _MOST_STEPS else list(_leaves(roots))[:_MOST_LEAVES]
        # The value before, the fresh gradient, and .grad after.
        self._room -= 3 * sum(leaf.numel() for leaf in leaves)
        if self.count >= _MOST_STEPS or self._room <= 0:
            self.count += 1
            return self._engine.run_backward(roots, *args, **kwargs)
        before = [snapshot(leaf) for leaf in leaves]
        fresh: dict[int, Any] = {}
        hooks = [
            leaf.register_hook(lambda gradient, i=i: fresh.__setitem__(i, snapshot(gradient)))
            for i, leaf in enumerate(leaves)
        ]
        root = _root_value(roots)
        try:
            result = self._engine.run_backward(roots, *args, **kwargs)
        finally:
            for hook in hooks:
                hook.remove()
        after = [None if leaf.grad is None else snapshot(leaf.grad) for leaf in leaves]
        names = [self._name(leaf) for leaf in leaves]
        self.steps.append((root, [(names[i], before[i], fresh.get(i), after[i]) for i in range(len(leaves))]))
        self.count += 1
        self._last = leaves
        return result

    def _name(self, leaf: Any) -> int:
        """Return a number for this very tensor; all that were seen are kept, so that no later one is taken for it."""
        for number, other in enumerate(self._seen[-_MOST_LEAVES:], max(len(self._seen) - _MOST_LEAVES, 0)):
            if other is leaf:
                return number
        self._seen.append(leaf)
        return len(self._seen) - 1


def _root_value(roots: Any) -> Any:
    import torch

    if len(roots) == 1 and type(roots[0]) is torch.Tensor and roots[0].numel() == 1:
        taken = snapshot(roots[0])
        if type(taken) is tuple:
            return taken[0], (1,)
    values = [tensor_numbers(root) for root in roots if isinstance(root, torch.Tensor)]
    known = [value.reshape(-1) for value in values if value is not None]
    return np.concatenate(known) if known and sum(part.size for part in known) <= 10_000 else None


def _leaves(roots: Any) -> Iterator[Any]:
    """Yield the leaves that require a gradient, each once, in the order in which the graph reaches them."""
    import torch

    seen: set[Any] = set()
    waiting: list[Any] = []
    for root in roots:
        if isinstance(root, torch.Tensor) and root.grad_fn is None:
            if root.requires_grad:
                yield root
        else:
            waiting.append(root.grad_fn if isinstance(root, torch.Tensor) else root.node)
    while waiting and len(seen) < _MOST_NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        # A Function of one's own may keep anything under that name.
        if type(node) is torch._C._functions.AccumulateGrad:  # type: ignore[attr-defined]
            yield node.variable
        waiting.extend(following for following, _ in reversed(node.next_functions))

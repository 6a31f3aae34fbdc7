"""The backward calls of a run, and the series that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Which leaves a step reaches, by their ids.
Leaves = tuple[int, ...]


class Leaf(NamedTuple):
    """A leaf reached by one backward call: before it, the fresh gradient, and `.grad` after (None where unset).

    Two leaves of one trace are the same tensor if they have the same `id`.
    """

    before: Floats
    fresh: Floats | None
    after: Floats | None
    id: int = 0


@dataclass(frozen=True)
class Backward:
    """One call into the autograd engine: the value of the root, and the leaves reached from it."""

    root: Floats
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Trace:
    """The backward calls of a run. `count` may exceed the steps kept; `last` is the last leaves' values at the end."""

    steps: tuple[Backward, ...]
    count: int
    last: tuple[Floats, ...] = ()

    @cached_property
    def series(self) -> Mapping[str, Floats]:
        """The steps as series, as `series_of` makes them."""
        return series_of(self.steps)

    @cached_property
    def by_leaf(self) -> Mapping[Leaves, tuple[Backward, ...]]:
        """The steps that reach the same leaves, in the order in which these were first reached."""
        found: dict[Leaves, list[Backward]] = {}
        for step in self.steps:
            found.setdefault(tuple([leaf.id for leaf in step.leaves]), []).append(step)
        return {leaves: tuple(steps) for leaves, steps in found.items()}

    @cached_property
    def last_first(self) -> Sequence[Leaves]:
        """The leaves, those first that were reached last."""
        return list(dict.fromkeys(tuple([leaf.id for leaf in step.leaves]) for step in reversed(self.steps)))

    @cached_property
    def values(self) -> Mapping[int, Sequence[bytes]]:
        """What the leaves of each step were before it, by the `id` of the step."""
        return {id(step): [leaf.before.tobytes() for leaf in step.leaves] for step in self.steps}


def series_of(steps: tuple[Backward, ...]) -> Mapping[str, Floats]:
    """Return `loss`, and for each leaf that every step reaches in one size, `gradient N` and `parameter N`.

    Each has shape (steps, size), flattened because a parameter may be rebound in another shape. A gradient that was not
    computed is NaN.
    """
    if not steps:
        return {}
    series: dict[str, Floats] = {}
    if len({step.root.size for step in steps}) == 1 and steps[0].root.size:
        series["loss"] = np.stack([step.root.reshape(-1) for step in steps])
    for place in range(min(len(step.leaves) for step in steps)):
        leaves = [step.leaves[place] for step in steps]
        size = leaves[0].before.size
        if any(leaf.before.size != size for leaf in leaves):
            continue
        missing = np.full(size, np.nan)
        fresh = [leaf.fresh if leaf.fresh is not None and leaf.fresh.size == size else missing for leaf in leaves]
        series[f"parameter {place}"] = np.stack([leaf.before.reshape(-1) for leaf in leaves])
        series[f"gradient {place}"] = np.stack([gradient.reshape(-1) for gradient in fresh])
    return series

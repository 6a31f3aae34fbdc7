"""A trace as series: one row a backward call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.core.observation import Backward, Floats


def series_of(steps: tuple[Backward, ...]) -> Mapping[str, Floats]:
    """Return `loss`, and for each leaf that every step reaches in one size, `gradient N` and `parameter N`.

    Each has one flat row a step: a parameter may be made anew in another shape. A gradient not computed is NaN.
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

"""A trace as series: one row a backward call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.core.observation import Backward, Floats


def series_of(steps: tuple[Backward, ...]) -> Mapping[str, Floats]:
    """Return `loss`, and for each leaf that every step reaches in one shape, `gradient N` and `parameter N`.

    Each has one row a step. A gradient that was not computed is NaN.
    """
    if not steps:
        return {}
    series: dict[str, Floats] = {}
    if len({step.root.size for step in steps}) == 1 and steps[0].root.size:
        series["loss"] = np.stack([step.root.reshape(-1) for step in steps])
    for place in range(min(len(step.leaves) for step in steps)):
        leaves = [step.leaves[place] for step in steps]
        shape = leaves[0].before.shape
        if any(leaf.before.shape != shape for leaf in leaves):
            continue
        missing = np.full(shape, np.nan)
        fresh = [leaf.fresh if leaf.fresh is not None and leaf.fresh.shape == shape else missing for leaf in leaves]
        series[f"parameter {place}"] = np.stack([leaf.before for leaf in leaves])
        series[f"gradient {place}"] = np.stack(fresh)
    return series

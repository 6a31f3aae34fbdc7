"""Which steps of a run are the training that counts: of several, the last one whose end is the parameter's final value.

A run may look at a gradient without a step, try another learning rate first, or train something else afterwards. Never
does any stretch count: a training that goes on is not one that had ended, however right its beginning was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from grader.core.compare.tolerance import excess
from grader.core.run.trace import Backward, Floats, Trace

# A program that starts over more often than this is not searched for a training that was right.
_MOST = 50


def trainings(trace: Trace, reference: Trace, ends_told: bool) -> Iterator[tuple[Backward, ...]]:
    """Yield choices of a run's steps that may be its training, without the run as a whole.

    Args:
        ends_told: whether the parameter's final value is compared as well; otherwise only the last training counts.
    """
    if len(trace.steps) != trace.count or not trace.steps or not reference.steps:
        return
    candidates: list[tuple[Backward, ...]] = [trace.steps, *_updated(trace.steps, _longest(trace.steps))]
    yield from _each_once(each for steps in candidates for each in (steps, *_last(steps, len(reference.steps))))
    if ends_told:
        for leaf in _leaves_last_first(trace.steps):
            alone = _of_leaf(trace.steps, leaf)
            for steps in (alone, *_updated(alone, leaf)):
                yield steps
                yield from _last(steps, len(reference.steps))
                yield from _ended(steps, reference)


def training_of(stores: Floats, reference: Floats, allowed: Floats, final: float | None) -> Floats | None:
    """Return the values of a name during the training that counts, if one of its trainings is right; None otherwise.

    Args:
        stores: every value that the name was bound to.
        final: the name's value in the end; None where it is not compared.
    """
    count = reference.size
    ends = [stores.size - 1] if final is None else np.flatnonzero(stores == final)[::-1].tolist()
    for end in ends[:_MOST]:
        if end + 1 < count:
            continue
        steps = stores[end + 1 - count : end + 1]
        # What follows must be a new beginning: otherwise the training only went on.
        begun_anew = end + 1 == stores.size or float(excess(stores[end + 1], reference[0], allowed[0])) <= 1
        if begun_anew and bool((excess(steps, reference, allowed) <= 1).all()):
            return steps
    return None


def _last(steps: tuple[Backward, ...], count: int) -> Iterator[tuple[Backward, ...]]:
    """Yield the last steps alone: they begin where training begins, so nothing before them moved the parameter."""
    if 0 < count < len(steps):
        yield steps[-count:]


def _ended(steps: tuple[Backward, ...], reference: Trace) -> Iterator[tuple[Backward, ...]]:
    """Yield stretches as long as the reference after which the same leaf was set back to where it began."""
    count = len(reference.steps)
    begins = [i for i, step in enumerate(steps) if _same_values(step, reference.steps[0])][-_MOST:]
    yield from (steps[i : i + count] for i in begins if i + count in begins)


def _longest(steps: Sequence[Backward]) -> tuple[int, ...]:
    """Return the leaves that were trained longest: before them, others may have been looked at."""
    return Counter(map(_leaves_in, steps)).most_common(1)[0][0]


def _leaves_last_first(steps: Sequence[Backward]) -> list[tuple[int, ...]]:
    return list(dict.fromkeys(_leaves_in(step) for step in reversed(steps)))[:_MOST]


def _of_leaf(steps: Iterable[Backward], leaf: tuple[int, ...]) -> tuple[Backward, ...]:
    return tuple(step for step in steps if _leaves_in(step) == leaf)


def _leaves_in(step: Backward) -> tuple[int, ...]:
    return tuple(leaf.id for leaf in step.leaves)


def _updated(steps: tuple[Backward, ...], leaf: tuple[int, ...]) -> Iterator[tuple[Backward, ...]]:
    """Yield the steps that an update follows, without and with the last one, whose update may have made a new leaf.

    Then the same of the steps of one leaf alone.
    """
    for some in (steps, _of_leaf(steps, leaf)):
        followed = tuple(step for step, after in pairwise(some) if _values_before(step) != _values_before(after))
        yield (*followed, some[-1])
        yield followed


def _values_before(step: Backward) -> list[object]:
    return [leaf.before.tolist() for leaf in step.leaves]


def _same_values(step: Backward, other: Backward) -> bool:
    pairs = list(zip(step.leaves, other.leaves, strict=False))
    return bool(pairs) and all(
        mine.before.size == its.before.size and np.allclose(mine.before.reshape(-1), its.before.reshape(-1))
        for mine, its in pairs
    )


def _each_once(candidates: Iterable[tuple[Backward, ...]]) -> Iterator[tuple[Backward, ...]]:
    """Yield each of several choices of the same steps once: mostly there are two or three."""
    tried: set[tuple[int, ...]] = set()
    for steps in candidates:
        chosen = tuple(map(id, steps))
        if chosen not in tried:
            tried.add(chosen)
            yield steps

"""Which steps of a run are the training that counts: of several, the last one whose end is the parameter's final value.

A run may look at a gradient without a step, try another learning rate first, or train something else afterwards. Never
does any stretch count: a training that goes on is not one that had ended, however right its beginning was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise

import numpy as np

from grader.core.compare.tolerance import excess
from grader.core.run.trace import Backward, Floats, Trace

# A program that starts over more often than this, or trains more leaves, is not searched for a training that was right.
_MOST = 50
# Nor are more stretches tried: each is compared as a run is.
_MOST_TRIED = 100


def trainings(trace: Trace, reference: Trace, ends_told: bool) -> Iterator[tuple[Backward, ...]]:
    """Yield choices of a run's steps that may be its training, as long as the reference; not the run as a whole.

    Args:
        ends_told: whether the parameter's final value is compared as well; otherwise only the last training counts.
    """
    if len(trace.steps) != trace.count or not trace.steps or not reference.steps:
        return
    count = len(reference.steps)
    fitting = (steps for steps in _stretches(trace, reference, ends_told) if len(steps) == count < len(trace.steps))
    yield from islice(_each_once(fitting), _MOST_TRIED)


def _stretches(trace: Trace, reference: Trace, ends_told: bool) -> Iterator[tuple[Backward, ...]]:
    # Before the one that was trained longest, others may have been looked at.
    longest = max(trace.by_leaf.values(), key=len)
    for steps in (trace.steps, *_updated(trace.steps, trace.values), *_updated(longest, trace.values)):
        yield steps
        yield from _last(steps, len(reference.steps))
    if ends_told:
        for leaves in trace.last_first[:_MOST]:
            alone = trace.by_leaf[leaves]
            for steps in (alone, *_updated(alone, trace.values)):
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
        after = stores[end + 1 :]
        # What follows must be a new beginning, or nothing new: otherwise the training only went on.
        begun_anew = not after.size or float(excess(after[0], reference[0], allowed[0])) <= 1
        if (begun_anew or _shown_again(after, steps)) and bool((excess(steps, reference, allowed) <= 1).all()):
            return steps
    return None


def _shown_again(after: Floats, steps: Floats) -> bool:
    """Whether values are those of a training, as its history is printed under the same name.

    One that has come to its end goes round in the same few numbers when it goes on, and then those were there twice.
    """
    return bool(np.isin(after, steps).all()) and np.unique(steps).size == steps.size


def _last(steps: tuple[Backward, ...], count: int) -> Iterator[tuple[Backward, ...]]:
    """Yield the last steps alone: they begin where training begins, so nothing before them moved the parameter."""
    if 0 < count < len(steps):
        yield steps[-count:]


def _ended(steps: tuple[Backward, ...], reference: Trace) -> Iterator[tuple[Backward, ...]]:
    """Yield stretches as long as the reference after which the same leaf was set back to where it began."""
    count = len(reference.steps)
    begins = _beginning_as(steps, reference.steps[0])[-_MOST:]
    yield from (steps[i : i + count] for i in begins if i + count in begins)


def _updated(steps: tuple[Backward, ...], values: Mapping[int, Sequence[bytes]]) -> Iterator[tuple[Backward, ...]]:
    """Yield the steps that an update follows, with and without the last one, whose update may have made a new leaf."""
    followed = tuple([one for one, after in pairwise(steps) if values[id(one)] != values[id(after)]])
    yield (*followed, steps[-1])
    yield followed


def _beginning_as(steps: Sequence[Backward], first: Backward) -> list[int]:
    """Return the places of the steps before which all leaves had the values that they have before `first`."""
    same = np.array([bool(step.leaves) for step in steps], dtype=bool) & bool(first.leaves)
    for place, leaf in enumerate(first.leaves):
        held = [step.leaves[place].before if place < len(step.leaves) else None for step in steps]
        sized = np.array([each is None or each.size == leaf.before.size for each in held], dtype=bool)
        there = [at for at, each in enumerate(held) if each is not None and sized[at]]
        same &= sized
        if there:
            rows = np.stack([np.reshape(steps[at].leaves[place].before, -1) for at in there])
            same[there] &= np.isclose(rows, leaf.before.reshape(-1)).all(axis=1)
    return np.flatnonzero(same).tolist()


def _each_once(candidates: Iterable[tuple[Backward, ...]]) -> Iterator[tuple[Backward, ...]]:
    """Yield each of several choices of the same steps once: mostly there are two or three."""
    tried: set[tuple[int, ...]] = set()
    for steps in candidates:
        chosen = tuple(map(id, steps))
        if chosen not in tried:
            tried.add(chosen)
            yield steps

"""Which probes are drawn again: where the solution jumps, so that rounding would decide, and where all is too small.

Kinks are measured: the solution runs at each probe and at copies of it that are a little aside (`plan.copies_beside`).
Where it is smooth its results move a little with them; at a kink, a tie or an edge they jump.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.core.compare.comparison import Comparison, comparisons
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.exercise import Check
from grader.core.judge.reference import Reference, observations_of, unusable
from grader.core.program.source import Source
from grader.core.run.aside import MOVE
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import free_names, probe_numbers
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

MOST_TRIES = 8
# Both in proportion: a result may move a thousand times as far as what it is made from.
_JUMP = 1e3 * MOVE
# Of what is beside it: what is zero but for rounding does not jump.
_NOTHING = 1e-9
# Of a probe's own scale; beyond, the probe holds nobody to anything.
_WIDEST = 0.1


@dataclass(frozen=True)
class Tries:
    """How often each probe of a check was drawn.

    Attributes:
        passed_over: of each probe, how many draws were passed over so far.
        calm: of each probe, the first draw at which nothing jumps.
        settled: the probes that are not drawn again whatever they show.
        kinked: those of them at which something jumps with every draw.
    """

    passed_over: tuple[int, ...] = ()
    calm: Mapping[int, int] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()
    kinked: frozenset[int] = frozenset()

    def after(self, jumping: frozenset[int], small: frozenset[int], count: int) -> Tries:
        """Return the tries to take next; the same where all probes will do."""
        passed_over = list(self.passed_over or (0,) * count)
        calm = {**{place: passed_over[place] for place in range(count) if place not in jumping}, **self.calm}
        settled, kinked = set(self.settled), set(self.kinked)
        for place in sorted((jumping | small) - self.settled):
            if passed_over[place] < MOST_TRIES:
                passed_over[place] += 1
                continue
            settled.add(place)
            # One small probe is no fault: the others hold what it cannot.
            passed_over[place] = calm.get(place, 0)
            if place not in calm:
                kinked.add(place)
        changed = Tries(tuple(passed_over) if any(passed_over) else (), calm, frozenset(settled), frozenset(kinked))
        return self if changed.passed_over == self.passed_over and changed.kinked == self.kinked else changed


def to_draw_again(
    check: Check,
    source: Source,
    seed: bytes,
    exact: Sequence[Run],
    copies: Sequence[Sequence[Run]],
    reference: Reference,
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the probes at which the solution jumps, and those that are small beside what is allowed there.

    Args:
        copies: the runs of each copy of the probes, as many as `exact`.
    """
    count = len(probe_numbers(check, seed))
    able = frozenset(place for place in range(count) if free_names(check, place))
    if not able or reference.wide:
        return frozenset(), frozenset()
    ours = observations_of(check, exact, count, 1)[0]
    moved = [_usable(check, source, runs, count) for runs in copies]
    # Where chance decides, a jump is nothing out of the ordinary.
    items = [item for item in comparisons(check) if not item.by_chance]
    sizes = [_sizes(item, [*ours, *(each for copy in moved for each in copy if each)]) for item in items]
    jumping, small = set(), set()
    for place in able:
        there = [copy[place] for copy in moved]
        expected_there = zip(comparisons(check), reference.expected[place], strict=True)
        wanted = [expected for item, expected in expected_there if not item.by_chance]
        pairs = list(zip(items, sizes, wanted, strict=True))
        if any(other is None or any(_jumps(*pair, other) for pair in pairs) for other in there):
            jumping.add(place)
        if any(_is_small(item, expected) for item, _, expected in pairs):
            small.add(place)
    return frozenset(jumping), frozenset(small)


def kinked(check: str) -> Message:
    """Say that a check cannot be drawn so that no right program may come out on another side."""
    return say(
        "check {check}: the solution jumps wherever it is tried: numbers that are a millionth aside change its results "
        "by a thousandth and more, so rounding would decide who is right. Compare what does not jump, draw other "
        "numbers, or write ties: true where equal numbers are meant",
        check=check,
    )


def _usable(check: Check, source: Source, runs: Sequence[Run], count: int) -> list[Observation | None]:
    """Return what was seen of a copy at each probe; None where there is nothing to compare."""
    if any(run.status is not RunStatus.COMPLETED for run in runs):
        return [None] * count
    seen = observations_of(check, runs, count, 1)[0]
    return [None if unusable(check, source, each) else each for each in seen]


def _sizes(item: Comparison, seen: Sequence[Observation]) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for observation in seen:
        for key, array in item.arrays(observation).items():
            sizes[key] = max(sizes.get(key, 0.0), _largest(array))
    return sizes


def _jumps(item: Comparison, sizes: Mapping[str, float], expected: Expected, other: Observation) -> bool:
    ours, theirs = item.arrays(expected.observation), item.arrays(other)
    if ours.keys() != theirs.keys() or item.facts(expected.observation) != item.facts(other):
        return True
    for key in filter(item.counts, ours):
        one, two = (array[: expected.upto] if expected.upto else array for array in (ours[key], theirs[key]))
        if one.shape != two.shape or (np.isfinite(one) != np.isfinite(two)).any():
            return True
        finite = np.isfinite(one)
        moved = float(np.abs(one[finite] - two[finite]).max(initial=0.0))
        beside = max((_largest(each) for each in item.beside(key, expected.observation).values()), default=0.0)
        if moved > (0.0 if key in expected.exact else max(_JUMP * sizes[key], _NOTHING * beside)):
            return True
    return False


def _is_small(item: Comparison, expected: Expected) -> bool:
    """Whether what is allowed is no longer small there. What is zero as a whole is a case of its own, and stays."""
    for key, array in expected.arrays.items():
        if not item.counts(key) or not array.size:
            continue
        rows = slice(expected.upto) if expected.upto else ...
        own = _largest(array[rows])
        if own and _largest(expected.allowed(key)[rows]) > _WIDEST * own:
            return True
    return False


def _largest(array: Floats) -> float:
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))

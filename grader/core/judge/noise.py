"""How far right programs are apart in one comparison: what widens what is allowed, and where it stops being small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import ATOL, NOISE_FACTOR, RTOL, Expected, Observation
from grader.core.judge import distances
from grader.core.run.trace import Floats

# Of what is compared; an allowance that is wider says nothing. Pooled over the probes, no shipped exercise comes near
# it on any of 400 secrets; by single probes, one of which may be small by chance, 4.5 would on one in ten.
CEILING = 1e-2
# Ten decimal digits of float64's sixteen are left to what cancels, and float32's own rounding.
_ZERO_EXACT, _ZERO_SINGLE = 1e-12, 1e-5
MOST_WIDENED = 4
# Times the usual size of a check's probes: what rounds off there in float32 is as large as the others themselves.
_HUGE = 1e6
_LEAST_COMPARED = 0.1

Numbers = Mapping[str, Floats]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Width:
    """An allowance that is no longer small.

    Attributes:
        label: of the array, as an author is shown it.
        size: the largest number that it is held to.
        step: of a run, the last step at which it is small; None where there are no steps.
        whole: whether whole numbers differ, for which nothing is allowed at all.
    """

    label: str
    allowed: float
    size: float
    step: int | None = None
    whole: bool = False


@dataclass(frozen=True)
class Measured:
    """What one comparison is held to.

    Attributes:
        wide: what can be held to nothing.
        apart: the numbers of the right programs that differ more from the solution than its own noise explains.
    """

    expected: tuple[Expected, ...]
    wide: tuple[Width, ...] = ()
    apart: tuple[int, ...] = ()


def measured(
    item: Comparison,
    exact: Sequence[Observation],
    twin: Sequence[Observation],
    rights: Sequence[Sequence[Observation]] = (),
) -> Measured:
    """Measure the noise of a comparison over all probes, and over several right programs.

    Probes with far larger numbers than the others lend these no noise; what is allowed at them is measured over all.

    Args:
        exact: what the solution does, in float64; `twin` what it does in the other run, array for array.
        rights: what other right programs do.
    """
    if item.by_chance:
        held_to = twin if item.as_run else exact
        return Measured(tuple(Expected(each, item.arrays(each), {}, chance=item.chance(each)) for each in held_to))
    seen = [_Probe.of(item, *pair) for pair in zip(exact, twin, strict=True)]
    # Programs that behave the same may print other numbers: more of them, or fewer digits. That is not noise.
    rights = rights if item.numbers_tell else ()
    others = [[item.arrays(observation) for observation in each] for each in rights]
    whole = frozenset.intersection(*(item.exact(observation) for observation in exact)) if exact else frozenset()
    over_all = _measured(item, exact, seen, others, whole)
    like = _of_like_size(item, seen)
    if all(like):
        return over_all
    places = [place for place, each in enumerate(like) if each]
    ordinary = _measured(item, _at(exact, places), _at(seen, places), [_at(each, places) for each in others], whole)
    expected = [replace(each, huge=True) for each in over_all.expected]
    for place, each in zip(places, ordinary.expected, strict=True):
        expected[place] = each
    wide, apart = (*ordinary.wide, *over_all.wide), {*ordinary.apart, *over_all.apart}
    return Measured(tuple(expected), tuple(dict.fromkeys(wide)), tuple(sorted(apart)))


def _measured(
    item: Comparison,
    exact: Sequence[Observation],
    seen: Sequence[_Probe],
    others: Sequence[Sequence[Numbers]],
    whole: frozenset[str],
) -> Measured:
    """Measure the noise over these probes, and hold all of them to it."""
    keys = list(dict.fromkeys(key for probe in seen for key in probe.arrays))
    found = {key: _Key.of(item, key, seen, others) for key in keys}
    series = [each for key, each in found.items() if item.counts(key)]
    longest = max((each.longest for each in series), default=0)
    upto = min((each.upto for each in series), default=0) if item.steps else longest
    noise = {key: each.noise(upto if item.steps else None) for key, each in found.items()}
    scales = {key: each.own_scale for key, each in found.items() if each.own_scale is not None}
    expected = tuple(
        Expected(
            observation,
            probe.arrays,
            noise,
            {**probe.scales, **_within(probe, scales)},
            whole,
            upto if item.steps and upto < longest else None,
            within=item.within,
        )
        for observation, probe in zip(exact, seen, strict=True)
    )
    wide = [
        *_torn(item, found, whole),
        *(_cut(item, found, upto, expected) if item.steps else _wide(item, found, expected)),
    ]
    apart = sorted({place for key, each in found.items() if item.counts(key) for place in each.apart})
    return Measured(expected, tuple(wide), tuple(apart))


def _of_like_size(item: Comparison, seen: Sequence[_Probe]) -> tuple[bool, ...]:
    """Return of each probe whether its noise may be that of the others: not where its numbers are far larger."""
    sizes = [max((size for key, size in probe.sizes.items() if item.counts(key)), default=0.0) for probe in seen]
    known = sorted(size for size in sizes if size)
    # The lower of two in the middle: one huge example beside one drawn probe is not the usual size.
    usual = known[(len(known) - 1) // 2] if known else 0.0
    return tuple(size <= _HUGE * usual or not usual for size in sizes)


def _at(each: Sequence[_T], places: Sequence[int]) -> list[_T]:
    return [each[place] for place in places]


def _torn(item: Comparison, found: Mapping[str, _Key], whole: frozenset[str]) -> Iterator[Width]:
    for key, each in found.items():
        if key in whole and each.own.any():
            yield Width(_label(item, key), 0.0, each.size, whole=True)


def _cut(item: Comparison, found: Mapping[str, _Key], upto: int, expected: Sequence[Expected]) -> Iterator[Width]:
    counted = [key for key in found if item.counts(key)]
    if upto < _LEAST_COMPARED * max((found[key].longest for key in counted), default=0):
        first = min(counted, key=lambda key: found[key].upto)
        yield Width(_label(item, first), _widest(first, expected), found[first].size, step=upto)


def _wide(item: Comparison, found: Mapping[str, _Key], expected: Sequence[Expected]) -> Iterator[Width]:
    for key, each in found.items():
        widest = _widest(key, expected)
        if widest > CEILING * each.size:
            yield Width(_label(item, key), widest, each.size)


def _within(probe: _Probe, scales: Numbers) -> dict[str, Floats]:
    """Return the scales of single elements at a probe: at most that of the whole array there."""
    return {
        key: np.minimum(scale, probe.scales.get(key, distances.largest(probe.arrays[key])))
        for key, scale in scales.items()
        if key in probe.arrays
    }


def _label(item: Comparison, key: str) -> str:
    name = item.label.split()[-1]
    # final w, and final w['x'] of a dict.
    return item.label.removesuffix(name) + key if key.startswith(name) else f"{item.label} {key}"


def _widest(key: str, expected: Sequence[Expected]) -> float:
    widths = [each.allowed(key) for each in expected if key in each.arrays]
    return max((float(width[np.isfinite(width)].max(initial=0.0)) for width in widths), default=0.0)


@dataclass(frozen=True)
class _Probe:
    """One probe of a comparison.

    Attributes:
        arrays: what is expected; what is zero but for rounding is zero.
        off: how far the two runs are apart, element by element; 0 where that is not a number.
        scales: for arrays that hold such zeros, what an error is in proportion to.
        sizes: the largest number of each array, or beside it where that is all zero.
    """

    arrays: Numbers
    off: Numbers
    scales: Numbers
    sizes: Mapping[str, float]

    @classmethod
    def of(cls, item: Comparison, exact: Observation, twin: Observation) -> _Probe:
        ours, theirs = item.arrays(exact), item.arrays(twin)
        arrays: dict[str, Floats] = {}
        off: dict[str, Floats] = {}
        scales: dict[str, Floats] = {}
        sizes: dict[str, float] = {}
        for key, array in ours.items():
            other = theirs[key]
            beside = max((distances.largest(each) for each in item.beside(key, exact).values()), default=0.0)
            zero = (np.abs(array) <= _ZERO_EXACT * beside) & (np.abs(other) <= _ZERO_SINGLE * beside)
            arrays[key] = np.where(zero, 0.0, array)
            off[key] = np.where(zero, 0.0, distances.apart(array, other))
            sizes[key] = distances.largest(arrays[key]) or beside
            if zero.any():
                scales[key] = np.where(zero, beside, distances.largest(array))
        return cls(arrays, off, scales, sizes)


@dataclass(frozen=True)
class _Key:
    """One array of a comparison over all probes.

    Attributes:
        own: the solution's noise up to each step, where there are steps; otherwise one number, or one an element.
        all: with what the other right programs add to it.
        rms: of what is expected, up to each step.
        size: the largest number expected.
        own_scale: of each element, where elements have scales of their own.
        apart: the right programs that the solution's noise does not explain.
    """

    own: Floats
    all: Floats
    rms: Floats
    size: float
    own_scale: Floats | None
    apart: tuple[int, ...]

    @classmethod
    def of(cls, item: Comparison, key: str, seen: Sequence[_Probe], others: Sequence[Sequence[Numbers]]) -> _Key:
        probes = [probe for probe in seen if key in probe.arrays]
        size = max(probe.sizes[key] for probe in probes)
        alike = len({probe.arrays[key].shape for probe in probes}) == 1
        known = [(place, offs) for place, each in enumerate(others) if (offs := _off(key, seen, each)) is not None]
        singly = item.singly and alike and len(probes) > 1 and bool(known)
        summed = distances.by_step if item.steps else distances.by_element if singly else distances.pooled
        own = summed([probe.off[key] for probe in probes])
        scale = np.max([np.abs(probe.arrays[key]) for probe in probes], axis=0) if singly else None
        if scale is not None:
            zeros = [probe.scales.get(key, np.zeros(scale.shape)) * (probe.arrays[key] == 0) for probe in probes]
            zero = np.max(zeros, axis=0)
            scale = np.where(scale == 0, zero, scale)
        # A right program may widen what is allowed so far, and no farther: it may be wrong itself.
        cap = MOST_WIDENED * np.maximum(own, (RTOL + ATOL) * (size if scale is None else scale) / NOISE_FACTOR)
        wider, apart = own, []
        for place, offs in known:
            off = summed(offs)
            at = max(int(_LEAST_COMPARED * len(off)), 1) - 1 if item.steps else ...
            if (off[at] > NOISE_FACTOR * cap[at]).any():
                # It fails the check, which is told of it; or its steps are not ours, one for one.
                continue
            if not item.steps and (distances.pooled([off]) > distances.pooled([cap])).any():
                apart.append(place)
            wider = np.maximum(wider, np.minimum(off, cap))
        rms = distances.rms([probe.arrays[key] for probe in probes]) if item.steps else np.zeros(1)
        return cls(own, wider, rms, size, scale, tuple(apart))

    @property
    def longest(self) -> int:
        return len(self.rms)

    @property
    def upto(self) -> int:
        """How many steps can be compared: up to the last at which what is allowed is small beside what came before."""
        small = np.flatnonzero(NOISE_FACTOR * self.all <= CEILING * self.rms)
        return int(small[-1]) + 1 if small.size else 0

    def noise(self, upto: int | None) -> float | Floats:
        if upto is not None:
            return float(self.all[min(upto, len(self.all)) - 1]) if upto else float(self.all[-1:].max(initial=0.0))
        return self.all if self.own_scale is not None else float(self.all.max(initial=0.0))


def _off(key: str, seen: Sequence[_Probe], other: Sequence[Numbers]) -> list[Floats] | None:
    """Return how far another program is off at each probe; None where it gives other things there."""
    found = []
    for probe, arrays in zip(seen, other, strict=True):
        if key not in probe.arrays:
            continue
        ours, theirs = probe.arrays[key], arrays.get(key)
        if theirs is None or theirs.size != ours.size:
            return None
        found.append(np.where(ours == 0, 0.0, distances.apart(ours, theirs.reshape(ours.shape))))
    return found

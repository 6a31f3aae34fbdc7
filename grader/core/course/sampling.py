"""Hidden inputs: what an author lets vary, and the numbers drawn for it on the host.

Draws use `random.Random.random`, whose sequence for a given seed is promised to stay the same across Python
versions; normal numbers are its inverse-distribution transform. So the same exercise has the same probes on every
machine, for every student, on every re-run.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import NormalDist

from grader.core.autodiff.expression import Expression

Nested = "float | int | tuple[Nested, ...]"


@dataclass(frozen=True)
class Array:
    """Numbers in row-major order with their shape; a scalar has the empty shape. Hashable, so jobs can be compared."""

    shape: tuple[int, ...]
    numbers: tuple[float | int, ...]


@dataclass(frozen=True)
class Fixed:
    """The author's own numbers."""

    array: Array


@dataclass(frozen=True)
class Uniform:
    low: float
    high: float
    size: tuple[int, ...] = ()


@dataclass(frozen=True)
class Normal:
    mean: float
    std: float
    size: tuple[int, ...] = ()


@dataclass(frozen=True)
class ScaleOf:
    """Another draw, times one drawn number: data on a hidden straight line through the origin."""

    name: str
    by: Fixed | Uniform | Normal


@dataclass(frozen=True)
class Of:
    """An expression computed inside the box from the submission's own objects, so that gradients flow through it."""

    expression: Expression
    text: str


Draw = Fixed | Uniform | Normal | ScaleOf | Of


def seed_for(secret: bytes, exercise_id: str, judging: str) -> bytes:
    """Return the seed of an exercise: HMAC-SHA-256 over its id and the digest of all that decides a mark."""
    mac = hmac.new(secret, digestmod=hashlib.sha256)
    for part in (exercise_id.encode(), judging.encode()):
        mac.update(len(part).to_bytes(8, "big"))
        mac.update(part)
    return mac.digest()


def draw_all(draws: Mapping[str, Draw], seed: bytes, index: int) -> dict[str, Array]:
    """Return the numbers of probe `index` for each name; `Of` is left out, it is computed in the box."""
    arrays: dict[str, Array] = {}
    for name, draw in draws.items():
        if not isinstance(draw, ScaleOf | Of):
            arrays[name] = _draw(draw, _stream(seed, index, name))
    for name, draw in draws.items():
        if isinstance(draw, ScaleOf):
            factor = _draw(draw.by, _stream(seed, index, name)).numbers[0]
            base = arrays[draw.name]
            arrays[name] = Array(base.shape, tuple(factor * number for number in base.numbers))
    return arrays


def cotangent(seed: bytes, index: int, output: int, count: int) -> list[float]:
    """Return `count` hidden numbers in ±[0.5, 1.5]: none is near 0, so no element's gradient goes unseen."""
    stream = _stream(seed, index, f"cotangent {output}")
    return [math.copysign(0.5 + stream.random(), stream.random() - 0.5) for _ in range(count)]


def _stream(seed: bytes, index: int, name: str) -> random.Random:
    return random.Random(hashlib.sha256(seed + index.to_bytes(4, "big") + name.encode()).digest())


def _draw(draw: Fixed | Uniform | Normal, stream: random.Random) -> Array:
    match draw:
        case Fixed(array):
            return array
        case Uniform(low, high, size):
            spread = high - low
            return _fill(size, lambda: low + spread * stream.random(), spread)
        case Normal(mean, std, size):
            normal = NormalDist(mean, std)
            return _fill(size, lambda: normal.inv_cdf(min(max(stream.random(), 1e-12), 1 - 1e-12)), std)


def _fill(size: tuple[int, ...], sample: object, spread: float) -> Array:
    # Few decimals, so that a learner can type a probe's numbers; never so few that 2.0 or 0.5 of a lecture comes out.
    decimals = max(2, 3 - math.floor(math.log10(spread)))
    coarse = max(decimals - 2, 1)
    assert callable(sample)
    rounded = (round(sample(), decimals) for _ in iter(int, 1))
    telling = (number for number in rounded if number != round(number, coarse))
    return Array(size, tuple(islice(telling, math.prod(size))))

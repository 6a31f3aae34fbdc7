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
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True)
class Array:
    """Numbers in row-major order with their shape; a scalar has the empty shape. Hashable, so jobs can be compared."""

    shape: tuple[int, ...]
    numbers: tuple[float | int, ...]


def seed_for(secret: bytes, exercise_id: str, judging: str) -> bytes:
    """Return the seed of an exercise: HMAC-SHA-256 over its id and the digest of all that decides a mark."""
    mac = hmac.new(secret, digestmod=hashlib.sha256)
    for part in (exercise_id.encode(), judging.encode()):
        mac.update(len(part).to_bytes(8, "big"))
        mac.update(part)
    return mac.digest()


def cotangent(seed: bytes, index: int, output: int, count: int) -> list[float]:
    """Return `count` hidden numbers in ±[0.5, 1.5]: none is near 0, so no element's gradient goes unseen."""
    stream = stream_of(seed, index, f"cotangent {output}")
    return [math.copysign(0.5 + stream.random(), stream.random() - 0.5) for _ in range(count)]


def stream_of(seed: bytes, index: int, name: str) -> random.Random:
    """Return the random numbers of one name at one probe."""
    return random.Random(hashlib.sha256(seed + index.to_bytes(4, "big") + name.encode()).digest())


def telling(size: tuple[int, ...], sample: Callable[[], float], spread: float) -> Array:
    """Return samples of few decimals, so that a learner can type them; never so few that 2.0 or 0.5 comes out.

    Args:
        sample: returns the next number; what is too round is drawn again.
        spread: how far the numbers lie apart, roughly; the decimals follow from it.
    """
    decimals = max(2, 3 - math.floor(math.log10(spread)))
    coarse = max(decimals - 2, 1)
    rounded = (round(sample(), decimals) for _ in iter(int, 1))
    kept = (number for number in rounded if number != round(number, coarse))
    return Array(size, tuple(islice(kept, math.prod(size))))

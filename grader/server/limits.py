"""How often somebody may send something: a bucket of tokens for each, in the memory of this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

# A person who hands in by hand sends a few a minute.
_BURST, _EACH_SECOND = 40.0, 0.5
_MOST_KNOWN = 20_000


class RateLimits:
    """Token buckets by name.

    Args:
        clock: returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def allow(self, name: str) -> bool:
        """Return whether one more is allowed now, and count it."""
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(name, (_BURST, now))
            left = min(_BURST, left + (now - then) * _EACH_SECOND)
            # Whoever was here last is at the end; the others have filled up long ago.
            self._left[name] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > _MOST_KNOWN:
                del self._left[next(iter(self._left))]
        return left >= 1

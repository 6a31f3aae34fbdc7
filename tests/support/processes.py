"""The processes that a test has started."""

from __future__ import annotations

import time

import psutil


def descendants() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def settled() -> set[psutil.Process]:
    """Our descendants when nobody comes or goes any more: nobody waits for the end of a child whose run is over."""
    seen = descendants()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        time.sleep(0.3)
        before, seen = seen, descendants()
        if seen == before:
            break
    return seen

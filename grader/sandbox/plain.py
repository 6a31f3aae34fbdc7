"""The plain box of this system: child processes with limits and no lock, for one's own code."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from grader.sandbox.port import Sandbox


def plain_box(preload: Iterable[str] = ()) -> Sandbox:
    """Return the box that this system allows: only Linux forks safely once torch is imported."""
    if sys.platform == "linux":
        from grader.sandbox.fork import ForkBox

        return ForkBox(preload)
    from grader.sandbox.spawn import SpawnBox

    return SpawnBox(preload)

"""A process's own time: wall time without the time that it waited for a core.

Linux counts for each thread how long it was ready to run and had no core (`/proc/PID/task/TID/schedstat`, in
nanoseconds: time on a core, time waiting for one, and how often it got one; Documentation/scheduler/sched-stats.rst).
The process's own file tells of its first thread only.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


class OwnTime:
    """Counts from its creation on. Where the system does not say who waited, all time is the process's own."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}/task")
        self._base = self._last = self._waited()

    def again(self) -> None:
        """Count from the last look on."""
        self._base = self._last

    def of(self, wall: float, cpu: float) -> float:
        """Return how many of `wall` seconds were the process's own; all its threads together used `cpu` seconds.

        A program gains no time by making itself wait: threads that compete for a core use processor time.
        """
        # Of one that has just ended, the last look counts.
        self._last = self._waited() or self._last
        delays = [nanoseconds - self._base.get(thread, 0) for thread, nanoseconds in self._last.items()]
        return max(cpu, wall - max(delays, default=0) / 1e9)

    def _waited(self) -> Mapping[str, int]:
        """Return the nanoseconds that each thread has waited for a core."""
        found: dict[str, int] = {}
        if sys.platform != "linux":
            return found
        try:
            for thread in self._folder.iterdir():
                found[thread.name] = int((thread / "schedstat").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            # It has ended, or the kernel keeps no such statistics.
            return {}
        return found

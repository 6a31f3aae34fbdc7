"""Limits on what a submission may cost the grader itself, outside of the box: reading, comparing, diagnosing.

The system ends a worker that needs more: a signal handler written in Python could not run while the parser does.
Whoever gave it the task sees the signal in its exit code. Processor time is counted, so that a busy machine is nobody's
fault.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from grader.core.run.observation import Run, Stop
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.steps import Need

# What a worker ends with that has no more memory.
_NO_MEMORY = 77
# Reading and judging one costs some hundredths of a second.
MOST_SECONDS = 10
MOST_MEMORY = 2**30


def limit_memory() -> None:
    """Limit this process to `MOST_MEMORY` bytes more than it has; on Linux only."""
    if sys.platform != "linux":
        return
    import resource

    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = held + MOST_MEMORY
    # The soft limit only: a box that is started from here lifts it again, and has limits of its own.
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


@contextmanager
def limited_time(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """End this process where what is done inside takes more than `seconds` of processor time."""
    _let_run(seconds)
    try:
        yield
    finally:
        _let_run(0)


def end_for_memory() -> NoReturn:
    """End this process, of which earlier submissions may have taken all that it may have."""
    os._exit(_NO_MEMORY)


def ended_by_limit(exit_code: int | None) -> bool:
    """Whether a process with this exit code had used up its time or its memory."""
    return exit_code == _NO_MEMORY or (sys.platform != "win32" and exit_code == -signal.SIGPROF)


class InTurnApart(InTurn):
    """Stops the clock while something runs in the box; each step of judging between two runs has the whole limit.

    Attributes:
        busy: whether the machine was too busy for any of it.
    """

    busy = False

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        limited = _let_run(0)
        try:
            found = super().__call__(needs)
            self.busy |= any(run.stop is Stop.BUSY for runs in found for run in runs)
            return found
        finally:
            _let_run(MOST_SECONDS if limited else 0)


def _let_run(seconds: float) -> bool:
    """Set the limit to `seconds` from now, 0 for none; return whether there was one before.

    Windows has no such timer; there a submission may keep its worker busy.
    """
    return sys.platform != "win32" and signal.setitimer(signal.ITIMER_PROF, seconds)[0] > 0

"""Measures a child from outside, and says when it has used too much."""

from __future__ import annotations

import time

import psutil

from grader.core.course.exercise import Limits
from grader.core.run.observation import Stop, Usage
from grader.sandbox.host.streams import Stopped

_BETWEEN_LOOKS = 0.01


class Watch:
    """Counts from its own creation, the moment before a submission's first line: what was there before is the base."""

    def __init__(self, limits: Limits, pid: int) -> None:
        self._process: psutil.Process | None = None
        try:
            self._process = psutil.Process(pid)
        except psutil.Error:
            # It has ended already; its streams will say so.
            pass
        self.begin(limits)

    def begin(self, limits: Limits) -> None:
        """Count anew, for the next job of the same child."""
        self._limits = limits
        self._base_cpu = self._base_memory = 0.0
        try:
            if self._process is not None:
                self._base_cpu, self._base_memory = self._measured()
        except psutil.Error:
            self._process = None
        self._cpu, self._peak = self._base_cpu, self._base_memory
        self._started = self._looked = time.monotonic()
        self._resting: float | None = None

    def rest(self) -> None:
        """Stop counting wall time: it is another's turn."""
        self._resting = time.monotonic()

    def go_on(self) -> None:
        """Count wall time again."""
        if self._resting is not None:
            self._started += time.monotonic() - self._resting
            self._resting = None

    def look(self) -> None:
        """Measure, at most every few milliseconds.

        Raises:
            Stopped: where wall time, processor time or memory is above its limit.
        """
        now = time.monotonic()
        if self._resting is None and now - self._started > self._limits.wall:
            raise Stopped(Stop.WALL)
        if self._process is None or now - self._looked < _BETWEEN_LOOKS:
            return
        self._looked = now
        try:
            self._cpu, memory = self._measured()
        except psutil.Error:
            return
        self._peak = max(self._peak, memory)
        if self._cpu - self._base_cpu > self._limits.cpu:
            raise Stopped(Stop.CPU)
        if memory - self._base_memory > self._limits.memory:
            raise Stopped(Stop.MEMORY)

    def usage(self) -> Usage:
        """Return what was used so far; processor time and memory as of the last look."""
        return Usage(
            wall=time.monotonic() - self._started,
            cpu=max(self._cpu - self._base_cpu, 0.0),
            memory=int(max(self._peak - self._base_memory, 0)),
        )

    def _measured(self) -> tuple[float, float]:
        assert self._process is not None
        times = self._process.cpu_times()
        return times.user + times.system, float(self._process.memory_info().rss)

"""A box that outlives who asked for it: what is judged after that starts with a fork, and not with an import."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from socket import socket
from typing import Any

from grader.core.run.jobs import Job
from grader.core.run.observation import Run, RunStatus, Stop
from grader.sandbox.port import Lends, Sandbox, SandboxUnavailable, could_not_run

# Seconds; a program that never ends was waited for much longer.
_PATIENCE = 0.3


class KeptBox:
    """Makes boxes for one judgement after the other, which are one and the same as long as it serves.

    Args:
        make_box: makes the box from what it is to import.
    """

    def __init__(self, make_box: Callable[[Iterable[str]], Sandbox]) -> None:
        self._make_box = make_box
        self._box: Sandbox | None = None
        self._preload: tuple[str, ...] = ()

    def __call__(self, preload: Iterable[str]) -> Sandbox:
        """Return the box; another one where it was ended, or something is to be imported that it does not know yet.

        To close what is returned ends what still runs in it, and the box only where that is needed.
        """
        known = tuple(dict.fromkeys((*self._preload, *preload)))
        if known != self._preload:
            self.close()
        self._preload = known
        return _Lent(self._begun(), self.close)

    def lend(self, asked: Mapping[str, Any], cores: Sequence[int], control: socket) -> bool:
        """Let another command have a copy of the box, where it wants one like it; return whether it has one."""
        box = self._box
        return isinstance(box, Lends) and box.lend(asked, cores, control)

    def close(self) -> None:
        """End the box and all that runs in it."""
        if self._box is not None:
            self._box.close()
        self._box = None

    def _begun(self) -> Sandbox:
        if self._box is None:
            # What most programs touch of torch, their forks share then.
            self._box = self._make_box([*self._preload, *(["warm"] if "torch" in self._preload else [])])
            self._box.start()
        return self._box


class _Lent:
    """A box as one judgement has it.

    Args:
        end: ends the box, which is no longer fit for others.
    """

    def __init__(self, box: Sandbox, end: Callable[[], None]) -> None:
        self._box, self._end = box, end
        self._ended = threading.Condition()
        self._running = 0
        self._broken = self._closed = False

    @property
    def isolation(self) -> str:
        return self._box.isolation

    def start(self) -> None: ...

    def run(self, job: Job) -> Run:
        runs = self._led(lambda: [self._box.run(job)])
        return runs[0] if runs else could_not_run(SandboxUnavailable("the box was closed"))

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        return self._led(lambda: self._box.run_together(jobs))

    def close(self) -> None:
        with self._ended:
            self._closed = True
            # What was begun in vain mostly ends by itself, sooner than a box is made.
            at_rest = self._ended.wait_for(lambda: not self._running, _PATIENCE)
        if self._broken or not at_rest:
            self._end()

    def _led(self, run: Callable[[], list[Run]]) -> list[Run]:
        with self._ended:
            if self._closed:
                return []
            self._running += 1
        try:
            runs = run()
            self._broken |= any(_is_faulty(each) for each in runs)
            return runs
        finally:
            with self._ended:
                self._running -= 1
                self._ended.notify_all()


def _is_faulty(run: Run) -> bool:
    """Return whether the box may have failed, and not the machine, which was too busy."""
    return run.status is RunStatus.SANDBOX_FAILED and run.stop is not Stop.BUSY

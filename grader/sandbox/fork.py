"""Linux: a nursery imports torch once and forks a child per job, in milliseconds instead of seconds."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import IO

from grader.core.observation import Job, Run, RunStatus, Stop
from grader.sandbox.child import Child, conduct, start_python
from grader.sandbox.port import SandboxUnavailable

_START_LIMIT = 120.0


class ForkBox:
    """The plain box where a fork after torch's import is safe.

    Args:
        preload: modules that the nursery imports before it forks.
    """

    isolation = "none"

    def __init__(self, preload: Iterable[str] = ()) -> None:
        self._preload = ",".join(preload)
        self._lock = threading.Lock()
        self._nursery: _Nursery | None = None
        self._children: set[Child] = set()
        self._closed = False

    def start(self) -> None:
        """Begin to import, without waiting."""
        with self._lock:
            if self._nursery is None and not self._closed:
                self._nursery = _Nursery(self._preload)

    def close(self) -> None:
        """End the nursery and every child. Jobs that were running end as `sandbox_failed`; none starts any more."""
        self._closed = True
        nursery = self._nursery
        if nursery is not None:
            # Before the lock is asked for: who holds it may be waiting for this very process.
            nursery.kill()
        for child in list(self._children):
            child.kill()
        self._discard(nursery)

    def run(self, job: Job) -> Run:
        """Run one job in a forked child."""
        self.start()
        nursery = self._nursery
        try:
            with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as scratch:
                child = self._fork()
                self._children.add(child)
                try:
                    run = conduct(job, child, scratch)
                finally:
                    self._children.discard(child)
        except (OSError, SandboxUnavailable) as error:
            self._discard(nursery)
            return Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, str(error))
        if self._closed and run.status is not RunStatus.COMPLETED:
            return Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "the box was closed")
        return run

    def _fork(self) -> Child:
        with self._lock:
            if self._nursery is None:
                raise SandboxUnavailable("the box was closed")
            return self._nursery.fork()

    def _discard(self, nursery: _Nursery | None) -> None:
        """Forget a nursery that failed; the next job starts another. One that others have put in its place stays."""
        with self._lock:
            if nursery is not None and self._nursery is nursery:
                nursery.close()
                self._nursery = None


class _Nursery:
    def __init__(self, preload: str) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        self._control, theirs = socket.socketpair()
        with theirs:
            arguments = ["nursery", str(theirs.fileno()), preload]
            self._process: subprocess.Popen[bytes] = start_python(arguments, [theirs.fileno()], stderr=self._errors)
        self._ready = False

    def fork(self) -> Child:
        """Return a fresh child.

        Raises:
            SandboxUnavailable: where the nursery is gone; the text is the last line of what it complained of.
        """
        self._wait_until_ready()
        pairs = [socket.socketpair() for _ in range(4)]
        frames, out, err, status = (ours for ours, _ in pairs)
        try:
            socket.send_fds(self._control, [b"j"], [theirs.fileno() for _, theirs in pairs])
            for _, theirs in pairs:
                theirs.close()
            status.settimeout(_START_LIMIT)
            message, descriptors, _, _ = socket.recv_fds(status, 4, 1)
        except OSError:
            raise self._gone() from None
        if not descriptors:
            raise self._gone()
        return _child(int.from_bytes(message, "big"), descriptors[0], frames, out, err, status)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _wait_until_ready(self) -> None:
        if not self._ready:
            self._control.settimeout(_START_LIMIT)
            try:
                said = self._control.recv(5, socket.MSG_WAITALL)
            except OSError:
                said = b""
            if said != b"ready":
                raise self._gone()
            self._ready = True

    def _gone(self) -> SandboxUnavailable:
        self._errors.seek(0)
        last = self._errors.read()[-4000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
        return SandboxUnavailable(last or "the box's first process ended without a word")


def _child(
    pid: int, pidfd: int, frames: socket.socket, out: socket.socket, err: socket.socket, status: socket.socket
) -> Child:
    end: list[int] = []
    released: list[bool] = []

    def kill() -> None:
        if released:
            return
        released.append(True)
        _quietly(lambda: os.killpg(pid, signal.SIGKILL))
        _quietly(lambda: signal.pidfd_send_signal(pidfd, signal.SIGKILL))
        _quietly(lambda: ended(_START_LIMIT))
        os.close(pidfd)
        status.close()

    def ended(limit: float) -> int | None:
        if not end:
            status.settimeout(limit)
            try:
                message = status.recv(200)
            except TimeoutError:
                return None
            if not message:
                raise SandboxUnavailable("the box's first process ended in the middle of a run")
            end.append(os.waitstatus_to_exitcode(json.loads(message)[0]))
        return end[0]

    return Child(pid, frames, out, err, kill, ended)


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, SandboxUnavailable):
        pass

"""Linux: a nursery imports torch once and forks a child per job, in milliseconds instead of seconds."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TypeVar

from grader.core.exercise import Limits
from grader.core.observation import ExamJob, Job, Run, RunStatus, Stop
from grader.sandbox.child import Child, conduct, conduct_together, limits_of, start_python
from grader.sandbox.exam import TESTS_LIMITS, examine
from grader.sandbox.levels import PLAIN, Level
from grader.sandbox.port import SandboxUnavailable

T = TypeVar("T")
_START_LIMIT = 120.0
_LARGEST_PACKET = 1 << 16


class ForkBox:
    """A box whose children are forked, each locked as its level says before it runs anything of a submission.

    Args:
        preload: modules that the nursery imports before it forks; "warm" touches what most programs touch.
        level: what holds the child; the plain one holds nothing.
        recycle: jobs after which a fresh nursery takes over; not before the old one is gone: two take twice the memory.
    """

    def __init__(self, preload: Iterable[str] = (), level: Level = PLAIN, recycle: int = 5000) -> None:
        self.isolation = level.isolation
        self._preload = ",".join(preload)
        self._level = level
        self._recycle = recycle
        self._lock = threading.Lock()
        self._nursery: _Nursery | None = None
        self._nurseries: set[_Nursery] = set()
        self._children: set[Child] = set()
        # Killed, and perhaps not gone yet: the kernel takes its time with namespaces, which nobody has to wait out.
        self._ending: deque[Child] = deque()
        self._closed = False

    def start(self) -> None:
        """Begin to import, without waiting.

        Raises:
            SandboxUnavailable: where the level needs a program that is not installed.
        """
        with self._lock:
            self._current()

    def close(self) -> None:
        """End the nurseries and every child. Jobs that were running end as `sandbox_failed`; none starts any more."""
        self._closed = True
        # Before the lock is asked for: who holds it may be waiting for one of these processes.
        for nursery in list(self._nurseries):
            nursery.kill()
        for child in list(self._children):
            child.kill()
        with self._lock:
            self._see_off()
            for nursery in list(self._nurseries):
                self._forget(nursery)

    def run(self, job: Job) -> Run:
        """Run one job in a forked child; an exam in two, of which each is locked as the other is."""
        try:
            if isinstance(job, ExamJob):
                run = self._examined(job)
            else:
                with self._scratch() as scratch:
                    run = self._in_child(limits_of(job), lambda child: conduct(job, child, scratch))
        except (OSError, SandboxUnavailable) as error:
            return Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, str(error))
        if self._closed and run.status is not RunStatus.COMPLETED:
            return Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "the box was closed")
        return run

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run jobs of one submission in one forked child; the limits of each hold for it, their sum for the child."""
        limits = [limits_of(job) for job in jobs]
        of_all = replace(max(limits, key=lambda each: each.memory), cpu=sum(each.cpu for each in limits))
        try:
            with self._scratch() as scratch:
                return self._in_child(of_all, lambda child: conduct_together(jobs, child, scratch), several=True)
        except (OSError, SandboxUnavailable) as error:
            return [Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, str(error))]

    def _examined(self, job: ExamJob) -> Run:
        with self._scratch() as scratch, self._scratch() as another:

            def beside(program: Child) -> Run:
                return self._in_child(TESTS_LIMITS, lambda tests: examine(job, program, tests, scratch, another))

            return self._in_child(job.limits, beside)

    @contextmanager
    def _scratch(self) -> Iterator[str]:
        """Yield the folder that a child works in: the jail's, a new one, or / where nothing can be written anyway."""
        if self._level.scratch is not None or self._level.lock is not None:
            yield self._level.scratch or "/"
            return
        with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as scratch:
            yield scratch

    def _in_child(self, limits: Limits, lead: Callable[[Child], T], several: bool = False) -> T:
        with self._lock:
            self._see_off()
            nursery = self._current()
            try:
                child = nursery.fork(self._level.settings(limits), several)
            except (OSError, SandboxUnavailable):
                self._forget(nursery)
                raise
        self._children.add(child)
        try:
            if self._closed:
                # It was born while `close` was looking for whom to end.
                child.kill()
                raise SandboxUnavailable("the box was closed")
            return lead(child)
        except (OSError, SandboxUnavailable):
            with self._lock:
                self._forget(nursery)
            raise
        finally:
            child.kill()
            self._children.discard(child)
            with self._lock:
                self._ending.append(child)
                nursery.active -= 1
                if nursery is not self._nursery and not nursery.active:
                    self._forget(nursery)

    def _see_off(self) -> None:
        """Wait until those that were killed before are gone."""
        while self._ending:
            self._ending.popleft().release()

    def _current(self) -> _Nursery:
        """Return the nursery whose turn it is. One that has done its share goes when its last child has gone."""
        if self._closed:
            raise SandboxUnavailable("the box was closed")
        if self._nursery is not None and self._nursery.forked >= self._recycle:
            if not self._nursery.active:
                self._forget(self._nursery)
            self._nursery = None
        if self._nursery is None:
            self._nursery = _Nursery(self._preload, self._level)
            self._nurseries.add(self._nursery)
        return self._nursery

    def _forget(self, nursery: _Nursery) -> None:
        if nursery in self._nurseries:
            self._nurseries.discard(nursery)
            nursery.close()
        if self._nursery is nursery:
            self._nursery = None


class _Nursery:
    def __init__(self, preload: str, level: Level) -> None:
        self.forked = self.active = 0
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        self._control, theirs = _packets()
        with theirs:
            arguments = ["nursery", str(theirs.fileno()), preload]
            try:
                self._process: subprocess.Popen[bytes] = start_python(
                    arguments, [theirs.fileno()], stderr=self._errors, jail=level.jail
                )
            except OSError as error:
                raise SandboxUnavailable(str(error)) from None
        self._control.send(level.program())
        self._ready = False

    def fork(self, settings: str, several: bool = False) -> Child:
        """Return a fresh child, locked as `settings` say, for one job or for several.

        Raises:
            SandboxUnavailable: where the nursery is gone, or a step of the lock-down failed; the text says which.
        """
        self._wait_until_ready()
        self.forked += 1
        frames, out, err = (socket.socketpair() for _ in range(3))
        status = _packets()
        pairs = [frames, out, err, status]
        try:
            message = f'{{"lock": {settings}, "several": {json.dumps(several)}}}'
            socket.send_fds(self._control, [message.encode()], [theirs.fileno() for _, theirs in pairs])
            for _, theirs in pairs:
                theirs.close()
            status[0].settimeout(_START_LIMIT)
            descriptors, locked = _started_and_locked(status[0])
        except OSError:
            raise self._gone() from None
        if not descriptors or locked != b"locked":
            for ours, _ in pairs:
                ours.close()
            for descriptor in descriptors:
                os.close(descriptor)
            raise SandboxUnavailable(locked.decode("utf-8", "replace")) if locked else self._gone()
        self.active += 1
        return _child(descriptors[0], frames[0], out[0], err[0], status[0])

    def kill(self) -> None:
        """End the whole process group: as root several programs stand between us and the nursery."""
        _quietly(lambda: os.killpg(self._process.pid, signal.SIGKILL))
        self._process.kill()

    def close(self) -> None:
        self._control.close()
        self.kill()
        self._process.wait()
        self._errors.close()

    def _wait_until_ready(self) -> None:
        if not self._ready:
            self._control.settimeout(_START_LIMIT)
            try:
                said = self._control.recv(100)
            except OSError:
                said = b""
            if said != b"ready":
                raise self._gone()
            self._ready = True

    def _gone(self) -> SandboxUnavailable:
        self._errors.seek(0)
        last = self._errors.read()[-4000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
        return SandboxUnavailable(last or "the box's first process ended without a word")


def _started_and_locked(status: socket.socket) -> tuple[list[int], bytes]:
    """Return the pidfd, from the nursery, and what the child said of its lock, which can come first."""
    descriptors: list[int] = []
    locked = b""
    while not (descriptors and locked):
        said, received, _, _ = socket.recv_fds(status, 1000, 1)
        descriptors += received
        if said != b"started":
            locked = said
        if said not in (b"started", b"locked"):
            break
    return descriptors, locked


def _packets() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _child(pidfd: int, frames: socket.socket, out: socket.socket, err: socket.socket, status: socket.socket) -> Child:
    pid = _pid_of(pidfd)
    end: list[int] = []
    killed: list[bool] = []

    def kill() -> None:
        # Once: by the next time its number may be another process's.
        if not killed:
            killed.append(True)
            _quietly(lambda: os.killpg(pid, signal.SIGKILL))
            _quietly(lambda: signal.pidfd_send_signal(pidfd, signal.SIGKILL))

    def release() -> None:
        _quietly(lambda: ended(_START_LIMIT))
        os.close(pidfd)
        status.close()

    def ended(limit: float) -> int | None:
        if not end:
            status.settimeout(limit)
            try:
                message = status.recv(_LARGEST_PACKET)
            except TimeoutError:
                return None
            if not message:
                raise SandboxUnavailable("the box's first process ended in the middle of a run")
            end.append(os.waitstatus_to_exitcode(json.loads(message)["ended"]))
        return end[0]

    return Child(pid, frames, out, err, kill, ended, release)


def _pid_of(pidfd: int) -> int:
    """Return the process's number in our own PID namespace: the nursery may know it by another."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise SandboxUnavailable("the child's process number is not known")


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, SandboxUnavailable):
        pass

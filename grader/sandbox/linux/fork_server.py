"""The host's end of a fork server: the process that has imported everything, and forks a child for each job."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from grader.core.run.observation import Stop
from grader.sandbox.host.child import Child, start_python
from grader.sandbox.linux.levels import Level
from grader.sandbox.port import Requirement, SandboxUnavailable, told_by_another_program

_START_LIMIT = 120.0
_LARGEST_PACKET = 1 << 16


class ForkServer:
    """A fork server, and what holds it. `forked` counts its children, `active` those that are led through a job.

    Args:
        control: takes what it is told.
        process: that was started for it; None where it is a copy of another fork server.
        errors: what that process says last.
    """

    def __init__(
        self, control: socket.socket, process: subprocess.Popen[bytes] | None = None, errors: IO[bytes] | None = None
    ) -> None:
        self.forked = self.active = 0
        self._control, self._process, self._errors = control, process, errors
        self._ready = False

    @classmethod
    def started(cls, preload: Iterable[str], level: Level) -> ForkServer:
        """Start a process that imports `preload`, without waiting.

        Raises:
            SandboxUnavailable: where that is not possible.
        """
        program = level.program()
        errors = tempfile.TemporaryFile()
        control, theirs = _packets()
        with theirs:
            arguments = ["fork_server", str(theirs.fileno()), ",".join(preload)]
            try:
                process = start_python(arguments, [theirs.fileno()], stderr=errors, jail=level.jail)
            except OSError as error:
                raise SandboxUnavailable(str(error)) from None
        # It may have ended already; who wants a child of it hears why.
        _quietly(lambda: control.send(program))
        return cls(control, process, errors)

    @classmethod
    def copied(cls, original: socket.socket, more: Iterable[str] = ()) -> ForkServer:
        """Let a fork server fork another like itself, which shares its memory, and runs where we run; without waiting.

        Args:
            original: the control of that fork server, or a duplicate.
            more: modules that the copy imports beside what the original did.

        Raises:
            OSError: where it is gone.
        """
        control, theirs = _packets()
        with theirs:
            try:
                message = json.dumps({"copy": True, "cores": sorted(os.sched_getaffinity(0)), "more": list(more)})
                socket.send_fds(original, [message.encode()], [theirs.fileno()])
            except OSError:
                control.close()
                raise
        return cls(control)

    def copied_for(self, control: socket.socket, cores: Iterable[int]) -> bool:
        """Let it fork another like itself that listens on this control, which is another command's; whether it can."""
        try:
            message = json.dumps({"copy": True, "cores": list(cores), "more": []})
            socket.send_fds(self._control, [message.encode()], [control.fileno()])
        except OSError:
            return False
        return True

    @property
    def control(self) -> socket.socket:
        """What `copied` takes. It can be handed to another process; the fork server ends when nobody holds it."""
        return self._control

    def fork(self, settings: str, several: bool = False) -> Child:
        """Return a fresh child, locked as `settings` say, for one job or for several.

        Raises:
            SandboxUnavailable: where the fork server is gone, or a step of the lock-down failed; the text says which.
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
            raise _not_locked(locked) if locked else self._gone()
        self.active += 1
        lock = json.loads(settings)
        return _child(descriptors[0], frames[0], out[0], err[0], status[0], lock and lock["cpu"])

    def kill(self) -> None:
        """End the whole process group: as root several programs stand between us and the fork server."""
        if self._process is None:
            # A copy ends by itself when nobody can tell it anything any more; nor does anybody wait for it then.
            _quietly(lambda: self._control.shutdown(socket.SHUT_RDWR))
            return
        pid = self._process.pid
        _quietly(lambda: os.killpg(pid, signal.SIGKILL))
        self._process.kill()

    def close(self) -> None:
        """End it, wait for its end, and give up what was held of it."""
        self.kill()
        self._control.close()
        if self._process is not None:
            self._process.wait()
        if self._errors is not None:
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
        last = ""
        if self._errors is not None:
            self._errors.seek(0)
            last = self._errors.read()[-4000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
        return SandboxUnavailable(last or "the box's first process ended without a word", told_by_another_program(last))


# Steps of the lock-down that fail where the machine lacks something.
_STEPS = {"landlock version": Requirement.LANDLOCK, "unshare user": Requirement.MORE_NAMESPACES}


def _not_locked(said: bytes) -> SandboxUnavailable:
    told = json.loads(said)
    if "step" not in told:
        return SandboxUnavailable("the child ended before it was locked")
    return SandboxUnavailable(f"{told['step']}: {told['why']}", _STEPS.get(told["step"]))


def _started_and_locked(status: socket.socket) -> tuple[list[int], bytes]:
    """Return the pidfd, from the fork server, and what the child said of its lock, which can come first."""
    descriptors: list[int] = []
    locked = b""
    while not (descriptors and locked):
        said, received, _, _ = socket.recv_fds(status, _LARGEST_PACKET, 1)
        descriptors += received
        if said != b"started":
            locked = said
        if said not in (b"started", b"locked"):
            break
    return descriptors, locked


def _packets() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _child(
    pidfd: int, frames: socket.socket, out: socket.socket, err: socket.socket, status: socket.socket, cpu: float | None
) -> Child:
    """Return a child that was started.

    Args:
        cpu: seconds of processor time after which the kernel kills it; None for one without a lock.
    """
    pid = _pid_of(pidfd)
    # Its exit code and its processor time.
    end: list[tuple[int, float]] = []
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
            told = json.loads(message)
            end.append((os.waitstatus_to_exitcode(told["ended"]), told["cpu"]))
        return end[0][0]

    def why_killed() -> Stop | None:
        # Behind a lock a program can neither send itself a signal that kills nor set its own limits.
        if cpu is None or killed or not end:
            return None
        # The kernel's limit is a second above ours, and it counts by ticks.
        return Stop.CPU if end[0][1] >= cpu - 1 else Stop.SANDBOX

    return Child(pid, frames, out, err, kill, ended, release, why_killed)


def _pid_of(pidfd: int) -> int:
    """Return the process's number in our own PID namespace: the fork server may know it by another."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise SandboxUnavailable("the child's process number is not known")


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, SandboxUnavailable):
        pass

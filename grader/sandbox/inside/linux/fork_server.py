"""Linux: one process that imports everything once and forks a child for each job."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import select
import selectors
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.linux.huge_pages import move_to_huge_pages
from grader.sandbox.inside.linux.lock import FIRST_FREE, LockFailed, back_to, die_with_parent, lock, new_pid_namespace
from grader.sandbox.inside.program.environment.shims import explain_what_is_missing

Work = Callable[[Channel, bool], None]

_FRAMES, _STATUS = 3, 4
_LARGEST_PACKET = 1 << 16
_MOST_WORDS = 400


@contextmanager
def ending_with(control: socket.socket) -> Iterator[None]:
    """End this process when the host does, also where nobody reads: imports take seconds. Needs no thread."""

    def look(*_: object) -> None:
        poll = select.poll()
        poll.register(control, 0)
        if poll.poll(0):
            os._exit(0)

    flags = fcntl.fcntl(control, fcntl.F_GETFL)
    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, flags | os.O_ASYNC)
    look()
    try:
        yield
    finally:
        fcntl.fcntl(control, fcntl.F_SETFL, flags)
        signal.signal(signal.SIGIO, signal.SIG_DFL)


class ForkServer:
    """Forks a child for each message of the host, and reports each child's end.

    Messages are packets on `control`. The first is the seccomp filter, empty for none. Each other one is JSON with
    four descriptors: frames, standard output, standard error, status. `lock` has the lock's settings, null for no lock;
    `several` says whether more than one job will come. Or it is `copy`, with one descriptor: the control of another
    fork server like this one, forked from it when it has imported `more`, that runs on `cores`. Copies share memory,
    and what was imported before.

    Args:
        load: imports modules.
    """

    def __init__(self, control: socket.socket, work: Work, load: Callable[[list[str]], None]) -> None:
        self._control = control
        self._work = work
        self._load = load
        self._imported: set[str] = set()
        self._filter = control.recv(_LARGEST_PACKET)
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        # By pidfd: its number, and where its end is reported; a copy's is nobody's business.
        self._children: dict[int, tuple[int, socket.socket | None]] = {}

    def run(self) -> None:
        """Serve until the host is gone."""
        # Who started the host may ignore it, and that is inherited: nobody could wait for a child then.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # What a submission leaves for the collector is gone with its process, mostly before a collection would pay.
        gc.set_threshold(10_000, 20, 100)
        self._settle()
        self._control.send(b"ready")
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._control:
                    self._report_end(key.fd)
                    continue
                message, descriptors, _, _ = socket.recv_fds(self._control, _LARGEST_PACKET, 4)
                if not message:
                    self._end_children()
                    return
                told = json.loads(message)
                if "copy" not in told:
                    self._fork(told, descriptors)
                elif self._copy(descriptors[0], told["cores"], told["more"]):
                    # What else was ready is the original's.
                    break

    def _fork(self, message: dict[str, Any], descriptors: list[int]) -> None:
        settings: dict[str, Any] | None = message["lock"]
        status = socket.socket(fileno=descriptors.pop())
        namespaces = settings is not None and settings["namespaces"]
        try:
            if namespaces:
                new_pid_namespace()
            pid = os.fork()
        except (OSError, LockFailed) as error:
            status.send(_failure(error))
            status.close()
            for descriptor in descriptors:
                os.close(descriptor)
            return
        if pid == 0:
            _child(settings, self._filter, [*descriptors, status.detach()], self._work, not message["several"])
        if namespaces:
            back_to(self._own_pids)
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(status, [b"started"], [pidfd])
        self._children[pidfd] = (pid, status)
        self._selector.register(pidfd, selectors.EVENT_READ)

    def _copy(self, control: int, cores: list[int], more: list[str]) -> bool:
        """Fork another fork server that listens on `control`; return whether this is it."""
        fault = self._import(more)
        pid = os.fork()
        if pid:
            os.close(control)
            pidfd = os.pidfd_open(pid)
            self._children[pidfd] = (pid, None)
            self._selector.register(pidfd, selectors.EVENT_READ)
            return False
        die_with_parent()
        os.sched_setaffinity(0, cores)
        for pidfd, (_, status) in self._children.items():
            os.close(pidfd)
            if status is not None:
                status.close()
        self._children = {}
        self._selector.close()
        self._control.close()
        self._control = socket.socket(fileno=control)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._control, selectors.EVENT_READ)
        if fault is not None:
            raise fault
        self._control.send(b"ready")
        return True

    def _import(self, more: list[str]) -> Exception | None:
        """Import what is new; the next copy will want it, too. What fails ends the copy that asked, and no other."""
        new = [name for name in more if name not in self._imported]
        if not new:
            return None
        try:
            with ending_with(self._control):
                self._load(new)
        except Exception as fault:
            return fault
        self._imported.update(new)
        self._settle()
        return None

    def _settle(self) -> None:
        """Make what is imported as cheap as can be for children."""
        # Without this a collection in a child would touch, and so copy, every page of what the fork server imported.
        gc.collect()
        gc.freeze()
        move_to_huge_pages()

    def _end_children(self) -> None:
        """Leave nobody to the original, which would never ask how they ended."""
        for pidfd, (pid, _) in self._children.items():
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            os.wait4(pid, 0)

    def _report_end(self, pidfd: int) -> None:
        self._selector.unregister(pidfd)
        pid, status = self._children.pop(pidfd)
        _, wait_status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        if status is None:
            return
        try:
            status.send(json.dumps({"ended": wait_status, "cpu": usage.ru_utime + usage.ru_stime}).encode())
        except OSError:
            pass
        status.close()


def _child(settings: dict[str, Any] | None, program: bytes, descriptors: list[int], work: Work, once: bool) -> NoReturn:
    """Be the child: take the streams, lock, say so where no submission can, and work. Never returns."""
    try:
        die_with_parent()
        os.setsid()
        _take_streams(*descriptors)
        if settings is None:
            os.closerange(FIRST_FREE, 1024)
        else:
            lock(settings, program, _failing_at(settings.get("fail_at")))
            explain_what_is_missing()
        os.write(_STATUS, b"locked")
        os.close(_STATUS)
        work(Channel(_FRAMES, _FRAMES), once)
    except LockFailed as error:
        os.write(_STATUS, _failure(error))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _failure(error: OSError | LockFailed) -> bytes:
    """Return what the host is told: the step that failed, and why."""
    step, why = (error.step, error.why) if isinstance(error, LockFailed) else ("fork", str(error))
    told = {"step": step[:_MOST_WORDS], "why": why[:_MOST_WORDS]}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def _failing_at(name: str | None) -> Callable[[str], None]:
    """Return what makes one step of the lock-down fail; the host asks for it in tests only."""

    def step(at: str) -> None:
        if at == name:
            raise LockFailed(at, "made to fail")

    return step


def _take_streams(frames: int, out: int, err: int, status: int) -> None:
    """Move the job's descriptors to 0 to 4; there is nothing to read: nobody types while grading."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    # First all out of the way: a descriptor that already is a low number must not be closed by another's move.
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 100) for descriptor in (nothing, out, err, frames, status)]
    for place, descriptor in enumerate(high):
        os.dup2(descriptor, place)
        os.close(descriptor)

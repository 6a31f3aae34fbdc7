"""Linux: a fork server imports torch once and forks a child per job, in milliseconds instead of seconds."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, Job, ProgramJob, files_of
from grader.core.run.observation import Run, RunStatus
from grader.sandbox.host.author_tests import conduct_author_tests
from grader.sandbox.host.child import Child, conduct, conduct_together, limits_of
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.linux.lending import fits, wanted
from grader.sandbox.linux.levels import PLAIN, Level
from grader.sandbox.port import SandboxUnavailable, could_not_run

T = TypeVar("T")


class ForkBox:
    """A box whose children are forked, each locked as its level says before it runs anything of a submission.

    Args:
        preload: modules that the fork server imports before it forks; "warm" touches what most programs touch.
        level: what holds the child; the plain one holds nothing.
        recycle: jobs after which a fresh fork server takes over, once the old one is gone: two take twice the memory.
        original: the control of a fork server of this level; ours are its copies while it lives.
        more: what it does not import of all that.
        borrowed: the control of a fork server that was made for us, and is the first of ours.
        lends: whether others may have copies. To tell what they would get takes milliseconds.
    """

    def __init__(
        self,
        preload: Iterable[str] = (),
        level: Level = PLAIN,
        recycle: int = 5000,
        original: socket.socket | None = None,
        more: Iterable[str] = (),
        borrowed: socket.socket | None = None,
        lends: bool = False,
    ) -> None:
        self.isolation = level.isolation
        self._preload = tuple(preload)
        self._original = original
        self._more = tuple(more)
        self._borrowed = borrowed
        self._lends = lends
        self._level = level
        self._recycle = recycle
        self._lock = threading.Lock()
        self._fork_server: ForkServer | None = None
        # What the fork server was made from; None where it is not to be lent.
        self._like: Mapping[str, Any] | None = None
        self._fork_servers: set[ForkServer] = set()
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
        """End the fork servers and every child. Running jobs end as `sandbox_failed`; none starts any more."""
        self._closed = True
        # Before the lock is asked for: who holds it may be waiting for one of these processes.
        for fork_server in list(self._fork_servers):
            fork_server.kill()
        for child in list(self._children):
            child.kill()
        with self._lock:
            self._see_off()
            for fork_server in list(self._fork_servers):
                self._forget(fork_server)

    def lend(self, asked: Mapping[str, Any], cores: Sequence[int], control: socket.socket) -> bool:
        """Let the fork server be copied for another command that wants one like it; return whether it is.

        Args:
            control: what the copy is to listen on.
        """
        with self._lock:
            if self._closed or self._fork_server is None or self._like is None or not fits(self._like, asked):
                return False
            return self._fork_server.copied_for(control, cores)

    def run(self, job: Job) -> Run:
        """Run one job in a forked child; author tests take two, locked alike.

        No lock opens a device: its driver is a part of the kernel that a submission would talk to.
        """
        if isinstance(job, ProgramJob) and job.device and self._level.lock is not None:
            return Run(RunStatus.COMPLETED, no_device=True)
        try:
            if isinstance(job, AuthorTestsJob):
                run = self._author_tests(job)
            else:
                with self._scratch([job]) as scratch:
                    run = self._in_child(limits_of(job), scratch, lambda child: conduct(job, child, scratch))
        except (OSError, SandboxUnavailable) as error:
            return could_not_run(error)
        if self._closed and run.status is not RunStatus.COMPLETED:
            return could_not_run(SandboxUnavailable("the box was closed"))
        return run

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run jobs of one submission in one forked child; the limits of each hold for it, their sum for the child."""
        limits = [limits_of(job) for job in jobs]
        of_all = replace(max(limits, key=lambda each: each.memory), cpu=sum(each.cpu for each in limits))
        try:
            with self._scratch(jobs) as scratch:
                return self._in_child(
                    of_all, scratch, lambda child: conduct_together(jobs, child, scratch), several=True
                )
        except (OSError, SandboxUnavailable) as error:
            return [could_not_run(error)]

    def _author_tests(self, job: AuthorTestsJob) -> Run:
        with self._scratch([job]) as scratch, self._scratch([job]) as another:

            def beside(program: Child) -> Run:
                return self._in_child(
                    job.limits_of_tests,
                    another,
                    lambda tests: conduct_author_tests(job, program, tests, scratch, another),
                )

            return self._in_child(job.limits, scratch, beside)

    @contextmanager
    def _scratch(self, jobs: Sequence[Job]) -> Iterator[Scratch]:
        """Yield the folder that a child works in: the jail's, a new one, or / where nothing can be written anyway.

        There, files of an exercise are put into a new one that the child can only read.
        """
        placed = self._level.scratch is None and self._level.lock is not None
        if self._level.scratch is not None or (placed and not any(map(files_of, jobs))):
            yield Scratch(self._level.scratch or "/")
            return
        with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as scratch:
            yield Scratch(scratch, placed)

    def _in_child(self, limits: Limits, scratch: Scratch, lead: Callable[[Child], T], several: bool = False) -> T:
        with self._lock:
            self._see_off()
            fork_server = self._current()
            try:
                child = fork_server.fork(
                    self._level.settings(limits, scratch.path if scratch.placed else None), several
                )
            except (OSError, SandboxUnavailable):
                self._give_up(fork_server)
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
                self._give_up(fork_server)
            raise
        finally:
            child.kill()
            self._children.discard(child)
            with self._lock:
                self._ending.append(child)
                fork_server.active -= 1
                if fork_server is not self._fork_server and not fork_server.active:
                    self._forget(fork_server)

    def _see_off(self) -> None:
        """Wait until those that were killed before are gone."""
        while self._ending:
            self._ending.popleft().release()

    def _current(self) -> ForkServer:
        """Return the fork server whose turn it is. One that has done its share goes when its last child has gone."""
        if self._closed:
            raise SandboxUnavailable("the box was closed")
        if self._fork_server is not None and self._fork_server.forked >= self._recycle:
            if not self._fork_server.active:
                self._forget(self._fork_server)
            self._fork_server = None
        if self._fork_server is None:
            self._fork_server = self._new()
            self._fork_servers.add(self._fork_server)
        return self._fork_server

    def _new(self) -> ForkServer:
        self._like = None
        if self._borrowed is not None:
            control, self._borrowed = self._borrowed, None
            return ForkServer(control)
        if self._original is not None:
            try:
                return ForkServer.copied(self._original, self._more)
            except OSError:
                self._original = None
        if self._lends:
            with suppress(OSError):
                # Now: whoever borrows it later may have newer files, which it has not imported.
                self._like = wanted(self._level, self._preload)
        return ForkServer.started(self._preload, self._level)

    def _give_up(self, fork_server: ForkServer) -> None:
        """Do without a fork server that failed, and where it was a copy without its original, which may be gone."""
        self._original = None
        self._forget(fork_server)

    def _forget(self, fork_server: ForkServer) -> None:
        if fork_server in self._fork_servers:
            self._fork_servers.discard(fork_server)
            fork_server.close()
        if self._fork_server is fork_server:
            self._fork_server = None

"""Worker processes on this machine, each with a warm box of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from grader.grading.batch.host_limits import end_for_memory, ended_by_limit, limit_memory
from grader.grading.batch.queue import Died, Queue
from grader.grading.batch.task import close_boxes, in_the_end, judge_or_put_off, make_ready, start_original, too_costly
from grader.sandbox.closed import closed

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer

T = TypeVar("T")
# One is judged while the next one is on its way.
_AHEAD = 2
# Seconds after which whoever follows looks whether more has come.
_LOOK_AGAIN = 0.1


@dataclass(eq=False)
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    core: int | None
    used: bool = False
    held: deque[int] = field(default_factory=deque)


class LocalWorkers:
    """A number of processes. One that dies is replaced, and what it held is done again.

    Args:
        work: what they do with a task, a function that can be found by its name; its outcome is never None.
        last: returns a task as it is to be done when all others are.
        costly: returns the outcome of a task on which two workers, one of them new, spent all their time or memory
            outside of the box.
    """

    def __init__(
        self,
        count: int,
        work: Callable[[Any], Any] = judge_or_put_off,
        last: Callable[[Any], Any] = in_the_end,
        costly: Callable[[Any], Any] = too_costly,
    ) -> None:
        self._count = count
        self._work = work
        self._last = last
        self._costly = costly
        self._first: Callable[[], None] | None = None
        self._original: ForkServer | None = None
        self._cores: list[int] = []
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def begin(self, isolation: str, most: int, torch: bool = False) -> None:
        """Start up to `most` workers before there are tasks. What their boxes import is imported once, meanwhile.

        Args:
            torch: whether that is torch, too; otherwise it is imported once somebody wants it.
        """
        if self._first is None:
            original = self._original = start_original(isolation, torch)
            control = original.control if original is not None else None
            self._first = partial(make_ready, isolation, torch, control, closed())
        if sys.platform == "linux":
            # A judge and its box take turns: on one core they share its cache, and wake nobody elsewhere. Fewer workers
            # than cores are left to the kernel: other graders may be at work here.
            cores = os.sched_getaffinity(0)
            self._cores = sorted(cores) if min(self._count, most) >= len(cores) else []
        while len(self._workers) < min(self._count, most):
            self._workers.append(self._started())

    def judge(self, tasks: Iterable[tuple[T, Any]]) -> Iterator[tuple[T, Any]]:
        """Yield the outcome of every task, in the order in which they are done.

        What takes long is done when all others are. What the machine was too busy for is done after that, one at a
        time.
        """
        return self._judge(Queue(tasks, self._last, self._costly), None)

    def follow(self, tasks: Iterator[tuple[T, Any]], goes_on: Callable[[], bool]) -> Iterator[tuple[T, Any]]:
        """Yield outcomes as `judge` does, and of tasks that come later too, until it is not to go on.

        Args:
            tasks: asked again after it had none.
            goes_on: asked several times a second; what is not done when it says no is left.
        """
        return self._judge(Queue(tasks, self._last, self._costly, endless=True), goes_on)

    def _judge(self, queue: Queue[T], goes_on: Callable[[], bool] | None) -> Iterator[tuple[T, Any]]:
        try:
            while True:
                while (held := self._fewest_held()) < _AHEAD:
                    number = queue.next(idle=not held)
                    if number is None:
                        break
                    worker = self._unused() if queue.ended_one(number) else self._idlest()
                    self._give(worker, number, queue.task(number))
                if not queue if goes_on is None else not goes_on():
                    return
                for number, outcome in self._finished(queue, None if goes_on is None else _LOOK_AGAIN):
                    yield from queue.settled(number, outcome)
        finally:
            self.close()

    def close(self) -> None:
        """End the workers. A box ends when its channel does, and so with its worker, however that ends."""
        _end(self._workers)
        self._workers.clear()
        if self._original is not None:
            self._original.close()
        self._original = self._first = None

    def _fewest_held(self) -> int:
        """Return how many tasks the worker holds that has the fewest; 0 where one more can be started."""
        return min((len(worker.held) for worker in self._workers), default=0) if self._all_started else 0

    def _idlest(self) -> _Worker:
        """Return the worker that holds the fewest tasks, a new one where all there are hold some."""
        idlest = min(self._workers, key=lambda worker: len(worker.held), default=None)
        if idlest is not None and (self._all_started or not idlest.held):
            return idlest
        self._workers.append(self._started())
        return self._workers[-1]

    def _unused(self) -> _Worker:
        """Return a worker that has done nothing yet. Whoever asks has seen an idle one, or room for one."""
        worker = self._idlest()
        if worker.used:
            self._workers.remove(worker)
            _end([worker])
            worker = self._started()
            self._workers.append(worker)
        return worker

    @property
    def _all_started(self) -> bool:
        return len(self._workers) >= self._count

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        core = self._next_core()
        process = self._context.Process(target=_work, args=(theirs, self._work, self._first, core), daemon=True)
        with _interrupt_later():
            process.start()
        theirs.close()
        return _Worker(process, ours, core)

    def _next_core(self) -> int | None:
        """Return the core that has the fewest workers; None where they need not stay on one."""
        taken = [worker.core for worker in self._workers]
        return min(self._cores, key=taken.count, default=None)

    def _give(self, worker: _Worker, number: int, task: Any) -> None:
        worker.used = True
        worker.held.append(number)
        try:
            worker.connection.send((number, task))
        except OSError:
            # It has died; `_finished` will find that out.
            return

    def _finished(self, queue: Queue[Any], seconds: float | None) -> list[tuple[int, Any]]:
        """Return numbers and outcomes of what is done, or that the worker died with it.

        Args:
            seconds: to wait at most; None for as long as it takes.
        """
        if seconds is not None and not self._workers:
            # There would be nothing to wait for.
            time.sleep(seconds)
        ready = set(wait([worker.connection for worker in self._workers], seconds))
        found: list[tuple[int, Any]] = []
        for worker in list(self._workers):
            if worker.connection not in ready:
                continue
            try:
                number, outcome = worker.connection.recv()
            except (EOFError, OSError):
                self._workers.remove(worker)
                worker.process.kill()
                worker.process.join()
                # What waited behind the one that it died with has not been tried.
                queue.take_back(list(worker.held)[1:])
                died = Died(ended_by_limit(worker.process.exitcode))
                found.extend((number, died) for number in list(worker.held)[:1])
                continue
            worker.held.remove(number)
            found.append((number, outcome))
        return found


def _end(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.connection.close()
        worker.process.kill()
    for worker in workers:
        worker.process.join()


def _work(
    connection: Connection, work: Callable[[Any], Any], first: Callable[[], None] | None, core: int | None
) -> None:
    """Be a worker, until the grader is gone."""
    if sys.platform == "linux" and core is not None:
        with suppress(OSError):
            os.sched_setaffinity(0, {core})
    # Ctrl-C reaches the whole group; the grader decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    # In the middle of a submission nobody looks at the channel.
    threading.Thread(target=_end_with_grader, daemon=True).start()
    if first is not None:
        first()
    limit_memory()
    while True:
        try:
            number, task = connection.recv()
        except (EOFError, OSError):
            break
        try:
            connection.send((number, work(task)))
        except OSError:
            break
        except MemoryError:
            end_for_memory()
    close_boxes()


@contextmanager
def _interrupt_later() -> Iterator[None]:
    """Hold Ctrl-C back; a process that starts meanwhile does so until it says itself what it is to mean."""
    if sys.platform == "win32":
        yield
        return
    # Where it starts first, it lets every signal through again that was held back.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        # What this thread holds back reaches another one, and would interrupt this one all the same.
        with _interrupt_noted():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupt_noted() -> Iterator[None]:
    """Pass Ctrl-C on at the end, where it comes earlier."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        usual(signal.SIGINT, came[0])


def _end_with_grader() -> None:
    grader = multiprocessing.parent_process()
    assert grader is not None
    grader.join()
    os._exit(1)

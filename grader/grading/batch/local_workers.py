"""Worker processes on this machine, each with a warm box of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.grading.batch.host_limits import ended_by_limit, limit_memory
from grader.grading.batch.task import Later, close_boxes, judge_or_put_off, make_ready, start_original, too_costly
from grader.sandbox.closed import closed

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer

T = TypeVar("T")
# One is judged while the next one is on its way.
_AHEAD = 2
_MOST_TRIES = 3
_MOST_COSTLY_TRIES = 2


@dataclass(eq=False)
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    core: int | None
    held: deque[int] = field(default_factory=deque)


@dataclass(frozen=True)
class _Died:
    """A worker's end in the middle of a task; `costly` where it had used up its time outside of the box."""

    costly: bool


class LocalWorkers:
    """A number of processes. One that dies is replaced, and what it held is done again.

    Args:
        work: what they do with a task, a function that can be found by its name; its outcome is never None.
        costly: returns the outcome of a task that two workers spent all their time on, outside of the box.
    """

    def __init__(
        self, count: int, work: Callable[[Any], Any] = judge_or_put_off, costly: Callable[[Any], Any] = too_costly
    ) -> None:
        self._count = count
        self._work = work
        self._costly = costly
        self._first: Callable[[], None] | None = None
        self._original: ForkServer | None = None
        self._cores: list[int] = []
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    def begin(self, isolation: str, most: int) -> None:
        """Start up to `most` workers before there are tasks. What their boxes import is imported once, meanwhile."""
        if self._first is None:
            original = self._original = start_original(isolation)
            self._first = partial(make_ready, isolation, original.control if original is not None else None, closed())
        if sys.platform == "linux":
            # A judge and its box take turns: on one core they share its cache, and wake nobody elsewhere. Fewer workers
            # than cores are left to the kernel: other graders may be at work here.
            cores = os.sched_getaffinity(0)
            self._cores = sorted(cores) if min(self._count, most) >= len(cores) else []
        while len(self._workers) < min(self._count, most):
            self._workers.append(self._started())

    def judge(self, tasks: Iterable[tuple[T, Any]]) -> Iterator[tuple[T, Any]]:
        """Yield the outcome of every task, in the order in which they are done.

        What the machine was too busy for is done again at the end, one at a time.
        """
        source, again, late = iter(tasks), deque[int](), deque[int]()
        alone: set[int] = set()
        open_tasks: dict[int, tuple[T, Any, int]] = {}
        number = 0
        exhausted = False
        try:
            while True:
                while not exhausted or again:
                    worker = self._free()
                    if worker is None:
                        break
                    if again:
                        next_number = again.popleft()
                    else:
                        item = next(source, None)
                        if item is None:
                            exhausted = True
                            continue
                        next_number = number = number + 1
                        open_tasks[next_number] = (*item, 0)
                    self._give(worker, next_number, open_tasks[next_number][1])
                if not open_tasks:
                    return
                if len(late) == len(open_tasks):
                    alone.add(late[0])
                    again.append(late.popleft())
                    continue
                for done, outcome in self._finished(again):
                    if isinstance(outcome, Later) and done not in alone:
                        late.append(done)
                        continue
                    label, task, tries = open_tasks.pop(done)
                    if isinstance(outcome, Later):
                        yield label, outcome.outcome
                    elif not isinstance(outcome, _Died):
                        yield label, outcome
                    elif outcome.costly and tries + 1 == _MOST_COSTLY_TRIES:
                        yield label, self._costly(task)
                    elif tries + 1 == _MOST_TRIES:
                        yield label, CouldNotJudge(say("the process that judged it ended three times"))
                    else:
                        open_tasks[done] = (label, task, tries + 1)
                        again.append(done)
        finally:
            self.close()

    def close(self) -> None:
        """End the workers. A box ends when its channel does, and so with its worker, however that ends."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()
        if self._original is not None:
            self._original.close()
        self._original = self._first = None

    def _free(self) -> _Worker | None:
        """Return a worker that can take one more, the idlest first; None where all have enough."""
        idlest = min(self._workers, key=lambda worker: len(worker.held), default=None)
        if idlest is not None and not idlest.held:
            return idlest
        if len(self._workers) < self._count:
            self._workers.append(self._started())
            return self._workers[-1]
        return idlest if idlest is not None and len(idlest.held) < _AHEAD else None

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
        worker.held.append(number)
        try:
            worker.connection.send((number, task))
        except OSError:
            # It has died; `_finished` will find that out.
            return

    def _finished(self, again: deque[int]) -> list[tuple[int, Any]]:
        """Return numbers and outcomes of what is done, or that the worker died with it."""
        ready = set(wait([worker.connection for worker in self._workers]))
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
                again.extend(list(worker.held)[1:])
                died = _Died(ended_by_limit(worker.process.exitcode))
                found.extend((number, died) for number in list(worker.held)[:1])
                continue
            worker.held.remove(number)
            found.append((number, outcome))
        return found


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

"""Workers of a Dask cluster: the same tasks, each judged in the warm box of the worker that it comes to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from distributed import Client, as_completed
from distributed.comm.addressing import parse_address
from distributed.comm.registry import get_backend

from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.queue import Died, Queue
from grader.grading.batch.task import Later, Outcome, Task, in_the_end, judge_or_put_off

T = TypeVar("T")
# Enough to keep a worker busy while its next tasks are on their way, few enough to stay small here.
_AHEAD = 4
_PATIENCE = "10s"
_TRIES_AGAIN = 2
# Seconds after which whoever follows looks what is done, and whether more has come.
_LOOK_AGAIN = 0.1


class ClusterWorkers:
    """The workers of an existing cluster.

    Args:
        address: of its scheduler, as `tcp://10.0.0.1:8786`.

    Raises:
        UsageFault: where that is no address.
    """

    def __init__(self, address: str) -> None:
        if not re.fullmatch(r"(\w+://)?.+:\d{1,5}", address):
            raise UsageFault(
                say("{found} is not a scheduler's address; write it as tcp://10.0.0.1:8786", found=address or '""')
            )
        self._address = address

    def begin(self, isolation: str, most: int, torch: bool = False) -> None:
        """Leave a cluster's workers as they are: they run already."""

    def close(self) -> None:
        """Leave them running."""

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        """Yield the outcome of every task, in the order in which they are done.

        Raises:
            CouldNotJudge: where there is no such scheduler, or it has no workers.
        """
        with self._client() as client:
            yield from self._on(client, iter(tasks))

    def follow(self, tasks: Iterator[tuple[T, Task]], goes_on: Callable[[], bool]) -> Iterator[tuple[T, Outcome]]:
        """Yield outcomes as `judge` does, and of tasks that come later too, until it is not to go on.

        Args:
            tasks: asked again after it had none.
            goes_on: asked several times a second; what is not done when it says no is left.

        Raises:
            CouldNotJudge: as `judge`, and where the scheduler goes away.
        """
        with self._client() as client:
            queue, sent = Queue(tasks, in_the_end, _out_of_memory, endless=True), dict[Any, int]()
            while goes_on():
                try:
                    if client.status == "running":
                        self._send(client, queue, sent)
                    done = [future for future in sent if future.status != "pending"]
                    gone = client.status != "running" or any(future.cancelled() for future in done)
                except OSError:
                    gone = True
                if gone:
                    # What it held has no outcome, and waits for whoever follows next.
                    raise CouldNotJudge(say("the Dask scheduler at {address} is gone", address=self._address))
                for future in done:
                    yield from queue.settled(sent.pop(future), _outcome(future))
                if not done:
                    time.sleep(_LOOK_AGAIN)
            client.cancel(list(sent))

    @contextmanager
    def _client(self) -> Iterator[Any]:
        try:
            # A client that cannot even begin to connect would end with a traceback of its own.
            get_backend(parse_address(self._address)[0])
            client: Any = Client(self._address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise CouldNotJudge(
                say("there is no Dask scheduler at {address}: {words}", address=self._address, words=str(error))
            ) from None
        with client:
            if not client.nthreads():
                raise CouldNotJudge(say("the Dask cluster at {address} has no workers", address=self._address))
            yield client

    def _on(self, client: Any, source: Iterator[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        queue, sent = Queue(source, in_the_end, _out_of_memory), dict[Any, int]()
        running: Any = as_completed(self._send(client, queue, sent), loop=client.loop)  # type: ignore[no-untyped-call]
        for future in running:
            yield from queue.settled(sent.pop(future), _outcome(future))
            running.update(self._send(client, queue, sent))

    def _send(self, client: Any, queue: Queue[Any], sent: dict[Any, int]) -> list[Any]:
        """Send what the cluster has room for. What was put off waits here: there, others would wait behind it."""
        # Workers come and go; where all are gone for a moment, what is sent waits for the next.
        threads = sum(client.nthreads().values()) or 1
        futures = []
        while len(sent) < _AHEAD * threads:
            number = queue.next(idle=len(sent) < threads)
            if number is None:
                break
            # Not pure: two tasks of one content are two tasks, and nothing of a class stays in the cluster.
            future = client.submit(judge_or_put_off, queue.task(number), pure=False, retries=_TRIES_AGAIN)
            sent[future] = number
            futures.append(future)
        return futures


def _out_of_memory(_task: Task) -> CouldNotJudge:
    """Return what becomes of a task that lacked memory twice: who took it is not known of workers that are not ours."""
    return CouldNotJudge(say("the cluster's workers had too little memory for it, twice"))


def _outcome(future: Any) -> Outcome | Later | TakesLong | Died:
    error = future.exception()
    if isinstance(error, MemoryError):
        return Died(costly=True)
    if error is not None:
        return CouldNotJudge(say("the cluster could not judge it: {words}", words=f"{type(error).__name__}: {error}"))
    outcome: Outcome | Later | TakesLong = future.result()
    return outcome

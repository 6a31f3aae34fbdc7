"""Workers of a Dask cluster: the same tasks, each judged in the warm box of the worker that it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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

    def begin(self, isolation: str, most: int) -> None:
        """Leave a cluster's workers as they are: they run already."""

    def close(self) -> None:
        """Leave them running."""

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        """Yield the outcome of every task, in the order in which they are done.

        Raises:
            CouldNotJudge: where there is no such scheduler, or it has no workers.
        """
        try:
            # A client that cannot even begin to connect would end with a traceback of its own.
            get_backend(parse_address(self._address)[0])
            client: Any = Client(self._address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise CouldNotJudge(
                say("there is no Dask scheduler at {address}: {words}", address=self._address, words=str(error))
            ) from None
        with client:
            yield from self._on(client, iter(tasks))

    def _on(self, client: Any, source: Iterator[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        threads = sum(client.nthreads().values())
        if not threads:
            raise CouldNotJudge(say("the Dask cluster at {address} has no workers", address=self._address))
        queue, sent = Queue(source, in_the_end, _out_of_memory), dict[Any, int]()

        def more() -> list[Any]:
            """Send what the cluster has room for. What was put off waits here: there, others would wait behind it."""
            futures = []
            while len(sent) < _AHEAD * threads:
                number = queue.next(idle=len(sent) < threads)
                if number is None:
                    break
                # Not pure: two tasks of one content are two tasks, and nothing of a class stays in the cluster.
                future = client.submit(judge_or_put_off, queue.task(number), pure=False, retries=_TRIES_AGAIN)
                sent[future.key] = number
                futures.append(future)
            return futures

        running: Any = as_completed(more(), loop=client.loop)  # type: ignore[no-untyped-call]
        for future in running:
            yield from queue.settled(sent.pop(future.key), _outcome(future))
            running.update(more())


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

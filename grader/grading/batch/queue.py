"""In which order the tasks of a batch are given to workers, and what becomes of their outcomes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.task import Later

T = TypeVar("T")
_MOST_TRIES = 3
_MOST_COSTLY_TRIES = 2


@dataclass(frozen=True)
class Died:
    """A worker's end in the middle of a task; `costly` where it had used up its time or memory outside of the box."""

    costly: bool


class Queue(Generic[T]):
    """The tasks that are open: new ones, then what takes long or ended its worker, then what wants the machine alone.

    Args:
        tasks: with their labels.
        last: returns a task as it is to be done when all others are.
        costly: returns the outcome of a task on which two workers, one of them new, spent all their time or memory
            outside of the box.
        endless: whether the source is asked again after it had none.
    """

    def __init__(
        self,
        tasks: Iterable[tuple[T, Any]],
        last: Callable[[Any], Any],
        costly: Callable[[Any], Any],
        endless: bool = False,
    ) -> None:
        self._source = iter(tasks)
        self._endless = endless
        self._last = last
        self._costly = costly
        self._open: dict[int, tuple[T, Any, int]] = {}
        self._untried, self._long, self._late = deque[int](), deque[int](), deque[int]()
        self._alone: set[int] = set()
        self._number = 0
        self._exhausted = False

    def __bool__(self) -> bool:
        """Whether a task is open."""
        return bool(self._open)

    def task(self, number: int) -> Any:
        return self._open[number][1]

    def ended_one(self, number: int) -> bool:
        """Whether a worker ended with the task. The next one must be new: earlier tasks may have filled the first."""
        return self._open[number][2] > 0

    def next(self, idle: bool) -> int | None:
        """Return the number of the task to be given to a worker; None where there is none for it now.

        Args:
            idle: whether it has nothing to do. When all else is done nothing waits behind a task that may take long.
        """
        if not self._exhausted:
            if self._untried:
                return self._untried.popleft()
            item = next(self._source, None)
            if item is not None:
                self._number += 1
                self._open[self._number] = (*item, 0)
                return self._number
            self._exhausted = not self._endless
        if not idle:
            return None
        left = self._untried or self._long
        if left:
            return left.popleft()
        if self._late and len(self._late) == len(self._open):
            self._alone.add(self._late[0])
            return self._late.popleft()
        return None

    def take_back(self, numbers: Iterable[int]) -> None:
        """Take back what a worker held that is gone, and had not begun."""
        self._untried.extend(numbers)

    def settled(self, number: int, outcome: Any) -> Iterator[tuple[T, Any]]:
        """Yield the label and outcome of a task that is done; otherwise it waits for its turn."""
        label, task, tries = self._open[number]
        if isinstance(outcome, Later) and number not in self._alone:
            self._late.append(number)
            return
        if isinstance(outcome, Died):
            tries += 1
            outcome = self._given_up(task, tries, outcome)
        if outcome is None or isinstance(outcome, TakesLong):
            self._open[number] = (label, self._last(task), tries)
            self._long.append(number)
            return
        del self._open[number]
        yield label, outcome.outcome if isinstance(outcome, Later) else outcome

    def _given_up(self, task: Any, tries: int, died: Died) -> Any:
        """Return what becomes of a task that has ended so many workers; None where it is tried again."""
        if died.costly and tries == _MOST_COSTLY_TRIES:
            return self._costly(task)
        if tries == _MOST_TRIES:
            return CouldNotJudge(say("the process that judged it ended three times"))
        return None

"""What the real check of an exercise gives when all its parts are done in the process of the test, with one box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader.grading.proof.check_task import CheckTask
from grader.grading.proof.outcome import check_outcome

Wanted = Callable[[CheckTask], bool]


class InOneProcess:
    """The workers' part, done here: one box for the whole file. Parts that are not wanted are left out."""

    def __init__(
        self, wanted: Wanted = lambda task: True, until: Callable[[Any], bool] = lambda outcome: False
    ) -> None:
        self._wanted = wanted
        self._until = until

    def begin(self, isolation: str, most: int, torch: bool = False) -> None: ...

    def judge(self, tasks: Iterable[tuple[Any, CheckTask]]) -> Iterator[tuple[Any, Any]]:
        for label, task in tasks:
            if self._wanted(task):
                outcome = check_outcome(task)
                yield label, outcome
                if self._until(outcome):
                    return


class NoProgress:
    def begin(self, total: int) -> None:
        pass

    def advance(self, exercise: str) -> None:
        pass

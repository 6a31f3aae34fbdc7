"""The workers' part of grading a class, done in the process of the test with one box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from grader.grading.batch.task import Task, in_the_end, judge_or_put_off

T = TypeVar("T")


class JudgingHere:
    def begin(self, isolation: str, most: int, torch: bool = False) -> None: ...

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Any]]:
        for label, task in tasks:
            yield label, judge_or_put_off(in_the_end(task))

    def close(self) -> None: ...

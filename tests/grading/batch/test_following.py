"""Workers that go on with what comes later."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.local_workers import LocalWorkers


def doubled(number: int) -> Any:
    """What a worker does here."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return TakesLong() if number == 7 else 2 * number


class Coming(Iterator[tuple[str, int]]):
    """Tasks of which some come only when there seemed to be no more."""

    def __init__(self, *parts: list[int]) -> None:
        self.parts = [list(part) for part in parts]

    def __next__(self) -> tuple[str, int]:
        if self.parts and self.parts[0]:
            number = self.parts[0].pop(0)
            return f"task {number}", number
        raise StopIteration

    def more(self) -> None:
        self.parts.pop(0)


def test_what_comes_later_is_done_by_the_same_workers() -> None:
    coming, found = Coming([1, 2], [], [3, 4]), []
    workers = LocalWorkers(2, doubled)
    for label, outcome in workers.follow(coming, lambda: len(found) < 4):
        found.append((label, outcome))
        if len(found) == 2:
            coming.more()
            coming.more()
    assert sorted(found) == [("task 1", 2), ("task 2", 4), ("task 3", 6), ("task 4", 8)]


def test_what_takes_long_is_done_when_nothing_else_waits_and_a_worker_that_dies_is_replaced() -> None:
    coming, found = Coming([7, 13, 1, 2]), []
    workers = LocalWorkers(1, doubled, last=lambda number: number + 100)
    for label, outcome in workers.follow(coming, lambda: len(found) < 4):
        found.append((label, outcome))
    assert found[:2] == [("task 1", 2), ("task 2", 4)]
    assert sorted(found[2:]) == [("task 13", 226), ("task 7", 214)]


def test_it_ends_when_told_though_tasks_are_open() -> None:
    asked = []
    workers = LocalWorkers(1, doubled)
    found = list(workers.follow(Coming([1]), lambda: not asked.append(1) and len(asked) < 2))
    assert len(found) <= 1 and workers._workers == []

"""What judging needs to have run, as data: what judges yields needs, is sent their runs, and starts nothing itself."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from grader.core.run.observation import Job, Run, RunStatus

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Alone:
    """Jobs of one program, each in a child of its own.

    The answer is a run for each job. A run that was stopped stands for those after it: they would be stopped as well.
    """

    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Together:
    """Jobs of one submission, in turn in one child.

    The answer is the runs up to the first that did not complete; none from a box in which this would save nothing.

    Attributes:
        otherwise: what is likely to be needed next if this does not come to its end soon; who has idle cores may begin.
    """

    jobs: tuple[Job, ...]
    otherwise: tuple[Alone, ...] = ()


@dataclass(frozen=True)
class Ours:
    """Jobs of one program of the course itself, in turn in a child that it may share with other such programs.

    The answer is the runs up to the first that did not complete.

    Attributes:
        late: whether it imports what takes seconds; such programs share a child with each other.
    """

    jobs: tuple[Job, ...]
    late: bool = False


Need = Alone | Together | Ours
# How a run ends that would end so once more.
STOPPED = (RunStatus.TIMED_OUT, RunStatus.OUT_OF_MEMORY)
# Yields all that it can know at a moment to be needed, is sent the runs of each need, and returns what they come to.
Steps = Generator[Sequence[Need], Sequence[list[Run]], T]


def settled(value: T) -> Steps[T]:
    """Return what needs no run."""
    yield from ()
    return value


def observed(programs: Sequence[Ours]) -> Steps[list[list[Run]]]:
    """Return the runs of programs of the course, one for each job: what shared children leave out runs alone."""
    if not programs:
        return []
    found = [complete(runs) for runs in (yield programs)]
    left = [place for place, program in enumerate(programs) if len(found[place]) < len(program.jobs)]
    if left:
        alone = yield [Alone(programs[place].jobs[len(found[place]) :]) for place in left]
        for place, runs in zip(left, alone, strict=True):
            found[place] += runs
    return found


def complete(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that completed."""
    return [run for run in runs if run.status is RunStatus.COMPLETED]


def both(one: Steps[T], other: Steps[U]) -> Steps[tuple[T, U]]:
    """Take two steps at once."""
    steps: list[Steps[Any]] = [one, other]
    first, second = yield from at_once(steps)
    return first, second


def at_once(steps: Sequence[Steps[T]]) -> Steps[list[T]]:
    """Take several steps at once: what they need at a moment is yielded together."""
    results: dict[int, T] = {}
    asked: dict[int, Sequence[Need]] = {}

    def go_on(place: int, runs: Sequence[list[Run]] | None) -> None:
        try:
            asked[place] = next(steps[place]) if runs is None else steps[place].send(runs)
        except StopIteration as done:
            asked.pop(place, None)
            results[place] = done.value

    try:
        for place in range(len(steps)):
            go_on(place, None)
        while asked:
            runs = iter((yield [need for needs in asked.values() for need in needs]))
            for place, needs in list(asked.items()):
                go_on(place, list(islice(runs, len(needs))))
    finally:
        for step in steps:
            step.close()
    return [results[place] for place in range(len(steps))]

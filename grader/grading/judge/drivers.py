"""Runs what judging needs: in turn in a warm box, or side by side on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, FilesJob, GraphJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.grading.judge.steps import STOPPED, Alone, Decided, Need, Ours, Steps, Together, complete
from grader.sandbox.port import Sandbox

T = TypeVar("T")
# Waits until a need has been run.
Waiting = Callable[[], list[Run]]
# Most submissions have come to their end by then.
_PATIENCE = 0.2
_WIDTH = max(2, os.cpu_count() or 2)
# With others in a child, and by itself.
_MOST_WAITED = 2


class Driver(Protocol):
    """Runs what is needed at a moment, and returns the runs of each need."""

    def __call__(self, needs: Sequence[Need]) -> Sequence[list[Run]]: ...


def driven(steps: Steps[T], run: Driver) -> T:
    """Take steps to their end, running what they need."""
    with closing(steps):
        try:
            needs = next(steps)
            while True:
                needs = steps.send(run(needs))
        except StopIteration as done:
            result: T = done.value
            return result


class InTurn:
    """Runs one child after another; only programs of the course, which whole classes wait for, run side by side.

    Args:
        box: returns the box; asked only where something has to run.
        width: how many children programs of the course are shared out to. Where every core has a task of its own, one
            is the cheapest.
    """

    def __init__(self, box: Callable[[], Sandbox], width: int = _WIDTH) -> None:
        self._box = box
        self._width = width
        self._waited: list[Run] = []

    @property
    def isolation(self) -> str:
        return self._box().isolation

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        box = self._box()
        ours = iter(_observed([need for need in needs if isinstance(need, Ours)], box, self._width))
        found: list[list[Run]] = []
        for need in needs:
            match need:
                case Ours():
                    found.append(next(ours))
                case Together():
                    found.append(self._once_more(need, box.run_together))
                case Alone():
                    found.append(self._once_more(need, partial(_in_turn, box)))
        return found

    def _once_more(self, need: Together | Alone, run: Callable[[Sequence[Job]], list[Run]]) -> list[Run]:
        """Run what a submission needs, unless the machine was too busy for it again and again: then it stays void.

        A stop for that comes after eight times the limit. Tried for each check and both sets of numbers, one submission
        would hold a worker for many minutes, and no check of it that is not void would count.
        """
        if any(getattr(job, "trusted", False) for job in need.jobs):
            # Of the course itself, which the submission is held to.
            return run(need.jobs)
        if len(self._waited) >= _MOST_WAITED:
            return [self._waited[-1]] * len(need.jobs)
        runs = run(need.jobs)
        self._waited += [each for each in runs if each.stop is Stop.BUSY][:1]
        return runs


class SideBySide:
    """Runs as many children at once as there are cores: one student waits for one submission.

    Where a submission's first child has not come to its end soon, idle cores begin what is asked next should it never
    do so ("hedged requests": Dean and Barroso, The Tail at Scale, Communications of the ACM 56(2), 2013).

    Args:
        make_box: makes the box; called only where something has to run.
        patience: seconds that the first child is given.
        told: is told the points as soon as they are known.
    """

    def __init__(
        self,
        make_box: Callable[[], Sandbox],
        patience: float = _PATIENCE,
        told: Callable[[Decided], None] = lambda _: None,
    ) -> None:
        self._make_box = make_box
        self._patience = patience
        self._told = told
        self._pool = ThreadPoolExecutor(_WIDTH)
        self._made: Sandbox | None = None
        self._hedged: dict[Alone, Future[list[Run]]] = {}

    def __enter__(self) -> SideBySide:
        return self

    def __exit__(self, *_: object) -> None:
        # What was begun in vain ends with the box.
        if self._made is not None:
            self._made.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def isolation(self) -> str:
        return self._box().isolation

    def __call__(self, needs: Sequence[Need]) -> list[list[Run]]:
        for need in needs:
            if isinstance(need, Decided):
                self._told(need)
        self._cancel_all_but(needs)
        ours = iter(_begin_ours([need for need in needs if isinstance(need, Ours)], self._box(), self._pool, _WIDTH))
        waiting = [next(ours) if isinstance(need, Ours) else self._begin(need) for need in needs]
        return [wait_for() for wait_for in waiting]

    def _box(self) -> Sandbox:
        if self._made is None:
            self._made = self._make_box()
            self._made.start()
        return self._made

    def _begin(self, need: Alone | Together) -> Waiting:
        if isinstance(need, Together):
            first = self._pool.submit(self._box().run_together, need.jobs)
            return lambda: self._hedge(first, need.otherwise)
        if need in self._hedged:
            return self._hedged.pop(need).result
        begun = self._begin_alone(need)
        return lambda: _standing(need.jobs, [each.result() for each in begun])

    def _begin_alone(self, need: Alone) -> list[Future[Run]]:
        box, came_to = self._box(), dict[int, Run]()

        def run(place: int) -> Run:
            # What those before it came to so far may spare this one.
            so_far = [(need.jobs[each], came_to[each]) for each in range(place) if each in came_to]
            came_to[place] = _stopped_before(so_far, need.jobs[place]) or _tried_twice(box, need.jobs[place])
            return came_to[place]

        return [self._pool.submit(run, place) for place in range(len(need.jobs))]

    def _hedge(self, first: Future[list[Run]], otherwise: Sequence[Alone]) -> list[Run]:
        """Wait for a submission's first child, and meanwhile begin what may be needed after it."""
        # A box that is asked for its isolation answers when it is ready: until then nobody is late.
        if otherwise and self._box().isolation and not wait([first], self._patience).done:
            self._hedged |= {need: self._pool.submit(_in_turn, self._box(), need.jobs) for need in otherwise}
        return first.result()

    def _cancel_all_but(self, needs: Sequence[Need]) -> None:
        for need in [need for need in self._hedged if need not in needs]:
            self._hedged.pop(need).cancel()


def _observed(programs: Sequence[Ours], box: Sandbox, width: int) -> list[list[Run]]:
    if len(programs) < 2:
        return _sharing(box, programs)
    with ThreadPoolExecutor(width) as pool:
        return [wait_for() for wait_for in _begin_ours(programs, box, pool, width)]


def _begin_ours(programs: Sequence[Ours], box: Sandbox, pool: ThreadPoolExecutor, width: int) -> list[Waiting]:
    """Begin programs of the course, many in a child: starting one costs more than running most of them."""
    quick = [place for place, program in enumerate(programs) if not program.late]
    late = [place for place, program in enumerate(programs) if program.late]
    waiting: dict[int, Waiting] = {}
    for group in filter(None, (late, *(quick[start::width] for start in range(width)))):
        done = pool.submit(_sharing, box, [programs[place] for place in group])
        for row, place in enumerate(group):
            waiting[place] = partial(_nth, done, row)
    return [waiting[place] for place in range(len(programs))]


def _nth(done: Future[list[list[Run]]], place: int) -> list[Run]:
    return done.result()[place]


def _in_turn(box: Sandbox, jobs: Sequence[Job]) -> list[Run]:
    runs: list[Run] = []
    for job in jobs:
        runs.append(_stopped_before(list(zip(jobs, runs, strict=False)), job) or _tried_twice(box, job))
    return runs


def _standing(jobs: Sequence[Job], runs: Sequence[Run]) -> list[Run]:
    """Return runs that were begun at once as they would be had they been begun in turn."""
    found: list[Run] = []
    for job, run in zip(jobs, runs, strict=True):
        found.append(_stopped_before(list(zip(jobs, found, strict=False)), job) or run)
    return found


def _stopped_before(runs: Sequence[tuple[Job, Run]], job: Job) -> Run | None:
    """Return the run that was stopped and stands for a later job: under the same limits it would be stopped as well.

    Tests are one job after the other for one program, and trainings begin at random; only a program that cannot even be
    loaded is not loaded again.
    """
    for earlier, run in runs:
        stopped = run.status in STOPPED and not (_differs(earlier) and _began(earlier, run))
        if (stopped or run.stop is Stop.BUSY) and _limits(earlier) == _limits(job):
            return run
    return None


def _differs(job: Job) -> bool:
    """Whether what a job does is not what others of the same program do."""
    return isinstance(job, AuthorTestsJob) or (isinstance(job, ProgramJob) and job.training is not None)


def _began(job: Job, run: Run) -> bool:
    """Whether a run came as far as what is its own: a script trains while it is loaded."""
    return run.loaded is not None or (isinstance(job, ProgramJob) and job.script)


def _limits(job: Job) -> Limits | None:
    return None if isinstance(job, GraphJob | FilesJob) else job.limits


def _tried_twice(box: Sandbox, job: Job) -> Run:
    """Run a job; a fault of ours is tried once more before it is told."""
    run = box.run(job)
    # A machine that is too busy will be so in a moment.
    return box.run(job) if run.status is RunStatus.SANDBOX_FAILED and run.stop is not Stop.BUSY else run


def _sharing(box: Sandbox, programs: Sequence[Ours]) -> list[list[Run]]:
    """Run programs one after another in one child; those after one that ended it get another."""
    found: list[list[Run]] = []
    while len(found) < len(programs):
        left = programs[len(found) :]
        runs = iter(box.run_together([job for program in left for job in program.jobs]))
        for program in left:
            found.append(list(islice(runs, len(program.jobs))))
            if len(complete(found[-1])) < len(program.jobs):
                break
    return found

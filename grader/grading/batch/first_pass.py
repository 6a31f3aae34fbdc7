"""The first pass over a class: whoever takes much longer than the solution waits until all others are done.

A few programs that never end would otherwise keep every worker busy to their limits, in front of a whole class. What a
first pass stops is judged again with all that its limits allow, so no verdict depends on when that is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeGuard

from grader.core.run.jobs import AuthorTestsJob, Job, ProgramJob
from grader.core.run.observation import Run, Stop
from grader.sandbox.port import Sandbox

# Seconds. Most submissions need some hundredths.
_LEAST = 1.0
# What differs is looked at once more, and with further numbers.
_TIMES_THE_SOLUTION = 3.0


class TakesLong(Exception):
    """A submission takes longer than a first pass gives it."""


class FirstPass:
    """A box that gives up on one submission when that has used up its time, all its runs together.

    Args:
        box: what runs the jobs.
        solution: returns the seconds that the runs of the solution took; 0 where that is not known, so that those of
            our own that run here are taken for it.
    """

    def __init__(self, box: Sandbox, solution: Callable[[], float]) -> None:
        self._box = box
        self._solution = solution
        self._ours = self._spent = 0.0

    @property
    def isolation(self) -> str:
        return self._box.isolation

    def start(self) -> None:
        self._box.start()

    def close(self) -> None:
        self._box.close()

    def run(self, job: Job) -> Run:
        """Run a job.

        Raises:
            TakesLong: where it is one of the submission, and stopped for that.
        """
        run = self._box.run(self._with_patience(job))
        self._count([job], [run])
        return run

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run jobs in one child; raises as `run` does."""
        runs = self._box.run_together([self._with_patience(job) for job in jobs])
        self._count(jobs, runs)
        return runs

    def _with_patience(self, job: Job) -> Job:
        if not _is_a_students(job):
            return job
        seconds = max(_LEAST, _TIMES_THE_SOLUTION * (self._solution() or self._ours))
        return replace(job, patience=seconds - self._spent)

    def _count(self, jobs: Sequence[Job], runs: Sequence[Run]) -> None:
        for job, run in zip(jobs, runs, strict=False):
            if run.stop is Stop.PATIENCE:
                raise TakesLong
            if _is_a_students(job):
                self._spent += run.usage.own
            else:
                self._ours += run.usage.own


def _is_a_students(job: Job) -> TypeGuard[ProgramJob | AuthorTestsJob]:
    return isinstance(job, ProgramJob | AuthorTestsJob) and not job.trusted

"""Has programs trained: once for all checks that look at it, one seed after the other until all is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.core.course.exercise import Check
from grader.core.judge.reference import Reference
from grader.core.program.source import Source
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.trainings import Shared, shared
from grader.grading.judge.observing import References
from grader.grading.judge.steps import Alone, Steps, at_once


class Trainings:
    """The trainings of one program, each in a child of its own: none may know what another was asked.

    Args:
        jobs: makes the jobs of a check, one a seed.
    """

    def __init__(self, source: Source, jobs: Callable[[Check], tuple[ProgramJob, ...]], references: References) -> None:
        self._source, self._jobs, self._references = source, jobs, references
        self._seen: dict[str, list[Run]] = {}

    def runs(self, checks: Sequence[Check], wanted: Sequence[Check]) -> Steps[dict[str, list[Run]]]:
        """Return the runs of the checks wanted that train; `checks` are all there are, wanted now or later."""
        missing = {check.name for check in wanted if check.data is not None} - self._seen.keys()
        trains = [(check, self._jobs(check)) for check in checks if check.data is not None] if missing else []
        groups = [each for each in shared(trains) if missing & {check.name for check in each.checks}]
        for found in (yield from at_once([self._trained(each) for each in groups])):
            self._seen |= found
        return self._seen

    def _trained(self, training: Shared) -> Steps[dict[str, list[Run]]]:
        """Train until no further seed can change what a check earns."""
        found: dict[str, list[Run]] = {check.name: [] for check in training.checks}
        # Before half of the seeds are known, nothing is.
        first = len(training.jobs) // 2 + 1
        left = [training.jobs[:first], *((job,) for job in training.jobs[first:])]
        for jobs in left:
            (runs,) = yield [Alone(jobs)]
            for run in runs:
                for name, own in training.apart(run).items():
                    found[name].append(own)
            void = any(run.status is RunStatus.SANDBOX_FAILED for run in runs)
            if void or all(self._is_decided(check, found[check.name]) for check in training.checks):
                break
        return found

    def _is_decided(self, check: Check, runs: Sequence[Run]) -> bool:
        from grader.core.judge.reached import decided

        reference: Reference = self._references[check.name]
        return reference.fault is not None or decided(check, self._source, runs, reference)

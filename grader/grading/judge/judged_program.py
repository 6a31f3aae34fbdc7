"""What is to be run for the checks of a program that is judged, and what the runs of a check come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from grader.core.course.exercise import Check, Coded
from grader.core.judge.judge import fails_at_once, held_finding, judge_case
from grader.core.judge.reference import Reference
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Joined, first_signature, joined, program_jobs
from grader.grading.judge.observing import References
from grader.grading.judge.steps import STOPPED, Alone, Look, all_or_none


@dataclass(frozen=True)
class JudgedProgram:
    """A program, and what it is held to.

    Attributes:
        seed: what the numbers of the checks are drawn from.
        ours: whether it is a program of the course, and may share a child with others.
        doubted: checks that will hardly pass: what a shared child shows of them would mostly prove nothing.
    """

    work: Coded
    seed: bytes
    source: Source
    ours: bool
    doubted: Collection[str] = ()
    # Of checks, by name and by how many of their signatures are asked.
    _jobs: dict[tuple[str, int], tuple[ProgramJob, ...]] = field(default_factory=dict)

    @cached_property
    def not_run(self) -> dict[str, CheckResult]:
        """The results of checks that run the whole program, where Python cannot read a part of it."""
        if not self.source.faults:
            return {}
        faults = tuple(fault for _, fault in self.source.faults)
        return {
            check.name: CheckResult(check.name, RunStatus.NOT_RUN, Verdict.ERROR, check.points, faults)
            for check in self.work.checks
            if check.script
        }

    @cached_property
    def able(self) -> list[Check]:
        """The checks of the first child, whole runs first: their prints and stops are told of them only."""
        # A training is not joined with anything: what comes before it might have asked what it is asked after it.
        able = [check for check in self.work.checks if check.name not in self.not_run and check.data is None]
        able.sort(key=lambda check: not check.script)
        return [each for place, each in enumerate(able) if each.script or not place or each.name not in self.doubted]

    @cached_property
    def first_jobs(self) -> list[tuple[ProgramJob, ...]]:
        """What each check asks in the first child: of several signatures the first alone."""
        return [self.jobs(first_signature(check)) for check in self.able]

    @cached_property
    def joined(self) -> Joined:
        return joined(job for jobs in self.first_jobs for job in jobs)

    @property
    def otherwise(self) -> tuple[Alone, ...]:
        return tuple(
            self.alone(check)
            for check in self.work.checks
            if check.name not in self.not_run and not check.needs and check.data is None
        )

    def jobs(self, check: Check) -> tuple[ProgramJob, ...]:
        which = check.name, len(check.calls)
        if which not in self._jobs:
            at = self.source.text, self.source.filename, self.seed
            self._jobs[which] = program_jobs(check, *at, self.work)
        return self._jobs[which]

    def alone(self, check: Check) -> Alone:
        return Alone(self.jobs(check))

    def look(self, references: References, check: Check, runs: Sequence[Run]) -> Look:
        held_to = references[check.name]
        result, case = judge_case(check, self.work, self.source, self.seed, runs, held_to)
        return Look(check, runs, result, case)

    def certain(self, runs: Sequence[Run], references: References) -> dict[str, Look]:
        """Return what the first child's runs tell for certain.

        It costs one process instead of many, and one run where checks ask for the same one. Whatever one check does to
        the next, what comes out right was computed for unseen data. Of what does not, only the child's first run shows
        what a child of its own would show: a check that fails there fails. Any other that does not come out right
        proves nothing.
        """
        looks: dict[str, Look] = {}
        for check, own, seen, place in self._apart(runs):
            if self._fails(check, own, seen, place, references[check.name]):
                looks[check.name] = self.look(references, check, seen)
                continue
            look = self.look(references, first_signature(check), seen)
            if look.result.verdict is Verdict.PASS:
                looks[check.name] = replace(look, result=replace(look.result, findings=held_finding(check, 0)))
        return looks

    def _apart(self, runs: Sequence[Run]) -> Iterator[tuple[Check, tuple[ProgramJob, ...], list[Run], int]]:
        """Yield the checks of which the first child shows all, with their jobs, the runs of these, and their place."""
        place, each = 0, iter(self.joined.apart(runs))
        for check, own in zip(self.able, self.first_jobs, strict=True):
            seen = all_or_none(list(islice(each, len(own))))
            if seen:
                yield check, own, seen, place
            place += len(own)

    def _fails(
        self, check: Check, own: Sequence[ProgramJob], seen: Sequence[Run], place: int, held_to: Reference
    ) -> bool:
        """Whether a check fails for certain: at the first run of the child, which was as it would be by itself."""
        if self.ours:
            # Another program may have been there before.
            return False
        first = self.joined.jobs[0]
        # The child is held to the widest of its jobs' limits on memory.
        narrow = len({job.limits.memory for job in self.joined.jobs}) == 1
        if not narrow or not self.joined.comes_first(place) or len(check.calls) > 1:
            return False
        if seen[0].status in STOPPED:
            # To read or record more takes time and memory that the check by itself would not.
            return first == own[0]
        alike = first.trace == own[0].trace
        return alike and fails_at_once(check, self.work, self.source, self.seed, seen, held_to)

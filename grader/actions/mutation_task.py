"""Mutants as a worker puts them to the checks: each until a check does not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from grader.actions.task import Known, in_turn, unpacked, warm_box
from grader.core.errors import CouldNotJudge
from grader.core.exercise import Check, Coded, Limits
from grader.core.judge import judge_check
from grader.core.message import say
from grader.core.observation import ProgramJob, Run, RunStatus
from grader.core.plan import preloads, program_jobs
from grader.core.report import Verdict
from grader.core.source import Source
from grader.sandbox.port import Sandbox

# A mutant that takes much longer than the solution never ends, as a rule. A student's program is waited for longer.
_TIMES_THE_SOLUTION = 10
_LEAST = Limits(wall=5.0, cpu=1.0)


@dataclass(frozen=True)
class MutationTask:
    """Some mutants of one exercise.

    Attributes:
        keys: an AnswerKey for each seed, pickled by us.
        mutants: their numbers and sources.
        shown: how messages call the solution's file.
    """

    keys: tuple[bytes, ...]
    isolation: str
    mutants: tuple[tuple[int, str], ...]
    shown: str


@dataclass(frozen=True)
class Survivors:
    """The numbers of the mutants that got full marks on every seed."""

    numbers: frozenset[int]


def survivors(task: MutationTask) -> Survivors:
    """Put mutants to the checks.

    Raises:
        CourseInvalid: where the solution cannot serve as reference.
        CouldNotJudge: where the box fails.
    """
    return Survivors(frozenset(number for number, source in task.mutants if _survives(task, source)))


def _survives(task: MutationTask, text: str) -> bool:
    source = Source(text, task.shown)
    return all(_full_marks(unpacked(key), task, source) for key in task.keys)


def _full_marks(known: Known, task: MutationTask, source: Source) -> bool:
    """Run all checks of a mutant in one child: it is our own code, and most are told by the first numbers."""
    work = known.key.exercise.work
    assert isinstance(work, Coded)
    box = warm_box(task.isolation, preloads(work, known.observer.source, source.text))
    limits = _limits(task.keys[0], task.isolation)
    jobs = {
        check.name: [replace(job, limits=limits[check.name]) for job in _jobs(known, work, source, check)]
        for check in work.checks
    }
    runs = iter(_together(box, [job for some in jobs.values() for job in some]))
    references = known.observer.checks(lambda jobs: in_turn(box, jobs))
    for check in work.checks:
        own = list(islice(runs, len(jobs[check.name])))
        # The first that was stopped is the last, and that is enough.
        if len(own) < len(jobs[check.name]) or any(run.status is not RunStatus.COMPLETED for run in own):
            return False
        result = judge_check(check, work, source, known.key.seed, own, references[check.name])
        if result.verdict is not Verdict.PASS:
            return False
    return True


def _together(box: Sandbox, jobs: Sequence[ProgramJob]) -> list[Run]:
    """Run jobs in one child, or where a box has no such thing, each in its own; a fault of ours is tried once more."""
    for _ in range(2):
        runs = box.run_together(jobs) or in_turn(box, jobs)
        if runs[-1].status is not RunStatus.SANDBOX_FAILED:
            return runs
    raise CouldNotJudge(say("a mutant could not be run: {detail}", detail=runs[-1].detail))


@lru_cache(maxsize=64)
def _limits(packed: bytes, isolation: str) -> dict[str, Limits]:
    """Return the limits of a mutant at each check: what the solution takes, and a good deal more."""
    known = unpacked(packed)
    work = known.key.exercise.work
    assert isinstance(work, Coded)
    box = warm_box(isolation, preloads(work, known.observer.source))
    limits: dict[str, Limits] = {}
    for check in work.checks:
        runs = _together(box, _jobs(known, work, known.observer.program, check))
        wall, cpu = (max(getattr(run.usage, what) for run in runs) for what in ("wall", "cpu"))
        limits[check.name] = replace(
            check.limits,
            wall=min(check.limits.wall, max(_LEAST.wall, _TIMES_THE_SOLUTION * wall)),
            cpu=min(check.limits.cpu, max(_LEAST.cpu, _TIMES_THE_SOLUTION * cpu)),
        )
    return limits


def _jobs(known: Known, work: Coded, source: Source, check: Check) -> Sequence[ProgramJob]:
    return program_jobs(check, source.text, source.filename, known.key.seed, work)

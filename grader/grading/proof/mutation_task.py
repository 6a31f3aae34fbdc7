"""Mutants as a worker puts them to the checks: each until a check does not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from grader.core.course.exercise import Check, Coded, Limits
from grader.core.judge.judge import judge_check
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.observation import ProgramJob, Run, RunStatus
from grader.core.run.plan import preloads, program_jobs
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.grading.batch.task import Known, unpacked, warm_box
from grader.grading.judge.judge_in_class import in_turn
from grader.grading.judge.reference import ReferenceObserver
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
    """Try the first numbers, which tell most mutants, then all others."""
    source = Source(text, task.shown)
    return all(_full_marks(keys, task, source) for keys in (task.keys[:1], task.keys[1:]) if keys)


def _full_marks(keys: Sequence[bytes], task: MutationTask, source: Source) -> bool:
    """Run all checks with all numbers in one child, which our own code may share."""
    parts = [(known, check) for known in map(unpacked, keys) for check in _work(known).checks]
    limits = _limits(task.keys[0], task.isolation)
    jobs = [[replace(job, limits=limits[check.name]) for job in _jobs(known, source, check)] for known, check in parts]
    box = _box(unpacked(keys[0]), task.isolation, source)
    runs = iter(_together(box, [job for some in jobs for job in some]))
    for (known, check), some in zip(parts, jobs, strict=True):
        own = list(islice(runs, len(some)))
        # The first that was stopped is the last, and that is enough.
        if len(own) < len(some) or any(run.status is not RunStatus.COMPLETED for run in own):
            return False
        reference = _observer(known).checks(lambda jobs: in_turn(box, jobs))[check.name]
        result = judge_check(check, _work(known), source, known.key.seed, own, reference)
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
    solution = _observer(known).program
    box = _box(known, isolation, solution)
    limits: dict[str, Limits] = {}
    for check in _work(known).checks:
        used = [run.usage for run in _together(box, _jobs(known, solution, check))]
        limits[check.name] = replace(
            check.limits,
            wall=min(check.limits.wall, max(_LEAST.wall, _TIMES_THE_SOLUTION * max(each.wall for each in used))),
            cpu=min(check.limits.cpu, max(_LEAST.cpu, _TIMES_THE_SOLUTION * max(each.cpu for each in used))),
        )
    return limits


def _work(known: Known) -> Coded:
    work = known.key.exercise.work
    assert isinstance(work, Coded)
    return work


def _observer(known: Known) -> ReferenceObserver:
    assert known.observer is not None
    return known.observer


def _box(known: Known, isolation: str, source: Source) -> Sandbox:
    return warm_box(isolation, preloads(_work(known), _observer(known).source, source.text))


def _jobs(known: Known, source: Source, check: Check) -> Sequence[ProgramJob]:
    return program_jobs(check, source.text, source.filename, known.key.seed, _work(known))

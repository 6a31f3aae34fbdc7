"""Looks at a solution by itself: whether it can be a reference, and whether its gradients are those of its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.core.course.exercise import Check
from grader.core.judge.width import RANDOM
from grader.core.proof.findings import Finding
from grader.core.proof.solution import (
    DTYPES,
    dtype_finding,
    gradcheck_jobs,
    gradient_findings,
    has_gradient,
    line_of,
    random_finding,
    reseeded,
)
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.core.words.errors import CouldNotJudge, Position
from grader.core.words.message import say
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Alone, Ours, Steps, observed


def of_solution(known: KnownCoded) -> Steps[list[Finding]]:
    """Return what is wrong with the solution by itself.

    Raises:
        CourseInvalid: where it cannot serve as reference.
        CouldNotJudge: where the box failed.
    """
    yield from reference(known.observer)
    known = known.drawn
    source, seed = known.solution, known.key.seed
    jobs = {
        check: program_jobs(check, source.text, source.filename, seed, known.work, dtype="float64", ours=True)
        for check in known.work.checks
        # A training draws numbers of its own, from a seed that it is given.
        if check.data is None
    }
    first = yield [Alone(own) for own in jobs.values()]
    again = yield [Alone(_with_other_numbers(source.text, own)) for own in jobs.values()]
    findings: list[Finding] = []
    to_prove: list[Check] = []
    for check, one, other in zip(jobs, first, again, strict=True):
        random = random_finding(check, one, other, line_of(source, RANDOM))
        dtype = dtype_finding(check, one, "float64", line_of(source, DTYPES))
        findings += [each for each in (random, dtype) if each is not None]
        # Of numbers that change from call to call, or of float32, there are no finite differences.
        if has_gradient(check) and random is None and dtype is None:
            to_prove.append(check)
    # In one child: what gradcheck imports takes longer than all that it does.
    proved = yield from observed([Ours(tuple(gradcheck_jobs(jobs[check]))) for check in to_prove])
    at = Position(source.filename)
    return [*findings, *(each for check, runs in zip(to_prove, proved, strict=True) for each in _of(check, runs, at))]


def _with_other_numbers(text: str, jobs: Sequence[ProgramJob]) -> tuple[ProgramJob, ...]:
    """Return jobs whose own random numbers are others. What is put first must not come before a __future__ import."""
    return tuple(jobs) if "__future__" in text else tuple(reseeded(job, 1) for job in jobs)


def _of(check: Check, runs: Sequence[Run], at: Position) -> Iterator[Finding]:
    for run in runs:
        if run.status is RunStatus.SANDBOX_FAILED:
            raise CouldNotJudge(say("the solution could not be run: {detail}", detail=run.detail))
    yield from gradient_findings(check, runs, at)

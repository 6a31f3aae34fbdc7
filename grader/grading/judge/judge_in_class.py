"""Judges a program among many: what one child can tell of all its checks, and only the rest in children of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from grader.core.course.exercise import Coded
from grader.core.judge.judge import fails_at_once, held_finding, judge_check
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.merge_jobs import joined
from grader.core.run.observation import Job, Run, RunStatus
from grader.core.run.plan import first_signature, program_jobs
from grader.grading.judge.judge import AnswerKey, Judged, Start, program_against, run_twice
from grader.grading.judge.reference import ReferenceObserver
from grader.grading.judge.wrong_programs import WrongObserver
from grader.sandbox.port import Sandbox

_STOPPED = (RunStatus.TIMED_OUT, RunStatus.OUT_OF_MEMORY)


def program_in_class(
    observer: ReferenceObserver, key: AnswerKey, source: Source, box: Sandbox, wrong: WrongObserver | None = None
) -> Judged:
    """Judge a program whose syntax is right in a warm box, one run after another.

    Args:
        wrong: what observes the wrong programs; None makes a new one.
    """

    def start(jobs: Sequence[Job]) -> Callable[[], list[Run]]:
        return lambda: in_turn(box, jobs)

    wrong = wrong or key.wrong_observer(observer.program)
    known = _seen_together(observer, key, source, box, start, wrong)
    return program_against(observer, key, source, box, start, known, wrong)


def in_turn(box: Sandbox, jobs: Sequence[Job]) -> list[Run]:
    """Run jobs one after another. One that was stopped stands for those after it: they would be stopped as well."""
    runs: list[Run] = []
    for job in jobs:
        runs.append(runs[-1] if runs and runs[-1].status in _STOPPED else run_twice(box, job))
    return runs


def _seen_together(
    observer: ReferenceObserver, key: AnswerKey, source: Source, box: Sandbox, start: Start, wrong: WrongObserver
) -> dict[str, CheckResult]:
    """Run all checks of a program in one child, whole runs first, and return the results that are certain.

    It costs one process instead of many, and one run where checks ask for the same one. Whatever one check does to the
    next, what comes out right was computed for unseen data. Of what does not, only the child's first run shows what a
    child of its own would show: a check that fails there fails. Any other that does not come out right proves nothing,
    and is judged in children of its own. Of several signatures only the first is asked for.
    """
    work = key.exercise.work
    assert isinstance(work, Coded)
    able = [check for check in work.checks if not (check.script and source.faults)]
    able.sort(key=lambda check: not check.script)
    jobs = [program_jobs(first_signature(check), source.text, source.filename, key.seed, work) for check in able]
    references = observer.checks(lambda jobs: start(jobs)())
    asked = joined(job for some in jobs for job in some)
    runs = iter(asked.apart(box.run_together(asked.jobs) if able else []))
    # The child is held to the widest of its jobs' limits on memory.
    narrow = len({job.limits.memory for job in asked.jobs}) == 1
    known: dict[str, CheckResult] = {}
    place = 0
    for check, own in zip(able, jobs, strict=True):
        seen = _complete(list(islice(runs, len(own))))
        alone = narrow and asked.comes_first(place) and len(check.calls) <= 1
        place += len(own)
        if not seen:
            continue
        reference = references[check.name]
        if seen[0].status in _STOPPED:
            # To read or record more takes time and memory that the check by itself would not.
            certain = alone and asked.jobs[0] == own[0]
        else:
            alike = asked.jobs[0].trace == own[0].trace
            certain = alone and alike and fails_at_once(check, work, source, key.seed, seen, reference)
        if certain:
            answer_side = partial(wrong.seen, check, reference, box.run_together)
            known[check.name] = judge_check(check, work, source, key.seed, seen, reference, answer_side)
            continue
        result = judge_check(first_signature(check), work, source, key.seed, seen, reference)
        if result.verdict is Verdict.PASS:
            known[check.name] = replace(result, findings=held_finding(check, 0))
    return known


def _complete(runs: Sequence[Run | None]) -> list[Run]:
    """Return the runs of one check, all of them or none. A first one that was stopped stands for those after it."""
    first = runs[0]
    if first is not None and first.status in _STOPPED:
        return [first] * len(runs)
    found = [run for run in runs if run is not None and run.status is RunStatus.COMPLETED]
    return found if len(found) == len(runs) else []

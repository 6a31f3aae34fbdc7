"""Judges one submission of one exercise: runs what must run, and holds it to the reference."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from grader.actions.reference import ReferenceObserver
from grader.core.draw import seed_for
from grader.core.errors import CourseInvalid, Fault, Position
from grader.core.exercise import Check, Coded, Exercise, Stated
from grader.core.judge import judge_asks, judge_check, skipped, void
from grader.core.message import Message, say
from grader.core.observation import Job, Run, RunStatus
from grader.core.plan import preloads, program_jobs
from grader.core.report import CheckResult, Verdict
from grader.core.source import Source, syntax_fault
from grader.sandbox.port import Sandbox
from grader.store.answers import Answers
from grader.store.course_files import CourseFiles

MakeBox = Callable[[Iterable[str]], Sandbox]


@dataclass(frozen=True)
class Judged:
    """The results of all checks, and the isolation under which they ran: not_run where nothing did."""

    isolation: str
    checks: tuple[CheckResult, ...]


def exercise_seed(files: CourseFiles, exercise: Exercise, secret: bytes) -> bytes:
    """Return the seed of an exercise's hidden probes, the same for every student and every re-run."""
    return seed_for(secret, exercise.id, exercise.content, files.solution(exercise.id) or b"")


def judge_stated(files: CourseFiles, exercise: Exercise, answers: Answers, seed: bytes, make_box: MakeBox) -> Judged:
    """Judge stated values. Nothing of the student's runs; torch only where the reference is not known yet."""
    work = exercise.work
    assert isinstance(work, Stated)
    observer = ReferenceObserver(
        exercise, b"", files.shown(files.root / "exercises" / exercise.id / "exercise.yaml"), seed
    )
    if observer.is_known:
        expected = observer.answers(_no_box)
    else:
        box = make_box(["torch"])
        try:
            expected = observer.answers(lambda jobs: [box.run(job) for job in jobs])
        finally:
            box.close()
    return Judged("not_run", judge_asks(work, answers, expected, exercise.reveal))


def judge_program(files: CourseFiles, exercise: Exercise, source: Source, seed: bytes, make_box: MakeBox) -> Judged:
    """Judge a program: each check in children of its own, beside the solution's where that is not known yet."""
    work = exercise.work
    assert isinstance(work, Coded)
    fault = syntax_fault(source)
    if fault is not None:
        return unreadable(work, fault)
    solution = files.solution(exercise.id)
    shown = files.shown(files.root / "solutions" / exercise.id / "solution.py")
    if solution is None:
        message = say("the solution is missing, so there is nothing to hold a submission to")
        raise CourseInvalid([Fault(Position(shown), message)])
    observer = ReferenceObserver(exercise, solution, shown, seed)
    box = make_box(preloads(work, source.text, observer.source))
    box.start()
    pool = ThreadPoolExecutor(max(2, os.cpu_count() or 2))
    try:
        return Judged(box.isolation, _Judging(work, source, seed, observer, box, pool).results())
    finally:
        box.close()
        pool.shutdown(wait=True, cancel_futures=True)


def unreadable(work: Coded, fault: Message) -> Judged:
    """Return every check as an error: the file cannot be read as a program."""
    return Judged(
        "not_run",
        tuple(
            CheckResult(check.name, RunStatus.NOT_RUN, Verdict.ERROR, check.points, (fault,)) for check in work.checks
        ),
    )


class _Judging:
    """One submission on its way through the checks."""

    def __init__(
        self,
        work: Coded,
        source: Source,
        seed: bytes,
        observer: ReferenceObserver,
        box: Sandbox,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._work = work
        self._source = source
        self._seed = seed
        self._observer = observer
        self._box = box
        self._pool = pool

    def results(self) -> tuple[CheckResult, ...]:
        started = {check.name: self._started(check) for check in self._work.checks if not check.needs}
        references = self._observer.checks(self._run_all)
        results: dict[str, CheckResult] = {}
        for check in self._work.checks:
            needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
            if needed is not None and results[needed].verdict is Verdict.VOID:
                results[check.name] = void(check.name, check.points, say("{needed} could not be judged", needed=needed))
            elif needed is not None:
                results[check.name] = skipped(check, needed)
            else:
                runs = [future.result() for future in started.get(check.name) or self._started(check)]
                results[check.name] = judge_check(
                    check, self._work, self._source, self._seed, runs, references[check.name]
                )
        return tuple(results[check.name] for check in self._work.checks)

    def _started(self, check: Check) -> list[Future[Run]]:
        jobs = program_jobs(check, self._source.text, self._source.filename, self._seed, self._work)
        return [self._pool.submit(self._run, job) for job in jobs]

    def _run_all(self, jobs: Sequence[Job]) -> list[Run]:
        return list(self._pool.map(self._run, jobs))

    def _run(self, job: Job) -> Run:
        run = self._box.run(job)
        # A fault of ours is tried once more before it is told.
        return self._box.run(job) if run.status is RunStatus.SANDBOX_FAILED else run


def _no_box(jobs: Sequence[Job]) -> list[Run]:
    raise AssertionError(f"{len(jobs)} jobs without a box")

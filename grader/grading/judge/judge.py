"""Judges one submission of one exercise: runs what must run, and holds it to the reference."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from grader.core.course.exercise import AuthorTest, Check, Coded, Exercise, Stated, Tested
from grader.core.course.sampling import seed_for
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.findings.telling import told
from grader.core.judge.author_tests import (
    author_tests_job,
    author_tests_preloads,
    broken,
    judge_author_tests,
    kept_back,
)
from grader.core.judge.digests import declared_digest, judging_digest
from grader.core.judge.judge import judge_check, skipped, void
from grader.core.judge.version import JUDGING
from grader.core.program.source import Source, read_source, syntax_fault
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Job, Run, RunStatus
from grader.core.run.plan import preloads, program_jobs
from grader.core.stated.judge import judge_asks
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.core.words.message import say
from grader.grading.judge.reference import ReferenceObserver
from grader.grading.judge.wrong_programs import WrongObserver
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles
from grader.store.release.files import Released
from grader.store.release.folder import NAME
from grader.store.students.answers import Answers

MakeBox = Callable[[Iterable[str]], Sandbox]
# Begins to run jobs, and returns what waits for their runs.
Start = Callable[[Sequence[Job]], Callable[[], list[Run]]]


@dataclass(frozen=True)
class Judged:
    """The results of all checks, and the isolation under which they ran: not_run where nothing did.

    Attributes:
        notices: what is said of the program as a whole.
    """

    isolation: str
    checks: tuple[CheckResult, ...]
    notices: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class AnswerKey:
    """What submissions of one exercise are held to.

    Attributes:
        solution: the solution's source; b"" for stated values, whose reference is autograd on the graph.
        shown: how messages call the file that the reference comes from.
        seed: of the hidden probes.
        judging: the digest of all that decides a mark.
        wrong: the author's wrong programs, which name what a submission gets wrong.
        released: in the students' copy, what stands for the solution and the wrong programs.
    """

    exercise: Exercise
    solution: bytes
    shown: str
    seed: bytes
    judging: str
    wrong: tuple[WrongProgram, ...] = ()
    released: Released | None = None

    def wrong_observer(self, solution: Source) -> WrongObserver:
        """Return what observes the wrong programs, or remembers them."""
        assert isinstance(self.exercise.work, Coded)
        return WrongObserver(self.exercise.work, self.wrong, solution, self.seed, self.released)

    def observer(self) -> ReferenceObserver:
        """Return what observes the reference, or remembers it."""
        return ReferenceObserver(self.exercise, self.solution, self.shown, self.seed, self.released)


def answer_key(files: CourseFiles, exercise: Exercise, secret: bytes) -> AnswerKey:
    """Return the key of an exercise. Its seed is the same for every student and every re-run.

    Raises:
        CourseInvalid: where a program is asked and there is no solution.
        CouldNotJudge: in a students' copy that does not fit.
    """
    solution = files.solution(exercise.id)
    released = files.released(exercise.id) if solution is None else None
    if released is not None:
        hold_release(released, exercise)
        wrong = tuple(program for program, _ in released.wrong)
        judging = released.exercise
        return AnswerKey(exercise, b"", f"{exercise.id}: {NAME}", released.seed, judging, wrong, released)
    if isinstance(exercise.work, Stated):
        # Its reference is autograd on the graph; a solution.py would be for people.
        shown = files.shown(files.root / "exercises" / exercise.id / "exercise.yaml")
        return _key_of(exercise, b"", shown, secret)
    shown = files.shown(files.root / "solutions" / exercise.id / "solution.py")
    if solution is None:
        message = say("the solution is missing, so there is nothing to hold a submission to")
        raise CourseInvalid([Fault(Position(shown), message)])
    wrong = () if isinstance(exercise.work, Tested) else files.wrong_programs(exercise.id)
    return _key_of(exercise, solution, shown, secret, wrong)


def _key_of(
    exercise: Exercise, solution: bytes, shown: str, secret: bytes, wrong: tuple[WrongProgram, ...] = ()
) -> AnswerKey:
    judging = judging_digest(exercise, solution, wrong)
    return AnswerKey(exercise, solution, shown, seed_for(secret, exercise.id, judging), judging, wrong)


def hold_release(released: Released, exercise: Exercise) -> None:
    """Hold what was released to the exercise's file and to this grader.

    Raises:
        CouldNotJudge: where they do not fit; says what to do.
    """
    if released.exercise != declared_digest(exercise):
        raise CouldNotJudge(
            say(
                "exercises/{id}/exercise.yaml is not the one that was released, so its answers do not fit. Get the "
                "course's files again; your own work is in work/ and stays",
                id=exercise.id,
            )
        )
    if released.judging > JUDGING:
        raise CouldNotJudge(
            say("these files were released by a newer version of the grader: pip install --upgrade course-grader")
        )
    if released.judging < JUDGING:
        raise CouldNotJudge(
            say(
                "these files were released by an older version of the grader, which judged by other rules. Get the "
                "course's files again; your own work is in work/ and stays"
            )
        )


def judge_stated(key: AnswerKey, answers: Answers, make_box: MakeBox) -> Judged:
    """Judge stated values. Nothing of the student's runs; torch only where the reference is not known yet."""
    observer = key.observer()
    if observer.is_known:
        return stated_against(observer, key.exercise, answers, no_box)
    box = make_box(["torch"])
    try:
        return stated_against(observer, key.exercise, answers, lambda jobs: [box.run(job) for job in jobs])
    finally:
        box.close()


def stated_against(
    observer: ReferenceObserver, exercise: Exercise, answers: Answers, run_all: Callable[[Sequence[Job]], list[Run]]
) -> Judged:
    """Judge stated values against the reference of `observer`."""
    assert isinstance(exercise.work, Stated)
    return Judged("not_run", judge_asks(exercise.work, answers, observer.answers(run_all), exercise.reveal))


def judge_program(key: AnswerKey, source: Source, make_box: MakeBox, wrong: WrongObserver | None = None) -> Judged:
    """Judge a program: each check in children of its own, beside the solution's where that is not known yet."""
    work = key.exercise.work
    assert not isinstance(work, Stated)
    fault = syntax_fault(source)
    if fault is not None:
        return unreadable(work, fault)
    if isinstance(work, Tested):
        return judge_tested(key, work, source, make_box)
    observer = key.observer()
    box = make_box(preloads(work, source.text, observer.source))
    box.start()
    try:
        with _side_by_side(box) as start:
            return program_against(observer, key, source, box, start, wrong=wrong)
    finally:
        box.close()


def program_against(
    observer: ReferenceObserver,
    key: AnswerKey,
    source: Source,
    box: Sandbox,
    start: Start,
    known: Mapping[str, CheckResult] | None = None,
    wrong: WrongObserver | None = None,
) -> Judged:
    """Judge a program whose syntax is right against the reference of `observer`.

    Args:
        known: results of checks that are certain, and are not run again.
        wrong: what observes the wrong programs; None makes a new one.
    """
    wrong = wrong or key.wrong_observer(observer.program)
    work = key.exercise.work
    assert isinstance(work, Coded)

    def started(check: Check) -> Callable[[], list[Run]]:
        return start(program_jobs(check, source.text, source.filename, key.seed, work))

    known = {**not_run(work, source), **(known or {})}
    waiting = {check.name: started(check) for check in work.checks if not check.needs and check.name not in known}
    references = observer.checks(lambda jobs: start(jobs)())

    def result(check: Check) -> CheckResult:
        if check.name in known:
            return known[check.name]
        runs = (waiting.get(check.name) or started(check))()
        answer_side = partial(wrong.seen, check, references[check.name], box.run_together)
        return judge_check(check, work, source, key.seed, runs, references[check.name], answer_side)

    results = in_order(work.checks, result)
    return Judged(box.isolation, results, _notices(source, results))


C = TypeVar("C", Check, AuthorTest)


def in_order(checks: Sequence[C], result: Callable[[C], CheckResult]) -> tuple[CheckResult, ...]:
    """Return every check's result; those that need another one which did not pass are not looked at."""
    results: dict[str, CheckResult] = {}
    for check in checks:
        needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
        if needed is not None and results[needed].verdict is Verdict.VOID:
            results[check.name] = void(check.name, check.points, finding("needs-judged", needed=needed))
        elif needed is not None:
            results[check.name] = skipped(check, needed)
        else:
            results[check.name] = result(check)
    return tuple(results.values())


def not_run(work: Coded, source: Source) -> dict[str, CheckResult]:
    """Return the results of checks that run the whole program, where Python cannot read a part of it."""
    if not source.faults:
        return {}
    faults = tuple(fault for _, fault in source.faults)
    return {
        check.name: CheckResult(check.name, RunStatus.NOT_RUN, Verdict.ERROR, check.points, faults)
        for check in work.checks
        if check.script
    }


def _notices(source: Source, results: Iterable[CheckResult]) -> tuple[Finding, ...]:
    """Return what is said of a program as a whole: its faults too, where no check had to tell of them."""
    told = any(fault in result.findings for _, fault in source.faults for result in results)
    return source.notices if told else (*source.notices, *(fault for _, fault in source.faults))


def judge_tested(key: AnswerKey, work: Tested, source: Source, make_box: MakeBox) -> Judged:
    """Put the author's tests to a program, those of each check in children of their own, side by side."""
    box = make_box(author_tests_preloads(work, source.text))
    box.start()
    try:
        with _side_by_side(box) as start:
            return tested_against(key, work, source, box, start)
    finally:
        box.close()


def tested_against(key: AnswerKey, work: Tested, source: Source, box: Sandbox, start: Start) -> Judged:
    """Judge a program whose syntax is right by the author's tests.

    Raises:
        CourseInvalid: where the tests cannot be read beside the solution either.
    """

    def started(check: AuthorTest) -> Callable[[], list[Run]]:
        return start([author_tests_job(check, work, source)])

    absent = {check.name: skip for check in work.checks if (skip := kept_back(check, work))}
    waiting = {check.name: started(check) for check in work.checks if not check.needs and check.name not in absent}

    def result(check: AuthorTest) -> CheckResult:
        if check.name in absent:
            return absent[check.name]
        (run,) = (waiting.get(check.name) or started(check))()
        if broken(run) and key.released is None:
            _require_whole(key, check, work, start)
        return judge_author_tests(check, work, source, run, key.exercise.reveal)

    results = in_order(work.checks, result)
    return Judged(box.isolation, results, _notices(source, results))


def _require_whole(key: AnswerKey, check: AuthorTest, work: Tested, start: Start) -> None:
    """Hold the author's tests to the author's solution before a student is told that they cannot be read."""
    solution = read_source(key.solution, key.shown)
    found = solution if isinstance(solution, Finding) else syntax_fault(solution)
    fault = None if found is None else told(found)
    if fault is None and isinstance(solution, Source):
        (run,) = start([author_tests_job(check, work, solution)])()
        words = broken(run)
        fault = (
            say("check {check}: the tests cannot be read: {words}", check=check.name, words=words) if words else None
        )
    if fault is not None:
        raise CourseInvalid([Fault(Position(key.shown), fault)])


def unreadable(work: Coded | Tested, fault: Finding) -> Judged:
    """Return every check as an error: the file cannot be read as a program."""
    return Judged(
        "not_run",
        tuple(
            CheckResult(check.name, RunStatus.NOT_RUN, Verdict.ERROR, check.points, (fault,)) for check in work.checks
        ),
    )


def no_box(jobs: Sequence[Job]) -> list[Run]:
    """Stand where a box would be that nothing needs."""
    raise AssertionError(f"{len(jobs)} jobs without a box")


def run_twice(box: Sandbox, job: Job) -> Run:
    """Run a job; a fault of ours is tried once more before it is told."""
    run = box.run(job)
    return box.run(job) if run.status is RunStatus.SANDBOX_FAILED else run


@contextmanager
def _side_by_side(box: Sandbox) -> Iterator[Start]:
    """Yield what runs jobs on as many cores as there are: one student waits for one submission."""
    pool = ThreadPoolExecutor(max(2, os.cpu_count() or 2))

    def start(jobs: Sequence[Job]) -> Callable[[], list[Run]]:
        futures = [pool.submit(run_twice, box, job) for job in jobs]
        return lambda: [future.result() for future in futures]

    try:
        yield start
    finally:
        box.close()
        pool.shutdown(wait=True, cancel_futures=True)

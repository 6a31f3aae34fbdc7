"""One part of the proof of an exercise, as a value that goes to a worker, and what the worker does with it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from grader.actions.judge import AnswerKey, run_twice, tested_against
from grader.actions.mutation_task import MutationTask, Survivors, survivors
from grader.actions.reference import ReferenceObserver
from grader.actions.task import exams_in_turn, in_turn, unpacked, warm_box
from grader.actions.wrong_programs import WrongObserver
from grader.core.check_finding import CheckSeen, Finding, Program, ProgramSeen
from grader.core.check_solution import (
    dtype_finding,
    furthest,
    gradient_finding,
    has_gradient,
    random_finding,
    reseeded,
    shifted,
)
from grader.core.errors import CouldNotJudge, CourseInvalid, Position
from grader.core.exercise import Check, Coded, Stated, Tested
from grader.core.judge import judge_check, skipped
from grader.core.judge_exam import exam_preloads
from grader.core.message import Message, say
from grader.core.observation import Job, Run, RunStatus
from grader.core.plan import preloads, program_jobs
from grader.core.report import CheckResult, Verdict
from grader.core.source import Source, read_source, syntax_fault
from grader.sandbox.port import Sandbox

# What a worker brings back: autograd's answers, findings about the solution, how programs did, or which mutants live.
Outcome = dict[str, float] | list[Finding] | list[ProgramSeen] | Survivors | CourseInvalid | CouldNotJudge


@dataclass(frozen=True)
class CheckTask:
    """A part of the proof.

    Attributes:
        key: an AnswerKey, pickled by us.
        programs: to be judged; none asks for the solution itself, or for autograd's answers.
        closely: judge each check in children of its own, and name what is wrong.
    """

    key: bytes
    isolation: str
    programs: tuple[Program, ...] = ()
    closely: bool = True
    observe: str = ""


@dataclass(frozen=True)
class _Observed:
    """What is known of an exercise whose reference is its solution."""

    key: AnswerKey
    observer: ReferenceObserver
    wrong: WrongObserver | None


def check_outcome(task: CheckTask | MutationTask) -> Outcome:
    """Do one part. Whatever is raised is an outcome."""
    try:
        return survivors(task) if isinstance(task, MutationTask) else _done(task)
    except (CourseInvalid, CouldNotJudge) as error:
        return error
    except Exception as error:  # noqa: BLE001 - the boundary of a worker; what it cannot do is told
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return CouldNotJudge(say("a bug of ours: {words}", words=words))


def _done(task: CheckTask) -> Outcome:
    known = unpacked(task.key)
    work = known.key.exercise.work
    if isinstance(work, Tested):
        return [_by_tests(known.key, work, task.isolation, program) for program in task.programs]
    assert known.observer is not None
    if isinstance(work, Stated):
        return known.observer.answers(lambda jobs: in_turn(warm_box(task.isolation), jobs))
    return _of_checks(task, _Observed(known.key, known.observer, known.wrong), work)


def _of_checks(task: CheckTask, known: _Observed, work: Coded) -> Outcome:
    sources = [source for each in task.programs if isinstance(source := _source(each), Source)]
    box = warm_box(task.isolation, preloads(work, known.observer.source, *(source.text for source in sources)))
    if task.observe:
        check = next(check for check in work.checks if check.name == task.observe)
        references = known.observer.checks(lambda jobs: in_turn(box, jobs))
        assert known.wrong is not None
        known.wrong.seen(check, references[check.name], box.run_together)
        return []
    if not task.programs:
        return list(_solution(known, work, box))
    look = _closely if task.closely else _quickly
    return [look(known, work, box, program) for program in task.programs]


def _by_tests(key: AnswerKey, work: Tested, isolation: str, program: Program) -> ProgramSeen:
    """Put the author's tests to a program."""
    source = _source(program)
    if isinstance(source, Message):
        return _unreadable(work, program, source)
    box = warm_box(isolation, exam_preloads(work, source.text))
    results = tested_against(key, work, source, box, exams_in_turn(box)).checks
    for result in results:
        if result.verdict is Verdict.VOID:
            raise CouldNotJudge(result.messages[0])
    return ProgramSeen(program, tuple(_seen(result, None) for result in results))


def _source(program: Program) -> Source | Message:
    source = read_source(program.content, program.shown)
    return source if isinstance(source, Message) else syntax_fault(source) or source


def _unreadable(work: Coded | Tested, program: Program, fault: Message) -> ProgramSeen:
    return ProgramSeen(program, (CheckSeen(work.checks[0].name, Verdict.ERROR, RunStatus.CRASHED, message=fault),))


def _closely(known: _Observed, work: Coded, box: Sandbox, program: Program) -> ProgramSeen:
    source = _source(program)
    if isinstance(source, Message):
        return _unreadable(work, program, source)
    references = known.observer.checks(lambda jobs: in_turn(box, jobs))
    seed, results, seen = known.key.seed, dict[str, CheckResult](), list[CheckSeen]()
    for check in work.checks:
        needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
        if needed is not None:
            results[check.name] = skipped(check, needed)
            seen.append(_seen(results[check.name], None))
            continue
        runs = in_turn(box, program_jobs(check, source.text, source.filename, seed, work))
        reference = references[check.name]
        side = None
        if program.role == "wrong" and not any(each.named for each in seen):
            assert known.wrong is not None
            side = partial(known.wrong.seen, check, reference, box.run_together)
        result = results[check.name] = judge_check(check, work, source, seed, runs, reference, side)
        if result.verdict is Verdict.VOID:
            raise CouldNotJudge(result.messages[0])
        share = _share(check, runs)
        if program.role in ("solution", "right") and share > 0.3:
            # A machine that was busy with something else for a moment says nothing about the program.
            share = min(
                share, _share(check, in_turn(box, program_jobs(check, source.text, source.filename, seed, work)))
            )
        off = furthest(check, runs, seed, reference)
        seen.append(replace(_seen(result, off), share=share))
    return ProgramSeen(program, tuple(seen))


def _share(check: Check, runs: Sequence[Run]) -> float:
    return max(max(run.usage.wall / check.limits.wall, run.usage.cpu / check.limits.cpu) for run in runs)


def _seen(result: CheckResult, off: float | None) -> CheckSeen:
    message = result.messages[0] if result.messages and result.verdict is not Verdict.PASS else None
    named = tuple(each.name for each in result.misconceptions)
    return CheckSeen(result.name, result.verdict, result.status, named, message, off)


def _quickly(known: _Observed, work: Coded, box: Sandbox, program: Program) -> ProgramSeen:
    """Run all checks in one child; what a right program loses there is looked at once more in children of its own."""
    source = _source(program)
    if isinstance(source, Message):
        return _unreadable(work, program, source)
    references = known.observer.checks(lambda jobs: in_turn(box, jobs))
    seed = known.key.seed
    jobs = {check.name: program_jobs(check, source.text, source.filename, seed, work) for check in work.checks}
    left = iter(box.run_together([job for some in jobs.values() for job in some]))
    for check in work.checks:
        runs = list(islice(left, len(jobs[check.name])))
        if len(runs) == len(jobs[check.name]):
            result = judge_check(check, work, source, seed, runs, references[check.name])
            if result.verdict is Verdict.PASS:
                continue
        again = [run_twice(box, job) for job in jobs[check.name]]
        result = judge_check(check, work, source, seed, again, references[check.name])
        if result.verdict is Verdict.VOID:
            raise CouldNotJudge(result.messages[0])
        if result.verdict is not Verdict.PASS:
            return ProgramSeen(program, (_seen(result, None),))
    return ProgramSeen(program, ())


def _solution(known: _Observed, work: Coded, box: Sandbox) -> Iterator[Finding]:
    """Yield what is wrong with the solution by itself."""
    known.observer.checks(lambda jobs: in_turn(box, jobs))
    source, at = known.observer.program, Position(known.observer.program.filename)

    def run(jobs: Sequence[Job]) -> list[Run]:
        return in_turn(box, jobs)

    for check in work.checks:
        jobs = program_jobs(check, source.text, source.filename, known.key.seed, work, dtype="float64", ours=True)
        first = run(jobs)
        again = jobs if "__future__" in source.text else tuple(reseeded(job, 1) for job in jobs)
        found = [
            random_finding(check, first, run(again), at),
            dtype_finding(check, first, "float64", at),
        ]
        if has_gradient(check) and not check.script:
            moved, places = shifted(jobs[0], check)
            found.append(gradient_finding(check, jobs[0], first[0], run([moved])[0], places, at))
        yield from (each for each in found if each is not None)

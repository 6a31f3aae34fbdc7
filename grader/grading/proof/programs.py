"""Judges the programs of the author's side: on the first numbers as a student's are, on other numbers more briefly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.findings.telling import told
from grader.core.judge.explain import raised_finding
from grader.core.judge.judge import why_void
from grader.core.judge.rules import tells_of_rule
from grader.core.program.source import Source
from grader.core.proof.findings import CheckSeen, Program, ProgramSeen
from grader.core.proof.solution import furthest
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import Message, say
from grader.grading.judge.answer_key import Known
from grader.grading.judge.judge import judging
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Alone, Judged, Look, Steps, at_once
from grader.store.students.programs import program_of_ours

# Of its time limit. A program that takes more is looked at once more before it is called slow.
_MUCH = 0.3


def source_of(program: Program) -> Source | Finding:
    """Return a program as it is read, or why it cannot be."""
    return program_of_ours(program.content, program.shown)


def as_judged(known: Known, program: Program) -> Steps[ProgramSeen]:
    """Judge a program as a student's is, and name what is wrong with a wrong one."""
    source = source_of(program)
    if isinstance(source, Finding):
        return _unreadable(known, program, source)
    judged = yield from judging(known, source, diagnose=program.role == "wrong")
    return _briefly(program, judged)


def closely(whole: Known, program: Program) -> Steps[ProgramSeen]:
    """Judge a program as a student's is, and see how near it came to what is allowed: its numbers, and its time."""
    known = KnownCoded.of(whole)
    source = source_of(program)
    if isinstance(source, Finding):
        return _unreadable(known, program, source)
    judged = yield from judging(whole, source, diagnose=program.role == "wrong")
    checks = []
    for result in judged.checks:
        seen = _seen(result)
        if (look := judged.looks.get(result.name)) is not None:
            off = furthest(look.check, look.runs, known.key.seed, known.observer.reference[result.name])
            share = yield from _share(known, program, source, look)
            seen = replace(seen, excess=off, share=share, raised=_raised(source, look.runs))
        checks.append(seen)
    return ProgramSeen(program, tuple(checks))


def on_draw(known: KnownCoded, programs: Sequence[Program]) -> Steps[list[ProgramSeen]]:
    """Judge programs that are right on the first numbers, as many in a child as come to their end there."""
    yield from reference(known.observer)
    # What cannot be read is told on the first draw.
    readable = [(each, source) for each in programs if isinstance(source := source_of(each), Source)]
    judged = yield from at_once([judging(known, source, diagnose=False, ours=True) for _, source in readable])
    return [_briefly(program, each) for (program, _), each in zip(readable, judged, strict=True)]


def on_more_draws(draws: Sequence[Known], program: Program, lost: str) -> Steps[list[ProgramSeen]]:
    """Judge a program that is wrong on the first numbers on a few more.

    Args:
        lost: the check that it lost there. Where it loses that again, the others are not looked at.
    """
    source = source_of(program)
    if isinstance(source, Finding):
        return []
    return (yield from at_once([_on_one_more(known, program, source, lost) for known in draws]))


def _on_one_more(whole: Known, program: Program, source: Source, lost: str) -> Steps[ProgramSeen]:
    known = KnownCoded.of(whole)
    yield from reference(known.observer)
    checks = tuple(check for check in known.drawn.work.checks if check.name == lost and not check.needs)
    if checks:
        judged = yield from judging(known.with_checks(checks), source, diagnose=False)
        seen = _briefly(program, judged)
        if seen.lost is not None:
            return seen
    return _briefly(program, (yield from judging(whole, source, diagnose=False)))


def _briefly(program: Program, judged: Judged) -> ProgramSeen:
    return ProgramSeen(program, tuple(map(_seen, judged.checks)))


def _unreadable(known: Known, program: Program, fault: Finding) -> ProgramSeen:
    first = known.key.exercise.work.parts[0].name
    return ProgramSeen(program, (CheckSeen(first, Verdict.ERROR, RunStatus.CRASHED, message=told(fault)),))


def _seen(result: CheckResult) -> CheckSeen:
    """Return how a program did at a check.

    Raises:
        CouldNotJudge: where we could not judge it.
    """
    if result.verdict is Verdict.VOID:
        raise CouldNotJudge(say("the program could not be run: {detail}", detail=why_void(result)))
    message = told(result.findings[0]) if result.findings and result.verdict is not Verdict.PASS else None
    named = tuple(each.name for each in result.causes)
    rule = any(map(tells_of_rule, result.findings))
    return CheckSeen(result.name, result.verdict, result.status, named, message, rule=rule)


def _share(known: KnownCoded, program: Program, source: Source, look: Look) -> Steps[float]:
    share = _used(look, look.runs)
    if program.role not in ("solution", "right") or share <= _MUCH:
        return share
    # A machine that was busy with something else for a moment says nothing about the program.
    (again,) = yield [Alone(program_jobs(look.check, source.text, source.filename, known.key.seed, known.work))]
    return min(share, _used(look, again))


def _used(look: Look, runs: Sequence[Run]) -> float:
    limits = look.check.limits
    return max(max(run.usage.wall / limits.wall, run.usage.cpu / limits.cpu) for run in runs)


def _raised(source: Source, runs: Sequence[Run]) -> Message | None:
    of_runs = [run.ran.raised for run in runs if run.ran and run.ran.raised]
    of_loading = [raised for run in runs if run.loaded for raised in run.loaded.skipped]
    return next((told(raised_finding(raised, source)) for raised in (*of_runs, *of_loading)), None)

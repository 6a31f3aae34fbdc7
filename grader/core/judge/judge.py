"""Judges one observation against the other: each check's verdict, why, and what there is to see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.author_tests import AuthorTest
from grader.core.course.checks.call import Call
from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.diagnose import (
    Case,
)
from grader.core.diagnose.wrong_programs import Seen, seen_at
from grader.core.judge.explain import (
    about_cells,
    difference,
    files_finding,
    skipped_findings,
    why_failed,
)
from grader.core.judge.own_numbers import names_passed_over
from grader.core.judge.reference import Found, Reference, observations_of, unusable
from grader.core.judge.rules import broken_at
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.words.message import Message

_WORST_FIRST = list(reversed(RunStatus))
NOT_READ = "data-not-read"


@dataclass(frozen=True)
class _Judged:
    """The first thing wrong with one signature, whether that is in what it computed, and where nothing was wrong."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    held: int
    differs: bool = False


def holds(check: Check, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference) -> bool:
    """Return whether a program gets a check right, under one of its signatures."""
    if check.data is not None:
        from grader.core.judge.reached import holds_once

        return holds_once(check, source, runs[0], reference)
    numbers, calls = probe_numbers(check, seed), max(len(check.calls), 1)
    observations = observations_of(check, runs, len(numbers), calls)
    judged = (_judged(check, source, i, observations[i], numbers, reference) for i in range(calls))
    return any(each.verdict is Verdict.PASS for each in judged)


def fails_at_once(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> bool:
    """Return whether the first probe of a check of one signature, at most, fails it whatever comes of the others."""
    if reference.fault is not None:
        return False
    if broken_at(check, work, source, runs[:1]):
        return True
    numbers = probe_numbers(check, seed)
    (observations,) = observations_of(check, runs, len(numbers), 1)
    first = Reference(reference.expected[:1])
    return _judged(check, source, 0, observations[:1], numbers[:1], first).verdict is not Verdict.PASS


def wrong_at(
    check: Check, source: Source, seed: bytes, exact: Sequence[Run], single: Sequence[Run]
) -> tuple[tuple[Seen, ...], ...]:
    """Return what a wrong program showed at a check, per signature, from its float64 and float32 runs."""
    probes, calls = len(probe_numbers(check, seed)), max(len(check.calls), 1)
    ours, theirs = (observations_of(check, runs, probes, calls) for runs in (exact, single))
    return tuple(seen_at(check, mine, its, source) for mine, its in zip(ours, theirs, strict=True))


def judge_case(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> tuple[CheckResult, Case | None]:
    """Judge the runs of one check; of several signatures, one must hold on all probes.

    Return also what was seen, to be diagnosed; None where no number counts.
    """
    status = min((run.status for run in runs), key=_WORST_FIRST.index)
    if status is RunStatus.SANDBOX_FAILED:
        detail = next(why_failed(run) for run in runs if run.status is status)
        return void(check.name, check.points, detail), None
    broken = broken_at(check, work, source, runs)
    if broken:
        return CheckResult(check.name, status, Verdict.FAIL, check.points, broken), None
    if reference.fault is not None:
        # A fault of the exercise costs nobody a point, nor gives one.
        return void(check.name, check.points, reference.fault), None
    if check.data is not None:
        # Only who trains pays for it.
        from grader.core.judge.reached import judged_reach

        return judged_reach(check, source, runs, reference)
    numbers = probe_numbers(check, seed)
    alternatives = observations_of(check, runs, len(numbers), max(len(check.calls), 1))
    judged = [
        _judged(check, source, i, observations, numbers, reference) for i, observations in enumerate(alternatives)
    ]
    best = max(judged, key=lambda each: (each.verdict is Verdict.PASS, each.held))
    found = best.findings
    if best.differs:
        seen = alternatives[judged.index(best)]
        passed_over = names_passed_over(check, source, seen, reference.expected)
        found = (finding(NOT_READ, names=passed_over), *skipped_findings(runs[0], source)) if passed_over else found
    if best.verdict is Verdict.PASS:
        found = held_finding(check, judged.index(best))
    elif len(check.calls) > 1:
        found = (*found, finding("one-signature", calls=tuple(map(str, check.calls))))
    result = CheckResult(check.name, status, best.verdict, check.points, found)
    return result, Case(check, source, alternatives, judged.index(best), reference.expected, numbers)


def held_finding(check: Check, which: int) -> tuple[Finding, ...]:
    """Say which of several signatures held; nothing where there is but one."""
    return (finding("signature-held", call=str(check.calls[which])),) if len(check.calls) > 1 else ()


def void(name: str, points: float, detail: str | Message | Finding) -> CheckResult:
    """Return the result of a check that we could not judge."""
    why = finding("void", detail=detail or "?")
    return CheckResult(name, RunStatus.SANDBOX_FAILED, Verdict.VOID, points, (why,))


def why_void(result: CheckResult) -> object:
    """Return what kept us from judging a check, without the sentence around it that is for students."""
    return result.findings[0].fields["detail"]


def skipped(check: Check | AuthorTest, needed: str) -> CheckResult:
    """Return the result of a check that was not looked at because one that it needs did not pass."""
    why = finding("needs", needed=needed)
    return CheckResult(check.name, RunStatus.NOT_RUN, Verdict.SKIPPED, check.points, (why,))


def _judged(
    check: Check,
    source: Source,
    which: int,
    observations: Sequence[Observation],
    numbers: Sequence[Numbers],
    reference: Reference,
) -> _Judged:
    call = check.calls[which] if check.calls else None
    first: _Judged | None = None
    first_huge = False
    held = 0
    for place, (observation, probe, expected) in enumerate(zip(observations, numbers, reference.expected, strict=True)):
        # What differs at numbers of a usual size is told first: huge ones are there for what these do not show.
        huge = any(each.huge for each in expected)
        unused = found = unusable(check, source, observation, call, probe)
        if found is None:
            found = _different(check, source, call, observation, probe, expected)
        if found is None:
            held += 1
        elif first is None or (first_huge and not huge):
            verdict, findings = found
            first = _Judged(verdict, (*findings, *files_finding(check, place)), held=0, differs=not unused)
            first_huge = huge
    return _Judged(Verdict.PASS, (), held) if first is None else replace(first, held=held)


def _different(
    check: Check,
    source: Source,
    call: Call | None,
    observation: Observation,
    probe: Numbers,
    expected: tuple[Expected, ...],
) -> Found | None:
    for item, wanted in zip(comparisons(check), expected, strict=True):
        found = item.mismatch(check, observation, wanted)
        if found is None:
            continue
        first = difference(found, item, check, call, probe)
        return Verdict.FAIL, (first, *about_cells(call, None, source), *skipped_findings(observation.run, source))
    return None

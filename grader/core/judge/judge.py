"""Judges one observation against the other: each check's verdict, why, and what there is to see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.core.compare.comparison import RecordedSeries, comparisons
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.call import Call
from grader.core.course.draw import Array
from grader.core.course.exercise import AuthorTest, Check, Coded
from grader.core.diagnose.diagnose import (
    AS_IT_IS,
    AnswerSide,
    Case,
    PutRight,
    causes_beside,
    diagnosed,
    meaning,
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
from grader.core.report.evidence import Series
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.words.message import Message
from grader.core.words.numbers import show

_WORST_FIRST = list(reversed(RunStatus))
_BEFORE, _AFTER = 1, 2
_NOT_READ = "data-not-read"


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
        found = (finding(_NOT_READ, names=passed_over), *skipped_findings(runs[0], source)) if passed_over else found
    if best.verdict is Verdict.PASS:
        found = held_finding(check, judged.index(best))
    elif len(check.calls) > 1:
        found = (*found, finding("one-signature", calls=tuple(map(str, check.calls))))
    result = CheckResult(check.name, status, best.verdict, check.points, found)
    return result, Case(check, source, alternatives, judged.index(best), reference.expected, numbers)


def with_evidence(result: CheckResult, case: Case) -> tuple[CheckResult, Finding | None]:
    """Add what there is to see of a check to its result; return also the first step that differs, if one does."""
    if goes_by_its_own(result):
        return result, None
    if case.check.data is not None:
        from grader.core.judge.reached import curves_of

        return replace(result, evidence=curves_of(case)), None
    evidence, departure = evidence_of(case)
    return replace(result, evidence=evidence), departure


def with_diagnosis(
    result: CheckResult,
    case: Case,
    departure: Finding | None,
    answer_side: AnswerSide,
    put_right: PutRight = AS_IT_IS,
) -> CheckResult:
    """Add what a check that did not pass shows to its result: where it departs, causes, what an exception means."""
    own = goes_by_its_own(result)
    causes = causes_beside(case, answer_side, put_right) if put_right.settings else diagnosed(case, answer_side, own)
    why = finding("likely-cause", causes=tuple(cause.name for cause in causes)) if causes else meaning(case)
    settings = () if causes == put_right.settings else tuple(setting.hint for setting in put_right.settings)
    more = tuple(each for each in (departure, why, *settings) if each is not None)
    return replace(result, findings=(*result.findings, *more), causes=causes)


def goes_by_its_own(result: CheckResult) -> bool:
    """Return whether a program's training goes by numbers of its own."""
    return any(found.kind == _NOT_READ for found in result.findings)


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
    held = 0
    for place, (observation, probe, expected) in enumerate(zip(observations, numbers, reference.expected, strict=True)):
        unused = found = unusable(check, source, observation, call, probe)
        if found is None:
            found = _different(check, source, call, observation, probe, expected)
        if found is None:
            held += 1
        elif first is None:
            verdict, findings = found
            first = _Judged(verdict, (*findings, *files_finding(check, place)), held=0, differs=not unused)
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


def evidence_of(case: Case) -> tuple[tuple[Series, ...], Finding | None]:
    """Return what there is to see, and the first step that differs with those around it.

    For a training both are of the first probe that departs from the reference.
    """
    observations = case.observations[case.best]
    # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
    ended = next((raised.line for observation in observations if (raised := observation.raised) is not None), 0)
    first: tuple[Series, ...] | None = None
    for observation, expected, numbers in zip(observations, case.expected, case.numbers, strict=True):
        curves = _curves(case.check, observation, expected)
        departed = [curve for curve in curves if curve.departure is not None]
        if departed and not ended and not _had_other_numbers(observation):
            return curves, _around(case.check, departed[0], numbers)
        first = curves if first is None else first
    return first or (), None


def _had_other_numbers(observation: Observation) -> bool:
    ran = observation.run.ran
    return ran is not None and bool(ran.unbound or ran.odd)


def _curves(check: Check, observation: Observation, expected: tuple[Expected, ...]) -> tuple[Series, ...]:
    """Return the curves of the first comparison that has any to show."""
    for item, one in zip(comparisons(check), expected, strict=True):
        recorded = item.evidence(observation, one)
        if recorded:
            return _first_only([(each.rank, curve) for each in recorded if (curve := _curve(each, one)) is not None])
    return ()


def _curve(recorded: RecordedSeries, expected: Expected) -> Series | None:
    """Return one quantity's curve; None where it is more than one number a step, or missing."""
    mine, ours = recorded.actual, expected.arrays.get(recorded.key)
    if mine is None or ours is None or mine[0].size != 1 or ours[0].size != 1:
        return None
    actual, wanted = mine.reshape(-1), ours.reshape(-1)
    both = min(len(actual), len(wanted), expected.upto or len(wanted))
    off = np.flatnonzero(excess(actual[:both], wanted[:both], expected.allowed(recorded.key).reshape(-1)[:both]) > 1)
    departure = int(off[0]) if off.size else min(len(actual), len(wanted)) if len(actual) != len(wanted) else None
    return Series(recorded.quantity, tuple(wanted.tolist()), tuple(actual.tolist()), departure)


def _first_only(ranked: Sequence[tuple[int, Series]]) -> tuple[Series, ...]:
    """Mark the quantity that departs first; of one step, that of the lowest rank."""
    departures = [(curve.departure, rank, curve) for rank, curve in ranked if curve.departure is not None]
    if not departures:
        return tuple(curve for _, curve in ranked)
    first = min(departures, key=lambda each: each[:2])[2]
    return tuple(curve if curve is first else replace(curve, departure=None) for _, curve in ranked)


def _around(check: Check, departed: Series, numbers: Mapping[str, Array]) -> Finding:
    place = departed.departure or 0
    most = max(len(departed.actual), len(departed.expected))
    steps = range(max(place - _BEFORE, 0), min(place + _AFTER + 1, most))
    rows = tuple(
        finding(
            "step-that-differs" if step == place else "step-around",
            step=step + 1,
            quantity=departed.quantity,
            inputs=_sample(check, step, numbers),
            actual=_told(departed.actual, step),
            expected=_told(departed.expected, step),
        )
        for step in steps
    )
    return finding("first-difference", step=place + 1, quantity=departed.quantity, rows=rows)


def _told(numbers: Sequence[float], step: int) -> float | None:
    """Return a number as exactly as it is told; None where the run had no such step."""
    return float(show(numbers[step])) if step < len(numbers) else None


def _sample(check: Check, step: int, numbers: Mapping[str, Array]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, show(numbers[name].numbers[step % len(numbers[name].numbers)]))
        for name in check.samples
        if name in numbers
    )

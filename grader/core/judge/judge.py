"""Judges one observation against the other: each check's verdict, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.core.compare.compare import arrays_of, mismatch
from grader.core.compare.tolerance import Expected, Sight
from grader.core.course.exercise import (
    AuthorTest,
    Call,
    Check,
    Coded,
    Compare,
    CompareFinal,
    CompareGradient,
    CompareParameter,
)
from grader.core.course.sampling import Array
from grader.core.diagnose.diagnose import AnswerSide, Case, diagnosed, meaning
from grader.core.diagnose.wrong_programs import Seen, seen_at
from grader.core.findings.telling import told
from grader.core.judge.collect_evidence import evidence_of
from grader.core.judge.difference import difference
from grader.core.judge.explain import (
    about_call,
    about_cells,
    raised_finding,
    skipped_findings,
    stop_finding,
    unusable_finding,
)
from grader.core.program.source import Source, autograd_used
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Called, Run, RunStatus
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.words.message import Message, say

_WORST_FIRST = list(reversed(RunStatus))


class ReferenceFault(Exception):
    """The solution itself cannot serve as reference: a fault of the course, told to its author."""

    def __init__(self, check: str, message: Message) -> None:
        super().__init__(check)
        self.check = check
        self.message = message


@dataclass(frozen=True)
class Reference:
    """The solution's observations of one check: per probe, per comparison."""

    expected: tuple[tuple[Expected, ...], ...]


@dataclass(frozen=True)
class _Judged:
    """The first thing wrong with one signature, and on how many probes nothing was."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    held: int


def reference_of(check: Check, source: Source, seed: bytes, exact: Sequence[Run], single: Sequence[Run]) -> Reference:
    """Return the reference from the solution's float64 and float32 runs.

    Noise is the largest difference between the two, over whole tensors or series and all probes.

    Raises:
        ReferenceFault: where a run did not complete, raised, or gave nothing to compare with.
    """
    numbers = probe_numbers(check, seed)
    for run in (*exact, *single):
        _require_complete(check, source, run)
    sights = sights_of(check, exact, len(numbers), 1)[0]
    rounded = sights_of(check, single, len(numbers), 1)[0]
    for sight in (*sights, *rounded):
        found = _unusable(check, source, sight)
        if found:
            raise ReferenceFault(check.name, told(found[1][0]))
    for item in check.compare:
        # A gradient may be missing: then the output is not differentiable there, and only its value counts.
        if not isinstance(item, CompareGradient) and not all(_numbers_in(item, sight) for sight in sights):
            raise ReferenceFault(check.name, say("the solution gives nothing to compare with"))
    noises = [_noise(check, place, sights, rounded) for place in range(len(check.compare))]
    return Reference(
        tuple(
            tuple(Expected(sight, arrays_of(item, sight), noises[i]) for i, item in enumerate(check.compare))
            for sight in sights
        )
    )


def holds(check: Check, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference) -> bool:
    """Return whether a program gets a check right, under one of its signatures."""
    numbers, calls = probe_numbers(check, seed), max(len(check.calls), 1)
    sights = sights_of(check, runs, len(numbers), calls)
    judged = (_judged(check, source, i, sights[i], numbers, reference) for i in range(calls))
    return any(each.verdict is Verdict.PASS for each in judged)


def fails_at_once(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> bool:
    """Return whether the first probe of a check of one signature, at most, fails it whatever comes of the others."""
    if _broken_rule(work, source, runs[:1]):
        return True
    numbers, (sights,) = probe_numbers(check, seed), sights_of(check, runs, len(probe_numbers(check, seed)), 1)
    first = Reference(reference.expected[:1])
    return _judged(check, source, 0, sights[:1], numbers[:1], first).verdict is not Verdict.PASS


def wrong_at(
    check: Check, source: Source, seed: bytes, exact: Sequence[Run], single: Sequence[Run]
) -> tuple[tuple[Seen, ...], ...]:
    """Return what a wrong program showed at a check, per signature, from its float64 and float32 runs."""
    probes, calls = len(probe_numbers(check, seed)), max(len(check.calls), 1)
    ours, theirs = (sights_of(check, runs, probes, calls) for runs in (exact, single))
    return tuple(seen_at(check, mine, its, source) for mine, its in zip(ours, theirs, strict=True))


def judge_check(
    check: Check,
    work: Coded,
    source: Source,
    seed: bytes,
    runs: Sequence[Run],
    reference: Reference,
    answer_side: Callable[[], AnswerSide] | None = None,
) -> CheckResult:
    """Judge the runs of one check. Of several signatures, one must hold on all probes.

    Args:
        answer_side: returns what a check that does not pass is diagnosed with; None where nothing is to be shown.
    """
    status = min((run.status for run in runs), key=_WORST_FIRST.index)
    if status is RunStatus.SANDBOX_FAILED:
        detail = next(run.detail for run in runs if run.status is status)
        return void(check.name, check.points, detail)
    broken = _broken_rule(work, source, runs)
    if broken:
        return CheckResult(check.name, status, Verdict.FAIL, check.points, (broken,))
    numbers = probe_numbers(check, seed)
    alternatives = sights_of(check, runs, len(numbers), max(len(check.calls), 1))
    judged = [_judged(check, source, i, sights, numbers, reference) for i, sights in enumerate(alternatives)]
    best = max(judged, key=lambda each: (each.verdict is Verdict.PASS, each.held))
    found = best.findings
    if best.verdict is Verdict.PASS:
        found = held_finding(check, judged.index(best))
    elif len(check.calls) > 1:
        found = (*found, finding("one-signature", calls=tuple(map(str, check.calls))))
    result = CheckResult(check.name, status, best.verdict, check.points, found)
    if answer_side is None:
        return result
    case = Case(check, source, alternatives, judged.index(best), reference.expected, numbers)
    evidence, departure = evidence_of(case)
    result = replace(result, evidence=evidence)
    return result if best.verdict is Verdict.PASS else with_diagnosis(result, case, departure, answer_side())


def with_diagnosis(result: CheckResult, case: Case, departure: Finding | None, answer_side: AnswerSide) -> CheckResult:
    """Add what a check that did not pass shows to its result: where it departs, causes, what an exception means."""
    causes = diagnosed(case, answer_side)
    why = finding("likely-cause", causes=tuple(cause.name for cause in causes)) if causes else meaning(case)
    more = tuple(each for each in (departure, why) if each is not None)
    return replace(result, findings=(*result.findings, *more), causes=causes)


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


def _require_complete(check: Check, source: Source, run: Run) -> None:
    if run.stop is not None:
        raise ReferenceFault(check.name, told(stop_finding(run, check.limits)))
    if run.loaded and run.loaded.skipped:
        raise ReferenceFault(check.name, told(raised_finding(run.loaded.skipped[0], source)))


def sights_of(check: Check, runs: Sequence[Run], probes: int, calls: int) -> list[list[Sight]]:
    """Return what was seen, per signature and probe."""
    if not check.calls:
        return [[Sight(run) for run in runs]]
    if check.script:
        return [[Sight(run, _nth(run, call)) for run in runs] for call in range(calls)]
    return [[Sight(runs[0], _nth(runs[0], call * probes + i)) for i in range(probes)] for call in range(calls)]


def _nth(run: Run, place: int) -> Called | None:
    return run.called[place] if place < len(run.called) else None


def _numbers_in(item: Compare, sight: Sight) -> int:
    return sum(array.size for array in arrays_of(item, sight).values())


def _noise(check: Check, place: int, exact: Sequence[Sight], single: Sequence[Sight]) -> dict[str, float]:
    noise: dict[str, float] = {}
    for sight, rounded in zip(exact, single, strict=True):
        ours, theirs = arrays_of(check.compare[place], sight), arrays_of(check.compare[place], rounded)
        for key, array in ours.items():
            other = theirs.get(key)
            if other is None or other.shape != array.shape:
                raise ReferenceFault(
                    check.name, say("the solution behaves differently in float32 and float64; it must not fix a dtype")
                )
            both = np.isfinite(array) & np.isfinite(other)
            finite = np.abs(array[both] - other[both])
            noise[key] = max(noise.get(key, 0.0), float(finite.max()) if finite.size else 0.0)
    return noise


def _broken_rule(work: Coded, source: Source, runs: Sequence[Run]) -> Finding | None:
    if not work.without_autograd:
        return None
    line = autograd_used(source)
    if line is not None:
        return finding("autograd-used", **source.place(line), code=source.line(line))
    if any(run.ran and run.ran.trace and run.ran.trace.count for run in runs):
        return finding("autograd-called")
    return None


def _judged(
    check: Check, source: Source, which: int, sights: Sequence[Sight], numbers: Sequence[Numbers], reference: Reference
) -> _Judged:
    call = check.calls[which] if check.calls else None
    first: _Judged | None = None
    held = 0
    for sight, probe, expected in zip(sights, numbers, reference.expected, strict=True):
        found = _unusable(check, source, sight, call, probe)
        if found is None or _settled(check, sight):
            different = _different(check, source, call, sight, probe, expected)
            found = different and (found or different)
        if found is None:
            held += 1
        elif first is None:
            first = _Judged(*found, held=0)
    if first is None:
        return _Judged(Verdict.PASS, (), held)
    return _Judged(first.verdict, first.findings, held)


def _settled(check: Check, sight: Sight) -> bool:
    """Whether only values of names are asked, and the program raised: what it had bound by then still counts."""
    named = all(isinstance(item, CompareFinal | CompareParameter) for item in check.compare)
    return named and not check.calls and sight.run.ran is not None and sight.run.ran.raised is not None


_Found = tuple[Verdict, tuple[Finding, ...]]


def _unusable(
    check: Check, source: Source, sight: Sight, call: Call | None = None, probe: Mapping[str, Array] | None = None
) -> _Found | None:
    """Return why there is nothing to compare: stopped, raised, a name or function missing, a wrong signature."""
    run, called = sight.run, sight.called

    def with_notes(found: Finding) -> tuple[Finding, ...]:
        # Only where there is something to tell: finding it out takes longer than judging what is right.
        return (found, *about_cells(call, called, source), *skipped_findings(run, source))

    def after_causes(found: Finding) -> tuple[Finding, ...]:
        # What is missing is mostly missing because of what was left out.
        return (*skipped_findings(run, source), found, *about_cells(call, called, source))

    if run.ran and run.ran.raised:
        return Verdict.ERROR, with_notes(raised_finding(run.ran.raised, source))
    if run.ran and (run.ran.unbound or run.ran.odd):
        return Verdict.FAIL, after_causes(unusable_finding(run.ran))
    asked = any(isinstance(item, CompareGradient) for item in check.compare)
    cut_off = called is not None and asked and not (called.gradients or called.not_required or called.backward_raised)
    if run.stop is not None and (called is None or (cut_off and called is run.called[-1] and called.values)):
        return Verdict.ERROR, with_notes(stop_finding(run, check.limits))
    if called is not None and called.raised is not None:
        subject = about_call(call, probe or {}) if call else {}
        return Verdict.ERROR, with_notes(raised_finding(called.raised, source, **subject))
    if called is not None and (called.missing or called.signature is not None or called.unbound):
        return Verdict.FAIL, after_causes(unusable_finding(called, run, call))
    return None


_UNNAMED = say("the run")


def _different(
    check: Check, source: Source, call: Call | None, sight: Sight, probe: Numbers, expected: tuple[Expected, ...]
) -> _Found | None:
    for item, wanted in zip(check.compare, expected, strict=True):
        found = mismatch(item, check, _UNNAMED, sight, wanted)
        if found is None:
            # Most agree, and need no name.
            continue
        first = difference(found, item, check, call, probe)
        return Verdict.FAIL, (first, *about_cells(call, None, source), *skipped_findings(sight.run, source))
    return None

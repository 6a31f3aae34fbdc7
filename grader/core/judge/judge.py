"""Judges one observation against the other: each check's verdict, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.core.compare.comparison import comparisons
from grader.core.compare.mismatch import THE_RUN, told
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.exercise import AuthorTest, Call, Check, Coded
from grader.core.course.recording import reads_names
from grader.core.diagnose.diagnose import AnswerSide, Case, diagnosed, meaning
from grader.core.diagnose.diagnose import told as told_names
from grader.core.diagnose.wrong_programs import Seen, seen_at
from grader.core.judge.collect_evidence import exhibit_of, told_steps
from grader.core.judge.explain import (
    about_call,
    about_cells,
    skipped_messages,
)
from grader.core.judge.observed import Found, observations_of, unusable
from grader.core.judge.reference import Reference
from grader.core.program.source import Source, autograd_used
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.words.message import Message, say

_WORST_FIRST = list(reversed(RunStatus))


@dataclass(frozen=True)
class _Finding:
    """The first thing wrong with one signature, and on how many probes nothing was."""

    verdict: Verdict
    messages: tuple[Message, ...]
    held: int


def holds(check: Check, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference) -> bool:
    """Return whether a program gets a check right, under one of its signatures."""
    numbers, calls = probe_numbers(check, seed), max(len(check.calls), 1)
    observations = observations_of(check, runs, len(numbers), calls)
    findings = (_finding(check, source, i, observations[i], numbers, reference) for i in range(calls))
    return any(finding.verdict is Verdict.PASS for finding in findings)


def fails_at_once(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> bool:
    """Return whether the first probe of a check of one signature, at most, fails it whatever comes of the others."""
    if _broken_rule(work, source, runs[:1]):
        return True
    numbers, (observations,) = (
        probe_numbers(check, seed),
        observations_of(check, runs, len(probe_numbers(check, seed)), 1),
    )
    first = Reference(reference.expected[:1])
    return _finding(check, source, 0, observations[:1], numbers[:1], first).verdict is not Verdict.PASS


def wrong_at(
    check: Check, source: Source, seed: bytes, exact: Sequence[Run], single: Sequence[Run]
) -> tuple[tuple[Seen, ...], ...]:
    """Return what a wrong program showed at a check, per signature, from its float64 and float32 runs."""
    probes, calls = len(probe_numbers(check, seed)), max(len(check.calls), 1)
    ours, theirs = (observations_of(check, runs, probes, calls) for runs in (exact, single))
    return tuple(seen_at(check, mine, its, source) for mine, its in zip(ours, theirs, strict=True))


def judge_check(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> CheckResult:
    """Judge the runs of one check. Of several signatures, one must hold on all probes."""
    return judge_case(check, work, source, seed, runs, reference)[0]


def judge_case(
    check: Check, work: Coded, source: Source, seed: bytes, runs: Sequence[Run], reference: Reference
) -> tuple[CheckResult, Case | None]:
    """Judge the runs of one check, and return also what was seen, to be diagnosed; None where no number counts."""
    status = min((run.status for run in runs), key=_WORST_FIRST.index)
    if status is RunStatus.SANDBOX_FAILED:
        detail = next(run.detail for run in runs if run.status is status)
        return void(check.name, check.points, detail), None
    broken = _broken_rule(work, source, runs)
    if broken:
        return CheckResult(check.name, status, Verdict.FAIL, check.points, (broken,)), None
    numbers = probe_numbers(check, seed)
    alternatives = observations_of(check, runs, len(numbers), max(len(check.calls), 1))
    findings = [
        _finding(check, source, i, observations, numbers, reference) for i, observations in enumerate(alternatives)
    ]
    best = max(findings, key=lambda finding: (finding.verdict is Verdict.PASS, finding.held))
    messages = best.messages
    if best.verdict is Verdict.PASS:
        messages = held_message(check, findings.index(best))
    elif len(check.calls) > 1:
        calls = ", ".join(map(str, check.calls))
        messages = (*messages, say("One of these must be right with all inputs that are tried: {calls}", calls=calls))
    result = CheckResult(check.name, status, best.verdict, check.points, messages)
    return result, Case(check, source, alternatives, findings.index(best), reference.expected, numbers)


def with_evidence(result: CheckResult, case: Case) -> CheckResult:
    """Add what there is to see of a check to its result."""
    return replace(result, exhibit=exhibit_of(case))


def with_diagnosis(result: CheckResult, case: Case, answer_side: AnswerSide) -> CheckResult:
    """Add what a check that did not pass shows to its result: names with hints, and what an exception means."""
    named = diagnosed(case, answer_side)
    around = told_steps(result.exhibit)
    messages = result.messages if around is None else (*result.messages, around)
    return replace(result, messages=messages, misconceptions=named, cause=told_names(named) or meaning(case))


def held_message(check: Check, which: int) -> tuple[Message, ...]:
    """Say which of several signatures held; nothing where there is but one."""
    return (
        (say("Right with all inputs that were tried: {call}", call=str(check.calls[which])),)
        if len(check.calls) > 1
        else ()
    )


def void(name: str, points: float, detail: str | Message) -> CheckResult:
    """Return the result of a check that we could not judge."""
    message = say("This could not be judged, and it is not your fault: {detail}", detail=detail or "?")
    return CheckResult(name, RunStatus.SANDBOX_FAILED, Verdict.VOID, points, (message,))


def why_void(result: CheckResult) -> object:
    """Return what kept us from judging a check, without the sentence around it that is for students."""
    return result.messages[0].arguments["detail"]


def skipped(check: Check | AuthorTest, needed: str) -> CheckResult:
    """Return the result of a check that was not looked at because one that it needs did not pass."""
    message = say("Not looked at: {needed} has to pass first.", needed=needed)
    return CheckResult(check.name, RunStatus.NOT_RUN, Verdict.SKIPPED, check.points, (message,))


def _broken_rule(work: Coded, source: Source, runs: Sequence[Run]) -> Message | None:
    if not work.without_autograd:
        return None
    line = autograd_used(source)
    if line is not None:
        where, code = source.where(line), source.line(line)
        return say("This exercise is done by hand, without autograd; {where} uses it: {code}", where=where, code=code)
    if any(run.ran and run.ran.trace and run.ran.trace.count for run in runs):
        return say("This exercise is done by hand, without autograd; the run called a backward pass.")
    return None


def _finding(
    check: Check,
    source: Source,
    which: int,
    observations: Sequence[Observation],
    numbers: Sequence[Numbers],
    reference: Reference,
) -> _Finding:
    call = check.calls[which] if check.calls else None
    first: _Finding | None = None
    held = 0
    for observation, probe, expected in zip(observations, numbers, reference.expected, strict=True):
        found = unusable(check, source, observation, call, probe)
        if found is None or _settled(check, observation):
            different = _different(check, source, call, observation, probe, expected)
            found = different and (found or different)
        if found is None:
            held += 1
        elif first is None:
            first = _Finding(*found, held=0)
    if first is None:
        return _Finding(Verdict.PASS, (), held)
    return _Finding(first.verdict, first.messages, held)


def _settled(check: Check, observation: Observation) -> bool:
    """Whether only values of names are asked, and the program raised: what it had bound by then still counts."""
    raised = observation.run.ran is not None and observation.run.ran.raised is not None
    return raised and not check.calls and all(reads_names(item) for item in check.compare)


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
        if found.subject is None:
            found = replace(found, subject=item.subject(about_call(call, probe) if call else THE_RUN))
        sentence = told(found, item.reasons)
        return Verdict.FAIL, (sentence, *about_cells(call, None, source), *skipped_messages(observation.run, source))
    return None

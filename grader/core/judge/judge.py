"""Judges one observation against the other: each check's verdict, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.core.compare.comparison import Comparison, comparisons
from grader.core.compare.mismatch import THE_RUN, told
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.exercise import AuthorTest, Call, Check, Coded
from grader.core.course.recording import asks, reads_names
from grader.core.course.sampling import Array
from grader.core.diagnose.diagnose import AnswerSide, Case, diagnosed, meaning
from grader.core.diagnose.diagnose import told as told_names
from grader.core.diagnose.wrong_programs import Seen, seen_at
from grader.core.judge.collect_evidence import exhibit_of, told_steps
from grader.core.judge.explain import (
    about_call,
    about_cells,
    raised_message,
    skipped_messages,
    stop_message,
    unusable_message,
)
from grader.core.program.source import Source, autograd_used
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
class _Finding:
    """The first thing wrong with one signature, and on how many probes nothing was."""

    verdict: Verdict
    messages: tuple[Message, ...]
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
    observations = observations_of(check, exact, len(numbers), 1)[0]
    rounded = observations_of(check, single, len(numbers), 1)[0]
    for observation in (*observations, *rounded):
        found = _unusable(check, source, observation)
        if found:
            raise ReferenceFault(check.name, found[1][0])
    compared = comparisons(check)
    for item in compared:
        if not item.may_be_missing and not all(_numbers_in(item, observation) for observation in observations):
            raise ReferenceFault(check.name, say("the solution gives nothing to compare with"))
    noises = [_noise(check, item, observations, rounded) for item in compared]
    return Reference(
        tuple(
            tuple(
                Expected(observation, item.arrays(observation), noise)
                for item, noise in zip(compared, noises, strict=True)
            )
            for observation in observations
        )
    )


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
    if answer_side is None:
        return result
    case = Case(check, source, alternatives, findings.index(best), reference.expected, numbers)
    result = replace(result, exhibit=exhibit_of(case))
    return result if best.verdict is Verdict.PASS else with_diagnosis(result, case, answer_side())


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


def _require_complete(check: Check, source: Source, run: Run) -> None:
    if run.stop is not None:
        raise ReferenceFault(check.name, stop_message(run, check.limits))
    if run.loaded and run.loaded.skipped:
        raise ReferenceFault(check.name, raised_message(run.loaded.skipped[0], source))


def observations_of(check: Check, runs: Sequence[Run], probes: int, calls: int) -> list[list[Observation]]:
    """Return what was seen, per signature and probe."""
    if not check.calls:
        return [[Observation(run) for run in runs]]
    if check.script:
        return [[Observation(run, _nth(run, call)) for run in runs] for call in range(calls)]
    return [[Observation(runs[0], _nth(runs[0], call * probes + i)) for i in range(probes)] for call in range(calls)]


def _nth(run: Run, place: int) -> Called | None:
    return run.called[place] if place < len(run.called) else None


def _numbers_in(item: Comparison, observation: Observation) -> int:
    return sum(array.size for array in item.arrays(observation).values())


def _noise(
    check: Check, item: Comparison, exact: Sequence[Observation], single: Sequence[Observation]
) -> dict[str, float]:
    noise: dict[str, float] = {}
    for observation, rounded in zip(exact, single, strict=True):
        ours, theirs = item.arrays(observation), item.arrays(rounded)
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
        found = _unusable(check, source, observation, call, probe)
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


_Found = tuple[Verdict, tuple[Message, ...]]


def _unusable(
    check: Check,
    source: Source,
    observation: Observation,
    call: Call | None = None,
    probe: Mapping[str, Array] | None = None,
) -> _Found | None:
    """Return why there is nothing to compare: stopped, raised, a name or function missing, a wrong signature."""
    run, called = observation.run, observation.called

    def with_notes(message: Message) -> tuple[Message, ...]:
        # Only where there is something to tell: finding it out takes longer than judging what is right.
        return (message, *about_cells(call, called, source), *skipped_messages(run, source))

    def after_causes(message: Message) -> tuple[Message, ...]:
        # What is missing is mostly missing because of what was left out.
        return (*skipped_messages(run, source), message, *about_cells(call, called, source))

    if run.ran and run.ran.raised:
        return Verdict.ERROR, with_notes(raised_message(run.ran.raised, source))
    if run.ran and (run.ran.unbound or run.ran.odd):
        return Verdict.FAIL, after_causes(unusable_message(run.ran))
    if run.stop is not None and (called is None or (called is run.called[-1] and _cut_off(check, called))):
        return Verdict.ERROR, with_notes(stop_message(run, check.limits))
    if called is not None and called.raised is not None:
        subject = about_call(call, probe or {}) if call else None
        return Verdict.ERROR, with_notes(raised_message(called.raised, source, subject))
    if called is not None and (called.missing or called.signature is not None or called.unbound):
        return Verdict.FAIL, after_causes(unusable_message(called, run, call))
    return None


def _cut_off(check: Check, called: Called) -> bool:
    """Whether a call returned, and its gradients are asked for and never came."""
    came = called.gradients or called.not_required or called.backward_raised
    return bool(called.values) and not came and asks(check.compare, "gradient")


def _different(
    check: Check,
    source: Source,
    call: Call | None,
    observation: Observation,
    probe: Numbers,
    expected: tuple[Expected, ...],
) -> _Found | None:
    for item, wanted in zip(comparisons(check), expected, strict=True):
        found = item.mismatch(check, observation, wanted)
        if found is None:
            continue
        if found.subject is None:
            found = replace(found, subject=item.subject(about_call(call, probe) if call else THE_RUN))
        sentence = told(found, item.reasons)
        return Verdict.FAIL, (sentence, *about_cells(call, None, source), *skipped_messages(observation.run, source))
    return None

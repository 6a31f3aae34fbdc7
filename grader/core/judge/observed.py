"""What was seen of a program at each probe of a check, and why there may be nothing to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.core.compare.tolerance import Observation
from grader.core.course.exercise import Call, Check
from grader.core.course.recording import asks
from grader.core.course.sampling import Array
from grader.core.judge.explain import (
    about_call,
    about_cells,
    raised_finding,
    skipped_findings,
    stop_finding,
    unusable_finding,
)
from grader.core.program.code_features import lines_that_make
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.report.report import Verdict
from grader.core.run.observation import Called, Run

# What is said of a name that the program does not make.
_WHERE_NOT_WRITTEN = ("not-at-top-level", "no-function", "no-function-of", "no-function-but")

Found = tuple[Verdict, tuple[Finding, ...]]


def observations_of(check: Check, runs: Sequence[Run], probes: int, calls: int) -> list[list[Observation]]:
    """Return what was seen, per signature and probe."""
    if not check.calls:
        return [[Observation(run) for run in runs]]
    if check.script:
        return [[Observation(run, _nth(run, call)) for run in runs] for call in range(calls)]
    return [[Observation(runs[0], _nth(runs[0], call * probes + i)) for i in range(probes)] for call in range(calls)]


def _nth(run: Run, place: int) -> Called | None:
    return run.called[place] if place < len(run.called) else None


def unusable(
    check: Check,
    source: Source,
    observation: Observation,
    call: Call | None = None,
    probe: Mapping[str, Array] | None = None,
) -> Found | None:
    """Return why there is nothing to compare: stopped, raised, a name or function missing, a wrong signature."""
    run, called = observation.run, observation.called

    def with_notes(found: Finding) -> tuple[Finding, ...]:
        # Only where there is something to tell: finding it out takes longer than judging what is right.
        return (found, *about_cells(call, called, source), *skipped_findings(run, source))

    def after_causes(found: Finding) -> tuple[Finding, ...]:
        # What is missing is mostly missing because of what was left out: advice to write it would be untrue then.
        causes = skipped_findings(run, source)
        written = lines_that_make(source, found.text("name"))
        advice = () if causes and written and found.kind in _WHERE_NOT_WRITTEN else (found,)
        return (*causes, *advice, *about_cells(call, called, source))

    if run.ran and run.ran.raised:
        return Verdict.ERROR, with_notes(raised_finding(run.ran.raised, source))
    if run.ran and (run.ran.unbound or run.ran.odd):
        return Verdict.FAIL, after_causes(unusable_finding(run.ran))
    if run.stop is not None and (called is None or (called is run.called[-1] and _cut_off(check, called))):
        return Verdict.ERROR, with_notes(stop_finding(run, check.limits))
    if called is not None and called.raised is not None:
        subject = about_call(call, probe or {}) if call else {}
        return Verdict.ERROR, with_notes(raised_finding(called.raised, source, **subject))
    if called is not None and (called.missing or called.signature is not None or called.unbound):
        return Verdict.FAIL, after_causes(unusable_finding(called, run, call))
    return None


def _cut_off(check: Check, called: Called) -> bool:
    """Whether a call returned, and its gradients are asked for and never came."""
    came = called.gradients or called.not_required or called.backward_raised
    return bool(called.values) and not came and asks(check.compare, "gradient")

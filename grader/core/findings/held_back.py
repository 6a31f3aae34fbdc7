"""Leaves out of a report what its exercise keeps for the hints: causes, or all but the verdicts.

What is kept of a submission is whole, since hints are made from it and teachers read it: this is for what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.course.feedback import Tells
from grader.core.findings.kinds import causes, exceptions, graphs, patterns
from grader.core.report.report import CheckResult, Report, Verdict

_CAUSES = frozenset(
    {
        *("likely-cause", "causes-together", "comes-out-when", "same-mistake"),
        *causes.SENTENCES,
        *patterns.SENTENCES,
        *exceptions.SENTENCES,
        *graphs.SENTENCES,
    }
)


def held_back(report: Report, tells: Tells) -> Report:
    """Return what a student is shown of a report, where an exercise tells so much."""
    return report if tells is Tells.CAUSE else replace(report, checks=checks_held_back(report.checks, tells))


def checks_held_back(checks: Sequence[CheckResult], tells: Tells) -> tuple[CheckResult, ...]:
    """Return what is shown of checks. A program that cannot be read, or raises, says so in any case."""
    return tuple(_held_back(check, tells) for check in checks)


def _held_back(check: CheckResult, tells: Tells) -> CheckResult:
    if tells is Tells.CAUSE or check.verdict in (Verdict.PASS, Verdict.VOID):
        return check
    if tells is Tells.VERDICT and check.verdict is Verdict.FAIL:
        return replace(check, findings=(), causes=(), evidence=())
    shown = tuple(each for each in check.findings if each.kind not in _CAUSES)
    return replace(check, findings=shown, causes=(), evidence=() if tells is Tells.VERDICT else check.evidence)

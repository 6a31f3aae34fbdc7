"""Looks for numbers that may be shown and with which a program is wrong, where so far only hidden ones did that."""

from __future__ import annotations

from dataclasses import replace

from grader.core.judge.wired_in import wired_in
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import RunStatus
from grader.core.run.plan import probe_numbers
from grader.grading.judge.programs import KnownCoded, judging_program
from grader.grading.judge.shown import Shown
from grader.grading.judge.steps import Look, Steps

# One student waits for it, and what is not found by then is rare.
_MOST_INPUTS, _MOST_SECONDS = 32, 2.0


def where_it_differs(shown: Shown[KnownCoded], look: Look, source: Source, diagnose: bool) -> Steps[CheckResult]:
    """Return the result of a check that hidden numbers fail and the shown ones do not, from further shown ones.

    Args:
        look: at the check with the shown ones.
    """
    # Of several signatures the first one alone may have been asked.
    check = next(each for each in shown.first.work.checks if each.name == look.check.name)
    check = replace(check, needs=())
    tried, spent = len(probe_numbers(check, shown.first.key.seed)), _used(look)
    rounds = -(-_MOST_INPUTS // max(check.repeat, 1)) if check.draws or check.varied else 0
    for number in range(rounds):
        if spent > _MOST_SECONDS:
            break
        judged = yield from judging_program(shown.further(number).with_checks((check,)), source, diagnose, ours=False)
        (result,) = judged.checks
        if result.verdict in (Verdict.FAIL, Verdict.ERROR):
            more = (finding("right-with-others", count=tried), *_wired_in(shown.first, look, source))
            return replace(result, findings=(*result.findings, *more))
        if result.verdict is not Verdict.PASS:
            break
        tried, spent = tried + check.repeat, spent + _used(judged.looks[check.name])
    why = (finding("right-with-shown", count=tried), *_wired_in(shown.first, look, source))
    return CheckResult(check.name, RunStatus.COMPLETED, Verdict.FAIL, check.points, why)


def _wired_in(known: KnownCoded, look: Look, source: Source) -> tuple[Finding, ...]:
    found = wired_in(look.check, source, known.solution, probe_numbers(look.check, known.key.seed))
    return () if found is None else (found,)


def _used(look: Look) -> float:
    return sum(run.usage.wall for run in look.runs)

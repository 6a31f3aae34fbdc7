"""Judges a program by two sets of numbers: hidden ones decide, and all that is told was seen at shown ones.

What was shown is known to the student, and may be wired into the next attempt. So it must never be what decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.core.course.exercise import Check
from grader.core.judge.decision import EARNS, WHY_VOID, Decision, Decisions, decisions, passed
from grader.core.judge.judge import void
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.grading.judge.programs import KnownCoded, judging_program
from grader.grading.judge.reference import reference
from grader.grading.judge.repairing import Search
from grader.grading.judge.search import where_it_differs
from grader.grading.judge.settled import LATE
from grader.grading.judge.shown import Shown
from grader.grading.judge.steps import Decided, Judged, Steps, both, in_order, notices, without_runs


def judging_by_two_sets(
    known: KnownCoded, shown: Shown[KnownCoded], source: Source, diagnose: bool, ours: bool
) -> Steps[Judged]:
    """Judge a program whose syntax is right; as `judge.judging` says.

    Args:
        known: at the hidden numbers.
    """
    checks = known.work.checks
    deciding = _decided(known, source, ours)
    if diagnose and known.key.closely:
        # Somebody waits who is told of both sets of numbers: what they are held to is observed at once.
        decided, _ = yield from both(deciding, reference(shown.first.observer))
    else:
        decided = yield from deciding
    if diagnose and known.says:
        yield [_said(checks, decided)]
    seen = yield from _seen(shown, _to_tell(checks, decided, known.key.closely), decided, source, diagnose, ours)
    results = yield from in_order(checks, _results(checks, decided, seen), _nothing)
    told = notices(source, results)
    more = (each for notice in seen.notices if notice not in told for each in _where_passed(notice, decided))
    return Judged(results, (*told, *more), seen.looks)


def _said(checks: Sequence[Check], decided: Decisions) -> Decided:
    """Return the points that the hidden numbers decided."""
    found = [decided[check.name] for check in checks]
    earned = sum(round(check.points * each.tenths / 10, 10) for check, each in zip(checks, found, strict=True))
    return Decided((), None if Decision.VOID in found else earned, sum(check.points for check in checks))


def _decided(known: KnownCoded, source: Source, ours: bool) -> Steps[Decisions]:
    """Return what the hidden numbers decide. Nothing else may look at a run with them."""
    judged = yield from judging_program(known, source, diagnose=False, ours=ours)
    return decisions(judged.checks)


def _to_tell(checks: Sequence[Check], decided: Decisions, closely: bool) -> tuple[Check, ...]:
    """Return the checks of which something is to be told; what they need has passed.

    Args:
        closely: whether it is of those that pass, too.
    """
    return tuple(
        replace(check, needs=())
        for check in checks
        if (closely or decided[check.name] is not Decision.PASSED)
        and all(decided[name] is Decision.PASSED for name in check.needs)
    )


def _seen(
    shown: Shown[KnownCoded],
    checks: tuple[Check, ...],
    decided: Decisions,
    source: Source,
    diagnose: bool,
    ours: bool,
) -> Steps[Judged]:
    """Judge the program at shown numbers; what is wrong with hidden ones only is looked for among further ones."""
    if not checks:
        return Judged(())
    known = shown.first.with_checks(checks)
    if all(decided[check.name] is Decision.PASSED for check in checks):
        known = replace(known, search=Search(allowed=False))
    doubted = [check.name for check in checks if decided[check.name] is not Decision.PASSED]
    told = {check.name for check in checks}

    def passed() -> list[Check]:
        rest = (check for check in shown.first.drawn.work.checks if check.name not in told)
        return [check for check in rest if decided[check.name] is Decision.PASSED]

    judged = yield from judging_program(known, source, diagnose, ours, doubted=doubted, passed=passed)
    results = []
    for check, result in zip(checks, judged.checks, strict=True):
        # A training takes seconds, and is of one set of data: no other is looked for.
        differs = result.verdict is Verdict.PASS and decided[check.name] is not Decision.PASSED
        if differs and check.data is None:
            result = yield from where_it_differs(shown, judged.looks[check.name], source, diagnose)
        results.append(result)
    return replace(judged, checks=tuple(results))


def _results(checks: Sequence[Check], decided: Decisions, seen: Judged) -> dict[str, CheckResult]:
    """Return the results of checks that need no other, or of which the others have passed."""
    told = {result.name: result for result in seen.checks}
    found = {}
    for check in checks:
        if decided[check.name] is Decision.PASSED:
            at_shown = told.get(check.name)
            right = at_shown is not None and at_shown.verdict is Verdict.PASS
            found[check.name] = at_shown if at_shown and right else passed(check.name, check.points)
        elif check.name in told:
            found[check.name] = _told(check, decided[check.name], told[check.name])
    return found


def _told(check: Check, decided: Decision, seen: CheckResult) -> CheckResult:
    # Where the box failed at both, what it said the second time was said of shown numbers.
    if decided is Decision.VOID and seen.verdict is not Verdict.VOID:
        return void(check.name, check.points, WHY_VOID)
    return seen if check.data is None or decided is Decision.VOID else _with_share(check, decided, seen)


def _with_share(check: Check, decided: Decision, seen: CheckResult) -> CheckResult:
    """Return what is told of a training, with the points that it earned on hidden data."""
    if seen.verdict is Verdict.PASS:
        seen = replace(seen, verdict=Verdict.FAIL, findings=(finding("reach-shown"),))
    elif not decided.tenths and all(each.kind != EARNS for each in seen.findings):
        # Nothing was predicted, here and there.
        return seen
    told = tuple(each for each in seen.findings if each.kind != EARNS)
    same = any(each.kind == EARNS and each.fields["percent"] == 10 * decided.tenths for each in seen.findings)
    earned = finding(EARNS if same else "reach-decided", percent=10 * decided.tenths)
    points = round(check.points * decided.tenths / 10, 10)
    verdict = Verdict.FAIL if decided.tenths else seen.verdict
    return replace(seen, verdict=verdict, findings=(*told[:1], earned, *told[1:]), carried=points)


def _where_passed(notice: Finding, decided: Decisions) -> Iterator[Finding]:
    """Yield a notice as it is; one that names checks which it costs nothing, with those that it costs nothing."""
    names = notice.fields.get("checks")
    if notice.kind != LATE or not isinstance(names, tuple):
        yield notice
        return
    names = tuple(name for name in names if decided[name] is Decision.PASSED)
    if names:
        yield notice.with_fields(checks=names)


def _nothing(_checks: Sequence[Check]) -> Steps[list[CheckResult]]:
    return without_runs([])

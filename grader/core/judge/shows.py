"""What a judged check shows beside its verdict: its curves, where they part, and the names of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.core.compare.comparison import RecordedSeries, comparisons
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.diagnose.diagnose import AS_IT_IS, AnswerSide, Case, PutRight, causes_beside, diagnosed, meaning
from grader.core.judge.judge import NOT_READ
from grader.core.judge.printouts import printout
from grader.core.report.evidence import Evidence, Printout, Series
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult
from grader.core.run.trace import Backward
from grader.core.words.numbers import show

# What comes after the first difference follows from it.
_BEFORE = 1
# A record in float32 is exact to a few units of its seventh digit.
_DIGITS, _SMALL = 6, 1e-4


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
    why = finding("likely-cause", causes=tuple(cause.name for cause in causes)) if causes else _meaning(result, case)
    # A setting that was put right in vain may have been read at the wrong place.
    beside = causes != put_right.settings and (bool(causes) or put_right.further)
    settings = tuple(setting.hint for setting in put_right.settings) if beside else ()
    more = tuple(each for each in (departure, _as_used(case), why, *settings) if each is not None)
    return replace(result, findings=(*result.findings, *more), causes=causes)


def _meaning(result: CheckResult, case: Case) -> Finding | None:
    """Say what an exception means, where nothing that is told already says more of it."""
    return None if any(found.kind == "made-further-down" for found in result.findings) else meaning(case)


def goes_by_its_own(result: CheckResult) -> bool:
    """Return whether a program's training goes by numbers of its own."""
    return any(found.kind == NOT_READ for found in result.findings)


def evidence_of(case: Case) -> tuple[tuple[Evidence, ...], Finding | None]:
    """Return what there is to see, and the first step that differs with those around it.

    Both are of the first probe that departs from the reference, one of usual numbers before a huge one. What is
    printed goes before curves.
    """
    observations = case.observations[case.best]
    # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
    ended = next((raised.line for observation in observations if (raised := observation.raised) is not None), 0)
    first: tuple[Evidence, ...] | None = None
    probes = zip(observations, case.expected, case.numbers, strict=True)
    for observation, expected, numbers in sorted(probes, key=lambda probe: any(each.huge for each in probe[1])):
        own = not ended and not _had_other_numbers(observation)
        printed = _printed(case.check, observation, expected, numbers) if own else None
        if printed is not None:
            return (printed[0],), printed[1]
        curves = _curves(case.check, observation, expected)
        departed = [curve for curve in curves if curve.departure is not None]
        if departed and own:
            return curves, _around(case.check, departed[0], numbers)
        first = curves if first is None else first
    return first or (), None


def _as_used(case: Case) -> Finding | None:
    """Say what w.grad was at the first step whose update used more than the gradient of that step.

    That is what the student's own screen shows, where the curves show what each backward() adds.
    """
    ran = next((each.run.ran for each in case.observations[case.best]), None)
    steps = ran.trace.steps if ran is not None and ran.trace is not None else ()
    for place, step in enumerate(steps):
        leaf = step.leaves[0] if len(step.leaves) == 1 else None
        if leaf is None or leaf.fresh is None or leaf.after is None or not leaf.fresh.size == leaf.after.size == 1:
            return None
        fresh, after = (float(show(float(each.reshape(-1)[0]), _DIGITS)) for each in (leaf.fresh, leaf.after))
        before = float(show(after - fresh, _DIGITS))
        if place and _moves(steps, place) and abs(before) > _SMALL * max(abs(after), abs(fresh)):
            return finding("gradient-as-used", step=place + 1, actual=after, value=fresh, found=show(before))
    return None


def _moves(steps: Sequence[Backward], place: int) -> bool:
    """Whether an update follows a step, as far as the next one shows it."""
    if place + 1 >= len(steps):
        return False
    here, then = (steps[at].leaves[0].before for at in (place, place + 1) if steps[at].leaves)
    return here is not None and then is not None and not np.array_equal(here, then)


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


def _printed(
    check: Check, observation: Observation, expected: tuple[Expected, ...], numbers: Mapping[str, Array]
) -> tuple[Printout, Finding] | None:
    """Return what the first comparison shows of what was printed, and what is told of it."""
    for item, one in zip(comparisons(check), expected, strict=True):
        texts = item.texts(observation, one)
        if texts is not None:
            return printout(check, texts, one.allowed(item.word), numbers)
    return None


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
    rows = tuple(_row(check, departed, numbers, step) for step in range(max(place - _BEFORE, 0), place + 1))
    return finding("first-difference", step=place + 1, quantity=departed.quantity, rows=rows)


def _row(check: Check, departed: Series, numbers: Mapping[str, Array], step: int) -> Finding:
    actual, expected = _told(departed.actual, step), _told(departed.expected, step)
    fields = {"step": step + 1, "quantity": departed.quantity, "inputs": _sample(check, step, numbers)}
    if step == departed.departure or actual != expected:
        kind = "step-that-differs" if step == departed.departure else "step-around"
        return finding(kind, **fields, actual=actual, expected=expected)
    return finding("step-as-expected", **fields, actual=actual)


def _told(numbers: Sequence[float], step: int) -> float | None:
    """Return a number as exactly as it is told; None where the run had no such step."""
    return float(show(numbers[step])) if step < len(numbers) else None


def _sample(check: Check, step: int, numbers: Mapping[str, Array]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, show(numbers[name].numbers[step % len(numbers[name].numbers)]))
        for name in check.samples
        if name in numbers
    )

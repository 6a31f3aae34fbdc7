"""Judges what a training reaches: a metric of what was predicted for data that the program had not seen.

The metric is computed here, from raw predictions. What is right for the data never enters the box, and the data only
once the training is over. So nothing that a program says of itself counts, and nothing that it could have looked up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.kinds.reach import CompareReach, right_of
from grader.core.compare.metrics import METRICS, Target, target_of
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.exercise import Check
from grader.core.diagnose.diagnose import Case
from grader.core.findings.telling import told
from grader.core.judge.decision import EARNS
from grader.core.judge.explain import about_cells, difference, raised_finding, skipped_findings, stop_finding
from grader.core.judge.reference import Found, Reference, ReferenceFault, require_complete, unusable
from grader.core.program.source import Source
from grader.core.report.evidence import Series
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Called, Run, RunStatus
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

_ALL = 10
_DIGITS = 4


@dataclass(frozen=True)
class Reached:
    """What one training came to.

    Attributes:
        value: the metric; NaN where there is none.
        tenths: of the points that this is worth.
        why: why nothing could be measured; None where something was.
    """

    run: Run
    value: float
    tenths: int
    why: Found | None = None


def reach_in(check: Check) -> CompareReach:
    """Return what a check that trains is about."""
    (item,) = check.compare
    assert isinstance(item, CompareReach)
    return item


def decided(check: Check, source: Source, runs: Sequence[Run], reference: Reference) -> bool:
    """Whether further trainings cannot change what a check earns: the median is known, whatever they reach."""
    target = target_in(check, reference)
    reached = [_reached(check, source, run, target) for run in runs]
    return _median(reached, reach_in(check).seeds) is not None


def holds_once(check: Check, source: Source, run: Run, reference: Reference) -> bool:
    """Whether one training reaches all that is asked."""
    return _reached(check, source, run, target_in(check, reference)).tenths == _ALL


def judged_reach(
    check: Check, source: Source, runs: Sequence[Run], reference: Reference
) -> tuple[CheckResult, Case | None]:
    """Judge the trainings of a check, as many as were needed."""
    item, target = reach_in(check), target_in(check, reference)
    reached = [_reached(check, source, run, target) for run in runs]
    middle = _median(reached, item.seeds)
    if middle is None:
        # After a fault of ours nothing more is trained.
        middle = next((each for each in reached if each.run.status is RunStatus.SANDBOX_FAILED), reached[-1])
    observation = _observation(reached[0].run)
    case = Case(check, source, [[observation]], 0, reference.expected, [{}])
    points = round(check.points * middle.tenths / _ALL, 10)
    if middle.tenths == _ALL:
        return CheckResult(check.name, RunStatus.COMPLETED, Verdict.PASS, check.points), case
    if middle.why is not None:
        verdict, found = middle.why
        return CheckResult(check.name, middle.run.status, verdict, check.points, found), case
    below = Mismatch("reach-below", fields={"goal": _shown(target.goal), "least": _shown(target.least)})
    why = difference(below, item, check, None, {}).with_fields(actual=_shown(middle.value))
    raised = middle.run.ran.raised if middle.run.ran else None
    more = (raised_finding(raised, source),) if raised is not None else ()
    found = (why, earns(middle.tenths), *more, *skipped_findings(middle.run, source))
    return CheckResult(check.name, RunStatus.COMPLETED, Verdict.FAIL, check.points, found, carried=points), case


def metric_of(check: Check, run: Run) -> tuple[str, float | None]:
    """Return the metric of what a training predicts, by its name; None where it predicts nothing that fits."""
    value = reach_in(check).value(check, _observation(run))
    return reach_in(check).metric, None if isinstance(value, Mismatch) else value


def earns(tenths: int) -> Finding:
    """Return what says how many of the points are earned."""
    return finding(EARNS, percent=10 * tenths)


def curves_of(case: Case) -> tuple[Series, ...]:
    """Return the loss of the first training beside that of the solution's first one; nothing of what has none."""
    mine, ours = _losses(case.observations[0][0].run), _losses(case.expected[0][0].observation.run)
    return (Series("loss", ours, mine),) if mine and ours else ()


def _losses(run: Run) -> tuple[float, ...]:
    losses = run.trained.losses if run.trained else None
    return () if losses is None or np.isnan(losses).all() else tuple(losses.tolist())


def _shown(value: float) -> float:
    return float(show(value, _DIGITS))


def _observation(run: Run) -> Observation:
    return Observation(run, run.called[0] if run.called else None)


def _reached(check: Check, source: Source, run: Run, target: Target) -> Reached:
    why = _why_nothing(check, source, run)
    if why is not None:
        return Reached(run, math.nan, 0, why)
    value = reach_in(check).value(check, _observation(run))
    if isinstance(value, Mismatch):
        item, call = reach_in(check), check.calls[0]
        told_of = difference(value, item, check, call, {})
        found = (told_of, *about_cells(call, None, source), *skipped_findings(run, source))
        return Reached(run, math.nan, 0, (Verdict.FAIL, found))
    return Reached(run, value, target.tenths(value))


def _why_nothing(check: Check, source: Source, run: Run) -> Found | None:
    """Return why a run predicts nothing; None where it predicts, whatever else it does."""
    trained, observation = run.trained, _observation(run)
    predicted = observation.called is not None and bool(observation.called.values)
    if predicted:
        return None
    item = reach_in(check)
    if trained is not None and trained.steps > item.most:
        return Verdict.ERROR, (finding("reach-steps", most=item.most),)
    if run.ran is not None and run.ran.raised is not None:
        return unusable(check, source, Observation(run))
    if trained is not None and trained.raised is not None:
        return Verdict.ERROR, (raised_finding(trained.raised, source), *skipped_findings(run, source))
    if trained is not None and trained.missing is not None:
        return unusable(check, source, Observation(run, Called(missing=trained.missing)))
    if run.stop is not None:
        return Verdict.ERROR, (stop_finding(run, check.limits), *skipped_findings(run, source))
    return unusable(check, source, observation, check.calls[0], {})


def _median(reached: Sequence[Reached], count: int) -> Reached | None:
    """Return the training in the middle of so many; None where those that are not known could still be it."""
    left = count - len(reached)
    tenths = [each.tenths for each in reached]
    low, high = (sorted([*tenths, *[each] * left])[count // 2] for each in (0, _ALL))
    if left < 0 or low != high:
        return None
    alike = sorted((each for each in reached if each.tenths == low), key=lambda each: (each.why is None, each.value))
    return alike[len(alike) // 2]


def target_in(check: Check, reference: Reference) -> Target:
    """Return what earns points at a check that trains."""
    least, goal = reference.expected[0][0].arrays["target"]
    return Target(reach_in(check).metric, float(least), float(goal))


def reference_reached(check: Check, source: Source, runs: Sequence[Run]) -> Reference:
    """Return what submissions are held to, from the solution's trainings.

    Args:
        runs: of all seeds, in their order; submissions are trained with the first of these.

    Raises:
        ReferenceFault: where one did not complete, raised, or predicts nothing.
    """
    item = reach_in(check)
    values = []
    right = right_of(check)
    if METRICS[item.metric].classes and ((right < 0) | (right != np.round(right))).any():
        what = say("what is right must be class labels for {metric}: whole numbers from 0", metric=item.metric)
        raise ReferenceFault(check.name, what)
    for run in runs:
        require_complete(check, source, run)
        why = _why_nothing(check, source, run)
        if why is not None:
            raise ReferenceFault(check.name, told(why[1][0]))
        value = item.value(check, _observation(run))
        if isinstance(value, Mismatch):
            raise ReferenceFault(check.name, told(difference(value, item, check, check.calls[0], {})))
        values.append(value)
    target = target_of(item.metric, right, values, item.stated)
    arrays = {"target": np.array([target.least, target.goal]), item.metric: np.array(values)}
    expected = Expected(_observation(runs[0]), arrays, {})
    missed = _missed(check, item, target, values)
    return Reference(((expected,),), missed=(missed,) if missed else ())


def _missed(check: Check, item: CompareReach, target: Target, values: Sequence[float]) -> Message | None:
    """Say why nobody can be held to a target; None where the solution reaches it, and what knows nothing does not."""
    reached = ", ".join(show(value, _DIGITS) for value in values)
    about = {"check": check.name, "metric": item.metric, "reached": reached, "goal": show(target.goal, _DIGITS)}
    constant = METRICS[item.metric].of_constant(right_of(check))
    if item.stated and sorted(target.tenths(value) for value in values[: item.seeds])[item.seeds // 2] < _ALL:
        return say(
            "check {check}: the solution itself does not reach {metric} {goal}: its trainings come to {reached}. Train "
            "longer, or ask for less",
            **about,
        )
    if not METRICS[item.metric].better(target.goal, constant):
        return say(
            "check {check}: the goal, {metric} {goal}, is no better than {constant}, which one answer for all inputs "
            "comes to; the solution's trainings come to {reached}. Let it train until they are alike, or state a goal",
            constant=show(constant, _DIGITS),
            **about,
        )
    return None

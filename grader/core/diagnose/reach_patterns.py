"""Names what keeps a training from its goal, as its predictions and its losses show it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.core.compare.comparison import Pattern
from grader.core.compare.kinds.reach import CompareReach, right_of
from grader.core.compare.metrics import METRICS, Unfit, labels_of
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.exercise import Check
from grader.core.report.finding import finding
from grader.core.run.trace import Floats

# Of a prediction's size: what the order of additions makes of it is less.
_SAME = 1e-3
_RUNS_AWAY = 10.0
# Of the largest number that is right.
_FAR_OUT = 1e6
# Of the first loss; a training that learns anything at all leaves less of it.
_STAYS = 0.95
# From the third quarter of the training to the last.
_FALLS = 0.95
_ALIKE = 1.2
_CORRELATED = 0.95
_MOSTLY = 0.9
# Of where the solution's loss ends.
_FAR_ABOVE = 2.0
_FEWEST = 4


def patterns_of_reach(check: Check, seen: Observation, expected: Expected, rescales: bool) -> Iterator[Pattern]:
    """Yield the name that explains best why a training does not reach its goal; none where nothing does.

    Args:
        rescales: whether the program brings numbers to another scale.
    """
    (item,) = check.compare
    assert isinstance(item, CompareReach)
    predictions, ours = item.predictions(seen), item.predictions(expected.observation)
    if isinstance(predictions, Mismatch) or isinstance(ours, Mismatch) or not predictions.size:
        return
    unfit = item.value(check, seen)
    if isinstance(unfit, Mismatch) and unfit.reason == "reach-shape":
        # The sentence says it all; what the losses look like has nothing to do with it.
        return
    right = right_of(check)
    with np.errstate(all="ignore"):
        named = (
            _runs_away(item.metric, predictions, right, seen)
            or _depends_on_others(predictions, ours, seen, expected.observation)
            or (_unchanged(seen) if np.ptp(predictions, axis=0).any() else None)
            or _of_predictions(item.metric, predictions, ours, right, _has_learned(seen))
        )
        if named is None:
            named = _of_losses(seen, expected.observation)
            # In a scale of its own a loss looks low. Whatever has one input is right up to scale, trained or not.
            if not METRICS[item.metric].classes and (named is None or named.name == "overfitted"):
                scale = _up_to_scale(predictions.reshape(-1), right.reshape(-1))
                named = named if scale is None else scale if rescales else None
    if named is not None:
        yield named


def _runs_away(metric: str, predictions: Floats, right: Floats, seen: Observation) -> Pattern | None:
    if not METRICS[metric].classes and np.abs(predictions).max() > _FAR_OUT * np.abs(right).max():
        return Pattern("diverged", finding("diverges"))
    losses = _losses(seen)
    grown = losses.size and (not np.isfinite(losses[-1]) or losses[-1] > _RUNS_AWAY * max(float(losses[0]), 0.0) > 0)
    if grown or not np.isfinite(predictions).all():
        return Pattern("diverged", finding("diverges"))
    return None


def _depends_on_others(predictions: Floats, ours: Floats, seen: Observation, reference: Observation) -> Pattern | None:
    if _differs(predictions, seen) and not _differs(ours, reference):
        return Pattern("train-mode", finding("other-in-another-batch"))
    return None


def _differs(predictions: Floats, seen: Observation) -> bool:
    """Whether inputs get other predictions when they are asked about once more, with fewer others."""
    again = seen.run.called[1].values if len(seen.run.called) > 1 else ()
    other = again[0].data if len(again) == 1 else None
    if other is None or not other.ndim or other.shape[1:] != predictions.shape[1:]:
        return False
    first = predictions[: len(other)]
    if other.shape != first.shape:
        return False
    return bool((np.abs(first - other) > _SAME * max(float(np.abs(predictions).max()), 1e-30)).any())


def _of_predictions(metric: str, predictions: Floats, ours: Floats, right: Floats, learned: bool) -> Pattern | None:
    if metric == "loss" and _are_probabilities(predictions):
        return Pattern("probabilities-for-logits", finding("probabilities-for-logits"))
    if not np.ptp(predictions, axis=0).any():
        return Pattern("constant-prediction", finding("same-for-all"))
    if not METRICS[metric].classes:
        return None
    try:
        labels, known = (_labels(metric, each, right) for each in (predictions, ours))
    except Unfit:
        return None
    if metric == "accuracy" and not np.ptp(labels).any():
        return Pattern("constant-prediction", finding("same-for-all"))
    # Who goes up the slope predicts the other class, too.
    return _relabelled(labels, right.reshape(-1), _share(known, right.reshape(-1))) if learned else None


def _has_learned(seen: Observation) -> bool:
    """Whether the loss fell, as far as it was seen."""
    losses = _losses(seen)
    return not len(losses) or bool(losses[-1] < losses[0])


def _labels(metric: str, predictions: Floats, right: Floats) -> Floats:
    """Return predicted labels as one row; one logit for each input says which of two classes it is by its sign."""
    labels = labels_of(predictions, right).reshape(-1)
    one_logit = metric == "loss" and predictions.size == right.size
    return (labels > 0).astype(np.float64) if one_logit else labels


def _are_probabilities(predictions: Floats) -> bool:
    within = bool((predictions >= 0).all() and (predictions <= 1).all())
    if predictions.ndim < 2 or predictions.shape[1] < 2:
        return within
    return within and bool(np.allclose(predictions.sum(axis=1), 1, atol=1e-4))


def _relabelled(labels: Floats, right: Floats, reached: float) -> Pattern | None:
    """Return what other labels for the same classes explain.

    Args:
        reached: the share of labels that the solution predicts rightly.
    """
    enough = max(_MOSTLY * reached, _share(labels, right) + 1 - _MOSTLY)
    classes = np.unique(right)
    count = len(classes)
    for by in (1, -1):
        # From one class to the next: off the end where they are counted from 1, around it where a column is.
        there = np.isin(right + by, classes)
        around = _share(labels, (right + by) % count) if count > 2 else 0.0
        # A column that was cut off cannot be predicted.
        inside = _share(labels[there], right[there] + by) if count > 2 else 0.0
        if max(_share(labels, right + by), around, inside) >= enough:
            return Pattern("labels-shifted", finding("labels-off-by", count=1))
    table = np.array([[((right == one) & (labels == other)).sum() for other in np.unique(labels)] for one in classes])
    taken, most = table.argmax(axis=1), float(table.max(axis=1).sum() / right.size)
    if len(set(taken.tolist())) == count and taken.tolist() != list(range(count)) and most >= enough:
        return Pattern("labels-exchanged", finding("labels-exchanged"))
    return None


def _share(labels: Floats, right: Floats) -> float:
    return float((labels == right).mean())


def _up_to_scale(predictions: Floats, right: Floats) -> Pattern | None:
    if predictions.size == right.size and right.std() > 0 and predictions.std() > 0:
        correlation = float(np.corrcoef(predictions, right)[0, 1])
        if abs(correlation) >= _CORRELATED:
            return Pattern("other-scale", finding("right-up-to-scale"))
    return None


def _unchanged(seen: Observation) -> Pattern | None:
    losses = _losses(seen)
    if len(losses) < _FEWEST:
        return None
    part = max(len(losses) // 10, 1)
    first, last = float(losses[:part].mean()), float(losses[-part:].mean())
    return Pattern("loss-unchanged", finding("loss-stays")) if first > 0 and last > _STAYS * first else None


def _of_losses(seen: Observation, reference: Observation) -> Pattern | None:
    trained, ours = seen.run.trained, reference.run.trained
    if trained is not None and ours is not None and ours.steps and not trained.steps:
        return Pattern("never-trained", finding("no-backward-in-training"))
    losses, theirs = _losses(seen), _losses(reference)
    if len(losses) < _FEWEST or not len(theirs) or not np.isfinite(theirs).all():
        return None
    half = len(losses) // 2
    before, last = (float(each.mean()) for each in np.array_split(losses[half:], 2))
    end = float(theirs[-max(len(theirs) // 10, 1) :].mean())
    if 0 < last <= _ALIKE * end:
        return Pattern("overfitted", finding("only-on-its-own-data"))
    if before > 0 and last < _FALLS * before and len(losses) < len(theirs):
        return Pattern("stopped-too-early", finding("loss-still-falls"))
    if last > _FAR_ABOVE * end and last >= _FALLS * before:
        return Pattern("loss-levels-off", finding("loss-levels-off"))
    return None


def _losses(seen: Observation) -> Floats:
    losses = seen.run.trained.losses if seen.run.trained else None
    return np.zeros(0) if losses is None else losses

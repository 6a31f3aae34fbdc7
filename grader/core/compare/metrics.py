"""How well a program predicts: metrics of its raw predictions, computed where it cannot reach them.

Accuracy is the share of right labels; `mse` and `mae` the mean squared and mean absolute error; `loss` the cross
entropy, in nats, of the softmax of logits, or of the sigmoid where there is one logit for each label 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from grader.core.compare.tolerance import shown_shape
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

METRIC_NAMES: Mapping[str, Message] = {
    "accuracy": say("accuracy"),
    "mse": say("mean squared error"),
    "mae": say("mean absolute error"),
}
# An error below this share of what one answer for all inputs makes is none.
LEAST_ERROR = 1e-4


class Unfit(Exception):
    """Predictions that do not fit what is right.

    Args:
        reason: one of CompareReach's reasons.
        fields: what its sentence says.
    """

    def __init__(self, reason: str, **fields: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields


@dataclass(frozen=True)
class Metric:
    """One way to say how good predictions are.

    Attributes:
        of: returns it for predictions and what is right, of n inputs each; raises Unfit where these do not fit.
        of_constant: returns what the best single answer for all inputs comes to.
        rises: whether more is better.
        classes: whether what is right are class labels, as whole numbers from 0.
    """

    of: Callable[[Floats, Floats], float]
    of_constant: Callable[[Floats], float]
    rises: bool
    classes: bool

    def better(self, one: float, other: float) -> bool:
        """Whether one value is better than the other; NaN is no better than anything."""
        return one > other if self.rises else one < other


def labels_of(predictions: Floats, right: Floats) -> Floats:
    """Return predicted labels: as they are, or of scores for each class the class of the highest, NaN for a row of NaN.

    Args:
        predictions: of the labels' shape but for axes of length 1, or with one axis for classes more: the last one of
            n×k, otherwise the second as torch has it.

    Raises:
        Unfit: where they are neither.
    """
    if _squeezed(predictions.shape) == _squeezed(right.shape):
        return predictions.reshape(right.shape)
    scores = _scores(predictions, right)
    lost = np.isnan(scores).any(axis=1)
    return np.where(lost, np.nan, np.where(np.isnan(scores), -np.inf, scores).argmax(axis=1))


def _scores(predictions: Floats, right: Floats) -> Floats:
    """Return scores with one axis for classes, the second."""
    shape = predictions.shape
    if len(shape) != right.ndim + 1 or shape[1] < 2 or (shape[0], *shape[2:]) != right.shape:
        raise Unfit("reach-shape", shape=shown_shape(shape), expected_shape=shown_shape(right.shape))
    return predictions


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape without its axes of length 1, the first one kept."""
    return (*shape[:1], *(each for each in shape[1:] if each != 1))


def _accuracy(predictions: Floats, right: Floats) -> float:
    labels = labels_of(predictions, right)
    known = labels[np.isfinite(labels)]
    if (known != np.round(known)).any():
        raise Unfit("reach-labels")
    return float((labels == right).mean())


def _alike(predictions: Floats, right: Floats) -> Floats:
    if _squeezed(predictions.shape) != _squeezed(right.shape):
        shapes = {"shape": shown_shape(predictions.shape), "expected_shape": shown_shape(right.shape)}
        raise Unfit("reach-shape", **shapes)
    return predictions.reshape(right.shape)


def _mse(predictions: Floats, right: Floats) -> float:
    return float(np.square(_alike(predictions, right) - right).mean())


def _mae(predictions: Floats, right: Floats) -> float:
    return float(np.abs(_alike(predictions, right) - right).mean())


def _cross_entropy(logits: Floats, right: Floats) -> float:
    if _squeezed(logits.shape) == _squeezed(right.shape) and set(np.unique(right)) <= {0.0, 1.0}:
        single = logits.reshape(right.shape)
        return float((np.logaddexp(0.0, single) - right * single).mean())
    scores = _scores(logits, right)
    labels = right.astype(np.int64)
    if labels.max(initial=0) >= scores.shape[1]:
        raise Unfit("reach-classes", count=scores.shape[1], expected_count=int(labels.max()) + 1)
    highest = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - highest).sum(axis=1)) + highest[:, 0]
    own = np.take_along_axis(scores, np.expand_dims(labels, 1), axis=1)[:, 0]
    return float((total - own).mean())


def _most_frequent(right: Floats) -> float:
    return float(np.unique(right, return_counts=True)[1].max(initial=0) / max(right.size, 1))


def _variance(right: Floats) -> float:
    return float(right.var())


def _absolute_deviation(right: Floats) -> float:
    return float(np.abs(right - np.median(right)).mean())


def _entropy(right: Floats) -> float:
    shares = np.unique(right, return_counts=True)[1] / max(right.size, 1)
    return float(-(shares * np.log(shares)).sum())


METRICS: Mapping[str, Metric] = {
    "accuracy": Metric(_accuracy, _most_frequent, rises=True, classes=True),
    "mse": Metric(_mse, _variance, rises=False, classes=False),
    "mae": Metric(_mae, _absolute_deviation, rises=False, classes=False),
    "loss": Metric(_cross_entropy, _entropy, rises=False, classes=True),
}


def measured(word: str, predictions: Floats, right: Floats) -> float:
    """Return a metric of predictions; NaN where they hold what no number follows from.

    Raises:
        Unfit: where they do not fit what is right.
    """
    with np.errstate(all="ignore"):
        return METRICS[word].of(predictions, right)


@dataclass(frozen=True)
class Target:
    """What earns points.

    Attributes:
        least: up to which nothing is earned.
        goal: from which on all points are.
    """

    word: str
    least: float
    goal: float

    def tenths(self, value: float) -> int:
        """Return how many tenths of the points a value earns, from 0 to 10; a part of a tenth counts as a whole one.

        Between both ends accuracy counts by differences, and errors by factors: to halve one is worth the same
        wherever it is.
        """
        metric = METRICS[self.word]
        if math.isnan(value) or not metric.better(value, self.least):
            return 0
        if not metric.better(self.goal, value):
            return 10
        share = (
            (value - self.least) / (self.goal - self.least)
            if metric.rises
            else math.log(self.least / value) / math.log(self.least / self.goal)
        )
        # A rounding error is no part of a tenth.
        return min(max(math.ceil(10 * share - 1e-9), 0), 10)


def target_of(word: str, right: Floats, runs: list[float], stated: tuple[float, ...]) -> Target:
    """Return what earns points, from what an author states, or from what the solution reaches.

    Args:
        runs: of the solution, one for each seed: the goal is their median, less three interquartile ranges.
        stated: both ends; the goal alone, of which the other end is what one answer for all inputs comes to; or
            nothing.
    """
    metric = METRICS[word]
    if len(stated) == 2:
        return Target(word, *stated)
    least = metric.of_constant(right)
    if stated:
        return Target(word, least, stated[0])
    low, middle, high = np.percentile(runs, [25, 50, 75])
    goal = float(middle - 3 * (high - low) if metric.rises else middle + 3 * (high - low))
    return Target(word, least, goal if metric.rises else max(goal, LEAST_ERROR * least))

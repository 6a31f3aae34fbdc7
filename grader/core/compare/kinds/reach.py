"""`{reach: {accuracy: [0.7, 0.95], seeds: 3}}`: how well a program predicts after it was trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.metrics import METRICS, Unfit, labels_of, measured
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.checks.training import MOST_SEEDS, MOST_STEPS
from grader.core.course.declared import Syntax, Target
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

# Of labels that two programs give the same inputs; two that make one mistake, with other random numbers, agree so far.
_MOSTLY, _A_LITTLE = 0.95, 0.01


@dataclass(frozen=True)
class CompareReach(Comparison):
    """A metric of what a trained program predicts for data that it has not seen, over several seeds.

    Attributes:
        stated: the author's interval, or the goal alone; empty where it follows from what the solution reaches.
        seeds: how often a program is trained; the median counts.
        most: how many backward calls one training may make.
    """

    word = "reach"
    syntax = Syntax(
        "{reach: {accuracy: solution, seeds: 3}}",
        "How well a program predicts after it was trained, on data that it has not seen: accuracy, mse, mae, or loss. "
        "Points between nothing and all follow from the median over the seeds.",
        Target(tuple(METRICS)),
    )
    numbers_tell = False
    tolerant = False
    reasons: ClassVar[Mapping[str, Message]] = {
        "reach-below": say(
            "The {quantity} on data that the program has not seen is {actual}; the goal is {goal}, and {least} or "
            "worse earns nothing."
        ),
        "reach-none": say("{subject} gives no numbers to look at; predictions for all inputs are asked for."),
        "reach-several": say("{subject} gives several values; one with the predictions for all inputs is asked for."),
        "reach-shape": say("{subject} has shape {shape}; one prediction for each of {expected_shape} is asked for."),
        "reach-labels": say(
            "{subject} gives numbers that are no class labels; whole numbers from 0, or a number for each class, are "
            "asked for."
        ),
        "reach-classes": say("{subject} has numbers for {count} classes; there are {expected_count}."),
        "reach-steps": say("The training takes more than {most} steps: so many backward() calls are allowed."),
    }

    metric: str
    stated: tuple[float, ...] = ()
    seeds: int = 3
    most: int = MOST_STEPS

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[CompareReach, ...] | Message:
        metric, stated, seeds, steps = values[cls.word]
        if seeds is not None and not seeds % 2:
            return say(
                "seeds: {count} has no middle one; write an odd number up to {most}", count=seeds, most=MOST_SEEDS
            )
        rises = METRICS[metric].rises
        if len(stated) == 2 and not METRICS[metric].better(stated[1], stated[0]):
            return say(
                "the second number is the goal and must be better than the first, at which nothing is earned: for "
                "{metric} {better}",
                metric=metric,
                better=say("larger") if rises else say("smaller"),
            )
        if not rises and any(each <= 0 for each in stated):
            return say("an error that is asked for must be above 0: points between follow its ratio to the goal")
        if metric == "accuracy" and any(not 0 <= each <= 1 for each in stated):
            return say("an accuracy is a share from 0 to 1: write 0.95 for 95 %")
        return (cls(metric, stated, seeds or 3, steps or MOST_STEPS),)

    def recordings(self) -> tuple[Recording, ...]:
        return (
            Recording("values"),
            Recording("seeds", (str(self.seeds),)),
            Recording("steps", (str(self.most),)),
        )

    @property
    def label(self) -> str:
        return f"{self.word} {self.metric}"

    def mismatch(self, check: Check, actual: Observation, _expected: Expected) -> Mismatch | None:
        """Return why there is nothing to measure; how much is reached is judged over all seeds."""
        predictions = self.predictions(actual)
        if isinstance(predictions, Mismatch):
            return predictions
        value = self.value(check, actual)
        return value if isinstance(value, Mismatch) else None

    def predictions(self, seen: Observation) -> Floats | Mismatch:
        """Return the raw predictions, or why there are none."""
        values = seen.called.values if seen.called else ()
        if len(values) > 1 or any(value.place for value in values):
            return Mismatch("reach-several")
        if not values or values[0].data is None:
            return Mismatch("reach-none")
        return values[0].data

    def value(self, check: Check, seen: Observation) -> float | Mismatch:
        """Return the metric of what a program predicted; NaN where it predicts no numbers, or why there is none."""
        predictions = self.predictions(seen)
        if isinstance(predictions, Mismatch):
            return predictions
        try:
            return measured(self.metric, predictions, right_of(check))
        except Unfit as unfit:
            return Mismatch(unfit.reason, fields=unfit.fields)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        predictions = self.predictions(seen)
        return {} if isinstance(predictions, Mismatch) else {"predictions": predictions}

    def distance(self, _actual: Observation, _expected: Expected) -> float | None:
        return None

    def asked(self, check: Check) -> Message:
        calls = " / ".join(map(str, check.calls))
        return say("how well {calls} predicts after the training", calls=calls)

    def question(self, _check: Check) -> Message:
        return say("Does the loss fall over the training, and how far? Print it every few steps.")

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.metric}

    def facts(self, seen: Observation) -> object:
        """Return whether there was a training, the shape of the predictions, and whether they are numbers."""
        predictions = self.predictions(seen)
        if isinstance(predictions, Mismatch):
            return (predictions.reason,)
        trained = seen.run.trained
        return (bool(trained and trained.steps), predictions.shape, bool(np.isfinite(predictions).all()))

    def resembles(
        self, check: Check, actual: Observation, exact: Observation, _single: Observation, expected: Expected
    ) -> bool:
        """Whether a program predicts what a wrong program does, and not what the solution does as well."""
        mine, its, ours = (self.predictions(each) for each in (actual, exact, expected.observation))
        if isinstance(mine, Mismatch) or isinstance(its, Mismatch) or isinstance(ours, Mismatch):
            return isinstance(mine, Mismatch) and isinstance(its, Mismatch)
        # Two runs of one program differ a little, even on one machine: in a training small differences grow.
        return self._nearness(check, mine, its) >= max(_MOSTLY, self._nearness(check, mine, ours) - _A_LITTLE)

    def _nearness(self, check: Check, one: Floats, other: Floats) -> float:
        """Return how far two programs predict the same, from 0 to 1.

        That is the share of labels that are the same, or of probability; of numbers, what is left of their spread.
        """
        right = right_of(check)
        if not one.size or not other.size:
            return float(one.shape == other.shape)
        with np.errstate(all="ignore"):
            if self.metric == "loss" and one.shape == other.shape:
                apart = np.abs(_probabilities(one) - _probabilities(other)).sum(axis=-1) / 2
                return 1.0 - float(np.nan_to_num(apart, nan=1.0).mean())
            if METRICS[self.metric].classes:
                try:
                    return float((labels_of(one, right) == labels_of(other, right)).mean())
                except Unfit:
                    return float(np.array_equal(one, other, equal_nan=True))
            if one.size != other.size:
                return 0.0
            if not np.isfinite(other).all():
                return float(np.array_equal(np.isfinite(one), np.isfinite(other)))
            off = np.square(one.reshape(-1) - other.reshape(-1)).mean()
            spread = max(float(other.var()), float(right.var()))
            return 1.0 - float(np.sqrt(off / spread)) if spread > 0 else float(off == 0)


def _probabilities(logits: Floats) -> Floats:
    """Return the softmax over the second axis, moved to the end; of one logit each, both probabilities."""
    if logits.ndim < 2 or logits.shape[1] < 2:
        flat = logits.reshape(-1)
        logits = np.stack([flat, np.zeros_like(flat)], axis=1)
    scores = np.moveaxis(logits, 1, -1)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def right_of(check: Check) -> Floats:
    """Return what is right for the inputs that a trained program is asked about."""
    assert check.made is not None
    right = check.made.right
    return np.array(right.numbers, dtype=np.float64).reshape(right.shape)

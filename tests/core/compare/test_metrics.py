"""Metrics of raw predictions: what they come to by hand, whatever shape they have, and what they earn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.compare.metrics import METRICS, Target, Unfit, measured, target_of

LABELS = np.array([0.0, 1.0, 2.0, 1.0])
SCORES = np.array([[2.0, 0.0, 1.0], [0.0, 3.0, 1.0], [5.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
NUMBERS = np.array([1.0, -2.0, 4.0])


def test_accuracy_is_the_share_of_right_labels_however_they_are_given() -> None:
    assert measured("accuracy", SCORES, LABELS) == 0.75
    assert measured("accuracy", SCORES.argmax(axis=1)[:, None].astype(float), LABELS) == 0.75


def test_a_row_that_holds_nan_is_wrong_though_its_highest_score_would_be_right() -> None:
    scores = SCORES.copy()
    scores[0, 1] = math.nan
    assert measured("accuracy", scores, LABELS) == 0.5


def test_scores_for_each_place_of_an_image_have_their_classes_in_the_second_axis() -> None:
    labels = np.array([[[0.0, 1.0], [1.0, 1.0]]])
    scores = np.stack([labels == 0, labels == 1], axis=1).astype(float)
    assert measured("accuracy", scores, labels) == 1.0


def test_errors_are_their_means() -> None:
    off = np.array([[1.0], [0.0], [1.0]])
    assert measured("mse", off, NUMBERS) == pytest.approx((0 + 4 + 9) / 3)
    assert measured("mae", off, NUMBERS) == pytest.approx(5 / 3)


def test_cross_entropy_is_that_of_the_softmax_of_logits() -> None:
    powers = np.exp(SCORES)
    own = powers[np.arange(4), LABELS.astype(int)] / powers.sum(axis=1)
    assert measured("loss", SCORES, LABELS) == pytest.approx(-np.log(own).mean())
    # A thousand is no overflow.
    assert measured("loss", 1000 * SCORES[:2], LABELS[:2]) == 0.0


def test_one_logit_for_each_label_is_that_of_the_sigmoid() -> None:
    logits, labels = np.array([[2.0], [-1.0], [0.5]]), np.array([1.0, 0.0, 0.0])
    chances = 1 / (1 + np.exp(-logits[:, 0]))
    wanted = -np.log(np.where(labels == 1, chances, 1 - chances)).mean()
    assert measured("loss", logits, labels) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("word", "predictions", "reason"),
    [
        ("accuracy", SCORES[:3], "reach-shape"),
        ("accuracy", SCORES[:, :, None, None], "reach-shape"),
        ("accuracy", LABELS + 0.5, "reach-labels"),
        ("mse", SCORES, "reach-shape"),
        ("mse", np.zeros((4, 4)), "reach-shape"),
        ("mae", np.float64(1.0), "reach-shape"),
        ("loss", LABELS, "reach-shape"),
        ("loss", SCORES[:, :2], "reach-classes"),
    ],
)
def test_what_does_not_fit_is_told(word: str, predictions: np.ndarray, reason: str) -> None:
    with pytest.raises(Unfit) as caught:
        measured(word, predictions, LABELS)
    assert caught.value.reason == reason


def test_what_one_answer_for_all_comes_to_is_what_the_metric_says_of_it() -> None:
    assert METRICS["accuracy"].of_constant(LABELS) == measured("accuracy", np.ones(4), LABELS) == 0.5
    assert METRICS["mse"].of_constant(NUMBERS) == measured("mse", np.ones(3), NUMBERS)
    assert METRICS["mae"].of_constant(NUMBERS) == measured("mae", np.ones(3), NUMBERS)
    shares = np.log([[0.25, 0.5, 0.25]])
    assert METRICS["loss"].of_constant(LABELS) == pytest.approx(measured("loss", np.repeat(shares, 4, axis=0), LABELS))


@pytest.mark.parametrize(
    ("value", "tenths"),
    [(0.5, 0), (0.4, 0), (0.5001, 1), (0.55, 1), (0.5500001, 2), (0.75, 5), (0.95, 9), (0.9501, 10), (1.0, 10)],
)
def test_a_part_of_a_tenth_counts_as_a_whole_one(value: float, tenths: int) -> None:
    assert Target("accuracy", 0.5, 1.0).tenths(value) == tenths


@pytest.mark.parametrize(("value", "tenths"), [(1.0, 0), (2.0, 0), (0.1, 5), (0.01, 10), (0.0, 10), (0.0125, 10)])
def test_errors_count_by_factors(value: float, tenths: int) -> None:
    assert Target("mse", 1.0, 0.01).tenths(value) == tenths


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_earns_nothing(value: float) -> None:
    assert Target("mse", 1.0, 0.01).tenths(abs(value)) == 0
    assert Target("accuracy", 0.5, 1.0).tenths(-abs(value)) == 0


def test_a_goal_is_the_median_of_the_runs_less_three_interquartile_ranges() -> None:
    runs = [0.9, 0.94, 0.91, 0.93, 0.92]
    assert target_of("accuracy", LABELS, runs, ()) == Target("accuracy", 0.5, pytest.approx(0.92 - 3 * 0.02))
    assert target_of("mse", NUMBERS, [1.0, 1.1, 1.2, 1.3, 1.4], ()) == Target("mse", 6.0, pytest.approx(1.8))


def test_an_error_of_nothing_is_held_to_a_ten_thousandth_of_what_one_answer_makes() -> None:
    assert target_of("mse", NUMBERS, [0.0] * 5, ()).goal == pytest.approx(6e-4)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(sorted(METRICS)),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=12),
    st.sampled_from([(-1,), (-1, 1), (-1, 2), (1, -1), (2, -1)]),
)
def test_whatever_is_predicted_earns_from_none_to_ten_tenths_or_does_not_fit(
    word: str, numbers: list[float], shape: tuple[int, ...]
) -> None:
    try:
        predictions = np.array(numbers).reshape(shape)
        value = measured(word, predictions, LABELS)
    except (Unfit, ValueError):
        return
    target = Target(word, 0.5, 1.0) if METRICS[word].rises else Target(word, 1.0, 0.1)
    assert 0 <= target.tenths(value) <= 10

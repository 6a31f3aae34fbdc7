"""Hidden inputs: reproducible, different for each probe and name, and unlike a lecture's own numbers."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.autodiff.expression import parse
from grader.core.course.draws.draw import Array, cotangent, draw_all, seed_for
from grader.core.course.draws.fixed import Fixed
from grader.core.course.draws.normal import Normal
from grader.core.course.draws.of import Of
from grader.core.course.draws.scale_of import ScaleOf
from grader.core.course.draws.uniform import Uniform

STEADY = settings(deadline=None, derandomize=True)
SEEDS = st.binary(min_size=32, max_size=32)
INDEXES = st.integers(0, 10_000)
DRAWS = st.sampled_from(
    [
        *[Uniform(0.5, 3), Uniform(-5, 5), Uniform(1.5, 4), Uniform(-1, 1), Uniform(0, 0.1), Uniform(0, 100)],
        *[Normal(0, 1), Normal(5, 30), Normal(0, 0.02)],
    ]
)


def numbers(draw, seed=bytes(32), index=0, name="x"):
    return draw_all({name: draw}, seed, index)[name].numbers


def sized(draw, count):
    return type(draw)(*(getattr(draw, part) for part in draw.__match_args__[:2]), (count,))


@STEADY
@given(DRAWS, SEEDS, INDEXES)
def test_the_same_seed_draws_the_same_numbers(draw, seed, index):
    assert numbers(draw, seed, index) == numbers(draw, seed, index)


@STEADY
@given(DRAWS, SEEDS, INDEXES)
def test_probes_names_and_seeds_draw_different_numbers(draw, seed, index):
    draw = sized(draw, 5)
    others = [
        numbers(draw, seed, index + 1),
        numbers(draw, seed, index, name="y"),
        numbers(draw, seed[::-1] + b"more", index),
    ]
    assert numbers(draw, seed, index) not in others


@STEADY
@given(SEEDS, INDEXES)
def test_the_order_in_which_names_are_declared_changes_nothing(seed, index):
    draws = {"x": Uniform(0.5, 3, (3,)), "w": Normal(0, 1), "y": ScaleOf("x", Uniform(1.5, 4))}
    assert draw_all(draws, seed, index) == draw_all(dict(reversed(draws.items())), seed, index)


@STEADY
@given(DRAWS, SEEDS)
def test_no_drawn_number_has_so_few_decimals_that_it_could_be_a_lectures(draw, seed):
    assert all(number != round(number, 1) for number in numbers(sized(draw, 100), seed))


@STEADY
@given(DRAWS, SEEDS)
def test_a_learner_can_type_a_drawn_number(draw, seed):
    assert all(len(repr(abs(number))) <= 8 for number in numbers(sized(draw, 20), seed))


@STEADY
@given(st.floats(-100, 100), st.floats(0.01, 100), SEEDS)
def test_uniform_numbers_lie_in_their_interval(low, spread, seed):
    low, high = round(low, 2), round(low, 2) + round(spread, 2)
    assert all(low <= number <= high for number in numbers(Uniform(low, high, (20,)), seed))


@STEADY
@given(DRAWS, SEEDS, st.integers(2, 500))
def test_numbers_drawn_together_are_a_quarter_of_their_usual_distance_apart_at_least(draw, seed, count):
    spread = draw.std if isinstance(draw, Normal) else draw.high - draw.low
    drawn = sorted(numbers(sized(draw, count), seed))
    # Half of 1/n of the mass, less what is lost to rounding.
    assert min(after - before for before, after in pairwise(drawn)) >= 0.25 * spread / count


def test_thousands_of_numbers_of_few_decimals_are_distinct():
    drawn = numbers(Uniform(0, 1, (20_000,)))
    assert len(set(drawn)) == 20_000


@STEADY
@given(SEEDS)
def test_in_the_order_of_their_places_drawn_numbers_have_no_order(seed):
    drawn = numbers(Uniform(0, 1, (200,)), seed)
    rises = sum(after > before for before, after in pairwise(drawn))
    assert 60 <= rises <= 140


def test_independent_numbers_may_lie_close_together():
    drawn = sorted(numbers(Uniform(0, 1, (200,), iid=True)))
    assert min(after - before for before, after in pairwise(drawn)) < 0.25 / 200


@STEADY
@given(DRAWS, SEEDS, st.integers(2, 50))
def test_where_ties_are_asked_numbers_come_twice(draw, seed, count):
    drawn = numbers(replace(sized(draw, count), ties=True), seed)
    assert len(set(drawn)) == (count + 1) // 2


def test_single_numbers_reach_the_ends_of_their_interval():
    drawn = [numbers(Uniform(0, 1), index=index)[0] for index in range(400)]
    assert min(drawn) < 0.05
    assert max(drawn) > 0.95


def test_uniform_numbers_fill_their_interval():
    drawn = numbers(Uniform(10, 20, (1000,)))
    assert min(drawn) < 10.1
    assert max(drawn) > 19.9
    assert math.isclose(sum(drawn) / 1000, 15, abs_tol=0.5)


def test_normal_numbers_have_their_mean_and_spread():
    drawn = numbers(Normal(5, 2, (1000,)))
    mean = sum(drawn) / 1000
    assert math.isclose(mean, 5, abs_tol=0.3)
    assert math.isclose(math.dist(drawn, [mean] * 1000) / math.sqrt(1000), 2, abs_tol=0.2)


@pytest.mark.parametrize(("size", "count"), [((), 1), ((3,), 3), ((2, 3), 6), ((0,), 0)])
def test_a_draw_has_the_size_that_is_asked(size, count):
    drawn = draw_all({"x": Uniform(0, 1, size)}, bytes(32), 0)["x"]
    assert (drawn.shape, len(drawn.numbers)) == (size, count)


def test_fixed_numbers_stay_as_they_are():
    fixed = Array((2,), (1.0, 2.0))
    assert draw_all({"x": Fixed(fixed)}, bytes(32), 0) == {"x": fixed}


@STEADY
@given(SEEDS, INDEXES)
def test_a_scaled_draw_is_the_other_times_one_number(seed, index):
    drawn = draw_all({"y": ScaleOf("x", Uniform(1.5, 4)), "x": Uniform(0.5, 3, (3, 2))}, seed, index)
    assert drawn["y"].shape == drawn["x"].shape
    ratios = [y / x for x, y in zip(drawn["x"].numbers, drawn["y"].numbers, strict=True)]
    assert 1.5 <= ratios[0] <= 4
    assert all(math.isclose(ratio, ratios[0]) for ratio in ratios)


def test_what_the_box_computes_is_not_drawn():
    draws = {"x": Uniform(0, 1), "y": Of(parse("2 * x"))}
    assert list(draw_all(draws, bytes(32), 0)) == ["x"]


@STEADY
@given(SEEDS, INDEXES)
def test_a_cotangents_numbers_are_far_from_zero(seed, index):
    hidden = cotangent(seed, index, 8)
    assert len(hidden) == 8
    assert all(0.5 <= abs(number) <= 1.5 for number in hidden)


@STEADY
@given(SEEDS, INDEXES)
def test_cotangents_differ_between_probes_and_outputs_and_are_reproducible(seed, index):
    hidden = cotangent(seed, index, 8)
    assert hidden == cotangent(seed, index, 8)
    # Outputs get theirs one after the other.
    assert hidden[:4] != hidden[4:]
    assert hidden != cotangent(seed, index + 1, 8)


def test_a_cotangent_has_both_signs():
    assert {math.copysign(1, number) for number in cotangent(bytes(32), 0, 100)} == {-1, 1}


def test_a_seed_draws_the_same_numbers_on_every_machine():
    assert cotangent(bytes(32), 0, 3) == [1.2970543992008698, -1.2470027629263425, -1.0503922967868768]


def test_a_seed_changes_with_secret_exercise_and_what_decides_a_mark():
    seeds = {
        seed_for(b"secret", "4.1", "ab"),
        seed_for(b"other", "4.1", "ab"),
        seed_for(b"secret", "4.2", "ab"),
        seed_for(b"secret", "4.1", "ac"),
        seed_for(b"secret", "4.1a", "b"),
    }
    assert len(seeds) == 5


def test_the_same_secret_and_digest_give_the_same_seed():
    assert seed_for(b"s", "4.1", "ab") == seed_for(b"s", "4.1", "ab")


def test_the_numbers_of_a_seed_never_change():
    """Other numbers would be other exercises, and whole classes would be judged again."""
    draws = {
        "x": Uniform(0.5, 3, (3,)),
        "m": Normal(0, 1, (2, 2)),
        "y": ScaleOf("x", Uniform(1.5, 4)),
        "n": Normal(5, 30),
        "u": Uniform(-5, 5),
        "f": Fixed(Array((2,), (1, 2.5))),
    }
    assert {name: array.numbers for name, array in draw_all(draws, bytes(range(32)), 7).items()} == {
        "x": (1.848, 1.089, 2.744),
        "m": (-1.345, 1.089, 0.178, -0.192),
        "n": (-8.08,),
        "u": (3.76,),
        "f": (1, 2.5),
        "y": (3.420648, 2.015739, 5.079144),
    }
    assert list(draw_all(draws, bytes(range(32)), 7)) == ["x", "m", "n", "u", "f", "y"]
    assert cotangent(bytes(range(32)), 0, 3) == [-0.6490156941355951, 0.8796536760146821, 1.3840806870272964]

"""Numbers in what a program prints, and what a printed number proves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.compare.printed_numbers import Printed, aligned, alternatives, points_for_commas, printed_numbers

STEADY = settings(deadline=None, derandomize=True)


def values(text):
    return [number.value for number in printed_numbers(text)]


def printed(text):
    (number,) = printed_numbers(text)
    return number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("8", [8]),
        ("-2.000", [-2]),
        ("−2.5", [-2.5]),
        ("+2.5", [2.5]),
        ("1e-05", [1e-5]),
        ("1.5E+3", [1500]),
        (".5 5.", [0.5, 5]),
        ("tensor([7.8049], grad_fn=<MulBackward0>)", [7.8049]),
        ("tensor([[1.5, -2.0],\n        [3.25, 4.]])", [1.5, -2, 3.25, 4]),
        ("epoch=9 loss:0.25, w = 1.99;", [9, 0.25, 1.99]),
        ("12.5%", [12.5]),
        ("0.1|0.2/0.3", [0.1, 0.2, 0.3]),
        ("Natija: 7,8", [7, 8]),
        ("1e999", [float("inf")]),
        ("", []),
        ("nan inf None", []),
        ("w1 x_2 relu6 ŷ3", []),
        ("\x1b[92m-2.5\x1b[0m \x1b[1;31m3\x1b[m", [-2.5, 3]),
        ("-", []),
    ],
)
def test_numbers_are_found_in_what_programs_print(text, numbers):
    assert values(text) == numbers


@pytest.mark.parametrize("text", ["2.5x", "1.25ms", "3.14abc", "7.8e", "1e5x", "0.5_"])
def test_a_number_stuck_to_letters_is_not_cut_in_two(text):
    assert values(text) == []


def test_a_long_run_of_digits_stuck_to_a_letter_is_no_number():
    # A search that gives digits back one by one takes time with their square: hours for a megabyte of output.
    assert values("1" * 8_000 + "x 2.5") == [2.5]


def test_only_the_first_twenty_thousand_numbers_are_read():
    assert len(printed_numbers("1 " * 20_001)) == 20_000


@STEADY
@given(st.text(st.characters()) | st.text("0123456789.eE+-−x ", max_size=30))
def test_any_text_can_be_printed(text):
    assert all(number.half_digit > 0 and number.decimals >= 0 for number in printed_numbers(text))


@STEADY
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_what_python_prints_is_read_back_exactly(numbers):
    assert values(str(numbers)) == numbers


@pytest.mark.parametrize(
    ("text", "half_digit", "decimals"),
    [
        ("7.80", 0.005, 2),
        ("7.8049", 0.00005, 4),
        ("8", 0.5, 0),
        ("8.", 0.5, 0),
        ("1e-05", 0.5e-5, 5),
        ("1.5e-05", 0.5e-6, 6),
        ("2.50e+01", 0.05, 1),
        ("1.5e3", 50, 0),
    ],
)
def test_a_printed_number_knows_its_last_digit(text, half_digit, decimals):
    assert printed(text).half_digit == pytest.approx(half_digit)
    assert printed(text).decimals == decimals


@pytest.mark.parametrize("text", ["7.80", "7.805", "7.8049", "7.80486", "7.8048630", "7.80486345"])
def test_a_number_tells_what_it_is_rounded_from(text):
    assert printed(text).tells(7.80486345, tolerance=1e-6)


@pytest.mark.parametrize("text", ["7.81", "7.79", "7.804", "7.8050", "7.80487", "-7.80"])
def test_a_number_that_is_rounded_from_another_tells_nothing(text):
    assert not printed(text).tells(7.80486345, tolerance=1e-6)


@pytest.mark.parametrize("text", ["8", "7.8", "8.", "0.78e1", "1e1"])
def test_fewer_than_two_decimals_tell_nothing(text):
    assert not printed(text).tells(7.80486345, tolerance=1e-6)


@pytest.mark.parametrize(("text", "expected"), [("-8", -8.0), ("4.0", 4.0), ("0.5", 0.5), ("8", 8.0000001)])
def test_fewer_than_two_decimals_tell_a_number_that_has_no_more(text, expected):
    assert printed(text).tells(expected, tolerance=1e-6)


def test_what_is_too_large_for_a_float_tells_nothing():
    assert not printed("1e999").tells(float("inf"), tolerance=float("inf"))


@STEADY
@given(st.floats(-1e6, 1e6), st.integers(2, 8))
def test_a_number_printed_with_two_or_more_decimals_tells_itself(number, decimals):
    assert printed(f"{number:.{decimals}f}").tells(number, tolerance=0)


@STEADY
@given(st.floats(-1e6, 1e6), st.integers(2, 6), st.sampled_from([-1, 1]))
def test_a_number_more_than_half_a_digit_away_is_not_told(number, decimals, side):
    shown = printed(f"{number:.{decimals}f}")
    assert not shown.tells(shown.value + side * 0.51 * 10.0**-decimals, tolerance=0)


def test_a_printed_number_is_a_plain_value():
    assert printed("0.25") == Printed(0.25, half_digit=0.005, decimals=2, last=True)


def test_the_last_number_of_each_line_is_known() -> None:
    assert [number.last for number in printed_numbers("grad: 1.0 2.0 -2.0\n7.8\n\nw = 3, 4 (ok)")] == [
        False, False, True, True, False, True
    ]  # fmt: skip


def test_of_alignments_of_one_length_the_one_with_more_at_the_ends_of_lines_is_taken() -> None:
    asked = printed_numbers("4.0\n-2.0\n-7.84\n")
    # The 4 is an input of the second line; what is lacking is the first number.
    printed = printed_numbers("grad: 1.0 2.0 -2.0\ngrad: 2.0 4.0 -7.84\n")
    assert aligned(asked, printed, np.zeros(3)) == [None, 2, 5]


def test_a_number_in_the_middle_of_a_line_is_found_where_nothing_else_is_lost() -> None:
    asked = printed_numbers("-2.0\n-7.84\n")
    printed = printed_numbers("x 1.0 grad -2.0 w 1.02\nx 2.0 grad -7.84 w 1.0984\n")
    assert aligned(asked, printed, np.zeros(2)) == [1, 4]


def test_a_number_rounded_the_other_way_near_the_middle_is_still_told() -> None:
    (printed,) = printed_numbers("-1.864")
    assert printed.tells(-1.86349866, tolerance=5e-5)
    assert not printed.tells(-1.8634, tolerance=5e-5)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("-7.804 3.902 -3.902", 3),
        ("3.902 and 3.902 again", 1),
        ("7.804", 0),
        ("x=1.31 y=2.62 w=1.49 xatolik=0.78", 0),
        ("-0.07804", 0),
        ("8 4 2", 0),
        ("-7.8", 0),
        ("0.01", 0),
    ],
    ids=[
        "sign and half",
        "one twice",
        "itself",
        "other quantities",
        "a step",
        "whole numbers",
        "coarse",
        "far too coarse",
    ],
)
def test_small_multiples_of_what_is_expected_are_counted_once_each_and_not_itself(text, count):
    assert alternatives(7.804, 1e-4, printed_numbers(text)) == count


def test_a_comma_between_digits_may_be_a_decimal_mark() -> None:
    assert [number.value for number in printed_numbers(points_for_commas("w = -7,8400 x = 2"))] == [-7.84, 2.0]
    assert points_for_commas("[1, 2], (3,)") == "[1, 2], (3,)"

"""Numbers as people type them, and as people read them."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.core.words.numbers import NotANumber, parse_number, show, show_interval

STEADY = settings(deadline=None, derandomize=True)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
DIGITS = st.text("0123456789", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-8", -8),
        ("−8", -8),
        ("–8", -8),
        ("-8,0", -8),
        ("-8.0", -8),
        ("+3", 3),
        ("8.", 8),
        (".5", 0.5),
        (",5", 0.5),
        ("1e-2", 0.01),
        ("1E−2", 0.01),
        ("007", 7),
        ("  7.5\n", 7.5),
        ("\u00a07,5\u00a0", 7.5),
    ],
)
def test_numbers_are_read_as_people_type_them(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "-", ".", "--8", "- 8", "8 9", "1e", "e5", "1e5.5", "1.2.3", "1,000.5", "1'000", "8f", "1j", "1/2"],
        *["eight", "None", "[8]", "٣", "８", "²", "½", "infinit", "1" * 401],
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumber):
        parse_number(text)


@STEADY
@given(DIGITS, st.sampled_from(["_", ":", "x", "0x", "o", "b", " ", "'", "\u00a0", ",,", "e_"]), DIGITS)
def test_underscores_hexadecimal_and_sexagesimal_are_refused(left, between, right):
    with pytest.raises(NotANumber):
        parse_number(left + between + right)


@STEADY
@given(st.text(st.characters()) | st.text("0123456789+-−.,eExXnaNif_: \u00a0", max_size=12))
def test_any_text_is_a_number_or_not_a_number(text):
    try:
        number = parse_number(text)
    except NotANumber:
        return
    assert isinstance(number, float)
    assert not {"_", ":", "x", "X"} & set(text)


@STEADY
@given(FINITE)
def test_what_python_prints_is_read_back_exactly(number):
    assert parse_number(repr(number)) == number


@STEADY
@given(FINITE)
def test_a_decimal_comma_and_a_typographic_minus_change_nothing(number):
    assert parse_number(repr(number).replace(".", ",").replace("-", "−")) == number


@pytest.mark.parametrize(
    ("text", "number"), [("inf", math.inf), ("-Infinity", -math.inf), ("−inf", -math.inf), ("1e999", math.inf)]
)
def test_an_infinity_is_read_whether_named_or_too_large_for_a_float(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan", "+NAN"])
def test_the_word_nan_is_read_as_nan(text):
    assert math.isnan(parse_number(text))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (-8.0, "-8"),
        (0.1, "0.1"),
        (7.31594421, "7.315944"),
        (1.2e-9, "1.2e-09"),
        (0.0, "0"),
        (-0.0, "0"),
        (12345678, "12345678"),
        (12345678.0, "1.234568e+07"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_are_shown_as_people_read_them(number, shown):
    assert show(number) == shown


@STEADY
@given(st.floats(-1e300, 1e300, allow_subnormal=False), st.integers(1, 17))
def test_a_shown_number_is_right_to_its_last_digit(number, digits):
    assert math.isclose(parse_number(show(number, digits)), number, rel_tol=0.51 * 10.0 ** (1 - digits))


@pytest.mark.parametrize(
    ("expected", "allowed", "shown"),
    [
        (-8.0, 0.5, "-8.5 … -7.5"),
        (0.0, 0.00025, "-0.00025 … 0.00025"),
        (7.315944, 0.0005, "7.315444 … 7.316444"),
        (1000000.0, 0.001, "999999.999 … 1000000.001"),
    ],
)
def test_the_accepted_interval_is_shown_by_its_two_ends(expected, allowed, shown):
    assert show_interval(expected, allowed) == shown


@STEADY
@given(st.floats(-1e12, 1e12), st.floats(1e-14, 1e3))
def test_the_shown_ends_differ_and_lie_within_a_quarter_of_the_allowed_distance(expected, share):
    allowed = share * max(abs(expected), 1e-6)
    assume(expected - allowed < expected + allowed)
    low, high = map(parse_number, show_interval(expected, allowed).split(" … "))
    assert low < high
    assert abs(low - (expected - allowed)) <= allowed / 4
    assert abs(high - (expected + allowed)) <= allowed / 4


def test_an_interval_without_width_is_shown_as_its_one_number():
    assert show_interval(0.0, 0.0) == "0"


@pytest.mark.parametrize(("expected", "shown"), [(math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "NaN")])
def test_an_interval_around_what_is_not_finite_is_that_itself(expected, shown):
    assert show_interval(expected, 1.0) == shown

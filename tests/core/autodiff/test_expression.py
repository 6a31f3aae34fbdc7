"""Arithmetic expressions: what is read, what is refused and where, and derivatives by dual numbers."""

import math
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from grader.core.autodiff.expression import (
    FUNCTIONS,
    Apply,
    Binary,
    Dual,
    ExpressionFault,
    Name,
    Negative,
    Number,
    evaluate,
    names,
    parse,
    unparse,
)

STEADY = settings(deadline=None, derandomize=True)
ONLY = (
    "only numbers, names, + - * / **, parentheses and exp, log, sqrt, sin, cos, tanh, sigmoid, relu, abs "
    "are allowed here"
)
LEAVES = st.one_of(
    st.builds(Number, st.floats(0, allow_nan=False, allow_infinity=False)),
    st.builds(Number, st.integers(0, 10**16).map(float)),
    st.builds(Name, st.sampled_from(["x", "y_hat", "w1", "ŷ"])),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Apply, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
    ),
    max_leaves=12,
)
SMOOTH_TREES = st.recursive(
    st.builds(Number, st.floats(0.25, 3)) | st.just(Name("x")),
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Apply, st.sampled_from(sorted({*FUNCTIONS} - {"relu", "abs"})), inner),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(Binary, st.just("**"), inner, st.sampled_from([Number(2.0), Number(3.0), Negative(Number(1.0))])),
        st.builds(Binary, st.just("**"), st.just(Number(2.0)), inner),
    ),
    max_leaves=8,
)


def at(text, x, slope=1.0):
    return evaluate(parse(text), {"x": Dual(x, slope)})


def value_at(tree, x):
    """Return the value of `tree` at `x`, NaN where it has none."""
    try:
        return evaluate(tree, {"x": Dual(x)}).value
    except (ArithmeticError, ValueError):
        return math.nan


def fault_of(text):
    """Return what is wrong with `text`, None where it is an expression."""
    try:
        parse(text)
    except ExpressionFault as fault:
        return fault
    return None


def without_each_pair(text):
    """Yield `text` without one pair of its parentheses, for each pair that is no function's."""
    for opening in re.finditer(r"(?<!\w)\(", text):
        depth = 0
        for place in range(opening.start(), len(text)):
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 0:
                yield text[: opening.start()] + text[opening.end() : place] + text[place + 1 :]
                break


@STEADY
@given(TREES)
def test_what_is_unparsed_is_parsed_back_as_the_same_tree(tree):
    assert parse(unparse(tree)) == tree


@STEADY
@given(TREES)
@example(Binary("**", Name("x"), Negative(Number(1.0))))
def test_unparsing_writes_no_parentheses_that_could_be_left_out(tree):
    for text in without_each_pair(unparse(tree)):
        try:
            assert parse(text) != tree
        except ExpressionFault:
            continue


@pytest.mark.parametrize(
    "text",
    ["2 - 3 - 4", "2 / 4 / 2", "2 ** 3 ** 2", "-2 ** 2", "2 ** -1", "-(2 + 3) * 4", "2 * -3", "--2", "+2", "2 - -2"],
)
def test_operators_bind_as_in_python(text):
    assert evaluate(parse(text), {}).value == eval(text)


@pytest.mark.parametrize("text", ["x*w-y", " x * w - y ", "((x) * (w)) - y", "x *\tw - y"])
def test_spaces_and_spare_parentheses_change_nothing(text):
    assert parse(text) == Binary("-", Binary("*", Name("x"), Name("w")), Name("y"))


def test_names_come_from_left_to_right_as_often_as_they_are_read():
    assert list(names(parse("x * w - exp(-y) + x"))) == ["x", "w", "y", "x"]


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("x ^ 2", "write a power as **, not ^", 0),
        ("x + sigmod(x)", f"unknown function sigmod; did you mean sigmoid? allowed: {', '.join(FUNCTIONS)}", 4),
        ("  sin(x) + foo(x)", f"unknown function foo; allowed: {', '.join(FUNCTIONS)}", 11),
        ("x + * y", "this is not an expression: x + * y", 4),
        ("2 * 1e999", "this number is too large", 4),
        ("x + y.z", ONLY, 4),
        ("exp(x, y)", ONLY, 0),
        ("exp(*x)", ONLY, 4),
        ("exp(**x)", ONLY, 0),
        ("x < 2", ONLY, 0),
        ("x @ y", ONLY, 0),
        ("2 * 'a'", ONLY, 4),
        ("1j", ONLY, 0),
        ("True", ONLY, 0),
        ("(x).y(2)", ONLY, 0),
        ("x if x else y", ONLY, 0),
        ("x + " * 250 + "x", "an expression has at most 1000 characters", 0),
        ("-" * 60 + "x", "this expression is nested too deeply", 51),
    ],
)
def test_what_is_refused_is_told_with_its_column(text, words, column):
    fault = fault_of(text)
    assert fault.message.said(str) == words
    assert fault.column == column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("ŷ * ŷ + foo(x)", 8),
        ("(x +\n foo(x))", 6),
        ("(x +\r foo(x))", 6),
        ("(x +\r\n foo(x))", 7),
        ("(x +\n * y)", 6),
    ],
)
def test_a_column_counts_characters_from_the_start_of_the_text(text, column):
    assert fault_of(text).column == column


@pytest.mark.parametrize("text", ["1_000 * x", "0x10", "0b11", "0o17 + x"])
def test_numbers_that_people_do_not_type_are_refused(text):
    assert fault_of(text) is not None


@STEADY
@given(st.text(st.characters()) | st.text("xyexp(1.5)+-*/ ^\n\r\tŷ'#", max_size=20))
def test_any_text_is_an_expression_or_a_fault_with_a_column_in_it(text):
    fault = fault_of(text)
    assert fault is None or 0 <= fault.column <= len(text)


@STEADY
@given(SMOOTH_TREES, st.floats(0.25, 2))
def test_the_derivative_by_dual_numbers_agrees_with_a_central_difference(tree, x):
    differences = [(value_at(tree, x + step) - value_at(tree, x - step)) / (2 * step) for step in (1e-5, 2e-5)]
    # A difference is believed where half its step makes none.
    assume(abs(value_at(tree, x)) < 1e3 and math.isclose(*differences, rel_tol=1e-5, abs_tol=1e-7))
    assert math.isclose(evaluate(tree, {"x": Dual(x, 1.0)}).slope, differences[0], rel_tol=1e-4, abs_tol=1e-5)


@STEADY
@given(TREES, st.floats(-3, 3))
def test_the_derivative_along_no_direction_is_zero(tree, x):
    try:
        dual = evaluate(tree, dict.fromkeys(["x", "y_hat", "w1", "ŷ"], Dual(x)))
    except (ArithmeticError, ValueError):
        assume(False)
    assume(math.isfinite(dual.value))
    assert dual.slope == 0 or math.isnan(dual.slope)


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("exp(x)", 0.0, 1.0, 1.0),
        ("log(x)", 2.0, math.log(2), 0.5),
        ("sqrt(x)", 4.0, 2.0, 0.25),
        ("sin(x)", 0.0, 0.0, 1.0),
        ("cos(x)", math.pi / 2, 0.0, -1.0),
        ("tanh(x)", 0.0, 0.0, 1.0),
        ("sigmoid(x)", 0.0, 0.5, 0.25),
        ("relu(x)", 3.0, 3.0, 1.0),
        ("relu(x)", -3.0, 0.0, 0.0),
        ("abs(x)", -3.0, 3.0, -1.0),
        ("x ** 2", 0.0, 0.0, 0.0),
        ("x ** 1", 0.0, 0.0, 1.0),
        ("x ** 0", 0.0, 1.0, 0.0),
        ("x ** x", 1.0, 1.0, 1.0),
        ("2 ** x", 3.0, 8.0, 8 * math.log(2)),
        ("1 / x", 2.0, 0.5, -0.25),
    ],
)
def test_functions_have_their_value_and_slope(text, x, value, slope):
    dual = at(text, x)
    assert dual.value == pytest.approx(value, abs=1e-12)
    assert dual.slope == pytest.approx(slope, abs=1e-12)


@pytest.mark.parametrize("text", ["relu(x)", "abs(x)"])
def test_at_a_kink_the_slope_is_zero_as_in_autograd(text):
    assert at(text, 0.0) == Dual(0.0, 0.0)


@pytest.mark.parametrize(("x", "value"), [(1000.0, 1.0), (-1000.0, 0.0)])
def test_the_sigmoid_does_not_overflow(x, value):
    assert at("sigmoid(x)", x) == Dual(value, 0.0)


def test_a_division_by_a_very_small_number_has_its_value():
    assert at("1 / x", 1e-200, slope=0.0).value == pytest.approx(1e200)


@pytest.mark.parametrize("text", ["1 / x", "log(x)", "log(x - 1)", "x ** -1", "(x - 8) ** (1 / 3)", "exp(x + 1000)"])
def test_where_an_expression_has_no_real_value_that_is_an_arithmetic_error(text):
    with pytest.raises((ArithmeticError, ValueError)):
        at(text, 0.0)

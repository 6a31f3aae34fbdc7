"""Texts, formulas and orders: what is the same answer, and what is not."""

from __future__ import annotations

import pytest

from grader.core.autodiff.expression import ExpressionFault, parse
from grader.core.autodiff.graph import Graph, Node, ValueOf
from grader.core.course.questions import Choice, FormulaKey, Option
from grader.core.questions.formula import compared, parse_typed, points
from grader.core.questions.order import in_order, letters
from grader.core.questions.texts import compact, mixes_alphabets, plain
from grader.core.words.message import Text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("oʻta", "O'TA"),
        ("oʻta", "o‘ta"),
        ("oʻta", "o`ta"),
        ("maʼlumot", "ma’lumot"),
        ("0,5", "0.5"),
        ("−8", "-8"),
        ("  mean   squared\terror ", "Mean Squared Error"),
        ("fine", "\ufb01ne"),
        ("a\u200bb", "ab"),
        ("straße", "STRASSE"),
    ],
)
def test_two_texts_are_the_same(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(("one", "other"), [("1,2", "12"), ("a,b", "a.b"), ("о", "o"), ("x-1", "x1"), ("", "0")])
def test_two_texts_are_not_the_same(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 / 4", "1/4"),
        ("− 8", "-8"),
        ("1 × 3 × 8", "1×3×8"),
        ("5 x 5", "5x5"),
        ("( 1, 3 , 8 )", "(1, 3, 8)"),
        ("w, b", "w,b"),
        ("4 baravar", "4baravar"),
        ("fine - tuning", "fine-tuning"),
    ],
)
def test_a_blank_beside_a_sign_or_between_digit_and_letter_is_no_part_of_an_answer(one: str, other: str) -> None:
    assert compact(one) == compact(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 2", "12"),
        ("10 000", "10000"),
        ("1, 5", "1,5"),
        ("1 x 2 3", "1x23"),
        ("fine tuning", "finetuning"),
        ("to ta", "to'ta"),
        ("2.10", "2.1"),
    ],
)
def test_a_blank_between_digits_or_between_words_is_part_of_an_answer(one: str, other: str) -> None:
    assert compact(one) != compact(other)


def test_only_one_word_of_two_alphabets_mixes_them() -> None:
    assert mixes_alphabets("mоdel") and not mixes_alphabets("модель model") and not mixes_alphabets("x2 = 3")


def equals(typed: str, right: str, **between: tuple[float, float]) -> bool:
    key = FormulaKey(Graph((Node("=", parse(right)),)), ValueOf("="), between)
    return compared(parse_typed(typed, ("x", "w", "y")), points(key, ("x", "w", "y"), b"seed"))[0]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("2*x*(x*w - y)", "2 * x ** 2 * w - 2 * x * y"),
        ("g = 2·x²·w − 2·x·y", "2 * x * (x * w - y)"),
        ("(x + w)^3", "(x + w) ** 3"),
        ("log(x) + log(w)", "log(x * w)"),
        ("1e9*x*x", "1e9 * x ** 2"),
        ("x*1e-12", "x / 1e12"),
    ],
)
def test_two_formulas_are_equal(typed: str, right: str) -> None:
    assert equals(typed, right)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("2*(x*w - y)", "2 * x * (x * w - y)"),
        ("0", "x * 1e-12"),
        ("x + 0.000001", "x"),
        ("abs(x)", "x"),
        ("x + x*0*9**9**9", "x"),
        ("x/(w - w)", "x"),
        ("sqrt(-1 - x*x)", "x"),
        ("exp(exp(exp(9)))", "x"),
    ],
)
def test_two_formulas_are_not_equal(typed: str, right: str) -> None:
    assert not equals(typed, right)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "x" * 201,
            "x = w = y",
            "x == w",
            "z",
            "x.real",
            "x[0]",
            "lambda: x",
            "x if w else y",
            "f(x)",
            "exp(x, w)",
        ),
        *("(" * 100, "'x'", "__import__('os')", "x\x00", "x; w", "x\n+w)", "10**", "１x", "9" * 200 + "**9"),
    ],
)
def test_what_is_no_formula_is_told(typed: str) -> None:
    with pytest.raises(ExpressionFault):
        parse_typed(typed, ("x", "w", "y"))


def test_an_order_holds_every_option_once_and_differs_by_student() -> None:
    options = tuple(Option(f"o{place}", Text.of({"en": str(place)})) for place in range(6))
    choice = Choice("q", 1.0, Text.of({"en": "?"}), options)
    orders = {student: in_order(choice, "1.1", student) for student in map(str, range(200))}
    assert all(set(order) == set(options) for order in orders.values())
    first = [order[0].name for order in orders.values()]
    # Of 200 students a sixth should see each one first: 33, give or take 5 standard deviations.
    assert all(7 <= first.count(option.name) <= 60 for option in options)
    assert in_order(choice, "1.1", " ali ") == in_order(choice, "1.1", "ali") != in_order(choice, "1.2", "ali")
    assert list(letters(choice, "1.1", "ali")) == list("abcdef")

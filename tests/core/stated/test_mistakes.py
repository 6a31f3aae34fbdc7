"""Wrong stated values: the tape that every idea changes, the ideas that explain a number, and marks carried forward."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from grader.core.autodiff.expression import parse
from grader.core.autodiff.graph import Arriving, Derivative, Graph, Node, Question, ValueOf
from grader.core.autodiff.tape import backward, roots, unroll
from grader.core.course.exercise import Ask, Stated
from grader.core.findings.telling import told
from grader.core.report.report import Verdict
from grader.core.stated.carry_forward import carried
from grader.core.stated.judge import ask_allowed, judge_asks
from grader.core.stated.mistakes import all_ideas, explaining

STEADY = settings(deadline=None, derandomize=True)
SMALL = st.floats(0.3, 3)


def graph(text: str, *arriving: Arriving) -> Graph:
    lines = (line.split("=") for line in text.splitlines())
    return Graph(tuple(Node(name.strip(), parse(right)) for name, right in lines), arriving)


LECTURE = graph("y_hat = x * w\ns = y_hat - y\nloss = s ** 2")
AT = {"x": 2.0, "y": 4.0, "w": 1.0}
PRODUCT = graph("z = x * y", Arriving("L", "z", 5.0))
SHAPES = (
    "z = x * y + x",
    "a = x ** 2\nb = sin(x) + a\nz = a * b / y",
    "z = (x - y) ** 3 * exp(-x)",
    "a = tanh(x * y)\nz = a * a - x ** y",
    "a = x\nz = a * 2 + 2 * a",
    "z = sigmoid(x) / (1 + y) - log(y)",
)


def allowed(value: float) -> float:
    return 1e-6 * max(abs(value), 1e-6)


def names(of: Graph, at: dict[str, float], question: Question, stated: float) -> list[str]:
    return [idea.name for idea in explaining(of, at, question, stated, allowed)]


@pytest.mark.parametrize("text", SHAPES)
@given(x=SMALL, y=SMALL)
@STEADY
def test_the_tape_derives_what_the_graph_derives(text: str, x: float, y: float) -> None:
    of, at = graph(text), {"x": x, "y": y}
    tape = unroll(of, at)
    for by in at:
        question = Derivative("z", by)
        start = roots(of, tape, question)
        assert backward(tape, start, tape.place[by])[tape.place[by]] == pytest.approx(of.derivative(question, at))


@pytest.mark.parametrize("text", SHAPES)
@given(x=SMALL, y=SMALL)
@STEADY
def test_no_idea_explains_the_right_value(text: str, x: float, y: float) -> None:
    of, at = graph(text), {"x": x, "y": y}
    for question in (Derivative("z", "x"), Derivative("z", "y"), ValueOf("z")):
        assert explaining(of, at, question, of.answer(question, at), allowed) == ()


@pytest.mark.parametrize("text", SHAPES)
@given(x=SMALL, y=SMALL)
@STEADY
def test_the_value_of_every_idea_is_explained_by_that_idea(text: str, x: float, y: float) -> None:
    of, at = graph(text), {"x": x, "y": y}
    for question in (Derivative("z", "x"), ValueOf("z")):
        right = of.answer(question, at)
        for idea in all_ideas(of, at, question):
            if abs(idea.value - right) > 1e-3 * max(abs(right), 1):
                assert idea.name in names(of, at, question, idea.value)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            -4,
            ["chain-factor-missing"] * 2
            + ["stopped-early"] * 2
            + ["local-derivative-not-taken"] * 2
            + ["wrong-variable"],
        ),
        (8, ["sign-flipped", "operand-order", "target-forgotten", "local-derivative-not-taken"]),
        (2, ["chain-factor-missing", "upstream-ignored", "upstream-ignored", "loss-not-squared"]),
        (-3, []),
    ],
)
def test_at_the_lectures_numbers_the_likeliest_idea_comes_first(stated: float, expected: list[str]) -> None:
    assert names(LECTURE, AT, Derivative("loss", "w"), stated) == expected


def test_the_lost_factor_is_named_with_its_edge() -> None:
    ideas = explaining(LECTURE, AT, Derivative("loss", "w"), -4.0, allowed)
    assert [told(idea.hint).said(str) for idea in ideas[:2]] == [
        "the factor 2 of ∂loss/∂s is missing",
        "the factor ∂y_hat/∂w = 2 is missing",
    ]


@pytest.mark.parametrize(
    ("stated", "expected"), [(3, "upstream-ignored"), (8, "added-instead-of-multiplied"), (-15, "sign-flipped")]
)
def test_what_arrives_from_above_is_part_of_the_chain(stated: float, expected: str) -> None:
    assert names(PRODUCT, {"x": 2.0, "y": 3.0}, Derivative("L", "x"), stated)[0] == expected


def test_a_lost_path_is_told_where_something_is_used_twice() -> None:
    of, at = graph("z = x * y + x"), {"x": 2.0, "y": 5.0}
    assert names(of, at, Derivative("z", "x"), 5.0)[0] == "accumulation-overwritten"


def ask(name: str, question: Question, points: float = 2.0) -> Ask:
    return Ask(name, question, points, 6)


WORK = Stated(
    LECTURE,
    {"x": 3.0, "y": 5.0, "w": 2.0},
    (
        ask("s", ValueOf("s")),
        ask("dloss_ds", Derivative("loss", "s")),
        ask("dy_hat_dw", Derivative("y_hat", "w")),
        ask("dloss_dw", Derivative("loss", "w")),
    ),
)
RIGHT = {each.name: WORK.graph.answer(each.question, WORK.at) for each in WORK.asks}


def scores(**wrong: float) -> dict[str, float | None]:
    results = judge_asks(WORK, {**RIGHT, **wrong}, RIGHT, reveal=False)
    return {result.name: result.score for result in results if result.verdict is not Verdict.PASS}


def test_an_answer_that_follows_from_a_wrong_one_earns_half() -> None:
    # ∂loss/∂s = 2·s = 2, taken for 4; ∂loss/∂w = that · 3.
    assert scores(dloss_ds=4.0, dloss_dw=12.0) == {"dloss_ds": 0, "dloss_dw": 1}


def test_a_wrong_value_on_the_way_forward_is_carried_into_the_derivatives() -> None:
    assert scores(s=7.0, dloss_ds=14.0, dloss_dw=42.0) == {"s": 0, "dloss_ds": 1, "dloss_dw": 1}


def test_a_wrong_local_derivative_is_carried_along_its_edge() -> None:
    assert scores(dy_hat_dw=4.0, dloss_dw=8.0) == {"dy_hat_dw": 0, "dloss_dw": 1}


def test_the_nearest_answer_counts_the_right_ones_among_them() -> None:
    assert scores(s=7.0, dloss_dw=42.0) == {"s": 0, "dloss_dw": 0}


def test_an_answer_that_follows_from_many_wrong_ones_names_each_that_it_takes() -> None:
    parts = [f"part{number}" for number in range(30)]
    total = graph("\n".join([*(f"{part} = x * w" for part in parts), f"other = x * y\nz = {' + '.join(parts)}"]))
    work = Stated(total, WORK.at, tuple(ask(name, ValueOf(name)) for name in ("other", *parts, "z")))
    answers = {"other": 7.0, **dict.fromkeys(parts, 7.0), "z": 210.0}
    found = carried(work, work.asks[-1], answers, list(answers), ask_allowed)
    assert found is not None and [each.name for each in found.sources] == parts


def test_one_number_for_everything_does_not_follow_from_itself() -> None:
    assert sum(score or 0 for score in scores(**dict.fromkeys(RIGHT, -4.0)).values()) == 0


def test_a_hint_does_not_tell_what_another_answer_should_be() -> None:
    results = judge_asks(WORK, {**RIGHT, "dloss_ds": 5.0, "dloss_dw": 3.0}, RIGHT, reveal=False)
    assert [str(named.hint.fields) for named in results[-1].causes[:1]] == ["{'edge': '∂loss/∂s'}"]
    revealed = judge_asks(WORK, {**RIGHT, "dloss_ds": 5.0, "dloss_dw": 3.0}, RIGHT, reveal=True)
    assert revealed[-1].causes[0].hint.fields["factor"] == 2.0


SLIDE = {"x": 1.0, "y": 2.0, "w": 1.0}
ALL_ASKS = tuple(
    Ask(name, question, 1, 3)
    for name, question in (("s", ValueOf("s")), ("ds", Derivative("loss", "s")), ("dw", Derivative("loss", "w")))
)
SLIDE_RIGHT = {"s": -1.0, "ds": -2.0, "dw": -2.0}


def said_of(stated: dict[str, float], right: dict[str, float] = SLIDE_RIGHT) -> list[list[str]]:
    work = Stated(LECTURE, SLIDE, ALL_ASKS, carried=0.0)
    results = judge_asks(work, {**right, **stated}, right, reveal=False)
    return [[found.kind for found in result.findings] for result in results]


def test_one_idea_that_explains_several_answers_is_told_once_and_first() -> None:
    assert said_of({"s": 1.0, "ds": 2.0, "dw": 2.0}) == [
        ["answer-wrong", "comes-out-when"],
        ["answer-wrong", "same-mistake"],
        ["answer-wrong", "same-mistake"],
    ]


def test_ideas_that_explain_one_answer_only_are_no_common_one() -> None:
    work = Stated(LECTURE, SLIDE, ALL_ASKS, carried=0.0)
    results = judge_asks(work, {**SLIDE_RIGHT, "ds": -1.0, "dw": -1.0}, SLIDE_RIGHT, reveal=False)
    names = [{cause.name for cause in result.causes} for result in results]
    assert names[1] == names[2] != set()
    assert said_of({"s": 9.0, "dw": 2.0})[2][1:] == ["comes-out-when"]


def test_a_sign_comes_last_and_alone_says_no_more_than_that_there_is_one() -> None:
    work = Stated(LECTURE, AT, (Ask("dw", Derivative("loss", "w"), 1, 3),))
    (result,) = judge_asks(work, {"dw": 8.0}, {"dw": -8.0}, reveal=False)
    kinds = [cause.hint.kind for cause in result.causes]
    assert kinds[0] == "taken-for"
    assert kinds[-1] == "sign-lost"


def test_a_minus_lost_on_the_way_to_a_value_is_no_local_derivative() -> None:
    entropy = graph("p = sigmoid(z)\nloss = -log(1 - p)")
    right = entropy.values({"z": 1.0})["loss"]
    work = Stated(entropy, {"z": 1.0}, (Ask("loss", ValueOf("loss"), 1, 3),))
    (result,) = judge_asks(work, {"loss": -right}, {"loss": right}, reveal=False)
    assert [cause.hint.kind for cause in result.causes] == ["sign-of-value-lost"]


STEP = graph("s = x * w + b - y\nloss = s ** 2\nw_new = w - 0.01 * 2 * x * s")
STEP_AT = {"x": 3.0, "w": 1.3, "b": 0.4, "y": 21.0}
SLOPE = 2 * 3 * (3 * 1.3 + 0.4 - 21)


def test_a_step_up_the_slope_is_named_before_what_turns_a_difference_round() -> None:
    found = explaining(STEP, STEP_AT, ValueOf("w_new"), 1.3 + 0.01 * SLOPE, allowed)
    assert [idea.name for idea in found] == ["update-sign", "operand-order"]
    assert found[0].hint.kind == "taken-for"


def test_a_number_left_out_of_a_value_is_named() -> None:
    assert names(STEP, STEP_AT, ValueOf("w_new"), 1.3 - 0.01 * SLOPE / 2)[0] == "factor-two-missing"
    assert names(STEP, STEP_AT, ValueOf("w_new"), 1.3 - SLOPE)[0] == "scaled"
    mean = graph("mse = (a + b) / 2")
    assert names(mean, {"a": 1.5, "b": 4.0}, ValueOf("mse"), 5.5) == ["scaled"]
    work = Stated(STEP, STEP_AT, (Ask("w_new", ValueOf("w_new"), 1, 3),))
    (result,) = judge_asks(work, {"w_new": 1.3 - SLOPE}, {"w_new": 1.3 - 0.01 * SLOPE}, reveal=False)
    assert [told(cause.hint).said(str) for cause in result.causes] == ["a factor of w_new is missing"]


def test_a_sum_in_place_of_a_difference_is_named() -> None:
    assert names(LECTURE, AT, ValueOf("s"), 6.0) == ["sign-flipped"]


def test_no_hint_holds_a_number_that_makes_the_right_answer_of_the_wrong_one() -> None:
    work = Stated(LECTURE, AT, (Ask("dw", Derivative("loss", "w"), 1, 3),))
    (result,) = judge_asks(work, {"dw": -4.0}, {"dw": -8.0}, reveal=False)
    kinds = {cause.hint.kind for cause in result.causes}
    assert {"edge-left-out", "factor-left-out"} <= kinds
    assert all(cause.hint.number("factor") is None for cause in result.causes)


@pytest.mark.parametrize(
    "source", [0.0, 1.0, -1.0, 3.0, 5.0, 0.999999, -1.0000005, 1e-9, 3.0000001, math.inf, math.nan]
)
def test_nothing_is_carried_from_a_degenerate_answer(source: float) -> None:
    assert scores(dloss_ds=source, dloss_dw=3 * source)["dloss_dw"] == 0


def test_two_equal_numbers_do_not_follow_from_each_other_past_a_wrong_one_that_is_degenerate() -> None:
    # On the slide ∂ŷ/∂w is 1, and 2, which was given, is written for it.
    asks = (*ALL_ASKS, Ask("slope", Derivative("y_hat", "w"), 1, 3))
    work = Stated(LECTURE, SLIDE, asks)
    right = {**SLIDE_RIGHT, "slope": 1.0}
    for slope, carries in ((1.0, 0.5), (2.0, 0.0)):
        results = judge_asks(work, {**right, "ds": 7.0, "dw": 7.0, "slope": slope}, right, reveal=False)
        assert [result.carried for result in results] == [0, 0, carries, 0]


def test_at_most_half_of_an_exercise_is_carried() -> None:
    follows = scores(s=7.0, dloss_ds=14.0, dloss_dw=42.0)
    few = Stated(WORK.graph, WORK.at, WORK.asks, carried=1.0, carried_at_most=0.25)
    results = judge_asks(few, {**RIGHT, "s": 7.0, "dloss_ds": 14.0, "dloss_dw": 42.0}, RIGHT, reveal=False)
    assert sum(score or 0 for score in follows.values()) == 2
    assert sum(result.score or 0 for result in results if result.verdict is Verdict.FAIL) == 2
    assert [result.score for result in results] == [0, 2, 2, 0]


@given(values=st.dictionaries(st.sampled_from([each.name for each in WORK.asks]), st.floats()))
@example(values=dict.fromkeys([each.name for each in WORK.asks], 1e155))
@example(values=dict.fromkeys([each.name for each in WORK.asks], 5e-324))
@example(values={"s": 1e308, "dloss_ds": 1e308})
@STEADY
def test_any_number_is_judged_and_gets_a_verdict(values: dict[str, float]) -> None:
    results = judge_asks(WORK, {**RIGHT, **values}, RIGHT, reveal=False)
    assert {result.verdict for result in results} <= {Verdict.PASS, Verdict.FAIL}


@given(values=st.dictionaries(st.sampled_from([each.name for each in WORK.asks]), st.floats(-50, 50)))
@STEADY
def test_a_carried_mark_is_never_more_than_half_and_never_for_what_is_right(values: dict[str, float]) -> None:
    results = judge_asks(WORK, {**RIGHT, **values}, RIGHT, reveal=False)
    for result in results:
        assert result.carried <= result.max_score / 2
        assert result.verdict is not Verdict.PASS or result.carried == 0


@given(wrong=st.floats(-50, 50))
@STEADY
def test_what_does_not_follow_is_not_carried(wrong: float) -> None:
    assume(abs(wrong) > 1e-3)
    last, wrong_ones = WORK.asks[-1], ["dloss_ds", "dloss_dw"]
    found = carried(WORK, last, {"dloss_ds": wrong, last.name: 3 * wrong + 1}, wrong_ones, ask_allowed)
    assert found is None

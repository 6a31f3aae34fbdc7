"""One observation against the reference's: what is close, what differs, and the sentence that tells it."""

import math
import re
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import grader.core.compare
from grader.core.compare.kinds import COMPARISONS
from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.gradient import CompareGradient
from grader.core.compare.kinds.output import CompareOutput
from grader.core.compare.kinds.parameter import CompareParameter
from grader.core.compare.kinds.stores import CompareStores
from grader.core.compare.kinds.trace import CompareTrace
from grader.core.compare.kinds.value import CompareValue
from grader.core.compare.tolerance import Expected, Mismatch, Observation, allowed, excess
from grader.core.course.checks.call import Call
from grader.core.course.checks.given import Shape
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.explain import difference
from grader.core.run.observation import Called, Raised, Ran, Run, RunStatus, Value
from grader.core.run.trace import Backward, Leaf, Trace

STEADY = settings(deadline=None, derandomize=True)
FINITE = st.floats(-1e100, 1e100)
VALUE, GRADIENT, OUTPUT = CompareValue(), CompareGradient("w"), CompareOutput()
TRACE = CompareTrace(("loss", "gradient", "parameter"))
STORES, FINAL, PARAMETER = CompareStores("w"), CompareFinal("w"), CompareParameter("w")
CHECK = Check("check", 1, ())
CALL = Call("f", ("x",))
OF_GRADIENT = "The gradient of f(x) with respect to w, times a hidden vector"
NOTHING = Value("none", "NoneType")


def tensor(numbers, dtype="float32", **more):
    return Value("tensor", "Tensor", dtype, data=np.array(numbers, dtype=float), **more)


def parameter(numbers, **more):
    return tensor(numbers, **{"requires_grad": True, "leaf": True, **more})


def returned(*values, **more):
    return Observation(Run(RunStatus.COMPLETED), Called(values=values, **more))


def arriving(gradient, **more):
    return returned(tensor(0.0), gradients={"w": (None if gradient is None else np.array(gradient, float),)}, **more)


def ran(trace=None, stores=None, **finals):
    stores = None if stores is None else np.array(stores, dtype=float)
    return Observation(Run(RunStatus.COMPLETED, ran=Ran(None, (), {}, trace, stores, finals)))


def printing(text):
    return Observation(Run(RunStatus.COMPLETED, stdout=text))


def found(item, actual, reference, check=CHECK, noise=0.0):
    arrays = item.arrays(reference)
    return item.mismatch(check, actual, Expected(reference, arrays, dict.fromkeys(arrays, noise)))


def said(item, actual, reference, check=CHECK, **more):
    """Return the sentence about the difference, or None where there is none."""
    mismatched = found(item, actual, reference, check, **more)
    return None if mismatched is None else told(difference(mismatched, item, check, CALL, {})).said(str)


# Closeness


def test_what_is_allowed_is_a_share_of_the_element_and_of_the_largest_element():
    tolerance = allowed(np.array([1.0, -100.0, 0.0]), noise=0.0)
    assert tolerance == pytest.approx([1.3e-6 + 1e-3, 1.3e-4 + 1e-3, 1e-3], rel=1e-12)


def test_what_is_allowed_is_never_below_sixteen_times_the_noise():
    assert allowed(np.array([1.0, -1e6]), noise=0.01) == pytest.approx([10.0, 11.3])
    assert allowed(np.array([1.0, -2.0]), noise=0.01) == pytest.approx([0.16, 0.16])


def test_what_is_not_finite_is_not_the_largest_element():
    assert allowed(np.array([1.0, np.inf, np.nan]), noise=0.0)[0] == pytest.approx(1.13e-5)


def test_nothing_is_allowed_around_zeros_without_noise():
    assert allowed(np.zeros(3), noise=0.0).tolist() == [0, 0, 0]
    assert allowed(np.array([]), noise=0.0).size == 0


def off(actual, expected, tolerance):
    return float(excess(np.array([actual]), np.array([expected]), np.array([tolerance]))[0])


@STEADY
@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.floats(), st.floats(0, allow_nan=False))
def test_nan_is_close_to_nothing_and_an_infinity_only_to_itself(special, other, tolerance):
    units = 0 if special == other else math.inf
    assert off(special, other, tolerance) == units
    assert off(other, special, tolerance) == units


@STEADY
@given(FINITE, st.floats(1e-9, 1e9), st.floats(0, 0.99), st.sampled_from([-1, 1]))
def test_within_what_is_allowed_is_right(expected, tolerance, share, side):
    actual = expected + side * share * tolerance
    assume(abs(actual - expected) <= tolerance)
    assert off(actual, expected, tolerance) <= 1


@STEADY
@given(FINITE, st.floats(1e-9, 1e9), st.floats(1.01, 1e9), st.sampled_from([-1, 1]))
def test_beyond_what_is_allowed_is_wrong(expected, tolerance, share, side):
    actual = expected + side * share * tolerance
    assume(abs(actual - expected) > 1.001 * tolerance)
    assert off(actual, expected, tolerance) > 1


@pytest.mark.parametrize(("actual", "units"), [(0.0, 0), (1e-300, math.inf), (-1.0, math.inf)])
def test_where_nothing_is_allowed_only_the_same_number_is_right(actual, units):
    assert off(actual, 0.0, 0.0) == units


def test_excess_is_counted_in_units_of_what_is_allowed():
    assert off(1.5, 1.0, 0.25) == 2


# Values


def test_the_same_values_do_not_differ():
    assert said(VALUE, returned(tensor([1.0, 2.0])), returned(tensor([1.0, 2.0], "float64"))) is None


def test_a_wrong_number_is_told_with_the_accepted_interval():
    assert said(VALUE, returned(tensor(5.0)), returned(tensor(4.0))) == "f(x) is 5; expected 4."


def test_the_worst_element_is_told_with_its_place():
    actual, reference = returned(tensor([[1, 2.1], [3, 9]])), returned(tensor([[1, 2], [3, 4]]))
    assert said(VALUE, actual, reference) == "f(x): element [1, 1] is 9; expected 4."


def test_the_noise_of_the_reference_widens_what_is_accepted():
    actual, reference = returned(tensor(5.0)), returned(tensor(4.0))
    assert said(VALUE, actual, reference, noise=0.1) is None
    assert said(VALUE, actual, reference, noise=0.05) == "f(x) is 5; expected 3.2 … 4.8."


def test_nan_is_never_right_not_even_where_it_is_expected():
    words = (
        "f(x) is not a number (NaN). Look for 0/0, the logarithm of a negative number, "
        "or steps that grow without bound."
    )
    assert said(VALUE, returned(tensor(math.nan)), returned(tensor(4.0))) == words
    assert said(VALUE, returned(tensor(math.nan)), returned(tensor(math.nan))) == words


def test_an_infinity_is_right_only_where_it_is_expected():
    words = "f(x) is infinite. Look for a division by 0 or steps that grow without bound."
    assert said(VALUE, returned(tensor(math.inf)), returned(tensor(4.0))) == words
    assert said(VALUE, returned(tensor(-math.inf)), returned(tensor(math.inf))) == words
    assert said(VALUE, returned(tensor(math.inf)), returned(tensor(math.inf))) is None


def test_a_number_in_place_of_an_infinity_is_told():
    assert said(VALUE, returned(tensor(1e38)), returned(tensor(math.inf))) == "f(x) is 1e+38; expected inf."


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (1, 1, 1)])
@pytest.mark.parametrize("expected_shape", [(), (1,), (1, 1)])
def test_results_of_one_element_are_equal_whatever_their_rank(shape, expected_shape):
    actual, reference = returned(tensor(np.full(shape, 2.0))), returned(tensor(np.full(expected_shape, 2.0)))
    assert said(VALUE, actual, reference) is None


def test_an_exact_shape_is_told_even_for_one_element():
    exact = replace(CHECK, shape=Shape(exact=True))
    assert said(VALUE, returned(tensor([2.0])), returned(tensor(2.0)), exact) == "f(x) has shape 1; expected ()."
    assert said(VALUE, returned(tensor(2.0)), returned(tensor(2.0)), exact) is None


def test_a_wrong_shape_is_told_though_its_numbers_are_right():
    column = returned(tensor([[1.0], [2.0], [3.0]]))
    assert said(VALUE, column, returned(tensor([1.0, 2.0, 3.0]))) == "f(x) has shape 3×1; expected 3."


def test_a_shape_on_the_authors_list_passes_and_is_compared_in_row_major_order():
    check = replace(CHECK, shape=Shape(allowed=((3, 1),)))
    reference = returned(tensor([1.0, 2.0, 3.0]))
    assert said(VALUE, returned(tensor([[1.0], [2.0], [3.0]])), reference, check) is None
    assert said(VALUE, returned(tensor([[1.0, 2.0, 3.0]])), reference, check) == "f(x) has shape 1×3; expected 3."
    words = "f(x): element [2, 0] is 9; expected 3."
    assert said(VALUE, returned(tensor([[1.0], [2.0], [9.0]])), reference, check) == words


def test_where_any_shape_passes_the_count_of_elements_still_has_to_be_right():
    check = replace(CHECK, shape=Shape(anything=True))
    reference = returned(tensor([1.0, 2.0]))
    assert said(VALUE, returned(tensor([[1.0], [2.0]])), reference, check) is None
    assert said(VALUE, returned(tensor([1.0, 2.0, 3.0])), reference, check) == "f(x) has shape 3; expected 2."


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int64", ""])
def test_any_dtype_passes_where_none_is_asked(dtype):
    assert said(VALUE, returned(tensor(2.0, dtype)), returned(tensor(2.0, "float64"))) is None


def test_another_dtype_than_the_one_asked_is_told():
    check = replace(CHECK, dtype="float32")
    reference = returned(tensor(2.0, "float64"))
    assert said(VALUE, returned(tensor(2.0)), reference, check) is None
    words = "f(x) has dtype float64; expected float32."
    assert said(VALUE, returned(tensor(2.0, "float64")), reference, check) == words


def test_a_type_without_dtype_is_told_by_its_own_name():
    numbers = Value("list", "list", data=np.array([2.0]))
    check = replace(CHECK, dtype="float32")
    assert said(VALUE, returned(numbers), returned(tensor([2.0])), check) == "f(x) has dtype list; expected float32."


def test_a_function_that_returns_nothing_is_asked_for_its_return():
    words = "f(x) is None. Is a return statement missing?"
    assert said(VALUE, returned(NOTHING), returned(tensor(2.0))) == words


def test_a_result_that_is_no_number_is_told_by_its_type():
    words = "f(x) is of type str; expected a number or a tensor."
    assert said(VALUE, returned(Value("other", "str")), returned(tensor(2.0))) == words


def test_too_few_or_too_many_values_are_counted():
    one, two = returned(tensor(1.0)), returned(tensor(1.0), tensor(2.0))
    assert said(VALUE, one, two) == "f(x) gives 1 values; expected 2."
    assert said(VALUE, two, one) == "f(x) gives 2 values; expected 1."


def test_the_first_value_that_differs_is_told():
    actual, reference = returned(tensor(1.0), tensor(5.0)), returned(tensor(1.0), tensor(2.0))
    assert said(VALUE, actual, reference) == "f(x), result 2 is 5; expected 2."


def test_a_value_that_is_nothing_in_the_reference_must_be_nothing():
    reference = returned(tensor(1.0), NOTHING)
    assert said(VALUE, returned(tensor(1.0), NOTHING), reference) is None
    words = "f(x), result 2 is of type Tensor; expected None."
    assert said(VALUE, returned(tensor(1.0), tensor(3.0)), reference) == words


def test_empty_tensors_do_not_differ():
    assert said(VALUE, returned(tensor([])), returned(tensor([]))) is None


# Gradients


def test_the_same_gradient_in_another_rank_does_not_differ():
    assert said(GRADIENT, arriving([-8.0]), arriving(-8.0)) is None


def test_a_wrong_gradient_is_told_with_the_accepted_interval():
    assert said(GRADIENT, arriving(-4.0), arriving(-8.0)) == f"{OF_GRADIENT} is -4; expected -8."


def test_where_no_gradient_arrives_the_graph_is_cut():
    assert said(GRADIENT, arriving(None), arriving(-8.0)) == (
        f"{OF_GRADIENT}: there is no gradient. The graph is cut between w and the result: look for "
        ".item(), .data, .detach() or a new tensor made from numbers."
    )


def test_what_requires_no_gradient_is_told_apart_from_a_cut_graph():
    words = f"{OF_GRADIENT}: w does not require a gradient. Make it a tensor with requires_grad=True."
    assert said(GRADIENT, arriving(None, not_required=("w",)), arriving(-8.0)) == words
    assert found(GRADIENT, arriving(None, not_required=("v",)), arriving(-8.0)).reason == "graph-cut"


def test_a_backward_pass_that_raises_is_told():
    raised = Raised("RuntimeError", "Trying to backward a second time", 3)
    words = f"{OF_GRADIENT}: the backward pass raised RuntimeError: Trying to backward a second time"
    assert said(GRADIENT, arriving(None, backward_raised=raised), arriving(-8.0)) == words


def test_a_gradient_of_another_size_is_told_by_its_shape():
    assert said(GRADIENT, arriving([1.0, 2.0]), arriving(-8.0)) == f"{OF_GRADIENT} has shape 2; expected ()."


def test_where_the_reference_has_no_gradient_none_is_asked():
    assert said(GRADIENT, arriving(None), arriving(None)) is None
    assert said(GRADIENT, arriving(3.0), arriving(None)) is None


def test_a_call_that_never_came_back_has_no_gradient():
    assert found(GRADIENT, Observation(Run(RunStatus.COMPLETED)), arriving(-8.0)).reason == "graph-cut"


# Traces


def training(epochs=10, w=1.0, rate=0.01, data=((1.0, 2.0), (2.0, 4.0), (3.0, 6.0)), factor=2.0):
    """Return the backward calls of the lecture's loop: a loss, a gradient and an update for each pair."""
    steps = []
    for x, y in data * epochs:
        gradient = factor * x * (x * w - y)
        steps.append(step(w, gradient, (x * w - y) ** 2))
        w -= rate * gradient
    return steps


def step(w, gradient, loss):
    return Backward(np.array([loss]), (Leaf(np.array([w]), np.array([gradient]), None),))


def look(at):
    """Return a backward call at the parameter of the step `at`, on another sample."""
    return step(float(at.leaves[0].before[0]), -2.0, 1.0)


def traced(steps, count=None):
    return ran(Trace(tuple(steps), len(steps) if count is None else count))


def beside(steps, leaf, first=True):
    """Return the steps with one more leaf reached, before or behind the parameter."""
    return [Backward(each.root, (leaf, *each.leaves) if first else (*each.leaves, leaf)) for each in steps]


def changed(steps, place, **parts):
    """Return the steps with the loss, gradient or parameter of one of them replaced."""
    old = steps[place]
    new = {"w": old.leaves[0].before[0], "gradient": old.leaves[0].fresh[0], "loss": old.root[0], **parts}
    return [*steps[:place], step(**new), *steps[place + 1 :]]


LOOP = traced(training())
BIAS = Leaf(np.array([7.0]), np.array([0.5]), None)


def test_the_same_training_does_not_differ():
    assert said(TRACE, traced(training()), LOOP) is None


def test_a_parameter_of_another_rank_is_the_same_training():
    flat = [
        Backward(
            each.root.reshape(()), tuple(Leaf(x.before.reshape(()), x.fresh.reshape(()), None) for x in each.leaves)
        )
        for each in training()
    ]
    assert said(TRACE, traced(flat), LOOP) is None


def test_a_parameter_that_is_made_anew_in_another_rank_is_the_same_training():
    first, *others = training()
    flat = [
        Backward(each.root, tuple(Leaf(x.before.reshape(()), x.fresh.reshape(()), None) for x in each.leaves))
        for each in others
    ]
    assert said(TRACE, traced([first, *flat]), LOOP) is None


@pytest.mark.parametrize("observation", [ran(), traced([]), Observation(Run(RunStatus.COMPLETED))])
def test_a_run_without_backward_calls_is_told(observation):
    words = "There was no backward pass during the run. Call .backward() on the loss of each sample."
    assert said(TRACE, observation, LOOP) == words


def test_nine_epochs_are_too_few():
    assert said(TRACE, traced(training(epochs=9)), LOOP) == (
        "Backward calls of the run: 27; expected 30. "
        "Those that could be compared are right: count the epochs and the updates in each."
    )


def test_eleven_epochs_are_too_many():
    assert said(TRACE, traced(training(epochs=11)), LOOP) == (
        "Backward calls of the run: 33; expected 30. "
        "Those that could be compared are right: count the epochs and the updates in each."
    )


def test_calls_that_were_counted_but_not_kept_are_too_many():
    assert found(TRACE, traced(training(), count=40_000), LOOP).reason == "steps-right-so-far"


@pytest.mark.parametrize("places", [(0,), (15,), (30,), (0, 7, 30), (4, 4)])
def test_a_backward_call_that_no_update_follows_is_accepted(places):
    steps = training()
    last = step(float(steps[-1].leaves[0].before[0] - 0.01 * steps[-1].leaves[0].fresh[0]), 0.0, 0.0)
    for place in sorted(places, reverse=True):
        steps.insert(place, look([*steps, last][place]))
    assert said(TRACE, traced(steps), LOOP) is None


def test_a_backward_call_that_no_update_follows_does_not_make_up_for_a_missing_step():
    steps = training(epochs=9)
    assert found(TRACE, traced([look(steps[0])] * 3 + steps), LOOP) is not None


def test_a_wrong_learning_rate_shows_in_the_parameter_before_the_second_call():
    assert said(TRACE, traced(training(rate=0.1)), LOOP) == (
        "Before backward call 2 of 30 the parameter is 1.2; expected 1.02. So the update after call 1 is wrong."
    )


def test_a_wrong_start_is_told_as_such():
    assert said(TRACE, traced(training(w=0.0)), LOOP) == "The parameter starts at 0; expected 1."


def test_a_wrong_gradient_is_told_at_its_call():
    words = "At backward call 1 of 30 the gradient is -1; expected -2."
    assert said(TRACE, traced(training(factor=1.0)), LOOP) == words


def test_a_wrong_loss_is_told_at_its_call():
    steps = changed(training(), 4, loss=99.0)
    assert said(TRACE, traced(steps), LOOP).startswith("At backward call 5 of 30 the loss is 99; expected ")


def test_the_first_step_that_differs_is_told_not_the_worst():
    steps = changed(changed(training(), 20, w=1e6), 4, gradient=9.0)
    assert said(TRACE, traced(steps), LOOP).startswith("At backward call 5 of 30 the gradient is 9; expected ")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"w": 5.0, "loss": 5.0, "gradient": 5.0}, "step-parameter"),
        ({"loss": 5.0, "gradient": 5.0}, "step-loss"),
        ({"gradient": 5.0}, "step-gradient"),
    ],
)
def test_in_one_step_the_parameter_is_told_before_the_loss_and_the_loss_before_the_gradient(wrong, reason):
    difference = found(TRACE, traced(changed(training(), 4, **wrong)), LOOP)
    assert (difference.reason, difference.place) == (reason, (4,))


def test_only_the_parts_that_are_asked_are_compared():
    scaled = [replace(each, root=each.root * 0.5) for each in training()]
    assert found(TRACE, traced(scaled), LOOP).reason == "step-loss"
    assert said(CompareTrace(("gradient", "parameter")), traced(scaled), LOOP) is None


def test_a_gradient_that_was_not_computed_is_told_as_nan():
    steps = training()
    steps[3] = Backward(steps[3].root, (Leaf(steps[3].leaves[0].before, None, None),))
    assert said(TRACE, traced(steps), LOOP).startswith("At backward call 4 of 30 the gradient is NaN; expected ")


@pytest.mark.parametrize("first", [True, False])
def test_a_second_leaf_that_requires_a_gradient_does_not_confuse(first):
    assert said(TRACE, traced(beside(training(), BIAS, first)), LOOP) is None


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("other", [BIAS, Leaf(np.zeros(3), np.zeros(3), None)])
@pytest.mark.parametrize("place", [0, 4])
def test_beside_a_second_leaf_the_step_that_differs_is_still_the_one_told(first, other, place):
    steps = beside(changed(training(), place, gradient=9.0), other, first)
    words = f"At backward call {place + 1} of 30 the gradient is 9; expected "
    assert said(TRACE, traced(steps), LOOP).startswith(words)


def test_every_parameter_of_the_reference_has_to_be_trained():
    two = beside(training(), BIAS)
    assert said(TRACE, traced(two), traced(two)) is None
    assert found(TRACE, traced(training()), traced(two)) is not None


def test_the_leaves_may_come_in_another_order():
    assert said(TRACE, traced(beside(training(), BIAS, first=False)), traced(beside(training(), BIAS))) is None


# Stores


def test_the_same_stores_do_not_differ():
    assert said(STORES, ran(stores=[1.0, 1.02, 1.1]), ran(stores=[1.0, 1.02, 1.1])) is None


def test_the_first_store_that_differs_is_told():
    words = "Value 2 of w during the run is 1.5; expected 1.02."
    assert said(STORES, ran(stores=[1.0, 1.5, 9.0]), ran(stores=[1.0, 1.02, 3.0])) == words


def test_too_few_stores_are_told_by_their_count():
    assert said(STORES, ran(stores=[1.0, 1.02]), ran(stores=[1.0, 1.02, 1.1])) == (
        "w takes 2 different values during the run; expected 3. "
        "The ones that could be compared are right: count the epochs and the updates in each."
    )


@pytest.mark.parametrize("stores", [None, []])
def test_a_name_that_never_gets_a_value_is_told(stores):
    words = "w never gets a value during the run. Keep the parameter in a variable named w."
    assert said(STORES, ran(stores=stores), ran(stores=[1.0])) == words


# Names after the run


def test_a_final_value_is_compared_as_a_value_is():
    check = replace(CHECK, script=True)
    assert said(FINAL, ran(w=tensor([2.0])), ran(w=tensor(2.0)), check) is None
    words = "w after the run is 3; expected 2."
    assert said(FINAL, ran(w=tensor(3.0)), ran(w=tensor(2.0)), check) == words


def several(*parts):
    return Value("several", "dict", parts=tuple(replace(part, place=place, within="dict") for place, part in parts))


def test_each_value_of_a_dict_is_compared_by_its_name():
    check = replace(CHECK, script=True)
    text, nothing = Value("text", "str", text="relu"), Value("none", "None")
    deep = (("'b'", 1), Value("number", "int", "int", data=np.array(3.0)))
    ours = ran(w=several((("'a'",), tensor([1.0, 2.0])), deep, (("'c'",), text), (("'d'",), nothing)))
    assert said(FINAL, ours, ours, check) is None

    def other(place, value):
        parts = [(part.place, value if part.place == place else part) for part in FINAL.bound(ours).parts]
        return said(FINAL, ran(w=several(*parts)), ours, check)

    assert other(("'a'",), tensor([1.0, 5.0])) == ("w['a'] after the run: element [1] is 5; expected 2.")
    assert other(("'b'", 1), Value("number", "int", "int", data=np.array(4.0))) == (
        "w['b'][1] after the run is 4; expected 3."
    )
    assert other(("'c'",), replace(text, text="tanh")) == "w['c'] after the run is another text than expected."
    assert other(("'d'",), text) == "w['d'] after the run is of type str; expected None."


@pytest.mark.parametrize("within", ["dict", "list"])
def test_what_holds_several_values_is_no_number(within):
    parts = tuple(tensor([1.0] * count, place=(count,), within=within) for count in (1, 2))
    words = f"w is of type {within}; expected a number or a tensor."
    assert said(FINAL, ran(w=Value("several", within, parts=parts)), ran(w=tensor(1.0))) == words
    assert said(VALUE, returned(*parts), returned(tensor(1.0))) == (
        "f(x) is of type dict; expected a number or a tensor."
        if within == "dict"
        else "f(x) gives 2 values; expected 1."
    )


def test_a_value_that_a_dict_lacks_is_told_and_so_is_what_is_no_dict():
    ours = ran(w=several((("'a'",), tensor(1.0)), (("'b'",), tensor(2.0))))
    assert said(FINAL, ran(w=several((("'a'",), tensor(1.0)))), ours) == "w gives 1 values; expected 2."
    renamed = several((("'a'",), tensor(1.0)), (("'c'",), tensor(2.0)))
    assert said(FINAL, ran(w=renamed), ours) == "w['b'] is missing."
    assert said(FINAL, ran(w=tensor(1.0)), ours) == "w gives 1 values; expected 2."
    assert said(PARAMETER, ours, ran(w=parameter(1.0))) == "w is of type dict; expected a torch tensor."


@pytest.mark.parametrize("value", [Value("text", "str", text="relu"), Value("text", "str", text="")])
def test_a_text_in_a_name_is_compared(value):
    assert FINAL.tells(ran(w=value))
    assert said(FINAL, ran(w=value), ran(w=value)) is None
    assert said(FINAL, ran(w=replace(value, text="tanh")), ran(w=value)) == "w is another text than expected."


def test_what_cannot_be_compared_in_a_name_is_told_to_the_author_with_its_place():
    assert FINAL.incomparable(ran(w=tensor(1.0))) is None
    why = FINAL.incomparable(ran(w=several((("'a'",), tensor(1.0)), (("'b'",), Value("other", "set")))))
    assert why.said(str).startswith("w['b'] of the solution is set, which cannot be compared: ")


# Gradients of several results


def graded(*gradients, places=None, within="tuple"):
    """Return a call of which each result has a gradient; None for one that has none."""
    arrays = tuple(None if each is None else np.array(each, float) for each in gradients)
    places = places or [(i,) for i in range(len(gradients))]
    values = (tensor(0.0, place=place, within=within if place else "") for place in places)
    return returned(*values, gradients={"w": arrays})


def test_the_gradient_of_each_result_is_compared_and_named():
    ours = graded(4.0, -4.0)
    assert said(GRADIENT, ours, ours) is None
    # Their sum is right.
    assert said(GRADIENT, graded(2.0, -2.0), ours) == (
        "The gradient of f(x), result 1 with respect to w, times a hidden vector is 2; expected 4."
    )


def test_a_result_whose_graph_is_cut_is_named():
    assert said(GRADIENT, graded(4.0, None), graded(4.0, -4.0)).startswith(
        "The gradient of f(x), result 2 with respect to w, times a hidden vector: there is no gradient."
    )


def test_a_result_that_is_not_differentiable_has_no_gradient_to_compare():
    ours = graded(4.0, None)
    assert list(GRADIENT.arrays(ours)) == ["w of [0]"]
    assert said(GRADIENT, graded(4.0, 1.0), ours) is None


def test_one_result_is_as_good_as_its_rows_in_a_list():
    one, rows = graded(5.0, places=[()]), graded(2.0, 3.0, within="list")
    assert said(GRADIENT, rows, one) is None and said(GRADIENT, one, rows) is None
    assert said(GRADIENT, graded(2.0, 4.0, within="list"), one).endswith(" is 6; expected 5.")


def test_a_result_that_is_missing_is_told():
    places = [("'a'",), ("'b'",)]
    assert said(GRADIENT, graded(1.0, 2.0, places=places), graded(1.0, 2.0, places=[("'a'",), ("'c'",)])) == (
        "The gradient of f(x), ['c'] with respect to w, times a hidden vector is missing."
    )


OF_FIRST = CompareGradient("w", of=0)


def test_where_one_result_is_asked_for_the_gradients_of_others_are_free():
    assert said(OF_FIRST, graded(4.0, None), graded(4.0, -4.0)) is None
    assert said(OF_FIRST, graded(4.0, 9.0), graded(4.0, -4.0)) is None
    assert "result 1 with respect to w" in said(OF_FIRST, graded(-4.0, 4.0), graded(4.0, -4.0))


def test_all_results_in_one_array_have_no_gradient_of_one_of_them():
    assert found(OF_FIRST, graded(4.0, places=[()]), graded(4.0, -4.0)).reason == "missing-part"


def test_the_gradient_of_one_value_of_a_dict_is_asked_for_by_its_key():
    places = [("'loss'",), ("'cache'",)]
    of_loss = CompareGradient("w", of="loss")
    assert said(of_loss, graded(4.0, 1.0, places=places), graded(4.0, -4.0, places=places)) is None
    assert "['loss']" in said(of_loss, graded(1.0, -4.0, places=places), graded(4.0, -4.0, places=places))


def test_a_solution_without_a_gradient_of_that_result_is_told():
    assert OF_FIRST.incomparable(graded(4.0, None)) is None
    assert "result 2 has no gradient" in CompareGradient("w", of=1).incomparable(graded(4.0, None)).said(str)
    assert "result loss has no gradient" in CompareGradient("w", of="loss").incomparable(graded(4.0)).said(str)


def test_of_definitions_a_value_is_not_said_to_be_after_the_run():
    assert said(FINAL, ran(w=tensor(3.0)), ran(w=tensor(2.0))) == "w is 3; expected 2."


@pytest.mark.parametrize("item", [FINAL, PARAMETER])
def test_a_name_that_is_not_set_is_told(item):
    assert said(item, ran(), ran(w=parameter(2.0))) == "w is not set at the top level of the program."


def test_a_parameter_is_a_floating_leaf_that_requires_a_gradient():
    assert said(PARAMETER, ran(w=parameter(2.0)), ran(w=parameter(2.0))) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Value("number", "float", data=np.array(2.0)), "w is of type float; expected a torch tensor."),
        (Value("array", "ndarray", "float64", data=np.array(2.0)), "w is of type ndarray; expected a torch tensor."),
        (
            tensor(2.0, "int64"),
            "w has dtype int64; only floating-point tensors can have gradients. Write 1.0 instead of 1.",
        ),
        (tensor(2.0, leaf=True), "w does not require a gradient. Create it with requires_grad=True."),
        (
            parameter(2.0, leaf=False),
            "w is computed from another tensor, so it is not a leaf and gets no .grad. "
            "Create it directly with torch.tensor(…, requires_grad=True).",
        ),
        (parameter(3.0), "w is 3; expected 2."),
    ],
)
def test_a_parameter_that_cannot_be_trained_is_told_why(value, words):
    assert said(PARAMETER, ran(w=value), ran(w=parameter(2.0))) == words


# Printed numbers

PRINTED = printing("before: 4.0\n7.804863452911377 -2.0\nafter: 0.0031")


def test_the_same_output_does_not_differ():
    assert said(OUTPUT, PRINTED, PRINTED) is None


def test_other_numbers_may_lie_between_those_that_are_asked():
    assert said(OUTPUT, printing("epoch 1: 4.0\nepoch 2: 7.8049 then -2\n99 0.0031"), PRINTED) is None


def test_a_number_rounded_to_two_decimals_or_more_is_found():
    assert said(OUTPUT, printing("tensor([4.]) tensor([7.8049], grad_fn=<M>) -2.00 0.003"), PRINTED) is None


def test_a_number_rounded_to_less_than_two_decimals_is_not_found():
    words = "Required number 2 of 4, 7.805, was not found at its place in the output."
    assert said(OUTPUT, printing("4.0 7.8 -2.0 0.0031"), PRINTED) == words


def test_a_number_out_of_order_is_not_found():
    words = "Required number 3 of 4, -2, was not found at its place in the output."
    assert said(OUTPUT, printing("4.0 -2.0 7.8049 0.0031"), PRINTED) == words


def test_a_number_rounded_wrongly_is_not_found():
    words = "Required number 4 of 4, 0.0031, was not found at its place in the output."
    assert said(OUTPUT, printing("4.0 7.8049 -2.0 0.0041"), PRINTED) == words


STEPS = [1.3741, -2.9308, 0.7126, 3.1759, -0.8534, 1.9127]


@pytest.mark.parametrize("multiples", [(1, -1, 2, -2), (0.5, -0.5, 1, -1), (-1, 1, 4), (2, 1, 3)])
def test_numbers_that_stand_among_multiples_of_themselves_are_guessed(multiples):
    lines = [str(round(step * multiple, 5)) for step in STEPS for multiple in multiples]
    words = (
        "Beside required number 1 of 6, 1.374, the program prints multiples of it, and so at 6 places. Print one "
        "number for each that is asked."
    )
    for between in ("\n", " "):
        assert said(OUTPUT, printing(between.join(lines)), printing("\n".join(map(str, STEPS)))) == words


@pytest.mark.parametrize("multiples", [(1, -1, 2, -2), (-2, 0.5, 1), (3, 2, 1)])
def test_whole_tables_of_multiples_are_guesses(multiples):
    tables = [["5.5321", *(str(round(step * multiple, 5)) for step in STEPS), "7.7119"] for multiple in multiples]
    words = (
        f"The program prints the required numbers and multiples of them: {len(multiples)} tables. Print one number for "
        "each that is asked."
    )
    asked = "\n".join(map(str, (5.5321, *STEPS, 7.7119)))
    assert said(OUTPUT, printing("\n".join(" ".join(table) for table in tables)), printing(asked)) == words


def test_numbers_that_are_multiples_of_each_other_are_no_guesses():
    halved = "\n".join(str(0.1 / 2**epoch) for epoch in range(8))
    assert said(OUTPUT, printing(halved), printing(halved)) is None


def test_one_further_table_is_no_guess():
    half = " ".join(str(round(step / 2, 5)) for step in STEPS)
    both = "\n".join([half, *map(str, STEPS)])
    assert said(OUTPUT, printing(both), printing("\n".join(map(str, STEPS)))) is None


def test_a_table_of_the_run_and_the_step_that_follows_from_a_gradient_are_no_guesses():
    xs, w = (0.83, 2.17, 1.46), 1.0
    rows = []
    for place, step in enumerate(STEPS):
        x = xs[place % 3]
        y, y_pred = 2.3 * x, w * x
        rows.append(
            f"{place} x={x} y={y:.3f} {y_pred:.4f} loss={(y_pred - y) ** 2:.4f} dw={-0.01 * step:.6f} -> {step}"
        )
        w -= 0.01 * step
    # Seven a row are more than are read of six.
    asked = [*STEPS, *(9.0 + place for place in range(6))]
    text = "\n".join([*rows, *map(str, asked[6:])])
    assert said(OUTPUT, printing(text), printing("\n".join(map(str, asked)))) is None


def test_more_digits_than_the_reference_prints_are_as_good():
    assert said(OUTPUT, printing("0.0123456"), printing("0.012")) is None
    assert said(OUTPUT, printing("0.0126"), printing("0.012")) is not None


def test_the_last_digit_that_both_print_has_to_be_the_same():
    assert said(OUTPUT, printing("0.01"), printing("0.00")) is not None
    assert said(OUTPUT, printing("7.81"), printing("7.80")) is not None


@pytest.mark.parametrize("text", ["", "nothing at all", "w"])
def test_a_program_that_prints_no_numbers_is_told(text):
    assert said(OUTPUT, printing(text), PRINTED) == "The program prints no numbers."


def test_more_than_four_times_as_many_numbers_are_too_many():
    right = "4.0 7.8049 -2.0 0.0031"
    assert said(OUTPUT, printing(right + " 1" * 12), PRINTED) is None
    words = "The program prints 17 numbers; at most 16 are read. Print only what is asked for."
    assert said(OUTPUT, printing(right + " 1" * 13), PRINTED) == words


# Sentences


REASONS = [(kind, reason) for kind in COMPARISONS.kinds for reason in kind.reasons]


@pytest.mark.parametrize(("kind", "reason"), REASONS, ids=lambda each: getattr(each, "word", each))
def test_every_reason_has_a_sentence_that_can_be_filled(kind, reason):
    counted = ["count", "expected_count", "steps", "most"]
    named = ["shape", "expected_shape", "dtype", "expected_dtype", "type", "name", "words"]
    fields = {**dict.fromkeys(counted, 3), **dict.fromkeys(named, "words"), "about": "1.5"}
    mismatched = Mismatch(reason, (3,), 1.0, 2.0, 0.5, fields)
    words = told(difference(mismatched, CompareValue(), CHECK, CALL, {})).said(str)
    assert words[0] in string.ascii_letters
    assert not set(words) & set("{}")
    assert words.endswith((".", "?", "words"))


def test_every_reason_that_is_given_has_a_sentence():
    folder = Path(grader.core.compare.__file__).parent
    given = {
        reason for path in folder.rglob("*.py") for reason in re.findall(r'Mismatch\(\s*"([^"]+)"', path.read_text())
    }
    assert {"no-backward", "shape", "store"} <= given <= {reason for _, reason in REASONS}

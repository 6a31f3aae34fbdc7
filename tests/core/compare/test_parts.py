"""Results of several values: each is compared, has a place that messages name, and belongs to one of the solution's."""

from __future__ import annotations

import numpy as np
import pytest

from grader.core.compare.kinds.value import CompareValue
from grader.core.compare.parts import fields_of_place, path_of
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.call import Call
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.explain import difference
from grader.core.report.finding import finding
from grader.core.run.observation import Called, Run, RunStatus, Value
from grader.store.machine.catalogues import translation

VALUE, CHECK = CompareValue(), Check("check", 1, ())


def number(
    value: float, *place: str | int, within: str = "tuple", kind: str = "tensor", dtype: str = "float32"
) -> Value:
    return Value(kind, kind, dtype, data=np.array(value, dtype=float), place=place, within=within)


def text(words: str, *place: str | int) -> Value:
    return Value("text", "str", text=words, place=place, within="tuple")


def nothing(*place: str | int) -> Value:
    return Value("none", "None", place=place, within="tuple")


def said(ours: list[Value], theirs: list[Value]) -> str | None:
    """Return the sentence about a result beside the solution's, or None where they agree."""
    reference, actual = (Observation(Run(RunStatus.COMPLETED), Called(values=tuple(each))) for each in (ours, theirs))
    arrays = VALUE.arrays(reference)
    expected = Expected(reference, arrays, dict.fromkeys(arrays, 0.0), exact=VALUE.exact(reference))
    found = VALUE.mismatch(CHECK, actual, expected)
    return None if found is None else told(difference(found, VALUE, CHECK, Call("f", ("x",)), {})).said(str)


@pytest.mark.parametrize(
    ("place", "fields", "path"),
    [
        ((), {}, ""),
        ((1,), {"result": 2}, "[1]"),
        ((0, 2), {"result": 1, "part": "[2]"}, "[0][2]"),
        (("'x'",), {"part": "['x']"}, "['x']"),
        ((1, "'cache'", 0), {"result": 2, "part": "['cache'][0]"}, "[1]['cache'][0]"),
    ],
)
def test_a_place_is_data_in_a_finding_and_a_path_of_python_for_authors(
    place: tuple[str | int, ...], fields: dict[str, object], path: str
) -> None:
    assert (fields_of_place(place), path_of(place)) == (fields, path)


def test_which_result_it_is_is_said_in_the_readers_language() -> None:
    found = told(finding("nothing", quantity="value", call="f(x)", result=2, part="['x']"))
    assert found.said(translation("uz"), "uz").startswith("f(x), 2-natija['x']: ")


def test_a_list_with_the_same_values_is_as_good_as_a_tuple() -> None:
    ours = [number(1, 0), number(2, 1)]
    assert said(ours, [number(1, 0, within="list"), number(2, 1, within="list")]) is None


def test_what_differs_is_told_with_its_place() -> None:
    ours = [number(1, 0), number(2, 1, "'x'")]
    words = "f(x), result 2['x'] is 3; expected 2."
    assert said(ours, [number(1, 0), number(3, 1, "'x'")]) == words


def test_numbers_in_one_list_are_as_good_as_several() -> None:
    one = Value("list", "list", data=np.array([1.0, 2.0]))
    assert said([number(1, 0), number(2, 1)], [one]) is None
    assert said([one], [number(1, 0, within="list"), number(2, 1, within="list")]) is None
    assert said([number(1, 0), number(3, 1)], [one]) == "f(x), result 2 is 2; expected 3."


@pytest.mark.parametrize("within", ["tuple", "list", "dict"])
def test_a_container_around_one_tensor_is_no_tensor(within: str) -> None:
    words = f"f(x) is of type {within}; expected a number or a tensor."
    assert said([number(1)], [number(1, 0, within=within)]) == words


@pytest.mark.parametrize("outermost", ["list", "tuple"])
def test_numbers_in_lists_within_a_list_are_as_good_as_one_array(outermost: str) -> None:
    losses = Value("list", outermost, data=np.array([[1.0, 2.0], [3.0, 4.0]]))
    theirs = [number(value, i // 2, i % 2, within=outermost) for i, value in enumerate([1.0, 2.0, 3.0, 4.0])]
    assert said([losses], theirs) is None
    assert said([losses], [*theirs[:3], number(5, 1, 1, within=outermost)]) is not None
    assert said([losses], theirs[:3]) == "f(x) gives 3 values; expected 1."
    assert said([losses], [*theirs, number(5, 2, within=outermost)]) == "f(x) gives 5 values; expected 1."


def test_lists_in_a_tuple_are_results_where_ours_are_in_a_list() -> None:
    ours = Value("list", "list", data=np.array([[1.0], [2.0]]))
    assert said([ours], [number(1, 0, 0), number(2, 1, 0)]) == "f(x) gives 2 values; expected 1."


def test_a_list_of_one_number_may_hold_a_tensor() -> None:
    assert said([Value("list", "list", data=np.array([1.0]))], [number(1, 0, within="list")]) is None
    nested = [number(1, 0, 0, within="list"), number(2, 1, 0, within="list")]
    assert said([Value("list", "tuple", data=np.array([[1.0], [2.0]]))], nested) is None


def test_a_value_too_many_or_too_few_is_told() -> None:
    ours = [number(1, 0), number(2, 1)]
    assert said(ours, [number(1, 0), number(2, 1), number(3, 2)]) == "f(x) gives 3 values; expected 2."
    assert said(ours, [number(1)]) == "f(x) gives 1 values; expected 2."


def test_a_value_at_another_key_is_told() -> None:
    ours = [number(1, "'x'"), number(2, "'y'")]
    assert said(ours, [number(1, "'x'"), number(2, "'z'")]) == "f(x), ['y'] is missing."


def test_nothing_is_compared_as_well() -> None:
    ours = [number(1, 0), nothing(1)]
    assert said(ours, [number(1, 0), nothing(1)]) is None
    assert said(ours, [number(1, 0), number(2, 1)]) == "f(x), result 2 is of type tensor; expected None."
    assert said([number(1, 0), number(2, 1)], ours) == "f(x), result 2 is None. Is a return statement missing?"


def test_texts_are_compared_exactly_and_not_told() -> None:
    ours = [number(1, 0), text("relu", 1)]
    assert said(ours, [number(1, 0), text("relu", 1)]) is None
    assert said(ours, [number(1, 0), text("Relu", 1)]) == "f(x), result 2 is another text than expected."
    assert said(ours, [number(1, 0), number(2, 1)]) == "f(x), result 2 is of type tensor; expected a text."


def test_whole_numbers_and_booleans_are_compared_exactly() -> None:
    ours = [number(25_557_032, 0, kind="number", dtype="int"), number(1, 1, kind="number", dtype="bool")]
    assert said(ours, ours) is None
    off = [number(25_557_031, 0, kind="number", dtype="int"), ours[1]]
    assert said(ours, off) is not None
    assert said(ours, [ours[0], number(0, 1, kind="number", dtype="bool")]) == "f(x), result 2 is 0; expected 1."
    assert said(ours, [number(25_557_032, 0, dtype="float64"), ours[1]]) is None


def test_the_type_of_what_cannot_be_compared_is_told_to_the_author() -> None:
    odd = Value("other", "object", place=(1,), within="tuple")
    reference = Observation(Run(RunStatus.COMPLETED), Called(values=(number(1, 0), odd)))
    why = VALUE.incomparable(reference)
    assert why is not None
    assert why.said(str).startswith("the solution returns object ([1]), which cannot be compared")

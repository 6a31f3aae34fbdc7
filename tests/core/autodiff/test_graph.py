"""Computational graphs: values, derivatives by the chain rule, and the order of the nodes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.autodiff.expression import names, parse
from grader.core.autodiff.graph import Arriving, CyclicGraph, Derivative, Graph, Node, ValueOf, ordered

STEADY = settings(deadline=None, derandomize=True)
SMALL = st.floats(-3, 3)


def nodes(text):
    """Return the nodes of `text`, one a line."""
    return tuple(Node(name.strip(), parse(right)) for name, right in (line.split("=") for line in text.splitlines()))


LECTURE = Graph(nodes("y_hat = x * w\ns = y_hat - y\nloss = s ** 2"))
LECTURE_AT = {"x": 2.0, "y": 4.0, "w": 1.0}
# Two ways lead from x to z, and one from x to z beside b.
DIAMOND = Graph(nodes("a = x ** 2\nb = sin(x) + a\nz = a * b + x"))


def test_values_are_those_of_every_input_and_node():
    assert LECTURE.values(LECTURE_AT) == {"x": 2, "y": 4, "w": 1, "y_hat": 2, "s": -2, "loss": 4}


@pytest.mark.parametrize(
    ("of", "by", "slope"),
    [("loss", "w", -8), ("loss", "s", -4), ("s", "y_hat", 1), ("y_hat", "w", 2), ("s", "y", -1), ("loss", "loss", 1)],
)
def test_a_derivative_is_taken_by_an_input_or_by_a_node(of, by, slope):
    assert LECTURE.derivative(Derivative(of, by), LECTURE_AT) == slope


@pytest.mark.parametrize(("of", "by"), [("y_hat", "y"), ("y_hat", "s"), ("s", "loss")])
def test_a_derivative_by_what_is_not_on_the_way_is_zero(of, by):
    assert LECTURE.derivative(Derivative(of, by), LECTURE_AT) == 0


def test_a_derivative_sums_over_all_paths():
    graph = Graph(nodes("a = 3 * x\nb = 5 * x\nz = a * b"))
    assert graph.derivative(Derivative("z", "x"), {"x": 2.0}) == 2 * 3 * 5 * 2


@STEADY
@given(SMALL, SMALL, SMALL)
def test_along_a_chain_the_derivative_is_the_product_of_its_edges(x, y, w):
    edges = [("loss", "s"), ("s", "y_hat"), ("y_hat", "w")]
    at = {"x": x, "y": y, "w": w}
    product = math.prod(LECTURE.derivative(Derivative(*edge), at) for edge in edges)
    assert math.isclose(LECTURE.derivative(Derivative("loss", "w"), at), product, abs_tol=1e-12)


@STEADY
@given(SMALL)
def test_a_derivative_agrees_with_a_central_difference(x):
    step = 1e-5
    higher, lower = (DIAMOND.values({"x": near})["z"] for near in (x + step, x - step))
    slope = DIAMOND.derivative(Derivative("z", "x"), {"x": x})
    assert math.isclose(slope, (higher - lower) / (2 * step), rel_tol=1e-6, abs_tol=1e-6)


@STEADY
@given(SMALL)
def test_a_derivative_by_a_node_is_that_of_the_graph_with_the_node_as_an_input(x):
    at = DIAMOND.values({"x": x})
    without_a = Graph(DIAMOND.nodes[1:])
    by_a = Derivative("z", "a")
    assert DIAMOND.derivative(by_a, {"x": x}) == without_a.derivative(by_a, {"x": x, "a": at["a"]})


def test_a_derivative_that_arrives_from_above_is_carried_on():
    graph = Graph(nodes("z = x * y"), (Arriving("L", "z", 5.0),))
    at = {"x": 2.0, "y": 3.0}
    assert [graph.derivative(Derivative("L", by), at) for by in ("z", "x", "y")] == [5, 15, 10]


def test_derivatives_that_arrive_at_two_nodes_are_summed():
    graph = Graph(nodes("a = 2 * x\nb = x ** 2"), (Arriving("L", "a", 10.0), Arriving("L", "b", 1.0)))
    assert graph.derivative(Derivative("L", "x"), {"x": 3.0}) == 10 * 2 + 1 * 6


def test_what_arrives_does_not_change_the_derivatives_of_other_nodes():
    graph = Graph(nodes("z = x * y"), (Arriving("L", "z", 5.0),))
    assert graph.derivative(Derivative("z", "x"), {"x": 2.0, "y": 3.0}) == 3


def test_an_answer_is_a_value_or_a_derivative():
    assert LECTURE.answer(ValueOf("loss"), LECTURE_AT) == 4
    assert LECTURE.answer(Derivative("loss", "w"), LECTURE_AT) == -8


def test_inputs_are_what_is_read_and_not_defined_in_order_of_appearance():
    assert LECTURE.inputs == ("x", "w", "y")


def test_questions_are_written_as_in_the_lecture():
    assert str(Derivative("loss", "w")) == "∂loss/∂w"
    assert str(ValueOf("y_hat")) == "y_hat"


def test_nodes_in_working_order_keep_it():
    given_nodes = nodes("b = x\na = x\nc = a + b")
    assert ordered(given_nodes) == given_nodes


def test_a_node_is_put_behind_those_that_it_reads():
    assert [node.name for node in ordered(nodes("loss = s ** 2\ns = y_hat - y\ny_hat = x * w"))] == [
        "y_hat",
        "s",
        "loss",
    ]


@STEADY
@given(st.lists(st.lists(st.integers(0, 30), max_size=3), max_size=10), st.randoms(use_true_random=False))
def test_every_graph_without_a_circle_can_be_ordered(reads, random):
    shuffled = [Node(f"n{i}", parse(" + ".join(["x", *(f"n{j % i}" for j in js if i)]))) for i, js in enumerate(reads)]
    random.shuffle(shuffled)
    result = ordered(tuple(shuffled))
    assert sorted(node.name for node in result) == sorted(node.name for node in shuffled)
    place = {node.name: i for i, node in enumerate(result)}
    assert all(place.get(name, -1) < place[node.name] for node in result for name in names(node.expression))


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("a = a + 1", ("a", "a")),
        ("a = b\nb = a", ("a", "b", "a")),
        ("z = a\na = b + x\nb = c\nc = a", ("a", "b", "c", "a")),
    ],
)
def test_a_circle_is_refused_and_named_in_order(text, cycle):
    with pytest.raises(CyclicGraph) as caught:
        ordered(nodes(text))
    assert caught.value.cycle == cycle
    assert str(caught.value) == " -> ".join(cycle)

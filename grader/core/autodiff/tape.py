"""A graph unrolled into single operations, so that every factor of the chain rule can be pointed at and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.core.autodiff.expression import (
    FUNCTIONS,
    Apply,
    Binary,
    Dual,
    Expression,
    Name,
    Negative,
    Number,
    evaluate,
    unparse,
)
from grader.core.autodiff.graph import Derivative, Graph


@dataclass(frozen=True)
class Edge:
    """One use of an operand by an operation.

    Attributes:
        factors: their product is the local derivative; a power has two, its exponent and the lower power.
    """

    operation: int
    operand: int
    factors: tuple[float, ...]

    @property
    def value(self) -> float:
        product = 1.0
        for factor in self.factors:
            product *= factor
        return product


@dataclass
class Tape:
    """Operations in the order in which they are computed.

    Attributes:
        labels: what each operation or input is called: its name, or its expression where it has none.
        place: of every name.
    """

    values: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def put(self, value: float, label: str) -> int:
        self.values.append(value)
        self.labels.append(label)
        return len(self.values) - 1

    def drawn(self, edge: Edge) -> tuple[tuple[str, str], ...]:
        """Return an edge as those of the graph, from name to name, that it lies on."""
        names = {place: name for name, place in self.place.items()}

        def below(place: int) -> list[str]:
            if place in names:
                return [names[place]]
            return [name for each in self.edges if each.operation == place for name in below(each.operand)]

        above = edge.operation
        while above not in names:
            above = next(each.operation for each in self.edges if each.operand == above)
        return tuple((name, names[above]) for name in dict.fromkeys(below(edge.operand)))

    def shown(self, edge: Edge) -> str:
        """Return an edge in the lecture's notation."""
        return f"∂{_bracketed(self.labels[edge.operation])}/∂{_bracketed(self.labels[edge.operand])}"


def unroll(graph: Graph, at: Mapping[str, float], stated: Mapping[str, float] | None = None) -> Tape:
    """Return the tape of `graph` at the inputs `at`.

    Args:
        stated: values of nodes that are taken as they are, and computed on with.
    """
    tape = Tape()
    for name, value in at.items():
        tape.place[name] = tape.put(value, name)
    for node in graph.nodes:
        place = _record(tape, node.expression)
        if tape.labels[place] != unparse(node.expression) or place in tape.place.values():
            # The node only renames something; as an operation it can still be asked for.
            tape.edges.append(Edge(len(tape.values), place, (1.0,)))
            place = tape.put(tape.values[place], node.name)
        tape.labels[place] = node.name
        tape.place[node.name] = place
        if stated and node.name in stated:
            tape.values[place] = stated[node.name]
    return tape


def roots(graph: Graph, tape: Tape, question: Derivative) -> dict[int, float]:
    """Return where the derivative starts, and with which number."""
    tops = {tape.place[top.node]: top.value for top in graph.arriving if top.of == question.of}
    return tops or {tape.place[question.of]: 1.0}


def backward(
    tape: Tape,
    start: Mapping[int, float],
    by: int,
    local: Callable[[Edge], float] = lambda edge: edge.value,
    given: Mapping[int, float] | None = None,
) -> list[float]:
    """Return the derivative with respect to everything on the tape, as reverse mode adds it up.

    Args:
        start: numbers that arrive from above, by place.
        by: what is derived by; it is taken as independent.
        local: the local derivative of an edge.
        given: derivatives that are taken as they are, by place.
    """
    gradients = [0.0] * len(tape.values)
    for place, value in start.items():
        gradients[place] += value
    for place in range(len(tape.values) - 1, -1, -1):
        if given and place in given:
            gradients[place] = given[place]
        if place == by:
            continue
        for edge in tape.edges:
            if edge.operation == place and gradients[place]:
                gradients[edge.operand] += gradients[place] * local(edge)
    return gradients


def edges_between(tape: Tape, start: Mapping[int, float], by: int) -> list[Edge]:
    """Return the edges on the paths from the start down to `by`, from the top."""
    below = _reaching(tape, by)
    above, found = set(start), []
    for place in range(len(tape.values) - 1, -1, -1):
        if place not in above or place == by:
            continue
        for edge in tape.edges:
            if edge.operation == place and edge.operand in below:
                above.add(edge.operand)
                found.append(edge)
    return found


def _reaching(tape: Tape, by: int) -> set[int]:
    reaching = {by}
    for edge in tape.edges:
        if edge.operand in reaching:
            reaching.add(edge.operation)
    return reaching


def _record(tape: Tape, expression: Expression) -> int:
    match expression:
        case Number(value):
            return tape.put(value, unparse(expression))
        case Name(name):
            return tape.place[name]
        case Negative(operand):
            inner = _record(tape, operand)
            return _operation(tape, expression, -tape.values[inner], [(inner, (-1.0,))])
        case Apply(function, operand):
            inner = _record(tape, operand)
            forward, derivative = FUNCTIONS[function]
            result = forward(tape.values[inner])
            return _operation(tape, expression, result, [(inner, (derivative(tape.values[inner], result),))])
        case Binary(operator, left, right):
            a, b = _record(tape, left), _record(tape, right)
            x, y = tape.values[a], tape.values[b]
            value = evaluate(Binary(operator, Name("a"), Name("b")), {"a": Dual(x), "b": Dual(y)}).value
            local = []
            if not isinstance(left, Number):
                local.append((a, _slope(operator, x, y)))
            if not isinstance(right, Number):
                local.append((b, _slope_right(operator, x, y, value)))
            return _operation(tape, expression, value, local)


def _operation(tape: Tape, expression: Expression, value: float, operands: list[tuple[int, tuple[float, ...]]]) -> int:
    place = tape.put(value, unparse(expression))
    tape.edges.extend(Edge(place, operand, factors) for operand, factors in operands)
    return place


def _slope(operator: str, x: float, y: float) -> tuple[float, ...]:
    match operator:
        case "+" | "-":
            return (1.0,)
        case "*":
            return (y,)
        case "/":
            return (1 / y,)
        case _:
            dual = evaluate(Binary("**", Name("a"), Number(y - 1)), {"a": Dual(x)}) if y else Dual(0.0)
            return (y, dual.value)


def _slope_right(operator: str, x: float, y: float, value: float) -> tuple[float, ...]:
    match operator:
        case "+":
            return (1.0,)
        case "-":
            return (-1.0,)
        case "*":
            return (x,)
        case "/":
            return (-1.0, value / y)
        case _:
            return (evaluate(Binary("**", Number(x), Name("b")), {"b": Dual(y, 1.0)}).slope,) if x > 0 else (0.0,)


def _bracketed(label: str) -> str:
    return label if label.isidentifier() else f"({label})"

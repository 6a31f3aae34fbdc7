"""Recognises a wrong stated value: which broken idea gives exactly this number at these inputs.

Every mistake changes one thing, an edge, a factor or an operation, and computes the number again. Ideas that give the
right value explain nothing; where several give the same number, they are one answer that names them all, the likeliest
first.
Names are those of the course's list of misconceptions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from grader.core.autodiff.expression import Binary, Expression, Name, unparse
from grader.core.autodiff.graph import Derivative, Graph, Node, Question
from grader.core.autodiff.tape import Edge, Tape, backward, edges_between, roots, unroll
from grader.core.report.finding import Finding, finding
from grader.core.stated.changes import changes, shortened

HIDDEN = "?"


@dataclass(frozen=True)
class Idea:
    """A wrong idea and the number that it gives; `edges` are those of the graph that it loses."""

    name: str
    hint: Finding
    value: float
    edges: tuple[tuple[str, str], ...] = ()


def explaining(
    graph: Graph, at: Mapping[str, float], question: Question, stated: float, allowed: Callable[[float], float]
) -> tuple[Idea, ...]:
    """Return the ideas that give `stated`, the likeliest first; none where no single idea does.

    Args:
        allowed: how far an answer may be from a number and still count as that number.
    """
    right = graph.answer(question, at)
    found: dict[tuple[str, str, str], Idea] = {}
    for idea in _ideas(graph, at, question):
        told = (idea.name, idea.hint.kind, str(idea.hint.fields))
        if _same(idea.value, stated, allowed) and not _same(idea.value, right, allowed):
            found.setdefault(told, idea)
    return tuple(found.values())


def all_ideas(graph: Graph, at: Mapping[str, float], question: Question) -> tuple[Idea, ...]:
    """Return every idea about a question whose number exists, the likeliest first."""
    return tuple(_ideas(graph, at, question))


def _same(value: float, stated: float, allowed: Callable[[float], float]) -> bool:
    return abs(value - stated) <= allowed(value)


def _ideas(graph: Graph, at: Mapping[str, float], question: Question) -> Iterator[Idea]:
    ideas = _of_derivative if isinstance(question, Derivative) else _of_value
    for idea in ideas(graph, at, question):  # type: ignore[arg-type]
        if math.isfinite(idea.value):
            yield idea


def _of_derivative(graph: Graph, at: Mapping[str, float], question: Derivative) -> Iterator[Idea]:
    tape = unroll(graph, at)
    start, by = roots(graph, tape, question), tape.place[question.by]
    path = edges_between(tape, start, by)
    right = backward(tape, start, by)
    yield from _factors(tape, start, by, path, question)
    yield from _single_paths(tape, start, by, path)
    yield from _stops(tape, question, path, right, by)
    yield from _upstream(tape, question, path, by)
    yield Idea("sign-flipped", finding("sign-flipped-whole"), -right[by])
    yield from _other_graphs(graph, at, question)
    yield from _values_for_slopes(tape, start, by, path)
    yield from _added(path)
    yield from _wrong_variables(graph, tape, question, path)


def _factors(tape: Tape, start: Mapping[int, float], by: int, path: list[Edge], question: Derivative) -> Iterator[Idea]:
    def without(edge: Edge, left: float) -> float:
        return backward(tape, start, by, lambda each: left if each is edge else each.value)[by]

    for edge in path:
        if len(edge.factors) > 1:
            for place, factor in enumerate(edge.factors):
                if factor in (1.0, -1.0):
                    continue
                left = Edge(0, 0, edge.factors[:place] + edge.factors[place + 1 :]).value
                hint = finding("factor-of-edge-lost", factor=factor, edge=tape.shown(edge))
                yield Idea("chain-factor-missing", hint, without(edge, left), tape.drawn(edge))
    for edge in path:
        if edge.value not in (1.0, -1.0) and len(path) > 1:
            hint = finding("edge-lost", edge=tape.shown(edge), value=edge.value)
            yield Idea("chain-factor-missing", hint, without(edge, 1.0), tape.drawn(edge))
        if edge.value < 0 and len(edge.factors) == 1:
            hint = finding("minus-of-edge-lost", edge=tape.shown(edge))
            yield Idea("sign-flipped", hint, without(edge, -edge.value), tape.drawn(edge))
    if start != {tape.place.get(question.of, -1): 1.0}:
        for value in start.values():
            hint = finding("upstream-not-multiplied", value=value)
            yield Idea("upstream-ignored", hint, backward(tape, dict.fromkeys(start, 1.0), by)[by])
            hint = finding("upstream-added", value=value)
            yield Idea("added-instead-of-multiplied", hint, value + backward(tape, dict.fromkeys(start, 1.0), by)[by])
            yield Idea("stopped-early", finding("only-upstream", value=value), value)


def _stops(tape: Tape, question: Derivative, path: list[Edge], right: list[float], by: int) -> Iterator[Idea]:
    for place in dict.fromkeys(edge.operand for edge in path if edge.operand != by):
        node = f"∂{question.of}/∂{tape.labels[place]}"
        hint = finding("stopped-at-node", node=node, by=question.by)
        lost = tuple(pair for edge in path if edge.operation == place for pair in tape.drawn(edge))
        yield Idea("stopped-early", hint, right[place], lost)


def _upstream(tape: Tape, question: Derivative, path: list[Edge], by: int) -> Iterator[Idea]:
    for place in dict.fromkeys(edge.operand for edge in path if edge.operand != by):
        node = f"∂{tape.labels[place]}/∂{question.by}"
        hint = finding("only-below-node", node=node, of=question.of)
        lost = tuple(pair for edge in path if edge.operand == place for pair in tape.drawn(edge))
        yield Idea("upstream-ignored", hint, backward(tape, {place: 1.0}, by)[by], lost)


def _values_for_slopes(tape: Tape, start: Mapping[int, float], by: int, path: list[Edge]) -> Iterator[Idea]:
    for edge in path:
        if abs(edge.value) == 1.0:
            continue
        for place in (edge.operation, edge.operand):
            value = tape.values[place]
            hint = finding("value-for-derivative", node=tape.labels[place], value=value, edge=tape.shown(edge))
            changed = backward(tape, start, by, lambda each, e=edge, v=value: v if each is e else each.value)[by]  # type: ignore[misc]
            yield Idea("local-derivative-not-taken", hint, changed, tape.drawn(edge))


def _added(path: list[Edge]) -> Iterator[Idea]:
    operands = [edge.operand for edge in path]
    if len(path) < 2 or len(set(operands)) < len(operands):
        return
    total = sum(edge.value for edge in path)
    hint = finding("local-derivatives-added")
    yield Idea("added-instead-of-multiplied", hint, total)


def _single_paths(tape: Tape, start: Mapping[int, float], by: int, path: list[Edge]) -> Iterator[Idea]:
    """Where something is used twice, its gradient is a sum; one of the terms may be lost."""
    for place in dict.fromkeys(edge.operand for edge in path):
        uses = [edge for edge in path if edge.operand == place]
        for kept in uses if len(uses) > 1 else ():
            lost = [edge for edge in uses if edge is not kept]
            hint = finding("one-path-counted", node=tape.labels[place], count=len(uses), edge=tape.shown(kept))
            changed = backward(tape, start, by, lambda each, lost=lost: 0.0 if each in lost else each.value)[by]  # type: ignore[misc]
            yield Idea(
                "accumulation-overwritten", hint, changed, tuple(pair for each in lost for pair in tape.drawn(each))
            )


def _wrong_variables(graph: Graph, tape: Tape, question: Derivative, path: list[Edge]) -> Iterator[Idea]:
    on_path = {edge.operand for edge in path}
    for name, place in tape.place.items():
        if place in on_path or name in (question.by, question.of):
            continue
        other = Derivative(question.of, name)
        start = roots(graph, tape, other)
        value = backward(tape, start, place)[place]
        if value:
            yield Idea("wrong-variable", finding("other-question", other=str(other)), value)


def _of_value(graph: Graph, at: Mapping[str, float], question: Question) -> Iterator[Idea]:
    values = graph.values(at)
    asked = str(question)
    yield Idea("sign-flipped", finding("sign-flipped-whole"), -values[asked])
    yield from _upward(graph, at, question)
    yield from _other_graphs(graph, at, question)
    yield from _without_factors(graph, at, question)
    for name, value in values.items():
        if name != asked:
            yield Idea("wrong-variable", finding("other-question", other=name), value)


def _upward(graph: Graph, at: Mapping[str, float], question: Question) -> Iterator[Idea]:
    """Add what an update subtracts."""
    for place, node in enumerate(graph.nodes):
        added = _up_the_slope(node)
        if added is not None:
            hint = finding("taken-for", other=unparse(added), shown=unparse(node.expression))
            yield from _computed(graph, at, question, place, "update-sign", hint, added)


def _up_the_slope(node: Node) -> Expression | None:
    """Return an update with the sign that goes up: of `w_new = w - …`, which takes a new value of w."""
    match node.expression:
        case Binary("-", Name(before), right) if node.name != before and node.name.startswith(before):
            return Binary("+", Name(before), right)
    return None


def _without_factors(graph: Graph, at: Mapping[str, float], question: Question) -> Iterator[Idea]:
    """Leave out one number that something is multiplied with, or divided by."""
    for place, node in enumerate(graph.nodes):
        for factor, expression in shortened(node.expression):
            hint = finding("factor-of-edge-lost", factor=factor, edge=node.name)
            name = "factor-two-missing" if factor == 2 else "scaled"
            yield from _computed(graph, at, question, place, name, hint, expression)


def _other_graphs(graph: Graph, at: Mapping[str, float], question: Question) -> Iterator[Idea]:
    """Change one operation of one node, and compute everything again."""
    for place, node in enumerate(graph.nodes):
        for name, hint, expression in changes(node.expression, at):
            if expression != _up_the_slope(node):
                yield from _computed(graph, at, question, place, name, hint, expression)


def _computed(
    graph: Graph,
    at: Mapping[str, float],
    question: Question,
    place: int,
    name: str,
    hint: Finding,
    expression: Expression,
) -> Iterator[Idea]:
    """Compute everything again with another expression for the node at a place."""
    nodes = (*graph.nodes[:place], Node(graph.nodes[place].name, expression), *graph.nodes[place + 1 :])
    try:
        value = Graph(nodes, graph.arriving).answer(question, at)
    except (ArithmeticError, ValueError, KeyError):
        return
    yield Idea(name, hint, value)
    if name == "operand-order" and isinstance(question, Derivative):
        # The difference turned round, its derivative as if it were not.
        yield Idea(name, hint, -value)


def without_numbers(ideas: tuple[Idea, ...], question: Question, hides: Callable[[float], bool]) -> tuple[Idea, ...]:
    """Return the ideas as they may be told to somebody who still has to find the answer.

    There is `?` for numbers that are still to be found, nothing by which the wrong number would only have to be
    multiplied, and that all is right but the sign only where nothing else gives the number.
    """
    masks = tuple(replace(idea, hint=_without_factor(masked(idea.hint, hides))) for idea in ideas)
    lost = finding("sign-lost" if isinstance(question, Derivative) else "sign-of-value-lost")
    by_sign = tuple(replace(idea, hint=lost) for idea in masks if idea.hint.kind == _SIGN)
    return (*(idea for idea in masks if idea.hint.kind != _SIGN), *by_sign)


_SIGN = "sign-flipped-whole"
_WITHOUT_FACTOR = {"edge-lost": "edge-left-out", "factor-of-edge-lost": "factor-left-out"}


def _without_factor(hint: Finding) -> Finding:
    kind = _WITHOUT_FACTOR.get(hint.kind)
    return hint if kind is None else finding(kind, edge=hint.text("edge"))


def masked(hint: Finding, hides: Callable[[float], bool]) -> Finding:
    """Return a hint with `?` for the numbers that a student still has to find."""
    numbers = {name: value for name, value in hint.fields.items() if isinstance(value, float)}
    return hint.with_fields(**{name: HIDDEN for name, value in numbers.items() if hides(value)})

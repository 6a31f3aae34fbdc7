"""Reads the stated side of an exercise file: graph, inputs and asks."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from grader.core.autodiff.expression import ExpressionFault, names, parse
from grader.core.autodiff.graph import Arriving, CyclicGraph, Derivative, Graph, Node, Question, ValueOf, ordered
from grader.core.course.exercise import Ask, Stated
from grader.core.course.variants import NOBODY, numbers_of
from grader.core.stated.judge import ask_allowed
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.core.words.numbers import show
from grader.store.course.inputs import Inputs, hold_variants, read_inputs
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)(.*)")
_DERIVATIVE = re.compile(r"(?:d\s+|∂\s*)([A-Za-z_]\w*)\s*/\s*(?:d\s+|∂\s*)([A-Za-z_]\w*)")
_DIGITS = 6


def read_stated(reading: Reading, node: y.Node, lines: list[str], id: str) -> Stated | None:
    """Read `graph`, `at`, `arriving` and `asks`; `lines` are the file's own, to place faults inside the graph."""
    values = reading.fields(
        node,
        {
            "graph": lambda graph: read_graph(reading, graph, lines),
            "at": lambda at: read_inputs(reading, at),
            "asks": lambda asks: reading.sequence(asks, lambda ask: _read_ask(reading, ask)),
        },
        {
            "arriving": lambda arriving: _read_arriving(reading, arriving),
            "carried": lambda carried: carried,
            "ambiguous": reading.reason,
            "variants": lambda variants: reading.word(variants, ("student",)),
        },
    )
    carried = _read_carried(reading, values.get("carried"))
    graph, at, asks, arriving = (values.get(key) for key in ("graph", "at", "asks", "arriving"))
    assert isinstance(node, y.Mapping)
    if asks == () and not _items(node.get("asks")):
        reading.fault(node.get("asks") or node, say("nothing is asked; write an ask as {{name: …, of: …, points: …}}"))
    if not (isinstance(graph, tuple) and isinstance(at, Inputs) and isinstance(asks, tuple) and asks):
        return None
    if len(asks) < len(_items(node.get("asks"))):
        return None
    tops = arriving if isinstance(arriving, tuple) else ()
    reason = str(values.get("ambiguous") or "")
    stated = Stated(Graph(graph, tops), at.numbers, asks, *carried, ambiguous=reason, own=at.own)
    before = len(reading.faults)
    hold_variants(reading, node, stated, node.get("variants") is not None)
    _hold_names(reading, node, stated)
    if len(reading.faults) == before and stated.own:
        stated = replace(stated, at=numbers_of(stated, id, NOBODY))
        for ask in (ask for ask in asks if ask.expect is not None):
            what = say("{name}: expect is for numbers that are the same for all", name=ask.name)
            reading.fault(node.get("asks") or node, what)
    if len(reading.faults) == before:
        _hold_values(reading, node, stated)
    return stated


def _read_carried(reading: Reading, node: object) -> tuple[float, float]:
    """Return the shares of an ask and of the exercise that can be earned from the student's own wrong answers."""
    values: dict[str, object] = {}
    if isinstance(node, y.Mapping | y.Sequence | y.Scalar):
        values = reading.fields(node, {}, {"points": reading.share, "at_most": reading.share})
    share, most = values.get("points"), values.get("at_most")
    return share if isinstance(share, float) else 0.5, most if isinstance(most, float) else 0.5


def read_graph(reading: Reading, node: y.Node, lines: list[str]) -> tuple[Node, ...] | None:
    """Read a graph, a node a line; `lines` are the file's own, to place faults."""
    scalar = reading.scalar(node, say("a graph, one node per line: y_hat = x * w"))
    if scalar is None:
        return None
    nodes: dict[str, Node] = {}
    good = True
    for number, line in enumerate(scalar.text.splitlines()):
        code = line.partition("#")[0]
        if not code.strip():
            continue
        row = scalar.at.line + number + 1 if scalar.block else scalar.at.line
        found = _column(lines, row, line)
        column = scalar.at.column if found is None else found
        match = _LINE.fullmatch(code)
        if match is None:
            good = False
            reading.fault(
                Position(scalar.at.file, row, column),
                say("a line of a graph is written name = expression; found {found}", found=line.strip()),
            )
            continue
        try:
            expression = parse(match[2])
        except ExpressionFault as fault:
            good = False
            within = 0 if found is None else match.start(2) + fault.column
            reading.fault(Position(scalar.at.file, row, column + within), fault.message)
            continue
        if match[1] in nodes:
            good = False
            reading.fault(Position(scalar.at.file, row, column), say("duplicate node: {name}", name=match[1]))
        nodes[match[1]] = Node(match[1], expression)
    if not nodes and good:
        reading.fault(scalar, say("this graph has no nodes"))
    if not nodes or not good:
        return None
    try:
        return ordered(tuple(nodes.values()))
    except CyclicGraph as error:
        reading.fault(
            scalar, say("these nodes depend on each other in a cycle: {cycle}", cycle=" → ".join(error.cycle))
        )
        return None


def _column(lines: list[str], row: int, line: str) -> int | None:
    """Return the column at which a line of the graph begins in the file, None where it is written otherwise there."""
    at = lines[row - 1].find(line.strip()) if row <= len(lines) else -1
    return None if at < 0 else at - (len(line) - len(line.lstrip())) + 1


def _read_ask(reading: Reading, node: y.Node) -> Ask | None:
    values = reading.fields(
        node,
        {
            "name": reading.name,
            "of": lambda of: read_question(reading, of),
            "points": lambda points: reading.number(points, 0, 10_000),
        },
        {
            "expect": reading.number,
            "digits": lambda digits: reading.whole(digits, 1, 12),
            "ambiguous": reading.reason,
        },
    )
    name, of, points = values.get("name"), values.get("of"), values.get("points")
    expect, digits = values.get("expect"), values.get("digits", _DIGITS)
    if (
        isinstance(name, str)
        and isinstance(of, Derivative | ValueOf)
        and isinstance(points, float)
        and isinstance(digits, int)
    ):
        ambiguous = values.get("ambiguous")
        known = ambiguous if isinstance(ambiguous, str) else ""
        return Ask(name, of, points, digits, expect if isinstance(expect, float) else None, known)
    return None


def read_question(reading: Reading, node: y.Node) -> Question | None:
    """Read a node, or a derivative such as `d loss / d w`."""
    scalar = reading.scalar(node, say("a node, or a derivative such as d loss / d w"))
    if scalar is None:
        return None
    text = scalar.text.strip()
    match = _DERIVATIVE.fullmatch(text)
    if match:
        return Derivative(match[1], match[2])
    if re.fullmatch(r"[A-Za-z_]\w*", text):
        return ValueOf(text)
    reading.fault(
        node, say("{found} cannot be asked; write a node, or a derivative such as d loss / d w", found=text or '""')
    )
    return None


def _read_arriving(reading: Reading, node: y.Node) -> tuple[Arriving, ...] | None:
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected derivatives that arrive from above: {{d L / d z: 5}}"))
        return None
    tops = []
    for key, value in node.entries:
        match = _DERIVATIVE.fullmatch(key.text.strip())
        number = reading.number(value)
        if match is None:
            reading.fault(key, say("{found} is not a derivative; write it as d L / d z", found=key.text))
        elif number is not None:
            tops.append(Arriving(match[1], match[2], number))
    return tuple(tops)


def _hold_names(reading: Reading, node: y.Mapping, stated: Stated) -> None:
    """Hold every name that is used to those that are there."""
    graph = stated.graph
    defined = [each.name for each in graph.nodes]
    known = [*defined, *stated.at]
    at_node, graph_node = node.get("at"), node.get("graph")
    assert isinstance(at_node, y.Mapping) and graph_node is not None
    for key, _ in at_node.entries:
        if key.text in defined:
            reading.fault(key, say("the graph computes {name}; do not give it a value here", name=key.text))
        elif key.text not in graph.inputs:
            reading.unknown(key, say("the graph has no input {name}", name=key.text), graph.inputs)
    for name in graph.inputs:
        if name not in stated.at:
            reading.fault(graph_node, say("the graph uses {name}, but it has no value under at", name=name))
    for top in graph.arriving:
        if top.node not in defined or top.of in known:
            reading.fault(
                node.get("arriving") or node,
                say("∂{of}/∂{by} must lead from outside the graph to one of its nodes", of=top.of, by=top.node),
            )
    tops = {top.of for top in graph.arriving}
    for ask, item in zip(stated.asks, _items(node.get("asks")), strict=True):
        asked = {ask.question.name} if isinstance(ask.question, ValueOf) else {ask.question.of, ask.question.by}
        allowed = known if isinstance(ask.question, ValueOf) else [*known, *tops]
        for name in sorted(asked - set(allowed)):
            of = item.get("of") if isinstance(item, y.Mapping) else None
            assert isinstance(of, y.Scalar)
            reading.unknown(y.Scalar(name, True, False, of.at), say("the graph has no node {name}", name=name), allowed)
    _hold_unique(reading, node)


def _hold_unique(reading: Reading, node: y.Mapping) -> None:
    seen: set[str] = set()
    for item in _items(node.get("asks")):
        name = item.get("name") if isinstance(item, y.Mapping) else None
        if isinstance(name, y.Scalar):
            if name.text in seen:
                reading.fault(name, say("duplicate name: {name}", name=name.text))
            seen.add(name.text)


def _hold_values(reading: Reading, node: y.Mapping, stated: Stated) -> None:
    """Hold the graph to having a finite value at its inputs, each question to a path, and `expect` to the value."""
    for ask, item in zip(stated.asks, _items(node.get("asks")), strict=True):
        assert isinstance(item, y.Mapping)
        try:
            value = stated.graph.answer(ask.question, stated.at)
        except (ArithmeticError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            reading.fault(item, say("{about} is undefined at these inputs", about=str(ask.question)))
            continue
        if isinstance(ask.question, Derivative) and not _depends(stated.graph, ask.question):
            about = ask.question
            reading.fault(
                item.get("of") or item,
                say("{of} does not depend on {by}, so this derivative is always 0", of=about.of, by=about.by),
            )
        if ask.expect is not None and abs(ask.expect - value) > ask_allowed(ask, value):
            reading.fault(
                item.get("expect") or item,
                say(
                    "{about} is {actual} here, not {found}",
                    about=str(ask.question),
                    actual=show(value),
                    found=show(ask.expect),
                ),
            )


def _depends(graph: Graph, question: Derivative) -> bool:
    reached = {question.of, *(top.node for top in graph.arriving if top.of == question.of)}
    for each in reversed(graph.nodes):
        if each.name in reached:
            reached.update(names(each.expression))
    return question.by in reached


def _items(node: y.Node | None) -> tuple[y.Node, ...]:
    return node.items if isinstance(node, y.Sequence) else (node,) if node is not None else ()

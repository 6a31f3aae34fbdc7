"""Computational graphs: named nodes, their values, and derivatives by the chain rule, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from grader.core.autodiff.expression import Dual, Expression, evaluate, names


@dataclass(frozen=True)
class Node:
    """One line of a graph: `name = expression`."""

    name: str
    expression: Expression


@dataclass(frozen=True)
class Arriving:
    """A derivative that arrives from above the graph: ∂`of`/∂`node` is `value`, and `of` is not a node of the graph."""

    of: str
    node: str
    value: float


@dataclass(frozen=True)
class Derivative:
    """The question ∂`of`/∂`by`."""

    of: str
    by: str

    def __str__(self) -> str:
        return f"∂{self.of}/∂{self.by}"


@dataclass(frozen=True)
class ValueOf:
    """The question: the forward value of `name`."""

    name: str

    def __str__(self) -> str:
        return self.name


Question = Derivative | ValueOf


class CyclicGraph(ValueError):
    """Nodes need each other in a circle; `cycle` names them in order, the first one again at the end."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__(" -> ".join(cycle))
        self.cycle = cycle


@dataclass(frozen=True)
class Graph:
    """Nodes in an order in which each is computed from those before it and from the inputs."""

    nodes: tuple[Node, ...]
    arriving: tuple[Arriving, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names that the graph reads and does not define, in order of appearance."""
        defined = {node.name for node in self.nodes}
        read = (name for node in self.nodes for name in names(node.expression))
        return tuple(dict.fromkeys(name for name in read if name not in defined))

    def values(self, at: Mapping[str, float]) -> dict[str, float]:
        """Return the value of every input and node at the inputs `at`."""
        duals = self._duals(at, None)
        return {name: dual.value for name, dual in duals.items()}

    def derivative(self, question: Derivative, at: Mapping[str, float]) -> float:
        """Return ∂of/∂by at the inputs `at`: the sum over all paths, each the product of its edges."""
        tops = [top for top in self.arriving if top.of == question.of]
        if not tops:
            return self._duals(at, question.by)[question.of].slope
        duals = self._duals(at, question.by)
        return sum(top.value * duals[top.node].slope for top in tops)

    def answer(self, question: Question, at: Mapping[str, float]) -> float:
        """Return what `question` asks for at the inputs `at`."""
        if isinstance(question, ValueOf):
            return self.values(at)[question.name]
        return self.derivative(question, at)

    def _duals(self, at: Mapping[str, float], by: str | None) -> dict[str, Dual]:
        duals = {name: Dual(value, 1.0 if name == by else 0.0) for name, value in at.items()}
        for node in self.nodes:
            dual = evaluate(node.expression, duals)
            duals[node.name] = Dual(dual.value, 1.0) if node.name == by else dual
        return duals


def ordered(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return `nodes` so that each follows those it reads, otherwise in the order given.

    Raises:
        CyclicGraph: where that is impossible.
    """
    places = {node.name: place for place, node in enumerate(nodes)}
    reads = {node.name: [name for name in names(node.expression) if name in places] for node in nodes}
    sorter = TopologicalSorter(reads)
    try:
        sorter.prepare()
    except CycleError as error:
        # Each of these is read by the next.
        raise CyclicGraph(tuple(reversed(error.args[1]))) from None
    ready: list[int] = []
    order: list[Node] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, places[name])
        order.append(nodes[heappop(ready)])
        sorter.done(order[-1].name)
    return tuple(order)

"""What a page or a terminal can show of a check beside its findings, by shape: a series, or a graph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """Numbers over the steps of one run, expected beside actual; they may differ in length.

    Attributes:
        quantity: loss, gradient, parameter, or the name of a variable.
        departure: the first step, from 0, where the two differ; None where this quantity does not differ first.
    """

    quantity: str
    expected: tuple[float, ...]
    actual: tuple[float, ...]
    departure: int | None = None


@dataclass(frozen=True)
class DrawnNode:
    """A node or an input of a graph.

    Attributes:
        expression: what it is computed from; "" for an input.
        value: forward; None where it is an answer that the student still has to find, and so with the gradient.
        gradient: the root's derivative with respect to it.
        wrong_value: the student's own answer where that is not right, and so with the gradient.
    """

    name: str
    expression: str
    value: float | None = None
    gradient: float | None = None
    wrong_value: float | None = None
    wrong_gradient: float | None = None


@dataclass(frozen=True)
class DrawnEdge:
    """A use of `operand` by `operation`; `broken` where the likeliest ideas behind a wrong value lose it.

    Attributes:
        derivative: the local one, ∂operation/∂operand; None where it would tell an answer, or does not exist.
    """

    operand: str
    operation: str
    broken: bool = False
    derivative: float | None = None


@dataclass(frozen=True)
class Drawing:
    """A graph to draw, inputs first, each node after those that it reads.

    Attributes:
        root: what the gradients are derivatives of.
    """

    root: str
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]

"""What a page or a terminal can show of a check beside its words: a graph, curves, the first step that differs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
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
class Step:
    """One row of the table around the first departure.

    Attributes:
        number: of the step, from 1.
        data: what the step was computed from, by name.
        actual: None where the run had no such step.
        expected: None where the reference has no such step.
        differs: whether this is the first step that differs.
    """

    number: int
    data: tuple[tuple[str, float], ...]
    actual: float | None
    expected: float | None
    differs: bool


@dataclass(frozen=True)
class Exhibit:
    """What there is to see of one check.

    Attributes:
        curves: of the probe that went wrong first, or of the first one where all went right.
        steps: around the first step that differs; `quantity` says of what.
        line: of the student's file where it went wrong, from 1; 0 where none is known.
    """

    curves: tuple[Curve, ...] = ()
    quantity: str = ""
    steps: tuple[Step, ...] = ()
    line: int = 0


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
    """A use of `operand` by `operation`; `broken` where the likeliest ideas behind a wrong value lose it."""

    operand: str
    operation: str
    broken: bool = False


@dataclass(frozen=True)
class Drawing:
    """A graph to draw, inputs first, each node after those that it reads.

    Attributes:
        root: what the gradients are derivatives of.
    """

    root: str
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]

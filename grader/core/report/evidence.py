"""What a page or a terminal can show of a check beside its findings, by shape: a series, printed text, or a graph."""

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
class PrintedRow:
    """A line that a program printed, beside the numbers that are asked for there.

    Attributes:
        actual: the line; None where there is none for these numbers.
        expected: the numbers, of the solution's digits; "" where none is asked for, or told.
    """

    actual: str | None
    expected: str


@dataclass(frozen=True)
class Printout:
    """What a program printed beside the numbers that the solution prints, around the first one that is lacking.

    Attributes:
        departure: the row, from 0, with the first number that is lacking.
        before, after: how many rows are left out.
        inputs: what it was run with, as names and shown values.
    """

    rows: tuple[PrintedRow, ...]
    departure: int
    before: int = 0
    after: int = 0
    inputs: tuple[tuple[str, str], ...] = ()


Evidence = Series | Printout


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

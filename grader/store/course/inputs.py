"""Reads the inputs of a graph: numbers, and what each student's own are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.course.draws.draw import Draw, Made
from grader.core.course.exercise import Stated
from grader.core.words.message import say
from grader.store.course.checks.declared import read_draw
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading


@dataclass(frozen=True)
class Inputs:
    """The numbers of all inputs, an example's where they are drawn, and what those are drawn from."""

    numbers: dict[str, float]
    own: dict[str, Draw]


def read_inputs(reading: Reading, node: y.Node) -> Inputs | None:
    """Read the inputs by name: a number, or a draw."""
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected the inputs of the graph: {{x: 2, y: 4}}"))
        return None
    numbers: dict[str, float] = {}
    own: dict[str, Draw] = {}
    for key, value in node.entries:
        name = reading.name(key)
        if isinstance(value, y.Mapping):
            draw = _read_own(reading, value)
            if name is not None and draw is not None:
                own[name], numbers[name] = draw, 0.0
            continue
        number = reading.number(value)
        if name is not None and number is not None:
            numbers[name] = number
    return Inputs(numbers, own) if len(numbers) == len(node.entries) else None


def _read_own(reading: Reading, node: y.Node) -> Draw | None:
    draw = read_draw(reading, node)
    if draw is None:
        return None
    if draw.made is not Made.ALONE or not draw.varies or draw.shape():
        reading.fault(node, say("an input of one's own is one number: {{integer: [2, 9]}}, {{choice: [0.5, 1.5]}}"))
        return None
    return draw


def hold_variants(reading: Reading, node: y.Mapping, stated: Stated, variants: bool) -> None:
    """Hold inputs that are drawn to the word that says for whom they are."""
    if bool(stated.own) == variants:
        return
    if stated.own:
        what = say("inputs that are drawn are each student's own; write variants: student")
    else:
        what = say("no input is drawn: write one under at, such as x: {{integer: [2, 9]}}, or leave variants out")
    reading.fault(node.get("variants") or node.get("at") or node, what)

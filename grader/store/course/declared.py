"""Reads a comparison or a draw by what its kind declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from grader.core.autodiff.expression import Expression, ExpressionFault, parse
from grader.core.course.declared import Declared, Formula, Name, Names, Numbers, OwnDraw, Pair, Size, Type, Whole, Words
from grader.core.course.draw import Draw, Made
from grader.core.course.sampling import Array
from grader.core.words.message import Message, say
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence
from grader.store.yaml.reader import Reading, kind

T = TypeVar("T", bound=Declared)
ReadDraw = Callable[[Reading, Node], Draw | None]


def read_declared(reading: Reading, node: Mapping, declared: type[T], read_draw: ReadDraw) -> tuple[T, ...]:
    """Read `{word: …}` of a kind, with the keys beside it; nothing where there are faults.

    Args:
        read_draw: reads a draw that is part of it.
    """
    assert declared.syntax.type is not None

    def reader(type: Type) -> Callable[[Node], object]:
        return lambda value: _read(reading, value, type, read_draw)

    before = len(reading.faults)
    required = {declared.word: reader(declared.syntax.type)}
    required |= {field.name: reader(field.type) for field in declared.syntax.beside if field.required}
    optional = {field.name: reader(field.type) for field in declared.syntax.beside if not field.required}
    values = reading.fields(node, required, optional)
    if len(reading.faults) > before:
        return ()
    made = declared.read(values)
    if isinstance(made, Message):
        reading.fault(node.get(declared.word) or node, made)
        return ()
    return made


def read_size(reading: Reading, node: Node) -> tuple[int, ...]:
    """Read `3` or `[20, 10]`."""
    return reading.sequence(node, lambda item: reading.whole(item, 1, 10_000))


def read_expression(reading: Reading, node: Node) -> Expression | None:
    """Read an expression that stands alone in a scalar."""
    scalar = reading.scalar(node, say("an expression"))
    if scalar is None:
        return None
    try:
        return parse(scalar.text)
    except ExpressionFault as fault:
        reading.fault(node, fault.message)
        return None


def read_array(reading: Reading, node: Node) -> Array | None:
    """Read a number, or numbers in lists of equal length."""
    if isinstance(node, Scalar):
        number = reading.number(node)
        return None if number is None else Array((), (_as_typed(node.text, number),))
    if not isinstance(node, Sequence) or not node.items:
        reading.fault(node, say("found {found}; expected a number or a list of numbers", found=kind(node)))
        return None
    parts = [read_array(reading, item) for item in node.items]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if len({part.shape for part in known}) > 1:
        reading.fault(node, say("the rows of this list have different lengths"))
        return None
    return Array((len(known), *known[0].shape), tuple(number for part in known for number in part.numbers))


def _read(reading: Reading, node: Node, type: Type, read_draw: ReadDraw) -> object:
    match type:
        case Name():
            return reading.name(node)
        case Names():
            return reading.sequence(node, reading.name)
        case Words(allowed):
            return reading.sequence(node, lambda one: reading.word(one, allowed))
        case Pair():
            return reading.sequence(node, reading.number)
        case Whole(low, high):
            return reading.whole(node, low, high)
        case Size():
            return read_size(reading, node)
        case Numbers():
            return read_array(reading, node)
        case Formula():
            return read_expression(reading, node)
        case OwnDraw():
            draw = read_draw(reading, node)
            if draw is not None and draw.made is not Made.ALONE:
                reading.fault(node, say("numbers, or a draw that needs no other, are expected here"))
            return draw


def _as_typed(text: str, number: float) -> float | int:
    """Keep 4 an int: an author who writes forward(4) means it."""
    try:
        return int(text)
    except ValueError:
        return number

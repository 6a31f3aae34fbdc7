"""Reads what a check draws, compares and is limited to; draws and comparisons by what each kind declares."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from grader.core.autodiff.expression import Expression, ExpressionFault, parse
from grader.core.compare.comparison import Comparison
from grader.core.compare.kinds import COMPARISONS
from grader.core.course.checks.call import read_expression as read_expression_of_python
from grader.core.course.checks.given import Given
from grader.core.course.declared import (
    Code,
    Factor,
    Formula,
    Fraction,
    Name,
    Names,
    Numbers,
    OwnDraw,
    Pair,
    Size,
    Target,
    Term,
    Truth,
    Type,
    Whole,
    Words,
)
from grader.core.course.draws import DRAWS
from grader.core.course.draws.draw import Array, Draw, Made, Sides
from grader.core.course.draws.fixed import Fixed
from grader.core.course.needs import MOST_NUMBERS, MOST_OF_A_SIDE
from grader.core.words.message import Message, say
from grader.store.course.checks.training import read_target
from grader.store.course.checks.within import read_with_tolerance, says_how_far
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence
from grader.store.yaml.reader import Reading, kind

T = TypeVar("T", bound=Term)
ReadDraw = Callable[[Reading, Node], Draw | None]


def read_declared(reading: Reading, node: Mapping, declared: type[T], read_draw: ReadDraw) -> tuple[T, ...]:
    """Read `{word: …}` of a kind, with the keys beside it; nothing where there are faults.

    Args:
        read_draw: reads a draw that is part of it.
    """
    assert declared.syntax.type is not None

    def reader(type: Type) -> Callable[[Node], object]:
        return lambda value: _read_value(reading, value, type, read_draw)

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
    size = reading.sequence(node, lambda item: reading.whole(item, 1, MOST_OF_A_SIDE))
    if size and math.prod(size) > MOST_NUMBERS:
        message = say(
            "{count} numbers are more than an input may have: {most}", count=math.prod(size), most=MOST_NUMBERS
        )
        reading.fault(node, message)
    return size


def _read_sides(reading: Reading, node: Node) -> Sides:
    """Read a size of which some sides may be names of what is drawn; how large these are, the check knows."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not any(isinstance(item, Scalar) and item.text.isidentifier() for item in items):
        return read_size(reading, node)

    def read_side(item: Node) -> int | str | None:
        named = isinstance(item, Scalar) and item.text.isidentifier()
        return reading.name(item) if named else reading.whole(item, 1, MOST_OF_A_SIDE)

    return reading.sequence(node, read_side)


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


def read_fraction(reading: Reading, node: Node) -> float | None:
    """Read a number between 0 and 1, neither of them."""
    number = reading.number(node)
    if number is not None and not 0 < number < 1:
        reading.fault(node, say("a number between 0 and 1 is expected here, and neither of them"))
        return None
    return number


def read_code(reading: Reading, node: Node) -> str | None:
    """Read an expression of Python that is computed beside the submission."""
    scalar = reading.scalar(node, say("an expression such as Model(8, 1)"))
    if scalar is None:
        return None
    expression = read_expression_of_python(scalar.text)
    if isinstance(expression, Message):
        reading.fault(node, expression)
        return None
    return expression


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


def _read_value(reading: Reading, node: Node, type: Type, read_draw: ReadDraw) -> object:
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
        case Factor(low, high):
            return reading.number(node, low, high)
        case Fraction():
            return read_fraction(reading, node)
        case Code():
            return reading.sequence(node, lambda one: read_code(reading, one))
        case Truth():
            return reading.truth(node)
        case Size():
            return _read_sides(reading, node)
        case Numbers():
            return read_array(reading, node)
        case Formula():
            return read_expression(reading, node)
        case Target(words):
            return read_target(reading, node, words)
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


def read_draw(reading: Reading, node: Node) -> Draw | None:
    """Read a number, a list, or what a kind of draw declares: {uniform: …}, {normal: …}, {scale_of: …, by: …} …"""
    if not isinstance(node, Mapping):
        array = read_array(reading, node)
        return Fixed(array) if array else None
    found = next((kind for key, _ in node.entries if (kind := DRAWS.get(key.text)) is not None), None)
    if found is None or not found.syntax.worded:
        allowed = ", ".join(each.word for each in DRAWS.kinds if each.syntax.worded)
        reading.fault(node, say("expected a number, a list, or one of {allowed}", allowed=allowed))
        return None
    return next(iter(read_declared(reading, node, found, read_draw)), None)


def read_given(reading: Reading, node: Node) -> Given | None:
    """Read a draw, {parameter: draw}, or {parameters: draw} of a module; `optional: true` beside the first two."""
    optional = False
    if isinstance(node, Mapping):
        flag = node.get("optional")
        optional = bool(flag is not None and reading.truth(flag))
        node = Mapping(tuple(entry for entry in node.entries if entry[0].text != "optional"), node.at)
        of_module = node.get("parameters")
        if of_module is not None:
            return _read_module(reading, node, of_module)
        inner = node.get("parameter")
        if inner is not None:
            reading.fields(node, {"parameter": lambda draw: draw}, {})
            return _given(reading, node, read_draw(reading, inner), True, optional)
    return _given(reading, node, read_draw(reading, node), False, optional)


def _read_module(reading: Reading, node: Mapping, inner: Node) -> Given | None:
    reading.fields(node, {"parameters": lambda draw: draw}, {})
    draw = read_draw(reading, inner)
    if draw is not None and (draw.distribution() is None or draw.shape()):
        reading.fault(
            inner, say("the parameters of a module are drawn from uniform or normal, without a size: it has its own")
        )
        return None
    return Given(draw, module=True) if draw else None


def _given(reading: Reading, node: Node, draw: Draw | None, parameter: bool, optional: bool) -> Given | None:
    if draw is not None and draw.made is Made.IN_THE_BOX:
        reading.fault(node, say("a given name takes numbers; put an expression under args"))
        return None
    if draw is not None and draw.most():
        reading.fault(node, say("sequences of unequal length are arguments; put them under args"))
        return None
    return Given(draw, parameter, optional) if draw else None


def read_comparisons(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    """Read one comparison, or a list of them."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items:
        reading.fault(node, say("nothing is compared; allowed: {allowed}", allowed=", ".join(_outermost())))
    return tuple(made for item in items for made in _read_comparison(reading, item))


def _read_comparison(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    if isinstance(node, Mapping) and says_how_far(node):
        return read_with_tolerance(reading, node, lambda rest: _read_comparison(reading, rest))
    if isinstance(node, Scalar):
        named = COMPARISONS.get(node.text)
        if named is not None and named.syntax.type is None:
            made = named.read({})
            assert isinstance(made, tuple)
            return made
        reading.unknown(node, say("{name} cannot be compared", name=node.text or '""'), _outermost())
        return ()
    if not isinstance(node, Mapping) or not node.entries:
        return _no_comparison(reading, node)
    key, value = node.entries[0]
    if isinstance(value, Sequence) and not value.items:
        reading.fault(value, say("nothing is named to compare"))
        return ()
    if isinstance(value, Mapping) and len(node.entries) == 1:
        inner = [each for each in COMPARISONS.kinds if each.syntax.within == key.text]
        if inner:
            written = next((each for each in inner if value.get(each.word) is not None), inner[0])
            return read_declared(reading, value, written, read_draw)
    return _read_outer(reading, node, key)


def _read_outer(reading: Reading, node: Mapping, key: Scalar) -> tuple[Comparison, ...]:
    found = COMPARISONS.get(key.text)
    if found is None or found.syntax.within or found.syntax.type is None:
        reading.unknown(key, say("{name} cannot be compared", name=key.text), _outermost())
        return ()
    if len(node.entries) > 1 and not found.syntax.beside:
        return _no_comparison(reading, node)
    return read_declared(reading, node, found, read_draw)


def _no_comparison(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    message = say("found {found}; expected one of {allowed}", found=kind(node), allowed=", ".join(_outermost()))
    reading.fault(node, message)
    return ()


def _outermost() -> list[str]:
    """Return the words with which a comparison begins."""
    return [each.word for each in COMPARISONS.kinds if not each.syntax.within]

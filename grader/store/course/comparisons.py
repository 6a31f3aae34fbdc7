"""Reads what a check compares."""

from __future__ import annotations

from grader.core.compare.comparison import Comparison
from grader.core.compare.kinds import COMPARISONS
from grader.core.words.message import say
from grader.store.course.declared import read_declared
from grader.store.course.draws import read_draw
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence
from grader.store.yaml.reader import Reading, kind


def read_comparisons(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    """Read one comparison, or a list of them."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items:
        reading.fault(node, say("nothing is compared; allowed: {allowed}", allowed=", ".join(_outermost())))
    return tuple(made for item in items for made in _read(reading, item))


def _read(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    if isinstance(node, Scalar):
        named = COMPARISONS.get(node.text)
        if named is not None and named.syntax.type is None:
            made = named.read({})
            assert isinstance(made, tuple)
            return made
        reading.unknown(node, say("{name} cannot be compared", name=node.text or '""'), _outermost())
        return ()
    if not isinstance(node, Mapping) or not node.entries:
        return _fault(reading, node)
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
        return _fault(reading, node)
    return read_declared(reading, node, found, read_draw)


def _fault(reading: Reading, node: Node) -> tuple[Comparison, ...]:
    message = say(
        "found {found}; one of these is expected: {allowed}", found=kind(node), allowed=", ".join(_outermost())
    )
    reading.fault(node, message)
    return ()


def _outermost() -> list[str]:
    """Return the words with which a comparison begins."""
    return [each.word for each in COMPARISONS.kinds if not each.syntax.within]

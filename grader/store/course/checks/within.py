"""Reads how far an author lets numbers be off: `within: 1e-3`, beside a comparison or in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.core.compare.comparison import Comparison
from grader.core.judge.noise import CEILING
from grader.core.words.message import say
from grader.core.words.numbers import show
from grader.store.yaml.nodes import Mapping, Node
from grader.store.yaml.reader import Reading

WITHIN = "within"
# What a number that a program computes cannot be held to.
_THRESHOLDS = ("at_least", "at_most")
Read = Callable[[Node], tuple[Comparison, ...]]


def read_with_tolerance(reading: Reading, node: Mapping, read: Read) -> tuple[Comparison, ...]:
    """Read a comparison that says how far its numbers may be off.

    Args:
        read: reads it without that.
    """
    key, value = node.entries[0]
    inside = isinstance(value, Mapping) and any(entry.text in (WITHIN, *_THRESHOLDS) for entry, _ in value.entries)
    if inside:
        # What has no value of its own holds it: {value: {within: 1e-3}}.
        assert isinstance(value, Mapping)
        return _widened(reading, value, read(key))
    rest = Mapping(tuple(entry for entry in node.entries if entry[0].text != WITHIN), node.at)
    beside = Mapping(tuple(entry for entry in node.entries if entry[0].text == WITHIN), node.at)
    return _widened(reading, beside, read(rest))


def says_how_far(node: Node) -> bool:
    """Whether a comparison says how far its numbers may be off, or which threshold they are to pass."""
    if not isinstance(node, Mapping) or not node.entries:
        return False
    value = node.entries[0][1]
    inner = value.entries if isinstance(value, Mapping) else ()
    return node.get(WITHIN) is not None or any(entry.text in (WITHIN, *_THRESHOLDS) for entry, _ in inner)


def _widened(reading: Reading, node: Mapping, items: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
    threshold = next((key for key, _ in node.entries if key.text in _THRESHOLDS), None)
    if threshold is not None:
        what = say(
            "{name}: a program can return any number, so a threshold proves nothing. Compare it with the solution's, "
            "or let predictions be measured outside: reach",
            name=threshold.text,
        )
        reading.fault(threshold, what)
        return ()
    before = len(reading.faults)
    values = reading.fields(node, {WITHIN: lambda share: _read_share(reading, share)}, {})
    odd = next((item for item in items if not item.tolerant), None)
    if odd is not None and len(reading.faults) == before:
        reading.fault(node, say("{word} takes no within: it holds no numbers to the solution's", word=odd.word))
    if len(reading.faults) > before:
        return ()
    share = values[WITHIN]
    assert isinstance(share, float)
    return tuple(replace(item, within=share) for item in items)


def _read_share(reading: Reading, node: Node) -> float | None:
    share = reading.number(node)
    if share is None:
        return None
    if not 0 < share <= CEILING:
        what = say(
            "within: {found} of the largest number expected; allowed: above 0, up to {most}. With more, a wrong "
            "program could pass",
            found=show(share),
            most=show(CEILING),
        )
        reading.fault(node, what)
        return None
    return float(share)

"""Reads what an author lets vary: numbers, arrays, draws and limits."""

from __future__ import annotations

import re

from grader.core.course.draw import Draw, Made
from grader.core.course.draws import DRAWS
from grader.core.course.draws.fixed import Fixed
from grader.core.course.exercise import Given, Limits
from grader.core.words.message import say
from grader.store.course.declared import read_array, read_declared
from grader.store.yaml.nodes import Mapping, Node
from grader.store.yaml.reader import Reading

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}
_BYTES = {"kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_MOST = 2.0**50


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
    """Read a draw, or {parameter: draw}; `optional: true` may stand beside either."""
    optional = False
    if isinstance(node, Mapping):
        flag = node.get("optional")
        optional = bool(flag is not None and reading.truth(flag))
        node = Mapping(tuple(entry for entry in node.entries if entry[0].text != "optional"), node.at)
        inner = node.get("parameter")
        if inner is not None:
            reading.fields(node, {"parameter": lambda draw: draw}, {})
            return _given(reading, node, read_draw(reading, inner), True, optional)
    return _given(reading, node, read_draw(reading, node), False, optional)


def _given(reading: Reading, node: Node, draw: Draw | None, parameter: bool, optional: bool) -> Given | None:
    if draw is not None and draw.made is Made.IN_THE_BOX:
        reading.fault(node, say("a given name takes numbers; put an expression under args"))
        return None
    return Given(draw, parameter, optional) if draw else None


def read_limits(reading: Reading, node: Node) -> Limits | None:
    """Read {wall: 5 s, cpu: 5 s, memory: 512 MiB, output: 1 MiB}."""
    values = reading.fields(
        node,
        {},
        {
            "wall": lambda value: _quantity(reading, value, _SECONDS, "5 s"),
            "cpu": lambda value: _quantity(reading, value, _SECONDS, "5 s"),
            "memory": lambda value: _quantity(reading, value, _BYTES, "512 MiB"),
            "output": lambda value: _quantity(reading, value, _BYTES, "1 MiB"),
            "disk": lambda value: _quantity(reading, value, _BYTES, "64 MiB"),
            "files": lambda value: reading.whole(value, 1, 100_000),
            "threads": lambda value: reading.whole(value, 1, 1000),
        },
    )
    known = {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
    usual = Limits()
    return Limits(
        wall=known.get("wall", usual.wall),
        cpu=known.get("cpu", known.get("wall", usual.cpu)),
        memory=int(known.get("memory", usual.memory)),
        output=int(known.get("output", usual.output)),
        disk=int(known.get("disk", usual.disk)),
        files=int(known.get("files", usual.files)),
        threads=int(known.get("threads", usual.threads)),
    )


def _quantity(reading: Reading, node: Node, units: dict[str, float] | dict[str, int], example: str) -> float | None:
    scalar = reading.scalar(node, say("a number with its unit, such as {example}", example=example))
    if scalar is None:
        return None
    match = _QUANTITY.fullmatch(scalar.text.strip())
    if match is None or match[2] not in units:
        allowed = ", ".join(units)
        reading.fault(
            node,
            say(
                "{found} is not a number with its unit; write {example}; units: {allowed}",
                found=scalar.text or '""',
                example=example,
                allowed=allowed,
            ),
        )
        return None
    quantity = float(match[1]) * units[match[2]]
    if quantity <= 0:
        reading.fault(node, say("a limit must be above 0"))
        return None
    if quantity > _MOST:
        reading.fault(node, say("{found} is not a valid limit", found=scalar.text[:60]))
        return None
    return quantity

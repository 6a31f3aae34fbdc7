"""Reads what a check is limited to: `{wall: 5 s, memory: 512 MiB}`."""

from __future__ import annotations

import re

from grader.core.course.checks.limits import Limits
from grader.core.words.message import say
from grader.store.yaml.nodes import Node
from grader.store.yaml.reader import Reading

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}
_BYTES = {"kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_MOST = 2.0**50


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

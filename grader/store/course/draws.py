"""Reads what an author lets vary: numbers, arrays, draws and limits."""

from __future__ import annotations

import re

from grader.core.autodiff.expression import Expression, ExpressionFault, parse
from grader.core.course.exercise import Given, Limits
from grader.core.course.sampling import Array, Draw, Fixed, Normal, Of, ScaleOf, Uniform
from grader.core.words.message import say
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence
from grader.store.yaml.reader import Reading, kind

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}
_BYTES = {"kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_MOST = 2.0**50
_NARROWEST, _WIDEST, _FINEST = 1e-12, 1e12, 1e9
_DRAWS = ("uniform", "normal", "scale_of", "of", "parameter")


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


def read_draw(reading: Reading, node: Node) -> Draw | None:
    """Read a number, a list, or one of {uniform: …}, {normal: …}, {scale_of: …, by: …}, {of: …}."""
    if not isinstance(node, Mapping):
        array = read_array(reading, node)
        return Fixed(array) if array else None
    word = next((key.text for key, _ in node.entries if key.text in _DRAWS), None)
    match word:
        case "uniform" | "normal":
            return _read_random(reading, node, word)
        case "scale_of":
            values = reading.fields(node, {"scale_of": reading.name, "by": lambda by: read_draw(reading, by)}, {})
            name, by = values.get("scale_of"), values.get("by")
            if isinstance(name, str) and isinstance(by, Fixed | Uniform | Normal):
                return ScaleOf(name, by)
            return None
        case "of":
            values = reading.fields(node, {"of": lambda of: read_expression(reading, of)}, {})
            scalar = node.get("of")
            if values.get("of") is not None and isinstance(scalar, Scalar):
                return Of(values["of"], scalar.text)  # type: ignore[arg-type]
            return None
        case _:
            reading.fault(
                node, say("expected a number, a list, or one of {allowed}", allowed="uniform, normal, scale_of, of")
            )
            return None


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
    if isinstance(draw, Of):
        reading.fault(node, say("a given name takes numbers; an expression belongs under args"))
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


def read_size(reading: Reading, node: Node) -> tuple[int, ...] | None:
    """Read `3` or `[20, 10]`."""
    return reading.sequence(node, lambda item: reading.whole(item, 1, 10_000))


def _read_random(reading: Reading, node: Mapping, word: str) -> Uniform | Normal | None:
    values = reading.fields(
        node,
        {word: lambda pair: reading.sequence(pair, reading.number)},
        {"size": lambda size: read_size(reading, size)},
    )
    pair, size = values.get(word), values.get("size", ())
    if not isinstance(pair, tuple) or not isinstance(size, tuple):
        return None
    if len(pair) != 2 or (word == "uniform" and pair[0] >= pair[1]) or (word == "normal" and pair[1] <= 0):
        message = (
            say("uniform takes two numbers, the smaller first: [0.5, 3]")
            if word == "uniform"
            else say("normal takes a mean and a positive standard deviation: [0, 1]")
        )
        reading.fault(node.get(word) or node, message)
        return None
    spread = pair[1] - pair[0] if word == "uniform" else pair[1]
    if not _NARROWEST < spread < _WIDEST or max(map(abs, pair)) > spread * _FINEST:
        reading.fault(
            node.get(word) or node, say("numbers in this range cannot be told apart; choose an ordinary range")
        )
        return None
    return Uniform(*pair, size) if word == "uniform" else Normal(*pair, size)


def _quantity(reading: Reading, node: Node, units: dict[str, float] | dict[str, int], example: str) -> float | None:
    scalar = reading.scalar(node, say("a number with its unit, as {example}", example=example))
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
        reading.fault(node, say("{found} is no possible limit", found=scalar.text[:60]))
        return None
    return quantity


def _as_typed(text: str, number: float) -> float | int:
    """Keep 4 an int: an author who writes forward(4) means it."""
    try:
        return int(text)
    except ValueError:
        return number

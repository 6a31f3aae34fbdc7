"""Reads what an author says of mutants that may get full marks: solutions/<id>/equivalent.yaml."""

from __future__ import annotations

from pathlib import Path

from grader.core.proof.mutants import Equivalent
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

_OPERATOR = r"[a-z]+(-[a-z]+)*"


def read_equivalents(path: Path, shown: str) -> tuple[Equivalent, ...]:
    """Return what is declared in a file; nothing if the file does not exist.

    Raises:
        CourseInvalid: with every fault of it.
    """
    if not path.is_file():
        return ()
    reading = Reading()
    values = reading.fields(
        y.parse_yaml(path.read_bytes(), shown),
        {
            "format_version": lambda version: reading.whole(version, 1, 1),
            "equivalent": lambda entries: reading.sequence(entries, lambda entry: _read(reading, entry)),
        },
        {},
    )
    found: tuple[Equivalent, ...] = values.get("equivalent") or ()  # type: ignore[assignment]
    first: dict[tuple[object, ...], Position] = {}
    for each in found:
        same = first.setdefault((each.was, each.becomes, each.operator), each.at)
        if same is not each.at:
            reading.fault(each.at, say("duplicate entry; first in line {line}", line=str(same.line)))
    reading.finish()
    return found


def _read(reading: Reading, node: y.Node) -> Equivalent | None:
    def lines(value: y.Node) -> tuple[str, ...] | None:
        scalar = reading.scalar(value, say("lines of a program"))
        return None if scalar is None else tuple(filter(None, map(str.strip, scalar.text.splitlines())))

    values = reading.fields(
        node,
        {"was": lines, "reason": reading.reason},
        {"becomes": lines, "operator": lambda operator: reading.id(operator, _OPERATOR, "update-sign")},
    )
    was, becomes = values.get("was"), values.get("becomes")
    if was == () and not becomes:
        reading.fault(
            node, say("was must have the lines that are changed; if lines are only put in, becomes must have them")
        )
    if not isinstance(was, tuple):
        return None
    return Equivalent(
        node.at,
        was,
        becomes if isinstance(becomes, tuple) else None,
        str(values.get("operator") or ""),
        str(values.get("reason") or ""),
    )

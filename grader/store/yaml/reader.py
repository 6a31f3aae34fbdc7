"""Reads meaning out of YAML nodes: every fault is noted with its place, and reading goes on."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import Message, Text, say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
Read = Callable[[Node], T | None]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Reading:
    """Collects the faults of one file.

    Each `read` method returns None where it has noted a fault; nothing read from a file with faults is used.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, at: Node | Position, message: Message) -> None:
        self.faults.append(Fault(at if isinstance(at, Position) else at.at, message))

    def finish(self) -> None:
        """Raise CourseInvalid with all faults, in the order of the file, if there are any."""
        if self.faults:
            raise CourseInvalid(sorted(set_of(self.faults), key=lambda fault: fault.at))

    def fields(
        self, node: Node, required: dict[str, Read[object]], optional: dict[str, Read[object]]
    ) -> dict[str, object]:
        """Read a mapping: every key by its own reader; keys that are missing or unknown are faults."""
        known = {**required, **optional}
        if not isinstance(node, Mapping):
            self.fault(
                node,
                say("found {found}; expected keys: {allowed}", found=kind(node), allowed=", ".join(known)),
            )
            return {}
        values: dict[str, object] = {}
        meant: set[str | None] = set()
        for key, value in node.entries:
            if key.text in known:
                values[key.text] = known[key.text](value)
            else:
                meant.add(self.unknown(key, say("unknown key {name}", name=key.text), known))
        for name in required:
            # A typo is told once, where it stands.
            if node.get(name) is None and name not in meant:
                self.fault(node, say("the key {name} is missing", name=name))
        return values

    def unknown(self, at: Scalar, what: Message, allowed: Iterable[str]) -> str | None:
        """Note a word that is not among those allowed; return the nearest one, where it looks like a typo."""
        allowed = list(allowed)
        listed = ", ".join(allowed) or "–"
        near = difflib.get_close_matches(at.text, allowed, n=1)
        if near:
            self.fault(
                at, say("{what}; did you mean {near}? allowed: {allowed}", what=what, near=near[0], allowed=listed)
            )
        else:
            self.fault(at, say("{what}; allowed: {allowed}", what=what, allowed=listed))
        return near[0] if near else None

    def scalar(self, node: Node, expected: Message) -> Scalar | None:
        if isinstance(node, Scalar):
            return node
        self.fault(node, say("found {found}; expected {expected}", found=kind(node), expected=expected))
        return None

    def sequence(self, node: Node, read: Read[T]) -> tuple[T, ...]:
        """Read a list; one thing that is not a list counts as a list of one."""
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(value for value in map(read, items) if value is not None)

    def number(self, node: Node, low: float = -math.inf, high: float = math.inf) -> float | None:
        """Read a finite number from `low` to `high`, as people type it."""
        scalar = self.scalar(node, say("a number"))
        if scalar is None:
            return None
        try:
            number = parse_number(scalar.text)
        except NotANumber:
            self.fault(node, say("{found} is not a number; write it as -8, 0.5 or 1e-2", found=scalar.text or '""'))
            return None
        if not math.isfinite(number):
            self.fault(node, say("{found} is not a finite number", found=scalar.text))
            return None
        if not low <= number <= high:
            self.fault(
                node, say("{found} is out of range; allowed: {low} … {high}", found=scalar.text, low=low, high=high)
            )
            return None
        return number

    def whole(self, node: Node, low: int, high: int) -> int | None:
        number = self.number(node, low, high)
        if number is not None and number != int(number):
            self.fault(node, say("{found} is not a whole number", found=number))
            return None
        return None if number is None else int(number)

    def share(self, node: Node) -> float | None:
        """Read a share as `10 %`, and return it as a number from 0 to 1."""
        scalar = self.scalar(node, say("a share such as {example}", example="10 %"))
        if scalar is None:
            return None
        number, percent, rest = scalar.text.partition("%")
        try:
            value = parse_number(number) / 100
            if percent and not rest.strip() and 0 <= value <= 1:
                return value
        except NotANumber:
            pass
        self.fault(node, say("{found} is not a share; write it as 10 %, at most 100 %", found=scalar.text or '""'))
        return None

    def word(self, node: Node, allowed: Iterable[str]) -> str | None:
        """Read one of a few words."""
        allowed = list(allowed)
        scalar = self.scalar(node, say("one of {allowed}", allowed=", ".join(allowed)))
        if scalar is not None and scalar.text not in allowed:
            self.unknown(scalar, say("found {found}", found=scalar.text or '""'), allowed)
            return None
        return scalar.text if scalar else None

    def truth(self, node: Node) -> bool | None:
        word = self.word(node, ("true", "false"))
        return None if word is None else word == "true"

    def reason(self, node: Node) -> str | None:
        """Read why something is as it is; it may not be empty."""
        scalar = self.scalar(node, say("a reason in words"))
        if scalar is not None and not scalar.text.strip():
            self.fault(node, say("write the reason in words"))
        return scalar.text.strip() if scalar else None

    def name(self, node: Node) -> str | None:
        """Read a name as Python and torch have them."""
        scalar = self.scalar(node, say("a name"))
        if scalar is not None and not _NAME.fullmatch(scalar.text):
            self.fault(node, say("{found} is not a name; use letters, digits and _", found=scalar.text or '""'))
            return None
        return scalar.text if scalar else None

    def id(self, node: Node, pattern: str, example: str) -> str | None:
        """Read an id, which must be in quotes where YAML would take it for a number."""
        scalar = self.scalar(node, say("an id such as {example}", example=example))
        if scalar is None:
            return None
        if scalar.plain and re.fullmatch(r"[0-9.]+", scalar.text):
            self.fault(
                node,
                say(
                    'write the id in quotes, "{found}": without them YAML reads a number, and 4.10 becomes 4.1',
                    found=scalar.text,
                ),
            )
            return None
        if not re.fullmatch(pattern, scalar.text):
            self.fault(
                node, say("{found} is not an id; write it as {example}", found=scalar.text or '""', example=example)
            )
            return None
        return scalar.text

    def text(self, node: Node, languages: tuple[str, ...] = ()) -> Text | None:
        """Read a text in several languages: a mapping of language to text."""
        if not isinstance(node, Mapping):
            self.fault(node, say("found {found}; write the text in each language: {{uz: …, en: …}}", found=kind(node)))
            return None
        texts: dict[str, str] = {}
        for key, value in node.entries:
            if not _LANGUAGE.fullmatch(key.text) or (languages and key.text not in languages):
                self.unknown(key, say("unknown language {name}", name=key.text), languages or ("uz", "en"))
            elif (scalar := self.scalar(value, say("a text"))) is not None:
                if not scalar.text.strip():
                    self.fault(value, say("this text is empty"))
                texts[key.text] = scalar.text.strip()
        if not node.entries:
            self.fault(node, say("write this text in at least one language"))
        return Text.of(texts)


def kind(node: Node) -> Message:
    """Name what was found, for messages."""
    match node:
        case Mapping():
            return say("keys and values")
        case Sequence():
            return say("a list")
        case Scalar(text=""):
            return say("nothing")
        case Scalar(text=text):
            return say("{text}", text=text[:60])


def set_of(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults, each once: one reader may have looked twice."""
    unique: list[Fault] = []
    for fault in faults:
        if fault not in unique:
            unique.append(fault)
    return unique

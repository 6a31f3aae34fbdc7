"""A finding: one thing that is said of a submission, as data. Sentences are made of it where it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from grader.core.words.message import Message, Text

# What a sentence can be made of. An author's or a foreign sentence is kept in every language.
Words = str | Text | Message
Field = "Words | int | float | Finding | tuple[str | int | float | tuple[str, str] | Finding, ...]"


@dataclass(frozen=True)
class Finding:
    """What was found, without a word of any language.

    Attributes:
        kind: a stable name; `core.findings.table` says which there are, and the sentence of each.
        fields: what is known, by the names and in the types of `core.findings.vocabulary`. What is not known is absent.
    """

    kind: str
    fields: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def file(self) -> str:
        return self.text("file")

    @property
    def cell(self) -> int | None:
        return self._whole("cell")

    @property
    def line(self) -> int | None:
        """In the file, or in its cell where there is one; counted from 1."""
        return self._whole("line")

    @property
    def step(self) -> int | None:
        """Of a training, counted from 1."""
        return self._whole("step")

    @property
    def quantity(self) -> str:
        """What was compared: value, gradient, loss, parameter, or the name of a variable."""
        return self.text("quantity")

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of the misconceptions that this finding tells of."""
        return tuple(name for name in self._several("causes") if isinstance(name, str))

    @property
    def inner(self) -> tuple[Finding, ...]:
        """The findings that this one is made of: the rows of a table, say."""
        return tuple(each for name in self.fields for each in self._several(name) if isinstance(each, Finding))

    def text(self, name: str) -> str:
        """Return a field that is text, "" where there is none."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""

    def number(self, name: str) -> float | None:
        """Return a field that is a number, None where there is none."""
        found = self.fields.get(name)
        return float(found) if isinstance(found, int | float) else None

    def pairs(self, name: str) -> dict[str, str]:
        """Return a field that is pairs of names and values."""
        return {each[0]: each[1] for each in self._several(name) if isinstance(each, tuple) and len(each) == 2}

    def with_fields(self, **fields: object) -> Finding:
        """Return the finding with some fields changed; None takes one away."""
        return replace(self, fields=_known({**self.fields, **fields}))

    def _whole(self, name: str) -> int | None:
        found = self.fields.get(name)
        return found if isinstance(found, int) else None

    def _several(self, name: str) -> Iterator[object]:
        found = self.fields.get(name)
        yield from found if isinstance(found, tuple) else ()


def finding(kind: str, /, **fields: object) -> Finding:
    """Return a finding with those fields that are known: None, "" and () are left out."""
    return Finding(kind, _known(fields))


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: _same(value) for name, value in fields.items() if value is not None and value not in ("", ())}


def _same(value: object) -> object:
    # NaN equals itself only where it is the same object; findings that say the same are equal.
    return math.nan if isinstance(value, float) and math.isnan(value) else value

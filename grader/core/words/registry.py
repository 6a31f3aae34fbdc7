"""Things that are called by a word, each declared in a module of its own that is imported when it is first used."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from grader.core.words.message import Message


class Declared(Protocol):
    """What a module declares under the name that its registry looks for."""

    @property
    def word(self) -> str: ...

    @property
    def summary(self) -> Message: ...


T = TypeVar("T", bound=Declared)


@dataclass(frozen=True)
class Entry:
    """A line of a registry's table: enough to list a thing without importing its module."""

    module: str
    summary: Message


class Registry(Generic[T]):
    """A table of modules by word, and what they declare."""

    def __init__(self, name: str, table: Mapping[str, Entry]) -> None:
        """Take the table.

        Args:
            name: the constant that every module of the table declares, such as EXPORT.
            table: word to module, in the order in which they are listed.
        """
        self._name = name
        self._table = dict(table)

    def __contains__(self, word: object) -> bool:
        return word in self._table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __getitem__(self, word: str) -> T:
        """Return what is declared for a word, and import its module if it is not yet imported.

        Raises:
            KeyError: where the word is not in the table.
        """
        return self._declared(self._table[word].module)

    def summaries(self) -> dict[str, Message]:
        """Return the summary of each word; nothing is imported."""
        return {word: entry.summary for word, entry in self._table.items()}

    def extend(self, module: str) -> None:
        """Add what a further module declares.

        Raises:
            ImportError: where there is no such module.
            ValueError: where its word is taken by another module.
        """
        declared = self._declared(module)
        taken = self._table.get(declared.word)
        if taken is not None and taken.module != module:
            raise ValueError(f"duplicate word: {declared.word}, declared in {taken.module} and in {module}")
        self._table[declared.word] = Entry(module, declared.summary)

    def _declared(self, module: str) -> T:
        declared: T = getattr(importlib.import_module(module), self._name)
        return declared

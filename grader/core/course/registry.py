"""The kinds that exercise files can name: a literal table from words to modules, and what a course adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from inspect import isabstract
from types import ModuleType
from typing import Generic, TypeVar

from grader.core.course.declared import Declared
from grader.core.words.message import Message, say

T = TypeVar("T", bound=Declared)


class Registry(Generic[T]):
    """Kinds by their words. A module of the table is imported when its word is met."""

    def __init__(self, base: type[T], modules: Mapping[str, str]) -> None:
        self._base = base
        self._modules = modules
        self._kinds: dict[str, type[T]] = {}
        self._added: dict[str, type[T]] = {}

    @property
    def kinds(self) -> tuple[type[T], ...]:
        """Every kind, those of the table first; imports them all."""
        return tuple(kind for word in (*self._modules, *self._added) if (kind := self.get(word)) is not None)

    def get(self, word: str) -> type[T] | None:
        """Return the kind of that word; None where there is none."""
        if word in self._modules and word not in self._kinds:
            found = self._in(import_module(self._modules[word]))
            self._kinds[word] = next(kind for kind in found if kind.word == word)
        return self._kinds.get(word) or self._added.get(word)

    def add(self, module: ModuleType) -> int | Message:
        """Add the kinds that a module makes, and return how many it has; or say what keeps them out."""
        found = self._in(module)
        for kind in found:
            name = f"{module.__name__}.{kind.__name__}"
            if isabstract(kind):
                missing = ", ".join(sorted(vars(kind)["__abstractmethods__"]))
                return say("{kind} does not say: {missing}", kind=name, missing=missing)
            if self.get(kind.word) not in (None, kind):
                return say("{kind}: the word {word} is taken", kind=name, word=kind.word)
        self._added.update({kind.word: kind for kind in found})
        return len(found)

    def _in(self, module: ModuleType) -> list[type[T]]:
        """Return the kinds that are made in a module, not those that it imports."""
        return [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, self._base)
            and value.__module__ == module.__name__
            and "word" in vars(value)
        ]

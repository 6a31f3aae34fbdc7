"""How a comparison or a draw is written in an exercise file, and the kinds that one can name.

Declared once, as data: the reader of exercises, their JSON Schema and the tables of docs/exercises.md follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import isabstract
from types import ModuleType
from typing import Any, ClassVar, Generic, Self, TypeVar

from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Name:
    """One name of the program; read as a str."""


@dataclass(frozen=True)
class Names:
    """A name, or a list of them; read as a tuple of str."""


@dataclass(frozen=True)
class Words:
    """One of these words, or a list of them; read as a tuple of str."""

    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A list of two numbers; read as a tuple of all numbers that are written, for the kind to look at."""


@dataclass(frozen=True)
class Whole:
    """A whole number in these bounds; read as an int."""

    low: int
    high: int


@dataclass(frozen=True)
class Factor:
    """A number in these bounds, both included; read as a float."""

    low: float
    high: float


@dataclass(frozen=True)
class Fraction:
    """A number between 0 and 1, neither of them; read as a float."""


@dataclass(frozen=True)
class Code:
    """An expression of Python that is computed beside the submission, or a list of them; read as a tuple of str."""


@dataclass(frozen=True)
class Truth:
    """true or false; read as a bool."""


@dataclass(frozen=True)
class Size:
    """The size of a tensor, `3`, `[20, 10]` or `[n, 10]` where n is drawn; read as a tuple of int and str."""


@dataclass(frozen=True)
class Numbers:
    """A number, or numbers in lists of equal length; read as an Array."""


@dataclass(frozen=True)
class Formula:
    """An expression of the other inputs; read as an Expression."""


@dataclass(frozen=True)
class OwnDraw:
    """A draw that needs no other one; read as a Draw."""


@dataclass(frozen=True)
class Target:
    """`{word: goal, seeds: 3, steps: 500}` with one of these words; `solution`, a number or two numbers for the goal.

    Read as the word, a tuple of none to two numbers, and the other two, each None where it is not written.
    """

    words: tuple[str, ...]


Type = (
    Name | Names | Words | Pair | Whole | Factor | Fraction | Code | Truth | Size | Numbers | Formula | OwnDraw | Target
)


@dataclass(frozen=True)
class Field:
    """A key beside the word.

    Attributes:
        meaning: one English sentence, for editors.
    """

    name: str
    type: Type
    meaning: str
    required: bool = True


@dataclass(frozen=True)
class Syntax:
    """What is written: `word`, or `{word: …}` with further keys beside it.

    Attributes:
        example: as docs/exercises.md shows it.
        meaning: what it is, in English, for docs/exercises.md and for editors.
        type: of what is written after the word; None where the word is written alone.
        beside: further keys.
        within: the word whose value this is written in, as `stores` in `{trace: {stores: w}}`; "" for none.
        worded: whether the word is written at all.
    """

    example: str
    meaning: str
    type: Type | None = None
    beside: tuple[Field, ...] = ()
    within: str = ""
    worded: bool = True


class Term:
    """A kind of thing that exercise files can say.

    Attributes:
        word: what it is called in exercise files, and wherever its kind is kept: it never changes.
        syntax: how it is written.
        rule: the number of its own rule of judging. Raised where what it judges may get another verdict and nothing
            else does, it makes results of the exercises that say it stale, and no others (JUDGING makes all).
    """

    word: ClassVar[str]
    syntax: ClassVar[Syntax]
    rule: ClassVar[int] = 0

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Self, ...] | Message:
        """Return what the values say, or what is wrong with them.

        Where a kind does not say otherwise that is one object, made of the value after the word and the others by name.

        Args:
            values: by key, of the types that the syntax says; optional keys may be missing.
        """
        make: Callable[..., Self] = cls
        beside = dict(values)
        own = [beside.pop(cls.word)] if cls.word in beside else []
        return (make(*own, **beside),)


T = TypeVar("T", bound=Term)


class Vocabulary(Generic[T]):
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

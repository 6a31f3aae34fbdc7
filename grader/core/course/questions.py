"""Questions in words: what is asked, and what is right, which students' copies do not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from grader.core.autodiff.graph import Graph, Question
from grader.core.course.checks.rules import Rules
from grader.core.course.draws.draw import Draw
from grader.core.words.message import Text


@dataclass(frozen=True)
class Option:
    """One option of a choice. Its name is what is stored of an answer; its place and letter differ by student."""

    name: str
    text: Text


@dataclass(frozen=True)
class Choice:
    """A question with options.

    Attributes:
        several: whether more than one may be chosen: each right one earns its share, each wrong one costs as much.
        attempts: how many different answers count.
    """

    name: str
    points: float
    ask: Text
    options: tuple[Option, ...]
    several: bool = False
    attempts: int = 1


@dataclass(frozen=True)
class ShortText:
    """A question that is answered with a few words, at most `most` characters."""

    name: str
    points: float
    ask: Text
    most: int
    attempts: int = 3


@dataclass(frozen=True)
class TypedFormula:
    """A question that is answered with an expression of `names`."""

    name: str
    points: float
    ask: Text
    names: tuple[str, ...]
    attempts: int = 3


Posed = Choice | ShortText | TypedFormula


@dataclass(frozen=True)
class ChoiceKey:
    """Which options are right, and why others are not, by option."""

    right: tuple[str, ...]
    why: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class TextKey:
    """Which texts are accepted, and why others are wrong, by text.

    Attributes:
        rule: as that of a `Term`: raised where the same text may get another verdict.
    """

    rule: ClassVar[int] = 1

    accepts: tuple[str, ...]
    why: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class FormulaKey:
    """What a formula must equal: the answer to `of` on a graph.

    Attributes:
        between: from where to where an input is drawn; `USUAL` where it is not named.
        why: what is said of a formula that is wrong.
    """

    USUAL: ClassVar[tuple[float, float]] = (-3.0, 3.0)

    graph: Graph
    of: Question
    between: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    why: Text | None = None


Key = ChoiceKey | TextKey | FormulaKey


@dataclass(frozen=True)
class Questions:
    """The questions of an exercise that is answered in words.

    Attributes:
        keys: what is right, by question; None where this copy of the course does not know.
    """

    listed: ClassVar[tuple[str, ...]] = ("questions",)
    by_program: ClassVar[bool] = False
    observed: ClassVar[bool] = False
    starter: ClassVar[bytes] = b""
    files: ClassVar[tuple[()]] = ()
    given_files: ClassVar[tuple[()]] = ()
    submit: ClassVar[tuple[()]] = ()
    own: ClassVar[Mapping[str, Draw]] = {}

    questions: tuple[Posed, ...]
    keys: Mapping[str, Key] | None = None

    @property
    def parts(self) -> tuple[Posed, ...]:
        return self.questions

    def partial_points(self) -> tuple[float, ...]:
        # A share of several options is told to a hundredth.
        return (0.01,) if any(isinstance(each, Choice) and each.several for each in self.questions) else ()

    def under(self, _packages: tuple[str, ...] | None, _rules: Rules) -> Questions:
        return self

"""How each kind of exercise is written into a notebook, and read from a student's."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from grader.core.compare.comparison import comparisons
from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.recording import names_of
from grader.core.course.exercise import Ask, Check, Coded, Mixed, Stated, Work
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.words.message import Message, say
from grader.core.words.numbers import show
from grader.integrations.nbgrader.part import Part
from grader.integrations.nbgrader.regions import BEGIN, END, with_regions
from grader.integrations.nbgrader.stated import stated_part
from grader.integrations.nbgrader.words import questions_in_words, questions_part, right_answer
from grader.store.students.programs import NotebookCell

# A line of code, or what must hold and what is said where it does not.
Line = str | tuple[str, Message]
# A cell and its syntax; None where Python cannot read it.
Read = tuple[NotebookCell, ast.Module | None]
W = TypeVar("W", bound=Work)
P = TypeVar("P", bound=Coded | Tested | Mixed)


class InNotebook(ABC, Generic[W]):
    """How exercises of one kind are written into a notebook."""

    @abstractmethod
    def how(self, work: W) -> Message | None:
        """Say below the prompt how to answer; None where the prompt is enough."""

    @abstractmethod
    def answer(self, work: W, solution: str) -> str:
        """Return the code of the cell to be filled in, with the solution between nbgrader's marks."""

    @abstractmethod
    def looks(self, work: W, name: str) -> Iterator[Line]:
        """Yield what everybody can see of the part with this name."""

    @abstractmethod
    def part(self, work: W, cells: Sequence[Read], program: Callable[[set[str]], bytes]) -> Part:
        """Return what a student's notebook hands in.

        Args:
            cells: those that belong to the exercise.
            program: returns them as a program, with the lines that it needs from other cells; where there are none of
                them, with the lines that bind these names.
        """


class StatedInNotebook(InNotebook[Stated]):
    """Numbers that are given to names."""

    def how(self, _work: Stated) -> Message:
        return say("Put your numbers in place of None in the cell below.")

    def answer(self, work: Stated, _solution: str) -> str:
        begun = [f"{ask.name} = None{_asked(ask)}" for ask in work.asks]
        solved = [f"{ask.name} = {show(work.graph.answer(ask.question, work.at), 12)}" for ask in work.asks]
        return "\n".join([*begun, BEGIN, *solved, END])

    def looks(self, _work: Stated, name: str) -> Iterator[Line]:
        yield f"isinstance({name}, (int, float))", say("{name} is not a number yet", name=name)

    def part(self, work: Stated, cells: Sequence[Read], _program: Callable[[set[str]], bytes]) -> Part:
        return stated_part(cells, work)


class ProgramInNotebook(InNotebook[P]):
    """A program that begins as the starter."""

    @abstractmethod
    def wanted(self, work: P) -> set[str]:
        """Return the names that a program must have at its top level, as far as they are known."""

    def how(self, _work: P) -> None:
        return None

    def answer(self, work: P, solution: str) -> str:
        return with_regions(work.starter.decode("utf-8-sig"), solution)

    def part(self, work: P, _cells: Sequence[Read], program: Callable[[set[str]], bytes]) -> Part:
        return Part(".ipynb", program(self.wanted(work)))


class CodedInNotebook(ProgramInNotebook[Coded]):
    """A program with checks: their names and shapes are looked at."""

    def wanted(self, work: Coded) -> set[str]:
        return set().union(*map(_wanted, work.checks))

    def looks(self, work: Coded, name: str) -> Iterator[Line]:
        check = next(check for check in work.checks if check.name == name)
        for each in sorted(_wanted(check)):
            yield f'"{each}" in globals()', say("{name} is not there yet", name=each)
        for each in sorted({call.function for call in check.calls if call.function in check.asked}):
            yield f"callable({each})", say("{name} is not a function", name=each)
            counts = {len(call.arguments) for call in check.calls if call.function == each}
            if len(counts) == 1:
                yield "import inspect"
                # Plain words only: `from torch import *` takes range and others from Python.
                arguments = ", ".join(["None"] * counts.pop())
                yield f"assert inspect.signature({each}).bind({arguments})"
        for item in comparisons(check):
            yield from item.conditions()
        yield from _shape(check)


class TestedInNotebook(ProgramInNotebook[Tested]):
    """A program with tests, which alone know what is wanted."""

    def wanted(self, _work: Tested) -> set[str]:
        return set()

    def looks(self, _work: Tested, _name: str) -> Iterator[Line]:
        return iter(())


class MixedInNotebook(ProgramInNotebook[Mixed]):
    """A program with both: what is looked at follows from the checks."""

    _coded = CodedInNotebook()

    def wanted(self, work: Mixed) -> set[str]:
        return self._coded.wanted(work.coded)

    def looks(self, work: Mixed, name: str) -> Iterator[Line]:
        checks = {check.name for check in work.coded.checks}
        return self._coded.looks(work.coded, name) if name in checks else iter(())


class QuestionsInNotebook(InNotebook[Questions]):
    """Texts that are given to names."""

    def how(self, work: Questions) -> Message:
        return questions_in_words(work)

    def answer(self, work: Questions, _solution: str) -> str:
        keys = work.keys or {}
        begun = [f"{posed.name} = None" for posed in work.questions]
        solved = [f"{posed.name} = {right_answer(keys.get(posed.name))}" for posed in work.questions]
        return "\n".join([*begun, BEGIN, *solved, END])

    def looks(self, _work: Questions, name: str) -> Iterator[Line]:
        yield f"isinstance({name}, (str, list, tuple))", say("{name} is not answered yet", name=name)

    def part(self, work: Questions, cells: Sequence[Read], _program: Callable[[set[str]], bytes]) -> Part:
        return questions_part(cells, work)


def _asked(ask: Ask) -> str:
    return "" if str(ask.question) == ask.name else f"  # {ask.question}"


def _wanted(check: Check) -> set[str]:
    """Return the names that a program must have at its top level for this check."""
    compared = set(names_of(check.compare, "final"))
    given = {name for name, each in check.given.items() if not each.optional and not each.module}
    return compared | given | check.asked


def _shape(check: Check) -> Iterator[str]:
    """Where the shapes of all arguments are known and those of the result are told, look at the result's."""
    plain = bool(check.calls) and check.calls[0].function in check.asked and check.arrays == "torch"
    draws = [check.args.get(name) for name in (check.calls[0].arguments if plain else ())]
    sizes = [size for draw in draws if draw is not None and (size := draw.shape()) and not draw.most()]
    if any(isinstance(side, str) for size in sizes for side in size):
        return
    if not plain or not check.shape.allowed or len(sizes) != len(draws):
        return
    arguments = ", ".join(f"torch.rand({', '.join(map(str, size))})" for size in sizes)
    yield "import torch"
    yield f"shape = tuple({check.calls[0].function}({arguments}).shape)"
    yield f"assert shape in {list(check.shape.allowed)}, shape"


KINDS: Facets[InNotebook[Any]] = Facets(
    {
        Stated: StatedInNotebook(),
        Coded: CodedInNotebook(),
        Tested: TestedInNotebook(),
        Mixed: MixedInNotebook(),
        Questions: QuestionsInNotebook(),
    }
)

"""A lecture as the source notebook of an nbgrader assignment.

What a student can see of a check is whether names and shapes are there. What is right is judged by us, on numbers that
no notebook holds, so there is nothing to hide in it but the solution, which nbgrader takes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.core.compare.comparison import comparisons
from grader.core.course.exercise import Ask, AuthorTest, Check, Coded, Exercise, Stated
from grader.core.course.recording import names_of
from grader.core.words.message import Message, Text, Translate, say
from grader.core.words.numbers import show
from grader.integrations.nbgrader.cells import Cell, code_cell, notebook, text_cell
from grader.integrations.nbgrader.ids import Kind, Role
from grader.integrations.nbgrader.regions import BEGIN, END, with_regions

_SPECIAL = re.compile(r"(`[^`]*`)|([\\*_<$#])")


def assignment(title: Text, exercises: Sequence[tuple[Exercise, str]], translate: Translate, language: str) -> str:
    """Return the notebook of these exercises, each with its solution's source, in `language`."""
    cells = [text_cell(f"# {_plain(title.said_in(language))}")]
    for exercise, solution in exercises:
        cells += _Writing(exercise, translate, language).cells(solution)
    return notebook(cells)


class _Writing:
    """One exercise as cells."""

    def __init__(self, exercise: Exercise, translate: Translate, language: str) -> None:
        self._exercise = exercise
        self._translate = translate
        self._language = language

    def cells(self, solution: str) -> Iterator[Cell]:
        """Yield what is asked, where it is answered, and a cell for the points of each check."""
        id, work = self._exercise.id, self._exercise.work
        yield text_cell(self._prompt(), grade_id=Role(Kind.TEXT, id).grade_id, locked=True)
        answer = (
            self._asks(work) if isinstance(work, Stated) else with_regions(work.starter.decode("utf-8-sig"), solution)
        )
        yield code_cell(answer, grade_id=Role(Kind.ANSWER, id).grade_id, solution=True)
        for name, points in self._exercise.points.items():
            looked = [f"# {id} · {name} · {show(points)}", f"# {self._said(_PARTLY)}", *self._looks(name)]
            role = Role(Kind.CHECK, id, name)
            yield code_cell("\n".join(looked), grade_id=role.grade_id, grade=True, locked=True, points=points)

    def _prompt(self) -> str:
        title = _plain(self._exercise.title.said_in(self._language))
        # How to hand in at the command line is not how this is handed in.
        paragraphs = self._exercise.prompt.said_in(self._language).strip().split("\n\n")
        asked = [_plain(paragraph) for paragraph in paragraphs if "course submit" not in paragraph]
        if isinstance(self._exercise.work, Stated):
            asked.append(self._said(say("Put your numbers in place of None in the cell below.")))
        return "\n\n".join([f"## {self._exercise.id} {title}", *asked])

    def _asks(self, work: Stated) -> str:
        begun = [f"{ask.name} = None{_asked(ask)}" for ask in work.asks]
        solved = [f"{ask.name} = {show(work.graph.answer(ask.question, work.at), 12)}" for ask in work.asks]
        return "\n".join([*begun, BEGIN, *solved, END])

    def _looks(self, name: str) -> Iterator[str]:
        work = self._exercise.work
        if isinstance(work, Stated):
            yield self._assert(f"isinstance({name}, (int, float))", say("{name} is not a number yet", name=name))
        elif isinstance(work, Coded):
            yield from self._of_check(next(check for check in work.checks if check.name == name))

    def _of_check(self, check: Check) -> Iterator[str]:
        for name in sorted(wanted_names(check)):
            yield self._assert(f'"{name}" in globals()', say("{name} is not there yet", name=name))
        for name in sorted({call.function for call in check.calls}):
            yield self._assert(f"callable({name})", say("{name} is not a function", name=name))
            counts = {len(call.arguments) for call in check.calls if call.function == name}
            if len(counts) == 1:
                yield "import inspect"
                # Plain words only: `from torch import *` takes range and others from Python.
                arguments = ", ".join(["None"] * counts.pop())
                yield f"assert inspect.signature({name}).bind({arguments})"
        for item in comparisons(check):
            for condition, otherwise in item.conditions():
                yield self._assert(condition, otherwise)
        yield from self._shape(check)

    def _shape(self, check: Check) -> Iterator[str]:
        """Where the shapes of all arguments are known and those of the result are told, look at the result's."""
        draws = [check.args.get(name) for name in (check.calls[0].arguments if check.calls else ())]
        sizes = [draw.shape() for draw in draws if draw is not None and draw.shape()]
        if not check.shape.allowed or len(sizes) != len(draws):
            return
        arguments = ", ".join(f"torch.rand({', '.join(map(str, size))})" for size in sizes)
        yield "import torch"
        yield f"shape = tuple({check.calls[0].function}({arguments}).shape)"
        yield f"assert shape in {list(check.shape.allowed)}, shape"

    def _assert(self, condition: str, otherwise: Message) -> str:
        return f"assert {condition}, {self._said(otherwise)!r}"

    def _said(self, message: Message) -> str:
        return message.said(self._translate, self._language)


_PARTLY = say("Only what everybody can see is looked at here; whether it is right is judged when it is graded.")


def wanted_names(check: Check | AuthorTest) -> set[str]:
    """Return the names that a program must have at its top level for this check; tests alone know theirs."""
    if isinstance(check, AuthorTest):
        return set()
    compared = set(names_of(check.compare, "final"))
    given = {name for name, each in check.given.items() if not each.optional}
    return compared | given | {call.function for call in check.calls}


def _asked(ask: Ask) -> str:
    return "" if str(ask.question) == ask.name else f"  # {ask.question}"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is; what stands between backticks is code."""
    return _SPECIAL.sub(lambda found: found[1] or f"\\{found[2]}", text)

"""Questions in words in a notebook: what is asked, and the texts that its cells give to names last. Nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import reduce

from grader.core.autodiff.expression import unparse
from grader.core.course.questions import Choice, ChoiceKey, Key, Posed, Questions, TextKey
from grader.core.questions.order import NOBODY, in_order
from grader.core.words.message import Message, say
from grader.integrations.nbgrader.part import Part
from grader.store.students.programs import NotebookCell
from grader.store.yaml.writer import quoted

_LONGEST, _MOST_CHOSEN = 1000, 100


def questions_in_words(work: Questions) -> Message:
    """Return what stands below the prompt: how to answer, the questions, and the options by name."""
    how = say("Put your answers in quotes in place of None in the cell below; of choices, their names.")
    return reduce(_with_question, work.questions, how)


def right_answer(key: Key | None) -> str:
    """Return a right answer as Python writes it; of a derivative what is asked, for no one has written that down."""
    match key:
        case ChoiceKey(right=right):
            return repr(right[0] if len(right) == 1 else list(right))
        case TextKey(accepts=accepts):
            return repr(accepts[0])
        case None:
            return "None"
        case _:
            last = key.graph.nodes[-1]
            return repr(unparse(last.expression) if str(key.of) == last.name else str(key.of))


def questions_part(cells: Sequence[tuple[NotebookCell, ast.Module | None]], work: Questions) -> Part:
    """Return the answers as a YAML file; a cell that Python cannot read gives none."""
    asked = {posed.name for posed in work.questions}
    answers: dict[str, tuple[str, tuple[int, int]]] = {}
    for cell, tree in cells:
        for name, answer, line in _assigned(tree):
            if name in asked:
                answers.pop(name, None)
                answers[name] = answer, (cell.number, line)
    content = "".join(f"{name}: {answer}\n" for name, (answer, _) in answers.items())
    return Part(".yaml", content.encode("utf-8", "replace"), tuple(place for _, place in answers.values()))


def _with_question(before: Message, posed: Posed) -> Message:
    asked = say("{before}\n\n`{name}`: {ask}", before=before, name=posed.name, ask=posed.ask)
    if not isinstance(posed, Choice):
        return asked
    # One notebook is for all, so its order is nobody's; the author's may begin with the right one.
    return reduce(
        lambda so_far, option: say("{before}\n- `{name}`: {text}", before=so_far, name=option.name, text=option.text),
        in_order(posed, "", NOBODY),
        asked,
    )


def _assigned(tree: ast.Module | None) -> Iterator[tuple[str, str, int]]:
    for statement in tree.body if tree is not None else ():
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                answer = _answer(value)
                if answer is not None:
                    yield name, answer, statement.lineno


def _answer(value: ast.expr) -> str | None:
    """Return a text, or several, as YAML; None where nothing is given."""
    match value:
        case ast.Constant(value=str() | int() | float() as given):
            return quoted(str(given)[:_LONGEST])
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            texts = [part.value for part in parts[:_MOST_CHOSEN] if isinstance(part, ast.Constant)]
            return "[" + ", ".join(quoted(str(text)[:_LONGEST]) for text in texts) + "]"
    return None

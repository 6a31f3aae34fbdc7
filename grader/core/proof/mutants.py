"""Mutants of a solution: programs with one small change each, which the checks should see."""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from grader.core.course.checks.author_tests import AuthorTest
from grader.core.course.exercise import Check
from grader.core.program.several import texts_by_name
from grader.core.program.source import Source
from grader.core.proof.findings import Finding
from grader.core.words.errors import Position
from grader.core.words.message import say


@dataclass(frozen=True)
class Change:
    """A solution's source as one operator has changed it, and the line in which that stands."""

    operator: str
    line: int
    source: str


@dataclass(frozen=True)
class Mutant:
    """A changed solution that is another program.

    Attributes:
        diff: from the solution, unified.
        was: the lines that the change took out, without their indentation.
        becomes: the lines that it put in.
        at: the place in the solution's file, as messages call it.
    """

    operator: str
    line: int
    source: str
    diff: str
    was: tuple[str, ...]
    becomes: tuple[str, ...]
    at: str = ""


@dataclass(frozen=True)
class Equivalent:
    """The author's word that mutants may get full marks, and why.

    Attributes:
        becomes: None stands for whatever these lines were changed into.
        operator: empty stands for any.
    """

    at: Position
    was: tuple[str, ...]
    becomes: tuple[str, ...] | None
    operator: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        return (
            self.was == mutant.was and self.becomes in (None, mutant.becomes) and self.operator in ("", mutant.operator)
        )


@dataclass(frozen=True)
class Mutation:
    """What became of a solution's mutants. `survivors` got full marks on every seed, and nobody has said why."""

    count: int
    survivors: tuple[Mutant, ...]
    declared: tuple[tuple[Mutant, Equivalent], ...] = ()
    stale: tuple[Equivalent, ...] = ()

    @property
    def asked(self) -> int:
        """How many the checks should see."""
        return self.count - len(self.declared)

    @property
    def killed(self) -> int:
        return self.asked - len(self.survivors)

    @property
    def score(self) -> float:
        return self.killed / self.asked if self.asked else 1.0


# What they take away where there is no gradient is nothing.
_CUTS = frozenset({"detach-put-in", "no-grad-put-in", "data-put-in"})
_GRADIENTS = ("backward", "autograd", "requires_grad")


def may_have_gradients(parts: Iterable[Check | AuthorTest], solution: str) -> bool:
    """Whether a check hands over, makes or trains anything that a gradient could be of, or the solution itself does.

    What an author's test does is not known.
    """
    return any(word in solution for word in _GRADIENTS) or any(
        isinstance(part, AuthorTest) or part.args or part.given or part.let or part.script or part.data is not None
        for part in parts
    )


def mutants_of(
    changes: Iterable[Change], solution: str, right: Iterable[str], shown: str, gradients: bool = True
) -> list[Mutant]:
    """Return the changes that make other programs, by line; none twice, and none that makes a right program.

    Args:
        gradients: whether there are any; otherwise nothing is cut off from one.
    """
    known = {form for source in (solution, *right) if (form := program_form(source)) is not None}
    mutants = []
    for change in changes:
        if not gradients and change.operator in _CUTS:
            continue
        form = program_form(change.source)
        if form is not None and form not in known:
            known.add(form)
            mutants.append(_mutant(change, solution, shown))
    return sorted(mutants, key=lambda mutant: mutant.line)


def program_form(source: str) -> str | None:
    """Return a form that programs share which differ only in layout, comments and docstrings; None for no program."""
    try:
        with warnings.catch_warnings():
            # "int" object is not callable: that is what some mutants are about.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            # An import from __future__ is at the beginning of its file, and not of all of them.
            for text in texts_by_name(source).values() or (source,):
                compile(text, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and _documented(node):
            node.body = node.body[1:]
    return ast.dump(tree)


def mutation_of(mutants: Sequence[Mutant], survived: Set[int], declarations: Sequence[Equivalent]) -> Mutation:
    """Return what became of mutants of which those numbered in `survived` got full marks."""
    survivors: list[Mutant] = []
    declared: list[tuple[Mutant, Equivalent]] = []
    for mutant in (mutant for place, mutant in enumerate(mutants) if place in survived):
        word = next((each for each in declarations if each.covers(mutant)), None)
        if word is None:
            survivors.append(mutant)
        else:
            declared.append((mutant, word))
    used = [word for _, word in declared]
    stale = tuple(each for each in declarations if each not in used)
    return Mutation(len(mutants), tuple(survivors), tuple(declared), stale)


def mutation_findings(mutation: Mutation, floor: float | None, solution: str) -> Iterator[Finding]:
    """Yield what is to be mended: too many mutants that nobody sees, and declarations that hold for none."""
    if floor is not None and mutation.score < floor:
        message = say(
            "{killed} of {asked} mutants lose points, {score}; the course requires {floor}. The "
            "others are shown: add a probe, a comparison or a check that notices each of them, "
            "or declare it as equivalent",
            killed=mutation.killed,
            asked=mutation.asked,
            score=shown_share(mutation.score),
            floor=shown_share(floor),
        )
        yield Finding("mutation-floor", Position(solution), message)
    for each in mutation.stale:
        message = say("no mutant with full marks matches this entry: delete it, or write its lines exactly as they are")
        yield Finding("equivalent-stale", each.at, message)


def shown_share(share: float) -> str:
    """Return a share as people read it, never rounded up to one that it is not."""
    return f"{int(share * 1000 + 1e-9) / 10:g} %"


def _documented(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return len(node.body) > 1 and ast.get_docstring(node, clean=False) is not None


def _mutant(change: Change, solution: str, shown: str) -> Mutant:
    before, after = solution.splitlines(), change.source.splitlines()
    place = Source(solution, shown).place(change.line)
    file = str(place["file"])
    diff = list(difflib.unified_diff(before, after, file, file, n=2, lineterm=""))
    taken, put = (
        tuple(line[1:].strip() for line in diff[2:] if line.startswith(sign) and line[1:].strip()) for sign in "-+"
    )
    return Mutant(change.operator, change.line, change.source, "\n".join(diff), taken, put, f"{file}:{place['line']}")

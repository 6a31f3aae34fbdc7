"""Turns otter's cases into test functions of pytest."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator, Sequence

from grader.core.program.notebooks.test_cells import as_function, bound_names, loaded_names
from grader.core.words.message import Message, say
from grader.integrations.importers.otter_tests import Case, Question

MODULE = "otter_cases"
HELPERS = '''"""What otter's tests have around them: the names of a program, and examples with what they print."""

import doctest

import submission


class Names:
    """The names of the program, as the dict that otter hands to a test."""

    def __getitem__(self, name):
        if not hasattr(submission, name):
            raise KeyError(name)
        return getattr(submission, name)

    def __contains__(self, name):
        return hasattr(submission, name)

    def get(self, name, default=None):
        return getattr(submission, name, default)


def run_examples(text, names, around, shown, message=""):
    """Run examples beside the program's names; the first that prints something else fails the test.

    Args:
        around: other names that they use.
        shown: whether the example itself is told.
    """
    known = {**around, **{name: getattr(submission, name) for name in names if hasattr(submission, name)}}
    examples = doctest.DocTestParser().get_examples(text)
    runner = doctest.DebugRunner(verbose=False)
    try:
        runner.run(doctest.DocTest(examples, known, "case", None, None, None), out=lambda _: None, clear_globs=False)
    except doctest.UnexpectedException as error:
        raise error.exc_info[1] from None
    except doctest.DocTestFailure as failure:
        told = [message, failure.example.source.strip() if shown else ""]
        told += [f"expected: {failure.example.want.strip()}", f"got: {failure.got.strip()}"]
        raise AssertionError("\\n".join(line for line in told if line)) from None
'''

Test = tuple[str, float, str, bool]


def tests_of(question: Question, program: set[str], notes: list[Message]) -> Iterator[Test]:
    """Yield name, points, function and whether it is hidden: a case is a check, unless all of them count together."""
    made: list[Test] = []
    for place, (case, points) in enumerate(zip(question.cases, question.points, strict=True), 1):
        name = question.name if len(question.cases) == 1 else f"{question.name}_{place}"
        try:
            code = _code(case, question.cases[: place - 1], program)
            made.append((name, points, as_function("test_case_", code, set()), case.hidden))
        except (SyntaxError, ValueError) as error:
            what = say(
                "question {name}, case {case} was left out: {words}", name=question.name, case=place, words=error
            )
            notes.append(what)
    if question.all_or_nothing and len(made) > 1:
        bodies = [function.partition("\n")[2].rstrip("\n") for *_, function, _ in made]
        whole = "def test_case_():\n" + "\n".join(bodies) + "\n"
        yield question.name, sum(question.points), whole, any(hidden for *_, hidden in made)
    else:
        yield from made


def _code(case: Case, earlier: Sequence[Case], program: set[str]) -> str:
    if not case.doctest:
        given = [f"{name} = {'Names()' if name == 'env' else f'Names().get({name!r})'}" for name in case.parameters]
        told = case.code
        if case.message:
            inner = "\n".join(f"    {line}" for line in case.code.split("\n"))
            told = f"try:\n{inner}\nexcept AssertionError as error:\n"
            told += f"    raise AssertionError({case.message!r} + '\\n' + str(error)) from None"
        return "\n".join([*given, told])
    text = _with_earlier(case.doctest, [each.doctest for each in earlier if each.doctest])
    read = _read_by(text)
    names = sorted(read & program)
    # A text in quotes of three stands as it is; where it cannot, Python writes it.
    plain = "'''" not in text and "\\" not in text and not text.endswith("'")
    written = f"r'''\n{text}\n'''" if plain else repr(text)
    settings = f"shown={not case.hidden}" + (f", message={case.message!r}" if case.message else "")
    return f"run_examples({written}, {names!r}, globals(), {settings})"


def _statements(text: str) -> str:
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text))


def _read_by(text: str) -> set[str]:
    tree = ast.parse(_statements(text))
    return loaded_names(tree) - bound_names(tree.body)


def _with_earlier(text: str, earlier: Sequence[str]) -> str:
    """Put before a case what earlier ones of its question bind and it reads: otter lets them share their names."""
    for before in reversed(earlier):
        bound = bound_names(ast.parse(_statements(before)).body)
        if bound & _read_by(text):
            text = f"{before}\n{text}"
    return text


def needs(case: Case) -> str:
    """Return the statements of a case, from which it follows what it needs around it."""
    return _statements(case.doctest) if case.doctest else case.code

"""Reads otter's test files, old and new, without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from grader.core.words.message import Message, say

_OWN_NAMES = {"OK_FORMAT", "name", "points", "all_or_nothing", "test"}


class NotUnderstood(Exception):
    """Why a file of tests, or a part of it, cannot be read."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Case:
    """One test case of a question.

    Attributes:
        doctest: examples with what they are to print; empty for a function.
        code: the body of a function, after what it needs of its file.
        parameters: names of the program that the function is given; `env` is all of them.
        message: what a student is told where it fails.
    """

    hidden: bool
    points: float | None = None
    doctest: str = ""
    code: str = ""
    parameters: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Question:
    """A question and its cases, each with its points."""

    name: str
    cases: tuple[Case, ...]
    points: tuple[float, ...]
    all_or_nothing: bool = False


def read_test_file(text: str, shown: str) -> Question:
    """Return the question of a test file.

    Raises:
        NotUnderstood: where it is not as otter writes it.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise NotUnderstood(say("{file} is not Python: {words}", file=shown, words=str(error)[:200])) from None
    values = dict(_literals(tree))
    if isinstance(values.get("test"), dict):
        return question_of(values["test"], shown)
    cases = tuple(_functions(tree))
    if not cases or not isinstance(values.get("name"), str):
        what = say(
            "{file} is not a test file of otter: it has neither test = {{…}} nor functions with @test_case", file=shown
        )
        raise NotUnderstood(what)
    return question_with(values["name"], cases, values.get("points"), bool(values.get("all_or_nothing")), shown)


def question_of(spec: Mapping[str, Any], shown: str) -> Question:
    """Return the question of a test in OK format.

    Raises:
        NotUnderstood: where it has anything but one suite of doctests.
    """
    suites = spec.get("suites")
    if not isinstance(suites, list) or len(suites) != 1 or not isinstance(suites[0], dict):
        raise NotUnderstood(say("{file}: a test with exactly one suite is expected", file=shown))
    suite = suites[0]
    if suite.get("type", "doctest") != "doctest" or suite.get("setup") or suite.get("teardown"):
        raise NotUnderstood(say("{file}: only suites of doctests, without setup or teardown, are read", file=shown))
    cases = tuple(
        Case(
            # Where nothing is said, otter hides a case.
            bool(each.get("hidden", True)),
            each.get("points"),
            doctest=dedent(str(each.get("code", ""))).strip("\n"),
            message=str(each.get("failure_message") or ""),
        )
        for each in suite.get("cases", ())
        if isinstance(each, dict)
    )
    all_or_nothing = bool(spec.get("all_or_nothing"))
    return question_with(str(spec.get("name", shown)), cases, spec.get("points"), all_or_nothing, shown)


def case_of_function(tree: ast.FunctionDef, before: Sequence[ast.stmt], settings: Mapping[str, Any]) -> Case:
    """Return the case of one function, which takes names of the program as its arguments."""
    arguments = [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]
    return Case(
        bool(settings.get("hidden", False)),
        settings.get("points"),
        code="\n".join(ast.unparse(node) for node in (*before, *tree.body)),
        parameters=tuple(argument.arg for argument in arguments),
        message=str(settings.get("failure_message") or ""),
    )


def _literals(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                yield node.targets[0].id, ast.literal_eval(node.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue


def _functions(tree: ast.Module) -> Iterator[Case]:
    before: list[ast.stmt] = []
    for node in tree.body:
        settings = _settings(node)
        if settings is not None:
            assert isinstance(node, ast.FunctionDef)
            yield case_of_function(node, before, settings)
        elif not _is_own(node):
            before.append(node)


def _settings(node: ast.stmt) -> dict[str, Any] | None:
    """Return what @test_case says of a function, None where it has no such mark."""
    if not isinstance(node, ast.FunctionDef):
        return None
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("test_case"):
            named = ("name", "points", "hidden", "success_message", "failure_message")
            given = dict(zip(named, mark.args, strict=False))
            given |= {each.arg: each.value for each in mark.keywords if each.arg}
            return {key: value.value for key, value in given.items() if isinstance(value, ast.Constant)}
    return None


def _is_own(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in _OWN_NAMES
        case ast.ImportFrom(module=str(module)):
            return module.partition(".")[0] == "otter"
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] == "otter" for alias in names)
        case _:
            return False


def question_with(name: str, cases: tuple[Case, ...], points: Any, all_or_nothing: bool, shown: str) -> Question:
    """Return a question, the points of its cases by otter's rules.

    Raises:
        NotUnderstood: where there are no cases, or the points do not fit them.
    """
    if not cases:
        raise NotUnderstood(say("{file}: question {name} has no test cases", file=shown, name=name))
    try:
        return Question(name, cases, _points(cases, points), all_or_nothing)
    except (TypeError, ValueError):
        raise NotUnderstood(
            say("{file}: the points of question {name} do not match its test cases", file=shown, name=name)
        ) from None


def _points(cases: tuple[Case, ...], total: Any) -> tuple[float, ...]:
    """Return each case's points by otter's rules: what is not said is shared evenly, 1 in all where nothing is said."""
    if isinstance(total, dict):
        total = float(total.get("each", 1)) * len(cases)
    if isinstance(total, list):
        if len(total) != len(cases):
            raise ValueError
        given, total = [None if each is None else float(each) for each in total], None
    else:
        given = [None if case.points is None else float(case.points) for case in cases]
    said = sum(each for each in given if each is not None)
    open_ = given.count(None)
    if total is not None and said > float(total):
        raise ValueError
    if total is not None:
        rest = (float(total) - said) / open_ if open_ else 0.0
    else:
        rest = 1 / open_ if said == 0 and open_ else 0.0
    return tuple(round(rest if each is None else each, 6) for each in given)

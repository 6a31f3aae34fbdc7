"""Kinds of exercise: nobody asks which one it is, and every table of them has all."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from repository import ROOT

from grader.core.course.facets import KINDS, Facets

# What belongs to a kind bears its name: Stated, KnownStated, StatedView. Its parts do not.
OF_A_KIND = re.compile("|".join(kind.__name__ for kind in KINDS))
PARTS = ("Ask", "Check", "AuthorTest")
EXERCISE = "grader.core.course.exercise"


@cache
def sources() -> dict[Path, ast.Module]:
    """Return every file of the grader, parsed."""
    return {path: ast.parse(path.read_bytes()) for path in sorted((ROOT / "grader").rglob("*.py"))}


def asking(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that ask of which kind something is: isinstance, a pattern of match, or a look at its type."""
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == EXERCISE]
    parts = {alias.asname or alias.name for node in imported for alias in node.names if alias.name in PARTS}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, classes]):
                asked: list[ast.expr] = [classes]
            case ast.MatchClass(cls=cls):
                asked = [cls]
            case ast.Compare(left=ast.Call(func=ast.Name(id="type")), comparators=comparators):
                asked = comparators
            case _:
                continue
        named = {name for each in asked for name in names(each)}
        if named & parts or any(OF_A_KIND.search(name) for name in named):
            yield node.lineno if isinstance(node, ast.expr) else asked[0].lineno


def names(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def tables() -> Iterator[tuple[str, str]]:
    """Yield module and name of every table of kinds."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        # Every worker collects these, and to parse the whole house takes it two seconds.
        if "Facets(" not in (text := path.read_text(encoding="utf-8")):
            continue
        tree = ast.parse(text)
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in tree.body:
            match node:
                case (
                    ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=ast.Name(id="Facets")))
                    | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Facets")))
                ):
                    yield module, name


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_asks_of_which_kind_an_exercise_is() -> None:
    assert [f"{shown(path)}:{line}" for path, tree in sources().items() for line in asking(tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        "isinstance(work, Stated)",
        "isinstance(work, Coded | Tested)",
        "isinstance(work, x.Coded)",
        "isinstance(known, (int, KnownCoded))",
        "type(work) is Stated",
        "match work:\n    case Tested():\n        pass",
        f"from {EXERCISE} import Ask\nisinstance(part, Ask)",
    ],
)
def test_who_asks_is_found(code: str) -> None:
    assert list(asking(ast.parse(code)))


def test_a_class_of_another_package_with_the_name_of_a_part_may_be_asked_for() -> None:
    assert not list(asking(ast.parse("from grader.sandbox.wire.author_tests import Ask\nisinstance(frame, Ask)")))


@pytest.mark.parametrize(("module", "name"), list(tables()))
def test_a_table_of_kinds_has_all(module: str, name: str) -> None:
    table = getattr(importlib.import_module(module), name)
    assert isinstance(table, Facets)
    assert set(table) == set(KINDS)


def test_every_table_of_kinds_stands_where_it_is_found() -> None:
    written = sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Facets"
        for tree in sources().values()
        for node in ast.walk(tree)
    )
    assert len(list(tables())) == written > 0

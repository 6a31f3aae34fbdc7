"""Which names an author's test asks of a program, as its text says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache

_SUBMISSION = "submission"
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def names_asked(texts: Mapping[str, str], test: str) -> tuple[str, ...]:
    """Return the names of the program that a test uses, be it by helpers and fixtures of its own file.

    Args:
        texts: of the author's files, by name.
        test: as pytest calls it: `test_one.py::TestAll::test_it`.
    """
    file, _, place = test.partition("::")
    return _asked(texts.get(file, ""), place.partition("[")[0].partition("::")[0])


@lru_cache(maxsize=256)
def _asked(text: str, definition: str) -> tuple[str, ...]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ()
    imported, modules = _submissions(tree)
    found: dict[str, None] = {}
    for node in _reached({each.name: each for each in tree.body if isinstance(each, _Definition)}, definition):
        match node:
            case ast.Name(id=name) if name in imported:
                found[imported[name]] = None
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                found[name] = None
    return tuple(found)


def _submissions(tree: ast.Module) -> tuple[dict[str, str], set[str]]:
    """Return what is imported from the program, by the name that it has here, and the names of the program itself."""
    imported: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="submission", names=names):
                imported |= {each.asname or each.name: each.name for each in names if each.name != "*"}
            case ast.Import(names=names):
                modules |= {each.asname or each.name for each in names if each.name == _SUBMISSION}
    return imported, modules


def _reached(definitions: Mapping[str, _Definition], first: str) -> Iterator[ast.AST]:
    """Yield all that is in a definition and in those that it names; a fixture is named by an argument."""
    left, seen = [first], set()
    while left:
        name = left.pop()
        if name in seen or name not in definitions:
            continue
        seen.add(name)
        for node in ast.walk(definitions[name]):
            yield node
            match node:
                case ast.Name(id=used) | ast.arg(arg=used):
                    left.append(used)

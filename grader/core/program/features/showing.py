"""What a program only shows, or keeps to show it later: nothing that it trains comes of it."""

from __future__ import annotations

import ast

_SHOWS = frozenset({"print", "display", "len", "type", "repr", "str"})
_KEEPS = frozenset({"append", "extend", "write", "item", "tolist", "numpy"})


def shows(node: ast.AST) -> bool:
    """Whether an expression shows what it is given, or asks how long or of what type it is."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _SHOWS
        case _:
            return isinstance(node, ast.JoinedStr | ast.FormattedValue)


def only_shows(statement: ast.stmt) -> bool:
    """Whether a statement prints something, puts it into a list, or is what a notebook shows at the end of a cell."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in _KEEPS
        case ast.Expr(value=ast.Call(func=ast.Name())):
            return shows(statement.value)
        case ast.Expr(value=ast.Call()):
            return False
        case _:
            return isinstance(statement, ast.Expr)

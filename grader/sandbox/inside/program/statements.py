"""Compiles a submission: as a whole, or statement by statement."""

from __future__ import annotations

import ast
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from grader.sandbox.inside.program.environment.jupyter import of_notebook

# A statement compiled, or why it cannot be.
Statement = types.CodeType | SyntaxError
Pass = Callable[[ast.Module], ast.Module]

_DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Global,
    # Python 3.12 has it.
    *filter(None, (getattr(ast, "TypeAlias", None),)),
)
_COMPOUND = (ast.If, ast.Match, ast.Try, ast.TryStar, ast.With, ast.AsyncWith)


# A child that does several jobs does them with one source.
@lru_cache(maxsize=1)
def definitions_of(source: str, filename: str, passes: tuple[Pass, ...] = ()) -> list[Statement]:
    """Return each import, def, class and assignment compiled, a main guard's too, after each pass over the tree."""
    tree = _passed(ast.parse(source, filename), passes)
    return _each_compiled(source, tree, _definitions(tree.body), filename)


@lru_cache(maxsize=1)
def statements_of(source: str, filename: str, passes: tuple[Pass, ...] = ()) -> list[Statement]:
    """Return each statement but a main guard compiled, after each pass over the tree."""
    tree = _passed(ast.parse(source, filename), passes)
    return _each_compiled(source, tree, [each for each in tree.body if not _is_main_guard(each)], filename)


def _each_compiled(source: str, tree: ast.Module, statements: Iterable[ast.stmt], filename: str) -> list[Statement]:
    """Return each statement compiled, or why it cannot be.

    That costs a notebook the statement, and a file all of it: Python would run none of it.
    """
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    found: list[Statement] = []
    flags = _flags(source, filename)
    for statement in statements:
        try:
            found.append(_compiled(ast.Module([*future, statement], []), filename, flags))
        except SyntaxError as error:
            if not of_notebook(source, filename):
                return [error]
            found.append(error)
    return found


# Some of them record what needs a pass over the tree, the others do not.
@lru_cache(maxsize=2)
def script_of(source: str, filename: str, passes: tuple[Pass, ...] = ()) -> types.CodeType:
    """Return the whole program compiled, after each pass over its syntax tree."""
    program = _passed(ast.parse(source, filename), passes) if passes else source
    return _compiled(program, filename, _flags(source, filename))


def _passed(tree: ast.Module, passes: Iterable[Pass]) -> ast.Module:
    for each in passes:
        tree = each(tree)
    return tree


def _flags(source: str, filename: str) -> int:
    return ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if of_notebook(source, filename) else 0


def _compiled(program: ast.Module | str, filename: str, flags: int) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code: types.CodeType = compile(program, filename, "exec", flags, dont_inherit=True)
        return code


def _definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if _is_main_guard(statement):
            assert isinstance(statement, ast.If)
            yield from _definitions(statement.body)
        elif _defines(statement):
            yield _alone(statement)


def _defines(statement: ast.stmt) -> bool:
    """Whether it is a definition, or an if, match, try or with that holds one."""
    if isinstance(statement, _COMPOUND):
        return _binds(statement) or any(map(_defines, chain.from_iterable(_blocks(statement))))
    return isinstance(statement, _DEFINITIONS) or _changes_in_place(statement) or _binds(statement)


def _alone(statement: ast.stmt, deciding: tuple[type[ast.stmt], ...] = ()) -> ast.stmt:
    """Return a statement with nothing in it but definitions. It is run as one: what raises ends all of it.

    Args:
        deciding: what stays besides, since it leads to a handler or out of it.
    """
    if not isinstance(statement, _COMPOUND):
        return statement
    handlers = getattr(statement, "handlers", ())
    deciding = (*deciding, ast.Raise) if handlers else deciding
    decide = _deciding_calls(statement) if isinstance(statement, ast.Try | ast.TryStar) else 0
    for block in _blocks(statement):
        tried = decide if block is getattr(statement, "body", None) else 0
        block[:] = [
            _alone(each, stays) if _stays(each, stays) else _nothing(each)
            for place, each in enumerate(block)
            for stays in [(*deciding, ast.Expr, ast.Assert) if place < tried else deciding]
        ]
    return statement


def _deciding_calls(statement: ast.Try | ast.TryStar) -> int:
    """Return how many statements of what is tried decide what is bound: a tensor that is put on a GPU on trial.

    All do where a handler or the else binds something, otherwise those before the last definition.
    """
    reached = [statement.orelse, *(each.body for each in statement.handlers if not _is_for_ctrl_c(each))]
    if any(_defines(each) for block in reached for each in block):
        return len(statement.body)
    return max((place for place, each in enumerate(statement.body) if _defines(each)), default=0)


def _is_for_ctrl_c(handler: ast.ExceptHandler) -> bool:
    # A training that somebody may stop is tried for no other reason.
    return isinstance(handler.type, ast.Name) and handler.type.id == "KeyboardInterrupt"


def _stays(statement: ast.stmt, deciding: tuple[type[ast.stmt], ...]) -> bool:
    if isinstance(statement, deciding) or _defines(statement):
        return True
    return isinstance(statement, _COMPOUND) and any(
        _stays(each, deciding) for block in _blocks(statement) for each in block
    )


def _nothing(instead_of: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Pass(), instead_of)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the statements of each branch."""
    for each in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield from (block for name in ("body", "orelse", "finalbody") if (block := getattr(each, name, None)))


def _binds(statement: ast.stmt) -> bool:
    """Whether it binds a name by the way, outside of the statements in it: (n := 5), or an if that asks for it."""
    match statement:
        case ast.Expr(value=ast.NamedExpr()):
            return True
        case ast.If(test=test):
            return any(isinstance(node, ast.NamedExpr) for node in ast.walk(test))
        case _:
            return False


def _changes_in_place(statement: ast.stmt) -> bool:
    """Whether it is a call as w.requires_grad_(): torch ends the names of what changes a tensor with an underscore."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr=name))):
            return name.endswith("_") and not name.startswith("_")
        case _:
            return False


def _is_main_guard(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
        case _:
            return False

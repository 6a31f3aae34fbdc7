"""Syntax errors that can be found without compiling the program.

A program is parsed here and compiled in the box. Python compiles the body of a `finally` once for every way out of its
`try`, so a few kilobytes of source can become gigabytes of code.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence

from grader.core.program.newer_python import newer_syntax
from grader.core.program.parsing import UNREADABLE, parsed
from grader.core.program.several import text_of
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Scope = _Function | ast.ClassDef
_CONFLICT = re.compile(r"(?:<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: |$)")
_FOR_JUPYTER = re.compile(r"\s*(?:%%?[A-Za-z]|!\s*[A-Za-z./])")
# Python writes out no whole number of more than 4,300 digits, so nothing here could show, compare or keep one. One that
# is written with decimal digits is refused by its parser already.
_MOST_DIGITS, _MOST_BITS = 4_200, 14_000
_LONG_NUMBER = re.compile(r"0[xXoObB][0-9a-fA-F_]{3000}")
_Loop = ast.For | ast.AsyncFor | ast.While
# What statements may stand in.
_STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)


def conflict_line(text: str) -> int | None:
    """Return the line of the first conflict mark of git's in a file, which no line of JSON looks like."""
    return next((line for line, each in enumerate(text.split("\n"), 1) if _CONFLICT.match(each)), None)


def syntax_fault(source: Source) -> Finding | None:
    """Return what is wrong with the syntax of `source`, with the line and a caret under the place."""
    found = syntax_error(source)
    return None if found is None else found[1]


def syntax_error(source: Source) -> tuple[int, Finding] | None:
    """Return the line of the first syntax error and what Python says of it; line 0 where none can be named.

    Errors of Python's parser are found, and statements outside the function or loop that they need. What only the
    compiler finds, such as a name that is used before it is declared global, is raised in the box.
    """
    if source.parts:
        each = (_error_in("\n" * part.above + text_of(source.text, part), source) for part in source.parts)
        return next((found for found in each if found is not None), None)
    return _error_in(source.text, source)


def _error_in(text: str, source: Source) -> tuple[int, Finding] | None:
    try:
        tree = parsed(text, source.filename)
    except SyntaxError as error:
        line, column = error.lineno or 1, (error.offset or 1) - 1
        newer = newer_syntax(text, error)
        if newer is None:
            return line, _told(source, error.msg or "", line, column)
        versions = {"since": _version(newer.since), "python": _version(sys.version_info)}
        instead = finding(newer.instead)
        return line, finding(
            "newer-python", **versions, instead=instead, **source.place(line), **_shown(source, line, column)
        )
    except UNREADABLE:
        return 0, finding("nested-too-deeply", file=source.filename)
    if _LONG_NUMBER.search(text) and (line := _line_of_long_number(tree)):
        return line, finding(
            "number-too-long", **source.place(line), code=_shown(source, line, 0)["code"], most=_MOST_DIGITS
        )
    # Expressions need a look only for what must be in a function; most of a tree is expressions.
    looked_into: tuple[type[ast.AST], ...] = (ast.AST,) if "yield" in text else _STATEMENTS
    misplaced = next(_misplaced(tree, looked_into), None)
    if misplaced is None:
        return None
    words, node = misplaced
    before = source.text.split("\n")[node.lineno - 1].encode()[: node.col_offset].decode()
    return node.lineno, _told(source, words, node.lineno, len(before))


def _line_of_long_number(tree: ast.Module) -> int:
    """Return the line of the first whole number with too many digits, 0 where there is none."""
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > _MOST_BITS
    ]
    return min(lines, default=0)


def _told(source: Source, words: str, line: int, column: int) -> Finding:
    if _CONFLICT.match(_line(source, line)):
        return finding("conflict-marks", **source.place(line))
    if not source.cells and _FOR_JUPYTER.match(_line(source, line)):
        return finding("line-for-jupyter", **source.place(line), code=_shown(source, line, column)["code"])
    return finding("syntax", **source.place(line), words=words, **_shown(source, line, column))


def _line(source: Source, line: int) -> str:
    return source.text.split("\n")[line - 1] if line <= source.text.count("\n") + 1 else ""


def _shown(source: Source, line: int, column: int) -> dict[str, object]:
    text = _line(source, line)
    indent = len(text) - len(text.lstrip())
    return {"code": text.strip().replace("\t", " ")[:200], "caret": min(max(column - indent, 0), 200)}


def _version(numbers: Sequence[int | str]) -> str:
    return f"{numbers[0]}.{numbers[1]}"


def _misplaced(tree: ast.Module, looked_into: tuple[type[ast.AST], ...]) -> Iterator[tuple[str, ast.stmt | ast.expr]]:
    """Yield the statements that are not allowed where they are, with the message of Python's compiler."""
    beginning = _last_of_beginning(tree)
    # Each node, and whether it is in a function and in a loop. Not recursive: programs nest deeper than our stack.
    ahead: list[tuple[ast.AST, bool, bool]] = [(tree, False, False)]
    while ahead:
        node, in_function, in_loop = ahead.pop()
        if isinstance(node, ast.Return) and not in_function:
            yield "'return' outside function", node
        elif isinstance(node, ast.Yield | ast.YieldFrom) and not in_function:
            yield "'yield' outside function", node
        elif isinstance(node, ast.Break) and not in_loop:
            yield "'break' outside loop", node
        elif isinstance(node, ast.Continue) and not in_loop:
            yield "'continue' not properly in loop", node
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__" and node.lineno > beginning:
            yield "from __future__ imports must occur at the beginning of the file", node
        inside = [each for each in _inside(node, in_function, in_loop) if isinstance(each[0], looked_into)]
        ahead.extend(reversed(inside))


def _last_of_beginning(tree: ast.Module) -> int:
    """Return the line of the last `from __future__` at the beginning of the file, 0 where there is none."""
    last = 0
    for place, node in enumerate(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            last = node.lineno
        elif place or ast.get_docstring(tree, clean=False) is None:
            break
    return last


def _inside(node: ast.AST, in_function: bool, in_loop: bool) -> Iterator[tuple[ast.AST, bool, bool]]:
    if isinstance(node, _Loop):
        # Behind `else` the loop is over.
        heads = [node.test] if isinstance(node, ast.While) else [node.target, node.iter]
        yield from ((each, in_function, in_loop) for each in heads)
        yield from ((each, in_function, True) for each in node.body)
        yield from ((each, in_function, in_loop) for each in node.orelse)
    elif isinstance(node, _Scope):
        # Decorators, defaults and bases are evaluated outside.
        body = node.body if isinstance(node.body, list) else [node.body]
        inside = set(map(id, body))
        for each in ast.iter_child_nodes(node):
            yield (each, isinstance(node, _Function), False) if id(each) in inside else (each, in_function, in_loop)
    else:
        yield from ((each, in_function, in_loop) for each in ast.iter_child_nodes(node))

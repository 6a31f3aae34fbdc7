"""Parses programs, and tells what is nested too deeply from what there is no memory for."""

from __future__ import annotations

import ast
import warnings

# What Python's parser takes, at most, for each character: one name a line.
_MEMORY_A_CHARACTER = 1024
# What is raised where a text is no program, or none that can be read.
UNREADABLE = (SyntaxError, ValueError, RecursionError, OverflowError)


def parsed(text: str, filename: str = "<unknown>", flags: int = 0) -> ast.Module:
    """Return the syntax tree of a text.

    Args:
        flags: of `compile`, beside the one that makes a tree.

    Raises:
        SyntaxError, ValueError, RecursionError, OverflowError: where it cannot be read.
        MemoryError: where this process has too little memory left to say so.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree: ast.Module = compile(text, filename, "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            return tree
    except MemoryError:
        # The parser says the same of its own stack. This is asked for and not touched, so it costs nothing.
        bytes(_MEMORY_A_CHARACTER * len(text))
        raise RecursionError from None

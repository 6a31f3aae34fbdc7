"""What can be said of a function without calling it."""

from __future__ import annotations

import inspect
import types
from typing import Any


def is_function(thing: object) -> bool:
    """Whether it was made by `def` or `lambda`."""
    return isinstance(thing, types.FunctionType)


def parameters(function: Any) -> str:
    """Return the names of the positional parameters of a function made by `def` or `lambda`."""
    code = function.__code__
    return ", ".join(code.co_varnames[: code.co_argcount])[:500]


def accepts(function: Any, count: int) -> bool:
    """Whether a function made by `def` or `lambda` can be called with so many positional arguments."""
    code: types.CodeType = function.__code__
    if not function.__dict__ and not code.co_kwonlyargcount and not code.co_flags & inspect.CO_VARARGS:
        least = code.co_argcount - len(function.__defaults__ or ())
        return least <= count <= code.co_argcount
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        return True
    return True

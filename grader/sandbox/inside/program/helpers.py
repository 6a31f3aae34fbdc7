"""The functions of an author's ask.py."""

from __future__ import annotations

import types
from typing import Any


def helpers_of(text: str) -> dict[str, Any]:
    """Return the functions and classes of ask.py by name, but for those with a `_` in front.

    It runs before the submission's first line: what it imports is what it says, whatever a program puts there later.
    """
    if not text:
        return {}
    # By its name what is made there is told from what is imported.
    module = types.ModuleType("ask")
    exec(compile(text, "ask.py", "exec"), module.__dict__)
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == "ask"
    }

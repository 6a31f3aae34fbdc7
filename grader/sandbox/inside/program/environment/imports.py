"""Holds a program to the packages that its course allows. A rule, not a lock: what is installed can be reached."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from grader.sandbox.inside.program.environment.jupyter import STANDS_IN

_IMPORT = builtins.__import__


def allow_only(own: Sequence[Mapping[str, Any]], packages: Sequence[str], modules: Sequence[str]) -> None:
    """Let a program import no other modules than these, those of Python, and what stands in for Jupyter's.

    Args:
        own: the top level of each of the program's files; what other modules import is their own business.
        packages: what the modules are called for people.
    """
    allowed = {*modules, *STANDS_IN, *sys.stdlib_module_names}

    def held(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        module = name.partition(".")[0]
        if level == 0 and module not in allowed and any(globals is each for each in own):
            raise ModuleNotFoundError(f"{module} is not among {', '.join(packages)}", name=module)
        return _IMPORT(name, globals, locals, fromlist, level)

    builtins.__import__ = held

"""Makes modules again of a program of several files, which comes as one text with a line above each file."""

from __future__ import annotations

import ast
import importlib
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

# As core/program/several.py writes it.
_HEAD = re.compile(r"^# ==== file ([A-Za-z_]\w{0,59})\.py ====$", re.MULTILINE | re.ASCII)
Pass = Callable[[ast.Module], ast.Module]


def apart(source: str) -> dict[str, str]:
    """Return the files by their names as modules, each with as many empty lines above as it has in the whole."""
    heads = list(_HEAD.finditer(source))
    ends = [*(found.start() for found in heads[1:]), len(source)]
    return {
        found[1]: "\n" * (source.count("\n", 0, found.start()) + 1) + source[found.end() + 1 : end]
        for found, end in zip(heads, ends, strict=True)
    }


class OwnModules(MetaPathFinder, Loader):
    """Lets a program import its own files. Lines in them are those of the whole text, as in all that is told of it.

    Args:
        texts: by the modules' names.
        filename: by which the whole is called.
        passes: over the syntax tree of each.
    """

    def __init__(self, texts: Mapping[str, str], filename: str, passes: Iterable[Pass] = ()) -> None:
        self._texts, self._filename, self._passes = texts, filename, tuple(passes)
        # The top level of each module that was imported.
        self.spaces: list[dict[str, Any]] = []

    def offer(self) -> None:
        """Be found by imports, in place of the files of the program before."""
        # By name: to look at every module that there is would copy, in each child, the memory that holds them.
        for name in [name for before in _OFFERED for name in before._texts]:
            if isinstance(getattr(sys.modules.get(name), "__loader__", None), OwnModules):
                del sys.modules[name]
        _OFFERED[:] = [self]
        sys.meta_path[:] = [self, *(each for each in sys.meta_path if not isinstance(each, OwnModules))]

    def named(self, names: Iterable[str]) -> dict[str, Any]:
        """Return those of the program's files that have one of these names, imported."""
        return {name: importlib.import_module(name) for name in names if name in self._texts}

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in self._texts else None

    def create_module(self, _spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = f"{module.__name__}.py"
        self.spaces.append(module.__dict__)
        tree = ast.parse(self._texts[module.__name__], self._filename)
        for each in self._passes:
            tree = each(tree)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            code = compile(tree, self._filename, "exec", dont_inherit=True)
        exec(code, module.__dict__)


# Whose modules can be imported now.
_OFFERED: list[OwnModules] = []

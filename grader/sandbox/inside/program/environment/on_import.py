"""Lets things happen when a module comes into the process, whether that was before the program started or is by it.

Which modules were imported before a job is the host's business, for speed. What a program finds must not depend on it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

Do = Callable[[Any], None]


def when_imported(name: str, do: Do) -> None:
    """Call `do` with the module of that name: now, or as soon as it is imported and before the import returns."""
    module = sys.modules.get(name)
    if module is not None:
        do(module)
        return
    _WAITING.setdefault(name, []).append(do)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


class _Finder(MetaPathFinder):
    """Finds what is waited for where Python would, with a loader that afterwards does what waits for it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _WAITING:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            self._tell_after(fullname, spec.loader)
        return spec

    def _tell_after(self, name: str, loader: Loader) -> None:
        execute = loader.exec_module

        def execute_and_tell(module: ModuleType) -> None:
            execute(module)
            delattr(loader, "exec_module")
            for do in _WAITING.pop(name, ()):
                do(module)
            if not _WAITING and self in sys.meta_path:
                sys.meta_path.remove(self)

        # Of this very loader, not of its class.
        setattr(loader, "exec_module", execute_and_tell)  # noqa: B010


_WAITING: dict[str, list[Do]] = {}
_FINDER = _Finder()

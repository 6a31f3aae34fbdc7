"""Lets things happen when torch comes into the process, whether that was before the program started or is by it.

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


def torch_or_none() -> Any:
    """Return torch if this process has imported it. A plain-Python exercise never pays for it."""
    return sys.modules.get("torch")


def when_torch_is_imported(do: Do) -> None:
    """Call `do` with torch: now, or as soon as it is imported and before the import returns."""
    torch = torch_or_none()
    if torch is not None:
        do(torch)
        return
    _WAITING.append(do)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


class _TorchFinder(MetaPathFinder):
    """Finds torch where Python would, with a loader that afterwards does what waits for it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "torch":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            self._tell_after(spec.loader)
        return spec

    def _tell_after(self, loader: Loader) -> None:
        execute = loader.exec_module

        def execute_and_tell(module: ModuleType) -> None:
            execute(module)
            delattr(loader, "exec_module")
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            while _WAITING:
                _WAITING.pop(0)(module)

        # Of this very loader, not of its class.
        setattr(loader, "exec_module", execute_and_tell)  # noqa: B010


_WAITING: list[Do] = []
_FINDER = _TorchFinder()

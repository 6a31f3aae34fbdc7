"""What a child finds in place of what it cannot have: words where torch would search for seconds, Jupyter's names."""

from __future__ import annotations

import builtins
import sys
import types
from typing import Any, NoReturn

from grader.sandbox.inside.program.torch_import import when_torch_is_imported


def explain_what_is_missing() -> None:
    """Let torch.compile and a DataLoader's workers say at once why they are not to be had here."""
    when_torch_is_imported(_explain_in)


def _explain_in(torch: Any) -> None:
    torch.compile = _no_compiler
    loader = sys.modules.get("torch.utils.data.dataloader")
    if loader is not None:
        setattr(loader, "_MultiProcessingDataLoaderIter", _no_workers)  # noqa: B010


def _no_compiler(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("torch.compile needs a compiler, which the box does not have; leave it out")


def _no_workers(*_: Any) -> NoReturn:
    raise RuntimeError("DataLoader's workers are processes, and the box has no other processes; write num_workers=0")


def offer_jupyters_names() -> None:
    """Let `display`, `get_ipython` and imports from IPython do no harm in a notebook: there is nobody to show things.

    IPython itself would take longer to import than most submissions run, and starts threads.
    """
    offered = {"display": _display, "get_ipython": lambda: _Nothing(), "clear_output": _display}
    for name in _IPYTHON:
        module = types.ModuleType(name)
        module.__dict__.update({**offered, "__path__": [], "__getattr__": lambda _: _Nothing})
        sys.modules[name] = module
        package, _, part = name.rpartition(".")
        if package:
            setattr(sys.modules[package], part, module)
    for name in ("display", "get_ipython"):
        setattr(builtins, name, offered[name])


_IPYTHON = ("IPython", "IPython.core", "IPython.core.display", "IPython.core.interactiveshell", "IPython.display")


def _display(*objects: Any, **_: Any) -> None:
    if objects:
        print(*objects)  # noqa: T201 - what IPython's own does where nothing can be shown


class _Nothing:
    """Takes whatever is done with it, and does nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __call__(self, *_: Any, **__: Any) -> None:
        return None

    def __repr__(self) -> str:
        return "<nothing>"

"""Puts an exercise's files where a program works, before anything of the program runs."""

from __future__ import annotations

import base64
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def put_files(job: Mapping[str, Any]) -> None:
    """Write the files of a job into the folder that it works in, and let the program import those that are modules.

    Args:
        job: with `given_files`, names and contents in base64. Where the host has put them there, they have no contents.
    """
    files = job.get("given_files")
    if not files:
        return
    folder = Path(job["scratch"])
    for name, content in files:
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A program before this one may have put something else there, a link for one.
        path.unlink(missing_ok=True)
        path.write_bytes(base64.b64decode(content))
    _import_from(str(folder), {name.partition("/")[0].removesuffix(".py") for name, _ in files})


def _import_from(folder: str, modules: set[str]) -> None:
    """Let modules be imported from a folder, and read anew: the one before was another program's."""
    for name in [name for name in sys.modules if name.partition(".")[0] in modules]:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(tuple(_FOLDERS)):
            del sys.modules[name]
    sys.path[:] = [folder, *(path for path in sys.path if path not in _FOLDERS)]
    _FOLDERS.add(folder)
    importlib.invalidate_caches()


_FOLDERS: set[str] = set()

"""Puts an exercise's files where a program works, before anything of the program runs."""

from __future__ import annotations

import base64
import importlib
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
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
        _room_for(folder, name).write_bytes(base64.b64decode(content))
    _import_from(str(folder), {name.partition("/")[0].removesuffix(".py") for name, _ in files})


def _room_for(folder: Path, name: str) -> Path:
    """Return where a file is to be, and take away what a program before this one has left there: links, or folders."""
    path = folder
    *above, last = PurePosixPath(name).parts
    for part in above:
        path /= part
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            path.mkdir()
    path /= last
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    return path


def _import_from(folder: str, modules: set[str]) -> None:
    """Let modules be imported from a folder, and read anew: the one before was another program's."""
    # Only where a program was before: to go through all modules copies, in each child, the memory of their names.
    for name in [name for name in sys.modules if name.partition(".")[0] in modules] if _FOLDERS else ():
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(tuple(_FOLDERS)):
            del sys.modules[name]
    sys.path[:] = [folder, *(path for path in sys.path if path not in _FOLDERS)]
    _FOLDERS.add(folder)
    importlib.invalidate_caches()


_FOLDERS: set[str] = set()

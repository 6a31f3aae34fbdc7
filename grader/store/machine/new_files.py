"""Writes files that must not be there yet: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.files import unwritable


def write_new(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below `root`, whose folders are made.

    Raises:
        UsageFault, NotWritten: naming every file that is there already, or what cannot be written; nothing is left
            behind then.
    """
    there = [root / name for name in files if os.path.lexists(root / name)]
    if there:
        listed = ", ".join(str(path) for path in there)
        raise UsageFault(say("these files exist and are never overwritten: {files}; nothing was written", files=listed))
    written: list[Path] = []
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = root / name
            made += [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in sorted(made, key=lambda folder: -len(folder.parts)):
            with suppress(OSError):
                folder.rmdir()
        raise unwritable(error.filename or root, error) from None

"""Writes files that must not be there yet: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import say


def write_new(root: Path, files: Mapping[str, str]) -> None:
    """Write files below `root`, whose folders are made.

    Raises:
        UsageFault: naming every file that is there already, or what cannot be written; nothing is left behind then.
    """
    there = [root / name for name in files if os.path.lexists(root / name)]
    if there:
        listed = ", ".join(str(path) for path in there)
        raise UsageFault(say("these files exist and are never overwritten: {files}; nothing was written", files=listed))
    written: list[Path] = []
    try:
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        at = error.filename or root
        raise UsageFault(say("{file} cannot be written: {words}", file=at, words=error.strerror or "")) from None

"""Reads and writes files that a person named, and new ones all or none; says so where that fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import say

STANDARD_OUTPUT = Path("-")


def read_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        UsageFault: where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file; one that is there is replaced.

    Raises:
        UsageFault: where it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise unwritable(path, error) from None


def write_text(path: Path, text: str) -> None:
    """Write a text whose line ends are made already as UTF-8; `-` is standard output, where lines end as they do there.

    Raises:
        UsageFault: where the file cannot be written.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text.replace("\r\n", "\n"))
    else:
        write_file(path, text.encode())


def unwritable(path: Path, error: OSError) -> UsageFault:
    """Return what is said where a file cannot be written."""
    return UsageFault(say("{file} cannot be written: {words}", file=path, words=error.strerror or ""))


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

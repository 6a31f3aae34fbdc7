"""Reads a folder of several files as one program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from grader.core.program.several import joined
from grader.core.program.source import MOST_BYTES, Source, read_source

Read = Callable[[Path], tuple[bytes, datetime]]


def program_of(files: dict[str, bytes]) -> bytes:
    """Return files as one text. What is no text in one of them is a sign that Python cannot read, in its line."""
    return joined({name: _text(first_of(content)) for name, content in files.items()}).encode()


def first_of(content: bytes) -> bytes:
    """Return what is recorded of a file among several: one byte more than a program may have is enough to be told."""
    return content[: MOST_BYTES + 1]


def read_folder(folder: Path, names: Iterable[str], read: Read) -> tuple[bytes, datetime] | None:
    """Return those files of a folder that are handed in as one text, and when the last one was changed.

    None where there is none of them; what else lies there is not looked at.

    Args:
        read: returns what a plain file holds and when it was changed.

    Raises:
        OSError: where one cannot be read, or is no plain file.
    """
    found: dict[str, bytes] = {}
    moments = []
    for name in names:
        try:
            content, moment = read(folder / name)
        except FileNotFoundError:
            continue
        found[name] = first_of(content)
        moments.append(moment)
    return (program_of(found), max(moments)) if found else None


def _text(content: bytes) -> str:
    source = read_source(content, "")
    if isinstance(source, Source):
        return source.text
    return content.decode("utf-8", "replace").replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")

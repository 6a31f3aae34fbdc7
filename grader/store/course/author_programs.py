"""Finds and reads an author's right and wrong programs: Python files, and notebooks as students hand them in."""

from __future__ import annotations

from pathlib import Path

from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.yaml.reader import Reading

_SUFFIXES = (".py", ".ipynb")


def author_programs(reading: Reading, folder: Path, shown: str) -> dict[str, bytes]:
    """Return what each program in a folder holds, by the name of its file. Two files of one stem are a fault.

    Args:
        shown: how messages call the folder.
    """
    paths = sorted(path for path in folder.glob("[!.]*") if path.suffix in _SUFFIXES)
    stems = [path.stem for path in paths]
    for place, path in enumerate(paths):
        if path.stem in stems[:place]:
            what = say("duplicate program name: {name}; rename one of the two", name=path.stem)
            reading.fault(Position(f"{shown}/{path.name}"), what)
    return {path.name: _content(reading, path, Position(f"{shown}/{path.name}")) for path in paths}


def _content(reading: Reading, path: Path, at: Position) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reading.fault(at, say("this file cannot be read: {words}", words=error.strerror or ""))
        return b""

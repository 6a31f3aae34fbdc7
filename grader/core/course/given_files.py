"""The files beside an exercise that its programs find where they work: data, and modules to import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core.words.message import clean

MOST_FILES = 20
MOST_BYTES = 4 * 2**20
_PLAIN = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,59}"
_NAME = re.compile(rf"(?:{_PLAIN}/){{0,2}}{_PLAIN}")


@dataclass(frozen=True)
class GivenFile:
    """A file by its name from where the program works, such as `data/train.csv`."""

    name: str
    content: bytes


def is_name(name: str) -> bool:
    """Whether a file may be called so: plain letters, at most two folders deep, no way out of the folder."""
    return _NAME.fullmatch(name) is not None and not any(part.endswith(".") for part in name.split("/"))


def with_others(files: Iterable[GivenFile], others: Iterable[GivenFile]) -> tuple[GivenFile, ...]:
    """Return the files with `others` in place of those that have their names."""
    return tuple({file.name: file for file in (*files, *others)}.values())


def modules_among(files: Iterable[GivenFile]) -> tuple[str, ...]:
    """Return the names under which a program imports the files that are modules, and the folders that hold some."""
    names = (file.name.removesuffix(".py") for file in files if file.name.endswith(".py"))
    return tuple(dict.fromkeys(name.partition("/")[0] for name in names))


def texts_of(files: Iterable[GivenFile]) -> tuple[str, ...]:
    """Return the texts of the files that are modules."""
    return tuple(file.content.decode("utf-8", "replace") for file in files if file.name.endswith(".py"))


def beginning(file: GivenFile, lines: int = 3, most: int = 120) -> str:
    """Return the first lines of a file in one line; of what is no text, how large it is."""
    try:
        first = file.content.decode("utf-8")[: 4 * most]
    except UnicodeDecodeError:
        return f"{len(file.content)} bytes"
    shown = " ⏎ ".join(clean(line.strip()) for line in first.splitlines()[:lines])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def main_of(submit: Sequence[str]) -> str:
    """Return which of the files that are handed in is run, as a module is called; "" where it is one file."""
    return submit[-1].removesuffix(".py") if submit else ""

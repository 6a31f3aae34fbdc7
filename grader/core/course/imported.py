"""An exercise that comes from another system, before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.core.words.message import Message, say


@dataclass(frozen=True)
class ImportedTest:
    """A check: `function` is the text of the test `test_<name>`.

    Attributes:
        hidden: whether students did not see it where it comes from.
    """

    name: str
    points: float
    function: str
    hidden: bool


@dataclass(frozen=True)
class Imported:
    """What was understood of an assignment.

    Attributes:
        modules: files that the tests import; students have them too.
        heading: what stands above the tests in each file of tests.
        notes: what was left out, or needs the author's eye.
    """

    title: str
    prompt: str
    starter: str
    solution: str
    tests: tuple[ImportedTest, ...]
    heading: str
    modules: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def none_left(path: object, notes: Iterable[Message]) -> Message:
    """Return what is said where nothing was found that could become a check, with all that was left out."""
    told = say("{file} holds no test that runs by itself.", file=path)
    for note in notes:
        told = say("{before}\n  {note}", before=told, note=note)
    return told


def as_names(words: Iterable[str]) -> list[str]:
    """Return a name for each of these words, all of them different, as checks and functions may be called."""
    names: list[str] = []
    for word in words:
        name = re.sub(r"\W+", "_", word, flags=re.ASCII).strip("_") or "test"
        name = f"q_{name}" if name[0].isdigit() else name
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name}_{count}", count + 1
        names.append(unique)
    return names

"""What an importer declares: one file for each system, listed in a registry, so that none is known to the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from grader.core.course.imported import Imported
from grader.core.words.message import Message

Own = TypeVar("Own")  # the dataclass of an importer's own options


@dataclass(frozen=True)
class SystemImporter(Generic[Own]):
    """Reads an assignment of another system.

    Attributes:
        word: how the system is called on the command line.
        summary: one line, imperative mood.
        example: the arguments of an example, after `course import <word>`.
        source: the placeholder for the path in the help, such as NOTEBOOK.
        options: a dataclass whose fields are options (`grader.core.words.options`).
        read: reads what lies at a path. It raises UsageFault where that is not an assignment that can be graded.
    """

    word: str
    summary: Message
    example: str
    source: Message
    options: type[Own]
    read: Callable[[Path, Own], Imported]


Importer = SystemImporter[Any]

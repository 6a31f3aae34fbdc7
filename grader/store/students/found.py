"""What is found of a class on disk: submissions, and what is none."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.core.course.policies.trust import Trust
from grader.core.words.message import Message
from grader.store.students.plain_files import read_plain_file
from grader.store.students.several_files import read_folder


@dataclass(frozen=True)
class FoundSubmission:
    """One submission on disk.

    Attributes:
        path: its file; of several files in a folder, the one that they would be as one.
        sha256: of its bytes when it was found.
        suffix: what it is read as, .py, .ipynb or .yaml, whatever it is called.
        trust: in the time when it was submitted.
        collected: whether it comes from a download: the same bytes are the same attempt then.
        names: of the files in the folder of `path`, where it is several.
        stored: whether its bytes are in the gradebook, and `path` is only what they are called.
    """

    student: str
    exercise: str
    path: Path
    submitted: datetime
    sha256: str
    suffix: str = ".py"
    trust: Trust = Trust.FILE
    collected: bool = False
    names: tuple[str, ...] = ()
    stored: bool = False


def read_found(path: Path, names: Sequence[str]) -> tuple[bytes, datetime]:
    """Return the bytes of a submission that was found, and when they were changed.

    Raises:
        OSError: where it cannot be read, or there is none.
    """
    if not names:
        return read_plain_file(path)
    found = read_folder(path.parent, names, read_plain_file)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    return found


@dataclass(frozen=True)
class Unknown:
    """Something in the tree that is not a submission, and why.

    Attributes:
        maybe_work: whether it could be somebody's work that is left aside.
    """

    path: Path
    why: Message
    maybe_work: bool = True


def best_of(found: list[FoundSubmission]) -> list[FoundSubmission]:
    """Leave out what was collected again only for a better time: the best one stays."""
    best: dict[object, FoundSubmission] = {}
    for each in found:
        place = (each.student, each.exercise, each.sha256 if each.collected else each.path)
        if place not in best or each.trust < best[place].trust:
            best[place] = each
    return list(best.values())

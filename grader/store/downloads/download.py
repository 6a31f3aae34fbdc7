"""What a download tells: whose each file is, as its system calls people, and when it was handed in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.people.student import Student
from grader.core.words.message import Message
from grader.store.downloads.tree import File, Left, Tree


@dataclass(frozen=True)
class HandedIn:
    """One file that somebody handed in.

    Attributes:
        key: what the system calls the person: the same in every download of it.
        path: the file's own folders and name, as the person gave them.
        moment: when it was handed in; None where nothing says so.
        late: whether the system says that it came late, without saying when.
    """

    key: str
    person: Person
    path: tuple[str, ...]
    file: File
    moment: datetime | None
    trust: Trust
    late: bool = False


@dataclass(frozen=True)
class Download:
    """A download, read.

    Attributes:
        system: the word of its system.
        left: what cannot be work, or could not be read, and why.
    """

    system: str
    shown: str
    handed_in: tuple[HandedIn, ...]
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class Hints:
    """What the course knows that helps to read a download.

    Attributes:
        zone: of times that say none.
        exercises: the ids of the course.
        students: of the roster.
    """

    zone: tzinfo
    exercises: Collection[str]
    students: Sequence[Student] = ()


@dataclass(frozen=True)
class System:
    """A system with a layout of its own.

    Attributes:
        word: in matches.csv.
        title: as people call it.
        recognises: whether a tree is laid out so.
        read: returns what it tells. It raises UsageFault where what the layout promises cannot be read.
    """

    word: str
    title: Message
    recognises: Callable[[Tree], bool]
    read: Callable[[Tree, Hints], Download]


def mostly(found: int, of: int) -> bool:
    """Return whether so many of them are enough to tell a layout: strays are put anywhere."""
    return found > 0 and 2 * found >= of

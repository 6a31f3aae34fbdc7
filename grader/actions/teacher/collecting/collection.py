"""What downloads come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.actions.teacher.collecting.earlier_answers import Earlier
from grader.store.downloads.moodle_times import Times
from grader.store.downloads.tree import Left
from grader.store.students.matches import Row
from grader.store.students.submissions import Origin


@dataclass(frozen=True)
class Item:
    """One file that is somebody's work.

    Attributes:
        is_new: whether it is recorded nowhere yet, or only with a time that can be believed less.
        corrected: records of it with another time, which the teacher has corrected since.
    """

    student: str
    exercise: str
    suffix: str
    content: bytes
    origin: Origin
    is_new: bool
    corrected: tuple[Path, ...] = ()


@dataclass
class Collection:
    """What downloads come to.

    Attributes:
        downloads: the system of each, how messages call it, and how many people of it are students.
        open: what the teacher has to say, as lines of matches.csv.
        told: what is recorded all the same, and what is to be known of it, as lines of matches.csv.
        doubtful: what has a time that the teacher said before, and what has none though one is said; as `told`.
        strangers: people whom the teacher has said are nobody of this class.
        starters: files that are an exercise's starter, unchanged: nothing was handed in by them.
        left: what is not taken, and why.
        earlier: what was recorded before, by an answer that is another one now.
        times: what worksheets beside the downloads say of them.
        unread: columns of a roster without a name that say nothing here.
    """

    downloads: list[tuple[str, str, int, int]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    open: list[Row] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)
    doubtful: list[Row] = field(default_factory=list)
    strangers: int = 0
    starters: int = 0
    left: list[Left] = field(default_factory=list)
    earlier: list[Earlier] = field(default_factory=list)
    times: Times = Times({})
    unread: tuple[str, ...] = ()

    @property
    def new(self) -> list[Item]:
        return [item for item in self.items if item.is_new]

    @property
    def aside(self) -> bool:
        """Whether something may be work and is not taken, or lies where it does not belong."""
        return bool(self.open or self.left or self.earlier)


def by_student(items: Iterable[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Yield everything of each student, in the order of their ids."""
    students: dict[str, list[Item]] = {}
    for item in items:
        students.setdefault(item.student, []).append(item)
    yield from sorted(students.items())

"""What a grading run is asked for, what it needs, and what it did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, Place
from grader.core.course.policies.trust import Trust
from grader.core.words.errors import Fault
from grader.core.words.message import Message
from grader.grading.batch.task import Outcome, Task
from grader.store.grades.gradebook import Recorded
from grader.store.students.found import FoundSubmission, Unknown

T = TypeVar("T")


class Workers(Protocol):
    """Whatever judges tasks side by side."""

    def begin(self, isolation: str, most: int, torch: bool = False) -> None:
        """Make up to `most` of them ready before there are tasks, and their boxes: with torch where that is said."""
        ...

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        """Yield the outcome of every task, in the order in which they are done."""
        ...

    def close(self) -> None:
        """End those that are not needed any more."""
        ...


class Progress(Protocol):
    """Whatever tells the user how far it is."""

    def begin(self, total: int) -> None: ...

    def advance(self, exercise: str) -> None: ...


@dataclass(frozen=True)
class GradeRequest:
    """What `course grade` was asked for; empty `only` and `students` mean all.

    Attributes:
        folder: of the class; None for what was handed in at the server.
        secret: what the hidden numbers are drawn from.
        practice: whether that is no secret.
        regrade: judge again what is stale, and ask whether that is to count.
        as_found: whether the run's grades are scores of what lies in the folder, whatever else was ever handed in, due
            or set by hand: who keeps grades elsewhere has these there.
        known: the students of the roster; work of others is left aside. None where everybody's is graded.
    """

    folder: Path | None
    secret: bytes
    practice: bool
    isolation: str
    only: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    regrade: bool = False
    as_found: bool = False
    known: Collection[str] | None = None


@dataclass(frozen=True)
class Change:
    """A grade that is another one than before."""

    before: Grade
    after: Grade


@dataclass(frozen=True)
class Stale:
    """A submission whose standing result rests on something that has changed since.

    Attributes:
        key: of the result that it would get now.
        reasons: what has changed.
    """

    recorded: Recorded
    key: str
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class Regrade:
    """What judging stale submissions again comes to, if it is to count.

    Attributes:
        gradings: submissions by the number of the result that they would get.
        changes: the grades that would change.
        void: submissions that could not be judged: their grades never change.
        counts: whether it was accepted.
    """

    gradings: Mapping[int, Sequence[int]]
    changes: Sequence[Change]
    void: int
    counts: bool = False

    @property
    def submissions(self) -> int:
        return sum(map(len, self.gradings.values()))


@dataclass
class GradeRun:
    """What a run did.

    Attributes:
        found: submissions in the folder.
        judged: results that are new.
        same: submissions of the same bytes as one that was judged.
        reused: submissions that have their result already, or got one that was known.
        void: submissions without a standing result that could not be judged.
        unknown: what in the folder is no submission.
        strangers: people who are not in the roster, whose work was left aside.
        forgotten: people who are in the roster, but whom somebody took out of the gradebook's sight.
        renamed: submissions whose files have a name of their own.
        untimed: how many grades rest on work that is late by a time that costs nothing, by the trust in that.
        stale: submissions that keep a result which rests on something older.
        regrade: what judging these again came to, where that was asked for.
        grades: by student and exercise, after the run.
        faults: of exercises that could not serve.
        unrecorded: why the gradebook took no more results, which ended the run; None where it took all.
    """

    exercises: Sequence[Exercise]
    students: Sequence[str] = ()
    found: int = 0
    judged: int = 0
    same: int = 0
    reused: int = 0
    void: int = 0
    unknown: Sequence[Unknown] = ()
    strangers: Sequence[str] = ()
    forgotten: Sequence[str] = ()
    renamed: Sequence[FoundSubmission] = ()
    untimed: Mapping[Trust, int] = field(default_factory=dict)
    stale: Sequence[Stale] = ()
    regrade: Regrade | None = None
    grades: Mapping[Place, Grade] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    changes: Sequence[Change] = ()
    unrecorded: Message | None = None

    @property
    def aside(self) -> bool:
        """Whether something may be work and was not graded, or nothing was there to be graded."""
        return bool(self.strangers or self.forgotten or not self.found or any(each.maybe_work for each in self.unknown))

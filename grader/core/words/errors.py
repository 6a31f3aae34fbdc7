"""What ends a command early: a fault of its user, of the course's author, or of the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.core.words.message import Message


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; line and column count from 1, 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place of a file."""

    at: Position
    message: Message


class UsageFault(Exception):
    """The user asked for what is not there or cannot be: exit code 2."""

    def __init__(self, *messages: Message) -> None:
        super().__init__(messages[0].template)
        self.messages = messages

    def __reduce__(self) -> tuple[type[UsageFault], tuple[Message, ...]]:
        return type(self), self.messages


class CourseInvalid(Exception):
    """The course's files are not right: exit code 3. Holds all faults found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)

    # Workers in other processes raise it too: what pickle takes by itself would not hold the faults.
    def __reduce__(self) -> tuple[type[CourseInvalid], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class CouldNotJudge(Exception):
    """This machine could not do it: exit code 4."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.template)
        self.message = message

    def __reduce__(self) -> tuple[type[CouldNotJudge], tuple[Message]]:
        return type(self), (self.message,)


class NotWritten(Exception):
    """This machine could not keep something, as where a disk is full: exit code 4. What was judged is judged."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.template)
        self.message = message

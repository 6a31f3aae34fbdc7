"""What a notebook hands in for one exercise."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.words.message import Message


@dataclass(frozen=True)
class Part:
    """What a notebook hands in for one exercise.

    Attributes:
        places: cell and line of each line of stated values.
        notes: what the student and the teacher should know about how it was found.
    """

    suffix: str
    content: bytes
    places: tuple[tuple[int, int], ...] = ()
    notes: tuple[Message, ...] = ()

"""What a program raised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Raised:
    """An exception of the submission.

    Attributes:
        line: the last line of the student's own file on the way, 0 where there is none.
        way: the lines of that file on the way, the outermost first; no more than a few.
        lack: a word for what the program asked for and the box does not have; "" where it is about something else.
    """

    type_name: str
    message: str
    line: int
    function: str = ""
    way: tuple[int, ...] = ()
    lack: str = ""

"""What a format of `course submit`'s reports for other tools declares: one file for each, listed in a registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.core.course.exercise import Exercise
from grader.core.report.flat_rows import Row
from grader.core.words.message import Message, Translate


@dataclass(frozen=True)
class Judged:
    """Everything that one `course submit` judged.

    Attributes:
        rows: a row for each check, in the order of the exercises.
        practice: whether the marks are for practice only.
        environment: the environment variables of the process.
        now: when it was judged, with a time zone.
    """

    rows: Sequence[Row]
    exercises: Sequence[Exercise]
    practice: bool
    translate: Translate
    language: str
    environment: Mapping[str, str]
    now: datetime


@dataclass(frozen=True)
class ReportFormat:
    """A format in which the results of a submission are written to a file.

    Attributes:
        word: the option without its dashes.
        summary: the option's help.
        write: returns the file's content. It raises UsageFault where the tool is not there, and CouldNotJudge where
            the tool must not get a score.
        marks_count: whether the tool records these marks, so that submissions run in a locked box only.
        not_judged: returns what is written where the whole command fails; None where nothing is.
    """

    word: str
    summary: Message
    write: Callable[[Judged], bytes]
    marks_count: bool = False
    not_judged: Callable[[Translate, str], bytes] | None = None

"""A submission and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.actions.student.submission import Submission
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade
from grader.core.report.evidence import Drawing
from grader.core.report.report import Report
from grader.core.words.message import Message


@dataclass(frozen=True)
class Judgement:
    """A submission and what is said of it.

    Attributes:
        drawing: the graph of stated values; None for a program.
        note: what is to be known beside the report; None where there is nothing.
        grade: what it comes to by the rules of attempts; None where nothing was recorded.
        not_kept: why the submission is not recorded, or its report not beside it; None where both are.
    """

    exercise: Exercise
    submission: Submission
    report: Report
    drawing: Drawing | None = None
    note: Message | None = None
    grade: Grade | None = None
    not_kept: Message | None = None

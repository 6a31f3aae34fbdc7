"""A submission and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.actions.student.submission import Submission
from grader.core.course.exercise import Exercise
from grader.core.course.feedback import Tells
from grader.core.course.policies.policy import Grade
from grader.core.findings.held_back import held_back
from grader.core.report.evidence import Drawing
from grader.core.report.report import Report
from grader.core.words.message import Message


@dataclass(frozen=True)
class Judgement:
    """A submission and what is said of it.

    Attributes:
        report: what the student is shown.
        drawing: the graph of stated values; None for a program.
        note: what is to be known beside the report; None where there is nothing.
        grade: what it comes to by the rules of attempts; None where nothing was recorded.
        kept: all that was found, where the exercise shows a part of it only.
        not_kept: why the submission is not recorded, or its report not beside it; None where both are.
    """

    exercise: Exercise
    submission: Submission
    report: Report
    drawing: Drawing | None = None
    note: Message | None = None
    grade: Grade | None = None
    not_kept: Message | None = None
    kept: Report | None = None

    @property
    def whole(self) -> Report:
        """All that was found, of which the exercise may show a part only."""
        return self.kept or self.report


def shown_of(judgement: Judgement) -> Judgement:
    """Return a judgement as its exercise lets students see it."""
    tells = judgement.exercise.tells
    if tells is Tells.CAUSE:
        return judgement
    # The drawing shows which edge is lost.
    return replace(judgement, report=held_back(judgement.report, tells), drawing=None, kept=judgement.report)

"""What a student can do next, after reading what became of a submission."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from grader.actions.student.judgement import Judgement
from grader.core.report.report import Verdict
from grader.core.words.message import Translate, say


@dataclass(frozen=True)
class NextStep:
    """One thing to do: in words, with the command for it, or with the check or the line to look at."""

    text: str
    command: str = ""
    check: str = ""
    line: int = 0


def next_steps(judgement: Judgement, line: int, translate: Translate) -> tuple[NextStep, ...]:
    """Return what to do next, in order.

    Args:
        line: of the source that the first check speaks of which is not right; 0 where it speaks of none.
    """
    return tuple(_steps(judgement, line, translate))


def _steps(judgement: Judgement, line: int, translate: Translate) -> Iterator[NextStep]:
    report, id = judgement.report, shlex.quote(judgement.exercise.id)
    if report.void:
        yield NextStep(translate("Hand it in again:"), f"course submit {id}")
        return
    wrong = [check.name for check in report.checks if check.verdict is not Verdict.PASS]
    if not wrong:
        yield NextStep(translate("Everything is right. See which exercises are left:"), "course list")
        return
    if line:
        yield NextStep(say("Begin with line {number}.", number=line).said(translate), line=line)
    else:
        yield NextStep(translate("Begin with:"), check=wrong[0])
    if judgement.exercise.work.by_program:
        yield NextStep(translate("Change one thing and see what it does each time you save:"), f"course watch {id}")
    yield NextStep(translate("If you are stuck, get the next hint:"), f"course hint {id}")
    yield NextStep(translate("Then hand it in:"), f"course submit {id}")

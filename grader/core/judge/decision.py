"""What decides a mark: of a run on hidden numbers, one of three words a check, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import say


class Decision(Enum):
    """Whether a check was passed on hidden numbers; `void` where our box failed."""

    PASSED = "passed"
    NOT_PASSED = "not passed"
    VOID = "void"


# By the name of the check.
Decisions = Mapping[str, Decision]

_DECISIONS = {Verdict.PASS: Decision.PASSED, Verdict.VOID: Decision.VOID}


def decisions(results: Sequence[CheckResult]) -> Decisions:
    """Return of each result, by the name of its check, what it decides; whatever else a program said in it ends here.

    A program can tell the numbers that it was given in everything that it chooses: what it raises and where, its
    output, its names, the way it ends, which of its signatures holds, how long it takes.
    """
    return {result.name: _DECISIONS.get(result.verdict, Decision.NOT_PASSED) for result in results}


def passed(name: str, points: float) -> CheckResult:
    """Return the result of a check that was passed on hidden numbers."""
    return CheckResult(name, RunStatus.COMPLETED, Verdict.PASS, points)


# What is said where the box failed on hidden numbers alone.
WHY_VOID = say("the sandbox failed with the hidden inputs")

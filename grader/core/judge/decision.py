"""What decides a mark: of a run on hidden numbers, one of a few words a check, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import say


class Decision(Enum):
    """Whether a check was passed on hidden numbers; `void` where our box failed.

    What a training reached there is told in tenths of its points, from one to nine. That follows from predictions for
    data whose answers no program knows, so hardly more than whether it passed can be told by it.
    """

    PASSED = "passed"
    NOT_PASSED = "not passed"
    VOID = "void"
    ONE = "1/10"
    TWO = "2/10"
    THREE = "3/10"
    FOUR = "4/10"
    FIVE = "5/10"
    SIX = "6/10"
    SEVEN = "7/10"
    EIGHT = "8/10"
    NINE = "9/10"

    @property
    def tenths(self) -> int:
        """How many tenths of the points are earned; none of what is void."""
        return _ALL if self is Decision.PASSED else _TENTHS.index(self) + 1 if self in _TENTHS else 0


_ALL = 10
_TENTHS = tuple(each for each in Decision if each.value.endswith("/10"))
# The kind of what says how many of its points a training earns.
EARNS = "reach-earns"


# By the name of the check.
Decisions = Mapping[str, Decision]

_DECISIONS = {Verdict.PASS: Decision.PASSED, Verdict.VOID: Decision.VOID}


def decisions(results: Sequence[CheckResult]) -> Decisions:
    """Return of each result, by the name of its check, what it decides; whatever else a program said in it ends here.

    A program can tell the numbers that it was given in everything that it chooses: what it raises and where, its
    output, its names, the way it ends, which of its signatures holds, how long it takes.
    """
    return {result.name: _decision(result) for result in results}


def _decision(result: CheckResult) -> Decision:
    trained = any(each.kind == EARNS for each in result.findings)
    tenths = round(_ALL * result.carried / result.max_score) if trained and result.max_score else 0
    return _TENTHS[tenths - 1] if 0 < tenths < _ALL else _DECISIONS.get(result.verdict, Decision.NOT_PASSED)


def passed(name: str, points: float) -> CheckResult:
    """Return the result of a check that was passed on hidden numbers."""
    return CheckResult(name, RunStatus.COMPLETED, Verdict.PASS, points)


# What is said where the box failed on hidden numbers alone.
WHY_VOID = say("the sandbox failed with the hidden inputs")

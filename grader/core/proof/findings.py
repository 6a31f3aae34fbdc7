"""What is not as it should be in an exercise, and what was seen of the programs that prove it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.report.report import Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import Position
from grader.core.words.message import Message


@dataclass(frozen=True)
class Finding:
    """One thing to mend; `name` is stable, for programs."""

    name: str
    at: Position
    message: Message


@dataclass(frozen=True)
class Program:
    """A program of the author's side; `role` is starter, solution, right or wrong.

    Attributes:
        names: under which a wrong program may be named, its own first.
        unnamed: why a wrong program gets no name; empty where it must get one.
    """

    role: str
    shown: str
    content: bytes
    names: tuple[str, ...] = ()
    unnamed: str = ""


@dataclass(frozen=True)
class CheckSeen:
    """How a program did at one check.

    Attributes:
        named: the names that it was told.
        excess: how far it is off, in units of what is allowed; None where that cannot be said in numbers.
        share: of the check's time limit that it used.
        raised: what its own lines raised, outside of any call of ours.
        rule: whether it breaks a rule on its source, and is told so.
    """

    name: str
    verdict: Verdict
    status: RunStatus = RunStatus.COMPLETED
    named: tuple[str, ...] = ()
    message: Message | None = None
    excess: float | None = None
    share: float = 0.0
    raised: Message | None = None
    rule: bool = False


@dataclass(frozen=True)
class HoldsNothing:
    """A check to which nothing can be held, on some draw, and why: tolerance-too-wide, kink-unavoidable or
    goal-out-of-reach."""

    name: str
    check: str
    message: Message


@dataclass(frozen=True)
class ProgramSeen:
    """How a program did at the checks that were looked at."""

    program: Program
    checks: tuple[CheckSeen, ...]

    @property
    def lost(self) -> CheckSeen | None:
        return next((check for check in self.checks if check.verdict is not Verdict.PASS), None)

"""What the author's tests said of a program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What a test came to. `raised` says that the program raised, `error` that the test itself did."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Case:
    """What one test, with one set of parameters, came to.

    Attributes:
        text: of the assertion or the exception.
        line: of the test, where it failed; of the program, where that raised. 0 where none is known.
        share: what the test awarded; None where it said nothing.
        because: why.
    """

    name: str
    outcome: Outcome
    type_name: str = ""
    text: str = ""
    line: int = 0
    share: float | None = None
    because: str = ""


@dataclass(frozen=True)
class AuthorTestsRun:
    """What the tests' child said.

    Attributes:
        names: of the cases found, in order.
        broken: why the tests could not be read beside this program; empty where they could.
        in_tests: whether it was the tests' child that was stopped, not the program's.
        seconds: that the tests' child used in its own turns.
    """

    names: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    broken: str = ""
    in_tests: bool = False
    seconds: float = 0.0

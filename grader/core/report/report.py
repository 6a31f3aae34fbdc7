"""What is said of one submission: a result for each check, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from grader.core.report.evidence import Evidence
from grader.core.report.finding import Finding
from grader.core.run.observation import RunStatus

_SETTINGS = ("other-epochs", "other-rate", "other-start", "other-order")
_FROM_BEST = list(RunStatus)


class Verdict(Enum):
    """What we think of the answer. `void` is ours: never scored, never a zero."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    SKIPPED = "skipped"
    VOID = "void"


@dataclass(frozen=True)
class NamedMisconception:
    """A named wrong idea that explains a result, with its hint.

    Attributes:
        edges: of the exercise's graph that the idea loses, as operand and operation.
    """

    name: str
    hint: Finding
    edges: tuple[tuple[str, str], ...] = ()

    def is_beside(self, first: NamedMisconception) -> bool:
        """Whether it is no alternative to another one but as true: each setting is off, each broken law is seen."""
        settings = all(each.hint.kind.startswith(_SETTINGS) for each in (first, self))
        return settings or first.hint.kind in ("never-zeroed", "not-zeroed-each-step")


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        findings: in order, the most important first; the last may name the causes.
        causes: the misconceptions that explain it, the likeliest first.
        carried: points for an answer that is not right, but follows from the student's own earlier ones, or for
            the share of an author's tests that hold.
        evidence: what there is to see of it: curves over the steps of a training, or its output.
    """

    name: str
    status: RunStatus
    verdict: Verdict
    max_score: float
    findings: tuple[Finding, ...] = ()
    causes: tuple[NamedMisconception, ...] = ()
    carried: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    @property
    def score(self) -> float | None:
        """Points earned, all or none but for what was carried; None where we could not judge."""
        if self.verdict is Verdict.VOID:
            return None
        return self.max_score if self.verdict is Verdict.PASS else self.carried

    @property
    def true_causes(self) -> tuple[NamedMisconception, ...]:
        """The causes that are true; after the first there may be other explanations of the same numbers alone."""
        together = any(found.kind == "causes-together" for found in self.findings)
        return tuple(
            each for each in self.causes if each is self.causes[0] or together or each.is_beside(self.causes[0])
        )


@dataclass(frozen=True)
class Report:
    """Every check's result for one submission.

    Attributes:
        notices: findings about the submission as a whole: what was not run, and why.
    """

    exercise: str
    student: str
    isolation: str
    practice: bool
    checks: tuple[CheckResult, ...]
    notices: tuple[Finding, ...] = ()

    @property
    def status(self) -> RunStatus:
        """The worst that happened to any check's process."""
        return max((check.status for check in self.checks), key=_FROM_BEST.index, default=RunStatus.NOT_RUN)

    @property
    def max_score(self) -> float:
        return sum(check.max_score for check in self.checks)

    @property
    def score(self) -> float | None:
        """Points earned, or None where a check could not be judged."""
        scores = [check.score for check in self.checks]
        return None if None in scores else sum(score for score in scores if score is not None)

    @property
    def full_marks(self) -> bool:
        return all(check.verdict is Verdict.PASS for check in self.checks)

    @property
    def void(self) -> bool:
        return any(check.verdict is Verdict.VOID for check in self.checks)

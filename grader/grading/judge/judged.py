"""What judging comes to, and the order in which checks are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from grader.core.course.exercise import AuthorTest, Check
from grader.core.diagnose.diagnose import Case
from grader.core.judge.judge import skipped, void
from grader.core.program.source import Source
from grader.core.report.evidence import Drawing
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.grading.judge.needs import Steps

C = TypeVar("C", Check, AuthorTest)


@dataclass(frozen=True)
class Look:
    """One check of a program, as it was judged.

    Attributes:
        check: as it was asked: the first of its signatures alone, where that was enough.
        runs: what the result rests on.
        case: what there is to diagnose; None where no number counts.
    """

    check: Check
    runs: Sequence[Run]
    result: CheckResult
    case: Case | None


@dataclass(frozen=True)
class Judged:
    """The results of all checks, and the isolation under which they ran: not_run where nothing did.

    Attributes:
        notices: what is said of the program as a whole.
        looks: of a program's checks, those that were looked at.
        drawing: what there is to see of the exercise as a whole; None where there is nothing.
    """

    checks: tuple[CheckResult, ...]
    notices: tuple[Finding, ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
    isolation: str = "not_run"
    drawing: Drawing | None = None

    @property
    def ran(self) -> bool:
        """Whether any of it says what a run came to."""
        return any(check.status is not RunStatus.NOT_RUN for check in self.checks)


def in_order(
    checks: Sequence[C],
    certain: Mapping[str, CheckResult],
    alone: Callable[[Sequence[C]], Steps[Sequence[CheckResult]]],
) -> Steps[tuple[CheckResult, ...]]:
    """Return every check's result; those that need another one which did not pass are not looked at.

    Args:
        certain: results that are known.
        alone: judges checks that are not, all those at once whose needs have passed.
    """
    results: dict[str, CheckResult] = {}
    while open_checks := _settle(checks, certain, results):
        found = yield from alone(open_checks)
        results |= {result.name: result for result in found}
    return tuple(results[check.name] for check in checks)


def _settle(checks: Sequence[C], certain: Mapping[str, CheckResult], results: dict[str, CheckResult]) -> list[C]:
    """Add the results that follow from others, and return the checks that can be judged now."""
    to_judge: list[C] = []
    for check in checks:
        if check.name in results or any(name not in results for name in check.needs):
            continue
        needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
        if needed is not None and results[needed].verdict is Verdict.VOID:
            results[check.name] = void(check.name, check.points, finding("needs-judged", needed=needed))
        elif needed is not None:
            results[check.name] = skipped(check, needed)
        elif check.name in certain:
            results[check.name] = certain[check.name]
        else:
            to_judge.append(check)
    return to_judge


def notices(source: Source, results: Iterable[CheckResult]) -> tuple[Finding, ...]:
    """Return what is said of a program as a whole: its faults too, where no check had to tell of them."""
    told = any(fault in result.findings for _, fault in source.faults for result in results)
    return source.notices if told else (*source.notices, *(fault for _, fault in source.faults))


def unreadable(points: Mapping[str, float], fault: Finding) -> Judged:
    """Return every check as an error: the file cannot be read as a program.

    Args:
        points: by check.
    """
    return Judged(
        tuple(CheckResult(name, RunStatus.NOT_RUN, Verdict.ERROR, most, (fault,)) for name, most in points.items())
    )

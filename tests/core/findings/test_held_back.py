"""What a student is shown of a report, where an exercise keeps causes, or all but the verdicts, for the hints."""

from __future__ import annotations

import pytest

from grader.core.course.feedback import Tells
from grader.core.findings.held_back import checks_held_back
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Verdict
from grader.core.run.observation import RunStatus

CAUSE = finding("likely-cause", causes=("accumulated",))
DIFFERS = finding("first-difference", step=3)
EPOCHS = finding("other-epochs", found="100", expected=10)
RAISED = finding("raised", file="4.5.py", line=3, type="ValueError", words="x")
MEANS = finding("value-is-none")


def shown(tells: Tells, verdict: Verdict, *findings: object) -> CheckResult:
    causes = (NamedMisconception("accumulated", finding("never-zeroed")),)
    check = CheckResult("loop", RunStatus.COMPLETED, verdict, 4.0, tuple(findings), causes)  # type: ignore[arg-type]
    return checks_held_back([check], tells)[0]


@pytest.mark.parametrize(
    ("tells", "left"), [(Tells.CAUSE, [CAUSE, DIFFERS, EPOCHS]), (Tells.PLACE, [DIFFERS]), (Tells.VERDICT, [])]
)
def test_a_check_that_fails_shows_as_much_as_the_author_says(tells: Tells, left: list[object]) -> None:
    check = shown(tells, Verdict.FAIL, CAUSE, DIFFERS, EPOCHS)
    assert list(check.findings) == left
    assert bool(check.causes) is (tells is Tells.CAUSE)


@pytest.mark.parametrize("tells", [Tells.PLACE, Tells.VERDICT])
def test_an_exception_is_shown_in_any_case_and_what_it_means_is_not(tells: Tells) -> None:
    assert shown(tells, Verdict.ERROR, RAISED, MEANS).findings == (RAISED,)


def test_what_could_not_be_judged_says_so() -> None:
    assert shown(Tells.VERDICT, Verdict.VOID, finding("void", detail="x")).findings

"""What a student is shown of a report, where an exercise keeps causes, or all but the verdicts, for the hints."""

from __future__ import annotations

import pytest

from grader.core.course.feedback import Tells
from grader.core.findings.held_back import checks_held_back
from grader.core.report.evidence import PrintedRow, Printout, Series
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


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.ERROR])
def test_where_only_verdicts_are_told_nothing_is_drawn_that_tells_more(verdict: Verdict) -> None:
    seen = (Series("loss", (1.0,), (2.0,)), Printout((PrintedRow("1", "2"),), 0))
    check = CheckResult("loop", RunStatus.COMPLETED, verdict, 4.0, (RAISED,), evidence=seen)
    assert checks_held_back([check], Tells.VERDICT)[0].evidence == ()
    assert checks_held_back([check], Tells.PLACE)[0].evidence == seen

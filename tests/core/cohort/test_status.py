"""Where a class stands: each student is where the facts put them, and nobody is missing who still has time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grader.core.cohort.status import Status, status_of
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.lateness import Late
from grader.core.course.policies.policy import Attempts, Policy, Waiver, grade_of
from grader.core.course.policies.trust import Trust

DUE = datetime(2026, 12, 1, 18, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = Policy({"4": DUE}, Late(penalty=0.1), Attempts.BEST, {"ill": {"4": DUE + 7 * DAY}}, UTC)


def status(now: datetime = DUE + DAY, **attempts: list[Attempt]) -> Status:
    grades = {(who, "4.1"): grade_of(who, "4.1", 2.0, given, POLICY) for who, given in attempts.items()}
    return status_of(grades, ["ali", "vali", "ill"], ["4.1", "5.1"], POLICY, now)


def test_who_handed_in_nothing_is_missing_once_it_is_due_or_somebody_has() -> None:
    assert status(DUE - DAY).missing == {}
    assert status().missing == {"4.1": ("ali", "vali")}
    assert status(DUE - DAY, ali=[Attempt(DUE - DAY, 2.0)]).missing == {"4.1": ("vali",)}


def test_who_still_has_an_extension_is_not_missing() -> None:
    assert status(DUE + 8 * DAY).missing == {"4.1": ("ali", "vali", "ill")}


def test_three_attempts_without_full_marks_are_stuck() -> None:
    tries = [Attempt(DUE - n * DAY, 1.0) for n in range(1, 4)]
    assert [grade.student for grade in status(ali=tries, vali=tries[:2]).stuck] == ["ali"]
    assert status(ali=[*tries, Attempt(DUE - DAY, 2.0)]).stuck == ()


def test_only_lateness_that_costs_or_was_waived_is_told() -> None:
    late, by_file = Attempt(DUE + DAY, 2.0, trust=Trust.SYSTEM), Attempt(DUE + DAY, 2.0, trust=Trust.FILE)
    assert [grade.student for grade in status(ali=[late], vali=[by_file]).late] == ["ali"]
    waived = grade_of("ali", "4.1", 2.0, [late], POLICY, None, Waiver(True, "ill", "teacher", DUE))
    assert status_of({("ali", "4.1"): waived}, ["ali"], ["4.1"], POLICY, DUE).late == (waived,)


def test_what_has_no_score_waits() -> None:
    assert [grade.student for grade in status(ali=[Attempt(DUE, None)]).waiting] == ["ali"]

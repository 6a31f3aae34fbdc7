"""Slack days are spent where they bring the most points, and the outcome can be worked out by hand."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.lateness import Early, Late
from grader.core.course.policies.policy import Policy, grade_of
from grader.core.course.policies.slack import Slack, spend
from grader.core.course.policies.trust import Trust

STEADY = settings(deadline=None, derandomize=True)
DUE = datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_days_go_where_they_help_most() -> None:
    assert spend(Slack(2), [(4.0, 4.5, 5.0), (2.0, 5.0, 5.5)]) == (1, 1)
    assert spend(Slack(1), [(4.0, 4.5, 5.0), (2.0, 5.0, 5.5)]) == (0, 1)


def test_no_day_is_spent_that_brings_nothing() -> None:
    assert spend(Slack(3), [(4.0, 4.0, 4.0), (2.0, 3.0, 3.0)]) == (0, 1)


def test_of_equal_ways_the_first_due_date_has_the_day() -> None:
    assert spend(Slack(1), [(1.0, 2.0), (1.0, 2.0)]) == (1, 0)


def test_one_due_date_takes_no_more_than_its_most() -> None:
    assert spend(Slack(5, at_most=1), [(0.0, 1.0, 9.0)]) == (1,)


def test_days_spent_when_grades_were_released_stay() -> None:
    assert spend(Slack(1), [(0.0, 1.0), (0.0, 9.0)], spent=(1, 0)) == (1, 0)


tables = st.lists(st.lists(st.integers(0, 10).map(float), min_size=1, max_size=4).map(sorted), max_size=4)


@STEADY
@given(tables, st.integers(0, 5), st.sampled_from([None, 1, 2]))
def test_no_other_way_brings_more(points: list[list[float]], days: int, most: int | None) -> None:
    slack = Slack(days, most)
    chosen = spend(slack, points)
    total = sum(table[spent] for table, spent in zip(points, chosen, strict=True))
    ways = itertools.product(*(range(min(len(table) - 1, slack.most) + 1) for table in points))
    allowed = [way for way in ways if sum(way) <= days]
    assert sum(chosen) <= days
    assert total == max(sum(table[spent] for table, spent in zip(points, way, strict=True)) for way in allowed)
    assert total >= sum(table[0] for table in points)


@STEADY
@given(tables, st.integers(0, 5))
def test_the_points_do_not_depend_on_the_order_of_due_dates(points: list[list[float]], days: int) -> None:
    def best(tables: list[list[float]]) -> float:
        return sum(table[spent] for table, spent in zip(tables, spend(Slack(days), tables), strict=True))

    assert best(points) == best(points[::-1])


def work(by: timedelta, trust: Trust | None = Trust.SYSTEM) -> list[Attempt]:
    return [Attempt(DUE + by, 8.0, trust=trust)]


class TestGrades:
    POLICY = Policy({"4": DUE}, Late(penalty=0.1, every=DAY), slack=Slack(3))

    @pytest.mark.parametrize(("days", "points"), [(0, 6.4), (1, 7.2), (2, 8.0), (3, 8.0)])
    def test_a_slack_day_puts_the_due_date_off_by_a_day(self, days: int, points: float) -> None:
        found = grade_of("s001", "4.5", 8.0, work(DAY + HOUR), self.POLICY, slack=days)
        assert found.points == pytest.approx(points)

    def test_a_slack_day_is_a_day_on_the_clock(self) -> None:
        zone = ZoneInfo("Europe/Berlin")
        due = datetime(2026, 10, 24, 18, tzinfo=zone)
        assert Policy(zone=zone).later(due, 1) == datetime(2026, 10, 25, 18, tzinfo=zone)
        assert Policy(zone=zone).later(due, 1).astimezone(UTC) - due.astimezone(UTC) == 25 * HOUR

    @STEADY
    @given(st.integers(-3, 12).map(lambda hours: hours * 9 * HOUR), st.integers(0, 3))
    def test_slack_days_never_hurt(self, by: timedelta, days: int) -> None:
        without, spent = (grade_of("s001", "4.5", 8.0, work(by), self.POLICY, slack=each) for each in (0, days))
        assert (spent.points or 0.0) >= (without.points or 0.0)


class TestEarly:
    EARLY = Policy({"4": DUE}, early=Early(0.02, DAY, 0.05, above_maximum=True), zone=UTC)

    @pytest.mark.parametrize(("by", "bonus"), [(-HOUR, 0), (-DAY, 0.16), (-2 * DAY - HOUR, 0.32), (-9 * DAY, 0.4)])
    def test_each_whole_day_before_the_due_date_earns_a_share(self, by: timedelta, bonus: float) -> None:
        assert grade_of("s001", "4.5", 8.0, work(by), self.EARLY).bonus == pytest.approx(bonus)

    def test_only_a_time_that_can_be_believed_earns(self) -> None:
        for trust in (Trust.ARCHIVE, Trust.FILE, None):
            assert grade_of("s001", "4.5", 8.0, work(-9 * DAY, trust), self.EARLY).bonus == 0

    def test_an_extension_makes_nobody_early(self) -> None:
        longer = Policy({"4": DUE}, early=self.EARLY.early, extensions={"s001": {"4": DUE + 9 * DAY}}, zone=UTC)
        assert grade_of("s001", "4.5", 8.0, work(-HOUR), longer).bonus == 0

    def test_a_bonus_goes_above_the_points_only_where_the_course_says_so(self) -> None:
        within = Policy({"4": DUE}, early=Early(0.02, DAY, 0.05), zone=UTC)
        assert grade_of("s001", "4.5", 8.0, work(-9 * DAY), within).points == 8.0
        assert grade_of("s001", "4.5", 8.0, work(-9 * DAY), self.EARLY).points == pytest.approx(8.4)
        almost = [Attempt(DUE - 9 * DAY, 7.9, trust=Trust.SERVER)]
        assert grade_of("s001", "4.5", 8.0, almost, within).points == 8.0

"""A course's policies in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from grader.core.course.policies.attempts import Attempt, AttemptRules
from grader.core.course.policies.lateness import Early, Late
from grader.core.course.policies.policy import Policy, grades_of_attempts
from grader.core.course.policies.slack import Slack
from grader.core.course.policies.told_policies import rules_of_attempts, rules_of_time, told, what_changed, why_aside
from grader.core.course.policies.trust import Trust

DAY, NOON = timedelta(days=1), datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (10, "10 min"), (60, "1 h"), (90, "1 h 30 min"), (24 * 60, "1 day"), (1447, "24 h 7 min"),
     (7 * 24 * 60, "7 days")],
)  # fmt: skip
def test_a_time_has_no_unit_of_which_there_is_nothing(minutes: int, words: str) -> None:
    assert told(timedelta(minutes=minutes)).said(str) == words


def test_every_rule_that_can_cost_points_is_told_and_no_bound_that_bounds_nothing() -> None:
    rules = AttemptRules(free=2, cost=0.25, limit=4, pause=timedelta(minutes=10))
    policy = Policy(
        late=Late(timedelta(minutes=15), 0.2, DAY, 0.5),
        early=Early(0.02, DAY, 0.1),
        slack=Slack(4, 2),
        attempt_rules={"": rules},
    )
    said = [words.said(str) for words in (*rules_of_attempts(policy, "4.1", ()), *rules_of_time(policy))]
    assert said == [
        "Attempts that count: 4.",
        "Attempts that cost nothing: 2.",
        "Each further attempt takes 25 % of the score.",
        "To hand in the same again is no new attempt.",
        "An attempt that comes less than 10 min after the one before does not count.",
        "Late work loses 20 % of the score for each day begun, at most 50 % in total.",
        "The first 15 min after the due date cost nothing.",
        "Each day before the due date earns 2 % of the score, at most 10 % in total.",
        "Slack days for each student: 4. They are spent where they bring the most points.",
        "Slack days for one due date: at most 2.",
    ]
    assert list(rules_of_time(Policy())) == []


def test_what_each_attempt_lost_and_why_one_does_not_count() -> None:
    rules = AttemptRules(free=1, cost=0.25, pause=timedelta(minutes=10))
    policy = Policy(attempt_rules={"": rules})
    times = (NOON, NOON + timedelta(minutes=3), NOON + timedelta(hours=1))
    attempts = [Attempt(at, 2.0, n, Trust.SERVER, str(n)) for n, at in enumerate(times)]
    grades = grades_of_attempts("ali", "4.1", 2.0, attempts, policy)
    aside = [why_aside(grade, policy, ()) for grade in grades]
    assert [words and words.said(str) for words in aside] == [
        None,
        "does not count: it came less than 10 min after the attempt before",
        None,
    ]
    assert [words.said(str) for words in what_changed(grades[2])] == ["0.5 points less because it is attempt number 2"]

"""From scores to grades: what lateness costs, which attempt counts, and marks set by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.lateness import Late
from grader.core.course.policies.policy import Attempts, Grade, Override, Policy, State, Waiver, grade_of
from grader.core.course.policies.trust import Trust

STEADY = settings(deadline=None, derandomize=True)
DUE = datetime(2026, 12, 1, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
DAILY = Late(penalty=0.1, every=DAY)


def attempt(score: float | None, by: timedelta = -HOUR, result: int = 0) -> Attempt:
    """Return an attempt that came `by` after its due date."""
    return Attempt(DUE + by, score, result)


def grade(*attempts: Attempt, policy: Policy | None = None, override: Override | None = None) -> Grade:
    return grade_of("s001", "4.5", 8.0, attempts, policy or Policy({"4": DUE}), override)


def late(rule: Late, attempts: Attempts = Attempts.BEST) -> Policy:
    return Policy({"4": DUE}, rule, attempts)


class TestLateness:
    @pytest.mark.parametrize(
        ("by", "share"),
        [
            *((-DAY, 0), (timedelta(), 0), (SECOND, 0.1), (DAY, 0.1), (DAY + SECOND, 0.2)),
            *((9 * DAY, 0.9), (10 * DAY, 1), (1000 * DAY, 1)),
        ],
    )
    def test_each_day_begun_costs_a_share(self, by: timedelta, share: float) -> None:
        assert DAILY.share(by) == pytest.approx(share)

    def test_without_every_lateness_is_charged_once(self) -> None:
        once = Late(penalty=0.25)
        assert [once.share(by) for by in (timedelta(), SECOND, 100 * DAY)] == [0, 0.25, 0.25]

    def test_no_more_is_lost_than_at_most(self) -> None:
        assert replace(DAILY, at_most=0.3).share(100 * DAY) == 0.3

    def test_lateness_within_grace_costs_nothing(self) -> None:
        assert replace(DAILY, grace=HOUR).share(HOUR) == 0

    def test_lateness_beyond_grace_counts_from_the_due_date(self) -> None:
        rule = Late(grace=HOUR, penalty=0.1, every=HOUR)
        assert rule.share(HOUR + SECOND) == pytest.approx(0.2)

    def test_without_a_rule_lateness_costs_nothing(self) -> None:
        late_work = grade(attempt(8, 100 * DAY))
        assert (late_work.points, late_work.penalty, late_work.late) == (8, 0, 100 * DAY)

    def test_a_penalty_is_a_share_of_the_score(self) -> None:
        late_work = grade(attempt(4, SECOND), policy=late(DAILY))
        assert (late_work.score, late_work.penalty, late_work.points) == (4, pytest.approx(0.4), pytest.approx(3.6))

    def test_in_time_is_not_late(self) -> None:
        assert grade(attempt(8), policy=late(DAILY)).late == timedelta()

    def test_at_the_due_moment_is_in_time(self) -> None:
        assert grade(attempt(8, timedelta()), policy=late(DAILY)).points == 8

    def test_without_a_due_date_nothing_is_late(self) -> None:
        assert grade(attempt(8, 1000 * DAY), policy=Policy({}, DAILY)).points == 8

    @pytest.mark.parametrize(
        ("zone", "due", "submitted", "share"),
        [
            ("America/New_York", (2026, 10, 31, 20), (2026, 11, 1, 19, 30), 0.1),
            ("America/New_York", (2026, 10, 31, 20), (2026, 11, 1, 20, 30), 0.2),
            ("Europe/Berlin", (2026, 3, 28, 20), (2026, 3, 29, 19, 30), 0.1),
            ("Europe/Berlin", (2026, 3, 28, 20), (2026, 3, 29, 20, 30), 0.2),
            ("Asia/Tashkent", (2026, 12, 1, 20), (2026, 12, 2, 20), 0.1),
        ],
        ids=["25 hours", "after 25 hours", "23 hours", "after 23 hours", "24 hours"],
    )
    def test_a_day_is_a_day_on_the_clock_of_the_course(
        self, zone: str, due: tuple[int, ...], submitted: tuple[int, ...], share: float
    ) -> None:
        own = ZoneInfo(zone)
        policy = Policy({"4": datetime(*due, tzinfo=own)}, DAILY, zone=own)  # type: ignore[arg-type]
        came = datetime(*submitted, tzinfo=own).astimezone(UTC)  # type: ignore[arg-type]
        assert grade(Attempt(came, 8), policy=policy).penalty == pytest.approx(8 * share)

    def test_hours_are_hours_whatever_the_clock_shows(self) -> None:
        own = ZoneInfo("America/New_York")
        hourly = Policy({"4": datetime(2026, 10, 31, 20, tzinfo=own)}, Late(penalty=0.01, every=HOUR), zone=own)
        came = datetime(2026, 11, 1, 19, 30, tzinfo=own)
        assert grade(Attempt(came.astimezone(UTC), 8), policy=hourly).penalty == pytest.approx(8 * 0.25)

    @pytest.mark.parametrize(
        ("trust", "penalty"),
        [(None, 0.8), (Trust.SERVER, 0.8), (Trust.SYSTEM, 0.8), (Trust.ARCHIVE, 0), (Trust.COMMIT, 0), (Trust.FILE, 0)],
    )
    def test_only_times_that_can_be_believed_cost_points(self, trust: Trust | None, penalty: float) -> None:
        late_work = grade(Attempt(DUE + HOUR, 8, trust=trust), policy=late(DAILY))
        assert (late_work.late, late_work.penalty) == (HOUR, pytest.approx(penalty))

    def test_lateness_that_is_waived_costs_nothing_until_it_is_taken_back(self) -> None:
        for waives, points in ((True, 8), (False, 7.2)):
            waiver = Waiver(waives, "ill", "teacher", DUE)
            found = grade_of("s001", "4.5", 8.0, [attempt(8, HOUR)], late(DAILY), None, waiver)
            assert (found.points, found.waiver) == (pytest.approx(points), waiver if waives else None)

    def test_moments_are_compared_across_zones(self) -> None:
        due = datetime(2026, 12, 1, 23, tzinfo=ZoneInfo("Asia/Tashkent"))
        assert grade(attempt(8), policy=Policy({"4": due}, DAILY)).points == 8
        assert grade(attempt(8, SECOND), policy=Policy({"4": due}, DAILY)).points == pytest.approx(7.2)

    def test_an_hour_that_the_clock_repeats_is_an_hour(self) -> None:
        due = datetime(2026, 10, 25, 2, 59, tzinfo=ZoneInfo("Europe/Berlin"))
        an_hour_later = Attempt(datetime(2026, 10, 25, 1, 59, tzinfo=UTC), 8)
        assert grade(an_hour_later, policy=Policy({"4": due})).late == HOUR


class TestDueDates:
    def test_an_exercise_has_the_date_of_its_lecture(self) -> None:
        assert Policy({"4": DUE}).due_for("s001", "4.10") == DUE

    def test_a_date_of_its_own_goes_before_that_of_its_lecture(self) -> None:
        policy = Policy({"4": DUE, "4.5": DUE - DAY})
        assert [policy.due_for("s001", id) for id in ("4.5", "4.50", "4.6")] == [DUE - DAY, DUE, DUE]

    def test_another_lecture_has_none(self) -> None:
        assert Policy({"4": DUE}).due_for("s001", "40.1") is None

    def test_an_extension_is_for_one_student(self) -> None:
        policy = Policy({"4": DUE}, extensions={"s001": {"4": DUE + DAY}})
        assert [policy.due_for(student, "4.5") for student in ("s001", "s002")] == [DUE + DAY, DUE]

    def test_an_extension_may_be_for_one_exercise(self) -> None:
        policy = Policy({"4": DUE}, extensions={"s001": {"4.5": DUE + DAY}})
        assert [policy.due_for("s001", id) for id in ("4.5", "4.6")] == [DUE + DAY, DUE]

    def test_an_extension_stands_where_there_is_no_rule(self) -> None:
        assert Policy(extensions={"s001": {"4": DUE}}).due_for("s001", "4.5") == DUE

    def test_an_extension_of_a_lecture_does_not_shorten_an_exercise_with_a_later_date(self) -> None:
        policy = Policy({"4": DUE, "4.8": DUE + 20 * DAY}, extensions={"s001": {"4": DUE + DAY}})
        assert policy.due_for("s001", "4.8") == DUE + 20 * DAY


class TestAttempts:
    def test_the_best_counts(self) -> None:
        assert grade(attempt(4), attempt(6), attempt(5)).score == 6

    def test_the_last_counts_where_the_course_says_so(self) -> None:
        policy = late(Late(), Attempts.LAST)
        assert grade(attempt(6, -HOUR), attempt(8, -3 * HOUR), attempt(7, -2 * HOUR), policy=policy).score == 6

    def test_the_same_content_again_is_not_a_later_last_one(self) -> None:
        policy = late(DAILY, Attempts.LAST)
        first, again = (replace(attempt(8, by), content="a") for by in (-HOUR, HOUR))
        assert grade(first, again, policy=policy).attempt == first
        assert grade(first, replace(again, content="b"), policy=policy).points == pytest.approx(7.2)
        # What came in between was the last attempt until the first came back.
        between = replace(attempt(3, -HOUR / 2), content="b")
        assert grade(first, between, again, policy=policy).points == pytest.approx(7.2)

    def test_of_the_same_content_a_files_time_does_not_outdo_a_systems(self) -> None:
        policy = late(DAILY, Attempts.LAST)
        by_file = replace(attempt(8, -HOUR), content="a", trust=Trust.FILE)
        by_system = replace(attempt(8, HOUR), content="a", trust=Trust.SYSTEM)
        assert grade(by_file, by_system, policy=policy).points == pytest.approx(7.2)

    def test_of_the_same_content_what_was_judged_counts(self) -> None:
        policy = late(DAILY, Attempts.LAST)
        void, judged = (replace(attempt(score, by), content="a") for score, by in ((None, -HOUR), (8, HOUR)))
        assert grade(void, judged, policy=policy).points == pytest.approx(7.2)
        assert (
            grade(void, replace(judged, content="b"), replace(void, submitted=DUE + DAY), policy=policy).points is None
        )

    def test_the_best_is_the_best_after_the_penalty(self) -> None:
        assert grade(attempt(6), attempt(8, 4 * DAY), policy=late(DAILY)).points == 6

    def test_of_equal_attempts_the_first_counts(self) -> None:
        assert grade(attempt(6, -HOUR, 2), attempt(6, -2 * HOUR, 1)).attempt == attempt(6, -2 * HOUR, 1)

    def test_of_two_in_the_same_moment_the_one_recorded_later_is_the_last(self) -> None:
        policy = late(Late(), Attempts.LAST)
        assert grade(attempt(1, result=9), attempt(2, result=8), policy=policy).score == 2

    def test_what_could_not_be_judged_is_no_attempt(self) -> None:
        assert grade(attempt(4), attempt(None), attempt(8)).attempts == 2

    def test_missing_work_is_no_zero(self) -> None:
        missing = grade()
        assert (missing.state, missing.points, missing.attempts) == (State.MISSING, None, 0)

    def test_a_zero_is_a_grade(self) -> None:
        assert (grade(attempt(0)).state, grade(attempt(0)).points) == (State.GRADED, 0)


class TestVoid:
    def test_what_could_not_be_judged_is_no_zero(self) -> None:
        assert (grade(attempt(None)).state, grade(attempt(None)).points) == (State.VOID, None)

    def test_nothing_is_final_while_a_better_attempt_may_be_pending(self) -> None:
        pending = attempt(None, -2 * HOUR)
        assert (grade(attempt(7), pending).state, grade(attempt(7), pending).attempt) == (State.VOID, pending)

    def test_full_marks_are_final(self) -> None:
        assert grade(attempt(8), attempt(None)).points == 8

    def test_an_attempt_too_late_to_be_better_holds_nothing_up(self) -> None:
        assert grade(attempt(7.5), attempt(None, SECOND), policy=late(DAILY)).points == 7.5

    def test_a_pending_attempt_that_could_be_better_in_spite_of_the_penalty_holds_the_grade_up(self) -> None:
        assert grade(attempt(7), attempt(None, SECOND), policy=late(DAILY)).state is State.VOID

    def test_any_of_several_pending_attempts_holds_the_grade_up(self) -> None:
        several = (attempt(7), attempt(None, -2 * HOUR), attempt(None, 9 * DAY))
        assert grade(*several, policy=late(DAILY)).state is State.VOID

    def test_where_the_last_counts_a_void_one_is_void(self) -> None:
        policy = late(Late(), Attempts.LAST)
        assert grade(attempt(8, -2 * HOUR), attempt(None), policy=policy).state is State.VOID

    def test_where_the_last_counts_an_earlier_void_one_does_not_matter(self) -> None:
        policy = late(Late(), Attempts.LAST)
        assert grade(attempt(None, -2 * HOUR), attempt(3), policy=policy).points == 3


class TestOverrides:
    BY_HAND = Override(5.0, "handed in on paper", "teacher", DUE)

    def test_a_mark_set_by_hand_is_recorded(self) -> None:
        marked = grade(attempt(2), override=self.BY_HAND)
        assert (marked.state, marked.points, marked.override) == (State.OVERRIDDEN, 5, self.BY_HAND)

    def test_the_computed_score_stays_to_be_seen(self) -> None:
        marked = grade(attempt(2, SECOND), policy=late(DAILY), override=self.BY_HAND)
        assert (marked.score, marked.penalty, marked.late) == (2, pytest.approx(0.2), SECOND)

    @pytest.mark.parametrize("attempts", [[], [attempt(None)]], ids=["missing", "void"])
    def test_it_stands_without_a_score(self, attempts: list[Attempt]) -> None:
        assert grade(*attempts, override=self.BY_HAND).points == 5

    def test_a_zero_by_hand_is_a_zero(self) -> None:
        assert grade(attempt(8), override=replace(self.BY_HAND, score=0.0)).points == 0

    def test_a_mark_by_hand_loses_nothing_to_lateness(self) -> None:
        assert grade(attempt(8, 5 * DAY), policy=late(DAILY), override=self.BY_HAND).points == 5

    def test_one_taken_back_leaves_the_computed_grade(self) -> None:
        taken_back = replace(self.BY_HAND, score=None)
        assert grade(attempt(2), override=taken_back) == grade(attempt(2))


SHARES = st.floats(0, 1)
MOMENTS = st.timedeltas(-30 * DAY, 60 * DAY)
RULES = st.builds(
    Late,
    grace=st.timedeltas(timedelta(), 2 * DAY),
    penalty=SHARES,
    every=st.none() | st.timedeltas(timedelta(seconds=1), 10 * DAY),
    at_most=SHARES,
)
SCORES = st.floats(0, 8)
# Each attempt has a result of its own.
ATTEMPTS = st.lists(
    st.builds(attempt, st.none() | SCORES, MOMENTS, st.integers(1, 100)), max_size=5, unique_by=lambda one: one.result
)
POLICIES = st.builds(late, RULES, st.sampled_from(Attempts))


@STEADY
@given(ATTEMPTS, POLICIES)
def test_a_grade_is_never_above_its_score_and_never_negative(attempts: list[Attempt], policy: Policy) -> None:
    found = grade(*attempts, policy=policy)
    if found.points is not None:
        assert found.score is not None and 0 <= found.points <= found.score


@STEADY
@given(SCORES, MOMENTS, MOMENTS, RULES)
def test_the_same_score_is_never_worth_more_for_coming_later(
    score: float, one: timedelta, other: timedelta, rule: Late
) -> None:
    earlier, later = (grade(attempt(score, by), policy=late(rule)).points for by in sorted((one, other)))
    assert earlier is not None and later is not None and earlier >= later


@STEADY
@given(ATTEMPTS, POLICIES)
def test_the_order_in_which_attempts_are_read_does_not_matter(attempts: list[Attempt], policy: Policy) -> None:
    assert grade(*attempts, policy=policy).points == grade(*reversed(attempts), policy=policy).points


@STEADY
@given(st.lists(st.builds(attempt, SCORES, MOMENTS), min_size=1, max_size=5), RULES, SCORES, MOMENTS)
def test_where_the_best_counts_one_attempt_more_never_costs_points(
    attempts: list[Attempt], rule: Late, score: float, by: timedelta
) -> None:
    before, after = (grade(*some, policy=late(rule)) for some in (attempts, [*attempts, attempt(score, by)]))
    assert before.points is not None and after.points is not None and after.points >= before.points


@STEADY
@given(ATTEMPTS, POLICIES)
def test_a_grade_rests_on_one_of_the_attempts(attempts: list[Attempt], policy: Policy) -> None:
    assert grade(*attempts, policy=policy).attempt in (attempts or [None])

"""Attempts are counted by what was handed in, and what further ones cost follows from their number alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.course.policies.attempts import Aside, Attempt, AttemptRules, numbered, open_from
from grader.core.course.policies.lateness import Late
from grader.core.course.policies.policy import Attempts, Grade, Policy, grade_of, grades_of_attempts
from grader.core.course.policies.trust import Trust

STEADY = settings(deadline=None, derandomize=True)
START = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DEARER = AttemptRules(free=2, cost=0.25, at_most=0.6)


def attempt(
    content: str, at: int = 0, score: float | None = 4.0, trust: Trust | None = Trust.SERVER, starter: bool = False
) -> Attempt:
    """Return an attempt `at` minutes after the first."""
    return Attempt(START + at * MINUTE, score, trust=trust, content=content, starter=starter)


def numbers(rules: AttemptRules, *attempts: Attempt) -> list[tuple[int, Aside | None]]:
    return [(each.number, each.aside) for each in numbered(attempts, rules)]


def grade(rules: AttemptRules, *attempts: Attempt, counts: Attempts = Attempts.BEST) -> Grade:
    return grade_of("s001", "4.1", 4.0, attempts, Policy(attempts=counts, attempt_rules={"": rules}))


class TestNumbers:
    def test_the_same_content_is_one_attempt_however_often_it_is_handed_in(self) -> None:
        given = (attempt("a"), attempt("b", 1), attempt("a", 2))
        assert numbers(AttemptRules(), *given) == [(1, None), (2, None), (1, None)]

    def test_what_could_not_be_judged_uses_up_no_attempt(self) -> None:
        assert numbers(AttemptRules(limit=1), attempt("a", score=None), attempt("b", 1)) == [(1, None), (1, None)]

    def test_an_untouched_starter_is_no_attempt_beside_others(self) -> None:
        given = (attempt("starter", starter=True), attempt("a", 1))
        assert numbers(AttemptRules(limit=1), *given) == [(0, Aside.STARTER), (1, None)]

    def test_an_untouched_starter_that_is_all_there_is_keeps_its_score(self) -> None:
        only = grade(AttemptRules(), attempt("starter", score=0.0, starter=True))
        assert (only.points, only.attempts) == (0.0, 0)

    def test_attempts_after_the_limit_do_not_count_but_earlier_content_still_does(self) -> None:
        given = (attempt("a"), attempt("b", 1), attempt("a", 2))
        assert numbers(AttemptRules(limit=1), *given) == [(1, None), (2, Aside.LIMIT), (1, None)]


class TestPause:
    PAUSED = AttemptRules(pause=10 * MINUTE)

    def test_an_attempt_that_comes_too_soon_does_not_count(self) -> None:
        assert numbers(self.PAUSED, attempt("a"), attempt("b", 9)) == [(1, None), (0, Aside.PAUSE)]

    def test_a_refused_attempt_never_lengthens_the_pause(self) -> None:
        given = (attempt("a"), attempt("b", 5), attempt("c", 10))
        assert numbers(self.PAUSED, *given) == [(1, None), (0, Aside.PAUSE), (2, None)]

    def test_a_refused_attempt_may_be_handed_in_again_after_the_pause(self) -> None:
        given = (attempt("a"), attempt("b", 5), attempt("b", 11))
        assert numbers(self.PAUSED, *given) == [(1, None), (0, Aside.PAUSE), (2, None)]

    def test_the_same_content_again_never_lengthens_the_pause_that_is_told(self) -> None:
        before = (attempt("a"), attempt("a", 5))
        assert open_from(before, attempt("b", 6), self.PAUSED) == START + 10 * MINUTE
        assert open_from(before, attempt("b", 10), self.PAUSED) is None

    def test_a_time_that_cannot_be_believed_refuses_nothing(self) -> None:
        given = (attempt("a"), attempt("b", 1, trust=Trust.ARCHIVE))
        assert numbers(self.PAUSED, *given) == [(1, None), (2, None)]


class TestPrice:
    @pytest.mark.parametrize(("number", "share"), [(1, 0), (2, 0), (3, 0.25), (4, 0.5), (5, 0.6), (50, 0.6)])
    def test_each_attempt_after_the_free_ones_costs_a_share_up_to_the_most(self, number: int, share: float) -> None:
        assert DEARER.share(number) == pytest.approx(share)

    def test_four_guesses_are_no_answer(self) -> None:
        guesses = [attempt(word, at, score) for at, (word, score) in enumerate(zip("abcd", (0, 0, 0, 4), strict=True))]
        assert grade(AttemptRules(limit=3), *guesses).points == 0.0
        assert grade(AttemptRules(free=1, cost=0.25), *guesses).points == pytest.approx(1.0)

    def test_the_best_attempt_is_the_best_after_what_it_costs(self) -> None:
        best = grade(DEARER, attempt("a", 0, 3.5), attempt("b", 1, 0), attempt("c", 2, 4))
        assert (best.number, best.points) == (1, 3.5)

    def test_price_and_penalty_together_never_take_more_than_the_score(self) -> None:
        policy = Policy({"4": START}, Late(penalty=0.8), attempt_rules={"": AttemptRules(free=0, cost=0.5)})
        assert grade_of("s001", "4.1", 4.0, [attempt("a", 5)], policy).points == pytest.approx(0.0)

    @pytest.mark.parametrize(
        ("exercise", "kind", "free"), [("4.1", "asks", 1), ("4.2", "asks", 2), ("5.1", "asks", 3), ("5.2", "checks", 4)]
    )
    def test_an_exercise_has_its_own_rules_else_its_lectures_its_kinds_or_everybodys(
        self, exercise: str, kind: str, free: int
    ) -> None:
        of = {"4.1": AttemptRules(1), "4": AttemptRules(2), "asks": AttemptRules(3), "": AttemptRules(4)}
        assert Policy(attempt_rules=of).rules_for(exercise, (kind,)).free == free


a_try = st.builds(
    attempt,
    st.sampled_from("abcdef"),
    st.integers(0, 60),
    st.sampled_from([None, 0.0, 1.0, 4.0]),
    st.sampled_from([Trust.SERVER, Trust.ARCHIVE]),
)
rules = st.builds(
    AttemptRules,
    free=st.integers(0, 3),
    cost=st.sampled_from([0.0, 0.1, 0.5]),
    limit=st.sampled_from([None, 1, 3]),
    pause=st.sampled_from([timedelta(), 10 * MINUTE]),
)


@STEADY
@given(st.lists(a_try, max_size=8), rules)
def test_a_grade_lies_between_nothing_and_the_score(attempts: list[Attempt], rules: AttemptRules) -> None:
    found = grade(rules, *attempts)
    assert found.points is None or 0.0 <= found.points <= (found.score or 0.0) + 1e-9


@STEADY
@given(st.lists(a_try, min_size=1, max_size=8), rules, st.data())
def test_refused_attempts_change_nothing_for_the_others(
    attempts: list[Attempt], rules: AttemptRules, data: st.DataObject
) -> None:
    policy = Policy(attempt_rules={"": rules})
    every = grades_of_attempts("s001", "4.1", 4.0, attempts, policy)
    kept = [each.attempt for each in every if each.aside is not Aside.PAUSE and each.attempt is not None]
    alone = grades_of_attempts("s001", "4.1", 4.0, kept, policy)
    assert [(each.number, each.points) for each in alone] == [
        (each.number, each.points) for each in every if each.aside is not Aside.PAUSE
    ]


@STEADY
@given(st.lists(a_try, max_size=8, unique_by=lambda each: each.submitted), rules, st.randoms())
def test_the_order_in_which_attempts_are_recorded_is_nothing(
    attempts: list[Attempt], rules: AttemptRules, shuffled: object
) -> None:
    other = list(attempts)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert grade(rules, *other) == grade(rules, *attempts)

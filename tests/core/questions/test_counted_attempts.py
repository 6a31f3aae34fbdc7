"""Which answers count, going by what reports say was answered."""

from __future__ import annotations

import pytest

from grader.core.questions.attempts import Answer, counted, is_same
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Text


def chosen(*options: Finding, verdict: Verdict = Verdict.FAIL) -> dict[str, CheckResult]:
    return {"order": CheckResult("order", RunStatus.NOT_RUN, verdict, 1, options)}


def option(words: str, name: str | None = None) -> Finding:
    named = {} if name is None else {"name": name}
    return finding("option-chosen", **named, text=Text.of({"en": words}))


def verdicts(most: int, *reports: dict[str, CheckResult]) -> list[Verdict]:
    return [each["order"].verdict for each in counted({"order": most}, reports)]


def test_a_reworded_option_is_the_same_answer() -> None:
    first, again = chosen(option("zero, step", "a")), chosen(option("First zero, then step", "a"))
    right = chosen(option("step, zero", "b"), verdict=Verdict.PASS)
    # Of two attempts the second is still to come.
    assert verdicts(2, first, again, right) == [Verdict.FAIL, Verdict.FAIL, Verdict.PASS]


def test_another_option_with_the_same_words_is_another_answer() -> None:
    right = chosen(option("zero", "b"), verdict=Verdict.PASS)
    assert verdicts(1, chosen(option("zero", "a")), right) == [Verdict.FAIL, Verdict.FAIL]


def test_reports_of_before_names_were_kept_go_by_their_words() -> None:
    right = chosen(option("step, zero", "b"), verdict=Verdict.PASS)
    assert verdicts(2, chosen(option("zero")), chosen(option("zero", "a")), right)[-1] is Verdict.PASS
    assert verdicts(2, chosen(option("zero")), chosen(option("nothing", "a")), right)[-1] is Verdict.FAIL


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((("a", "x"), ("b", "y")), (("b", "new"), ("a", "words")), True),
        ((("a", "x"),), (("a", "x"), ("b", "y")), False),
        ((("", "0.5"),), (("", "0.5"),), True),
        ((("", "x"), ("", "y")), (("b", "x"), ("a", "y")), True),
        ((("", "0.5"),), (("", "0.25"),), False),
    ],
)
def test_answers_are_compared_whatever_their_order(one: Answer, other: Answer, same: bool) -> None:
    assert is_same(one, other) is same and is_same(other, one) is same

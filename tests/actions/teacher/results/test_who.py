"""course who: whose latest submission shows a cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.actions.teacher.results.who import causes, who
from grader.core.cohort.summary import Standing
from grader.core.course.policies.lateness import Late
from grader.core.course.policies.policy import Attempts, Policy, grade_of
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import UsageFault
from grader.store.grades.gradebook import Gradebook, Recorded, Result

POLICY = Policy({"4": datetime(2026, 3, 3, tzinfo=UTC)}, Late(penalty=0.1), Attempts.BEST, {}, UTC)
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


def report(*names: str) -> dict[str, object]:
    checks = [
        {
            "name": f"check{place}", "status": "completed", "verdict": "fail", "score": 0.0, "max_score": 1.0,
            "message": "…", "misconceptions": [{"name": name, "hint": "…"}, {"name": "second", "hint": "…"}],
        }
        for place, name in enumerate(names)
    ]  # fmt: skip
    return {
        "format_version": 1,
        "exercise": "4.5",
        "student": "",
        "isolation": "full",
        "practice": False,
        "checks": checks,
    }


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    book = Gradebook(f"sqlite:///{tmp_path / 'g.db'}")
    given = [("s1", 0, ("cut", "sign")), ("s1", 1, ("sign", "sign")), ("s2", 0, ("cut",)), ("s3", 0, ("sign",))]
    for number, (student, day, names) in enumerate(given):
        row = Recorded(0, student, "4.5", NOW + timedelta(days=day), str(number))
        (id,) = book.add_submissions([(row, tmp_path / str(number))])
        book.add_result(Result(str(number), "4.5", 0.0, 2.0, report(*names), {}), [id])
    return book


def test_the_latest_submission_counts_and_each_student_once(book: Gradebook) -> None:
    shown = causes(book, {"s1", "s2", "s3"}, {"4.5"})
    assert list(shown) == ["sign", "cut"]
    assert who(shown, "sign") == {"s1": ("4.5",), "s3": ("4.5",)} and who(shown, "cut") == {"s2": ("4.5",)}


def test_other_explanations_of_the_same_numbers_are_not_told(book: Gradebook) -> None:
    assert "second" not in causes(book, {"s1", "s2", "s3"}, {"4.5"})


@pytest.mark.parametrize(
    ("kinds", "together", "shown"),
    [
        (("other-epochs", "other-rate"), "likely-cause", ("epochs", "second")),
        (("author-hint", "author-hint"), "causes-together", ("epochs", "second")),
        (("author-hint", "other-rate"), "likely-cause", ("epochs",)),
        (("other-question", "other-question"), "comes-out-when", ("epochs",)),
    ],
)
def test_causes_that_are_true_together_are_all_told(
    kinds: tuple[str, str], together: str, shown: tuple[str, ...]
) -> None:
    names = zip(("epochs", "second"), kinds, strict=True)
    causes = tuple(NamedMisconception(name, finding(kind)) for name, kind in names)
    check = CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 4.0, (finding(together),), causes)
    assert tuple(each.name for each in check.true_causes) == shown
    standing = Standing(grade_of("s1", "4.5", 4.0, [], POLICY), Report("4.5", "s1", "full", False, (check,)))
    assert tuple(standing.misconceptions) == shown


def test_only_the_students_and_exercises_asked_for_are_looked_at(book: Gradebook) -> None:
    assert list(causes(book, {"s2"}, {"4.5"})) == ["cut"] and not causes(book, {"s2"}, {"4.6"})


def test_a_name_that_nobody_shows_has_the_nearest_beside_it(book: Gradebook) -> None:
    with pytest.raises(UsageFault) as told:
        who(causes(book, {"s1", "s2", "s3"}, {"4.5"}), "sgn")
    assert told.value.messages[0].said(str) == "nobody shows sgn; did you mean sign?"

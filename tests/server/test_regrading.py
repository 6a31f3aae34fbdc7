"""Judging again from the browser: no grade moves before a teacher has seen how, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from served import Served, hand_in, page_of
from test_pages import give, report
from test_showing import policy

from grader.core.course.policies.slack import Slack
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus


@pytest.fixture
def old(served: Served) -> str:
    """Return the address of a right answer of s001, which an earlier version gave 3 points for a misconception."""
    address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-8"))
    give(served, address, report("lost"))
    return address


def post(served: Served, path: str = "", **fields: str) -> int:
    return served.as_("Nodira").post(f"/class/regrades{path}", data=fields).status_code


def shown(served: Served) -> str:
    return served.as_("Nodira").get("/class/regrades").text


def test_grades_stay_until_the_new_results_are_let_count(served: Served, old: str) -> None:
    before = served.as_("s001").get(old).text
    assert post(served, exercise="4.1") == 303 and "judged again: 0 of 1" in shown(served)
    assert served.as_("s001").get(old).text.count("Score: 3 of 8") == before.count("Score: 3 of 8") == 1
    assert post(served, "/1", decision="counts") == 422
    served.judge()
    page = shown(served)
    assert "judged again: 1 of 1" in page and "Grades that would change: 1" in page
    assert '<td class="n">3</td><td class="n">1</td>' in page
    assert "Score: 3 of 8" in served.as_("s001").get(old).text
    assert post(served, "/1", decision="counts") == 303
    assert "Score: 1 of 1" in served.as_("s001").get(old).text and "Nothing is being" in shown(served)
    audit = served.as_("Nodira").get("/class/audit").text
    assert "had work judged again" in audit and "let new results count" in audit
    assert post(served, "/1", decision="dropped") == 404


def test_a_grade_that_falls_because_a_slack_day_goes_elsewhere_is_shown(served: Served) -> None:
    at = datetime.now(UTC)
    due = {"4.1": at - timedelta(hours=1), "4.2": at - timedelta(hours=2)}
    policy(served, due=due, slack=Slack(1))
    mine = served.as_("s001")
    for exercise, answers, score in (("4.1", {"dloss_dw": "-8"}, 0.0), ("4.2", {"dL_dx": "15"}, 0.5)):
        (check,) = report("lost").checks
        give(
            served,
            page_of(hand_in(mine, exercise, **answers)),
            Report(exercise, "", "full", False, (replace(check, carried=score),)),
        )
    assert post(served, exercise="4.1") == 303
    served.judge()
    page = shown(served)
    assert "Grades that would change: 2" in page
    assert '<td class="n">0</td><td class="n">1</td>' in page
    assert '<td class="n">0.5</td><td class="n">0.25</td>' in page


def test_what_is_dropped_moves_nothing(served: Served, old: str) -> None:
    post(served)
    served.judge()
    assert post(served, "/1", decision="dropped") == 303
    assert "Score: 3 of 8" in served.as_("s001").get(old).text and "dropped new results" in served.as_("Nodira").get(
        "/class/audit"
    ).text  # fmt: skip


def test_of_a_misconception_those_are_judged_again_that_show_it(served: Served, old: str) -> None:
    other = page_of(hand_in(served.as_("s003"), "4.1", dloss_dw="-7"))
    give(served, other, report("another"))
    assert post(served, exercise="4.1", cause="lost") == 303
    assert "judged again: 0 of 1" in shown(served) and "lost" in shown(served)
    assert served.judge() == [("4.1", 1.0)]


def test_what_could_not_be_judged_is_tried_again_and_counts_at_once(served: Served) -> None:
    address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-8"))
    nothing = CheckResult("dloss_dw", RunStatus.COMPLETED, Verdict.VOID, 1.0, (), (), None)
    for _ in range(4):
        give(served, address, Report("4.1", "", "full", False, (nothing,)))
    assert served.judge() == [] and post(served) == 303
    assert served.judge() == [("4.1", 1.0)] and "Score: 1 of 1" in served.as_("s001").get(address).text


def test_what_is_not_tried_again_by_itself_is_said_apart(served: Served) -> None:
    mine, teacher = served.as_("s001"), served.as_("Nodira")
    address = page_of(hand_in(mine, "4.1", dloss_dw="-8"))
    nothing = CheckResult("dloss_dw", RunStatus.COMPLETED, Verdict.VOID, 1.0, (), (), None)
    again, stuck, counted = "tried again by itself", "the teacher has to look at it", "not tried again by itself: 1"
    pages = ("/exercises", "/exercises/4.1", address)
    for times in range(1, 5):
        assert counted not in teacher.get("/class").text and "waiting to be judged: 1" in teacher.get("/class").text
        assert not any(stuck in mine.get(page).text for page in pages)
        give(served, address, Report("4.1", "", "full", False, (nothing,)))
        assert again in mine.get(address).text
        assert ("it is tried again" in mine.get("/exercises/4.1").text) == (times < 4)
    assert all(stuck in mine.get(page).text for page in pages)
    page = teacher.get("/class?show=waiting").text
    assert f'<a href="/class/regrades">not judged, and {counted}</a>' in page and "waiting to be judged: 0" in page
    assert "Gʻulom" in page and "/class/regrades" not in served.as_("Akmal").get("/class").text
    assert served.browser().get("/health").json()["waiting"] == 0
    # A grade by hand is an answer to it.
    by_hand = f"/class/students/{served.person('s001').id}/4.1/override"
    assert teacher.post(by_hand, data={"points": "1", "reason": "at the board"}).status_code == 303
    assert counted not in teacher.get("/class").text and "Gʻulom" not in teacher.get("/class?show=waiting").text
    # Once the teacher has said so, it waits for its turn.
    assert teacher.post("/class/regrades").status_code == 303
    assert counted not in teacher.get("/class").text and "waiting to be judged: 1" in teacher.get("/class").text
    assert not any(stuck in mine.get(page).text for page in pages)


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [("", {"exercise": "4.2"}, 422), ("", {"exercise": "4.1", "cause": "found"}, 422), ("", {"exercise": "9.9"}, 404),
     ("", {"cause": "lost"}, 404), ("/7", {"decision": "counts"}, 404), ("/1", {"decision": "x"}, 422)],
)  # fmt: skip
def test_what_is_not_there_is_not_judged_again(
    served: Served, old: str, path: str, fields: dict[str, str], status: int
) -> None:
    assert post(served, path, **fields) == status and served.service.regrades.open() == []


def test_the_same_is_not_judged_again_twice(served: Served, old: str) -> None:
    assert (post(served), post(served, exercise="4.1")) == (303, 422)

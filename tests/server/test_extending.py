"""More time for one student: it counts at once, everywhere, with who gave it and why."""

from __future__ import annotations

import pytest
from browsing import HOSTILE, Parsed
from served import Served, hand_in, page_of

from grader.core.course.policies.showing import Showing


def extend(served: Served, exercise: str = "4.2", **fields: str) -> tuple[int, str]:
    work = f"/class/students/{served.person('s001').id}/{exercise}"
    given = {"reason": "was ill", **fields}
    answer = served.as_("Nodira").post(f"{work}/extend", data=given)
    return answer.status_code, answer.text or served.as_("Nodira").get(work).text


def test_lateness_costs_nothing_before_the_new_due_date_until_it_is_taken_back(served: Served) -> None:
    for name in ("s001", "s003"):
        page_of(hand_in(served.as_(name), "4.2", dL_dx="15", dL_dy="10"))
    served.judge()

    def points() -> list[float | None]:
        found = served.service.grades(served.service.exercises())
        return [found[name, "4.2"].points for name in ("s001", "s003")]

    assert points() == [1.0, 1.0]
    status, page = extend(served, until="2099-05-03T12:30")
    assert status == 303 and "2099-05-03 12:30 +05" in page and "was ill" in page
    assert points() == [2.0, 1.0] and "2099-05-03 12:30" in served.as_("s001").get("/exercises").text
    assert "decided about a due date" in served.as_("Nodira").get("/class/audit").text
    extend(served, clear="1")
    assert points() == [1.0, 1.0] and "2020-01-01 12:00" in served.as_("s001").get("/exercises").text


def test_feedback_waits_for_the_new_due_date(served: Served) -> None:
    address = page_of(hand_in(served.as_("s001"), "4.2", dL_dx="15", dL_dy="10"))
    served.judge()
    served.service.rules.set({"4.2": Showing.AFTER_DUE}, 4)
    assert "Score: 2 of 2" in served.as_("s001").get(address).text
    extend(served, until="2099-05-03")
    page = served.as_("s001").get(address).text
    assert "Score:" not in page and "are shown after 2099-05-03 23:59" in page


@pytest.mark.parametrize(
    ("exercise", "fields", "said"),
    [
        ("4.2", {"until": "2019-05-03T12:00"}, "a later due date"),
        ("4.2", {"until": "soon"}, "soon is not a date"),
        ("4.2", {"until": ""}, "is not a date"),
        ("4.2", {"until": "9999-12-31T23:59"}, "is not a date"),
        ("4.2", {"until": "2099-05-03 12"}, "is not a date"),
        ("4.2", {"until": "2099-05-03T1200"}, "is not a date"),
        ("4.2", {"until": "2099-05-03T12:00", "reason": " "}, "give a reason"),
        ("4.1", {"until": "2099-05-03T12:00"}, "no due date"),
    ],
)
def test_what_is_no_extension_is_refused(served: Served, exercise: str, fields: dict[str, str], said: str) -> None:
    status, page = extend(served, exercise, **fields)
    assert status == 422 and said in page and served.service.book.extensions() == {}


def test_nobodys_words_are_markup(served: Served) -> None:
    pages = [extend(served, until="2099-05-03T12:00", reason=HOSTILE)[1], extend(served, until=HOSTILE)[1]]
    for page in (*pages, served.as_("Nodira").get("/class/audit").text):
        tags = [tag for tag, attributes in Parsed(page).elements if attributes.get("src") != "/static/live.js"]
        assert "script" not in tags and "img" not in tags

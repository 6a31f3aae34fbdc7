"""Which columns the table of the class has: a lecture's exercises, all, or what each lecture comes to."""

from __future__ import annotations

import pytest
from browsing import HOSTILE, Parsed
from served import Served, hand_in

from grader.server.desk import class_table


def decide(served: Served, student: str, exercise: str, points: str) -> None:
    path = f"/class/students/{served.person(student).id}/{exercise}/override"
    assert served.as_("Nodira").post(path, data={"points": points, "reason": "at the board"}).status_code == 303


def head(page: str) -> list[str]:
    return Parsed(page).grades[0][1:-1]


def test_the_exercises_of_one_lecture_are_the_columns(served: Served) -> None:
    decide(served, "s001", "4.1", "1")
    decide(served, "s001", "1.1", "2")
    page = Parsed(served.as_("Akmal").get("/class?lecture=4").text)
    assert all(id.startswith("4.") for id in page.grades[0][1:-1])
    assert page.grades[1][1] == "1*" and page.grades[1][-1] == "1"


def test_filters_keep_the_lecture_and_the_lecture_keeps_the_filter(served: Served) -> None:
    decide(served, "s001", "1.1", "2")
    text = served.as_("Nodira").get("/class?lecture=1&show=missing").text
    page = Parsed(text)
    assert "s001" not in page.text and "s003" in page.text
    assert {"/class?lecture=1&show=waiting", "/class?lecture=1"} <= set(page.attributes("href"))
    assert page.attributes("data-live") == ["/class/rows?lecture=1&show=missing"]
    assert '<input type="hidden" name="show" value="missing">' in text and '<option value="1" selected>' in text


def test_each_lecture_comes_to_points_and_says_how_much_has_a_grade(served: Served) -> None:
    decide(served, "s001", "4.1", "1")
    decide(served, "s001", "4.2", "1,5")
    hand_in(served.as_("s003"), "1.1", order="zero_first")
    page = Parsed(served.as_("Nodira").get("/class?lecture=sums").text)
    mine, _, other = page.grades[1:]
    lectures = page.grades[0][1:-1]
    of_four = len(head(served.as_("Nodira").get("/class?lecture=4").text))
    assert mine[1 + lectures.index("4")] == f"2.5 2/{of_four}" and mine[-1] == "2.5"
    assert mine[1 + lectures.index("1")] == "— 0/1" and other[1 + lectures.index("1")] == "? 0/1"


def test_in_the_sums_only_students_are_reached_by_tab(served: Served) -> None:
    links = [
        attributes
        for tag, attributes in Parsed(served.as_("Nodira").get("/class/rows?lecture=sums").text).elements
        if tag == "a" and attributes.get("tabindex") != "-1"
    ]
    assert len(links) == 3 and all(each["href"].startswith("/class/students/") for each in links)


def test_a_large_course_begins_with_its_lectures_and_every_exercise_can_be_had(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = served.as_("Nodira")
    assert "4.1" in head(teacher.get("/class").text)
    monkeypatch.setattr(class_table, "_FEW", 3)
    assert head(teacher.get("/class").text) == ["1", "2", "4"]
    every = teacher.get("/class?lecture=every")
    assert "4.1" in head(every.text) and 'data-live="/class/rows?lecture=every"' in every.text


def test_a_lecture_that_is_not_there_shows_what_is_shown_first(served: Served) -> None:
    teacher = served.as_("Nodira")
    answer = teacher.get("/class", params={"lecture": HOSTILE, "show": HOSTILE})
    assert answer.text == teacher.get("/class").text


def test_a_course_of_one_lecture_shows_its_exercises_however_many_they_are(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_table, "_FEW", 1)
    lectures = class_table.by_lecture
    monkeypatch.setattr(class_table, "by_lecture", lambda asked: {"4": lectures(asked)["4"]})
    assert all(id.startswith("4.") for id in head(served.as_("Nodira").get("/class").text))

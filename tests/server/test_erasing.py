"""A student's data is erased while the class goes on: marks do not move, ways in end, and what is asked is checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from served import Served, hand_in, page_of
from test_pages import give, report

from grader.actions.teacher.decisions.decide import forget
from grader.actions.teacher.decisions.erase import Erased, erase, erase_member
from grader.core.people.person import Role
from grader.core.words.errors import UsageFault
from grader.store.students.submissions import folder_name

REASON = "asked for it in a letter of 3 May"


def erased(served: Served, reason: str = REASON, roster: tuple[str, ...] = ()) -> Erased:
    return erase(served.service.files, served.service.book, set(roster), "s001", reason, "Nodira")


def points(served: Served, student: str) -> dict[str, float | None]:
    found = served.service.grades(served.service.exercises())
    return {place[1]: grade.points for place, grade in found.items() if place[0] == student}


def test_marks_do_not_move_whatever_they_were_computed_from(served: Served) -> None:
    mine, teacher, files = served.as_("s001"), served.as_("Nodira"), served.service.files
    longer = replace(files.course.policy, extensions={"s001": {"4.2": datetime(2100, 1, 1, tzinfo=UTC)}})
    served.service.files = replace(files, course=replace(files.course, policy=longer))
    # Late, and not for who has longer, which course.yaml says of a name; and one that was set by hand.
    hand_in(mine, "4.2", dL_dx="15", dL_dy="10")
    page_of(hand_in(mine, "4.1", dloss_dw="-8"))
    served.judge()
    teacher.post(f"/class/students/{served.person('s001').id}/4.5/override", data={"points": "5", "reason": "Gʻulom"})
    before = points(served, "s001")
    assert before == {"4.1": 1.0, "4.2": 2.0, "4.5": 5.0}
    name = erased(served).name
    assert points(served, name) == before and points(served, "s001") == {}
    page = teacher.get("/class").text
    assert name in page and "Gʻulom" not in page
    told = teacher.get("/class/audit").text
    assert "erased somebody&#39;s data" in told and REASON in told and "Gʻulom" not in told


def test_ways_in_end_and_what_waited_is_judged_no_more(served: Served) -> None:
    mine, teacher = served.as_("s001"), served.as_("Nodira")
    address = page_of(hand_in(mine, "4.1", dloss_dw="-8"))
    erased(served)
    assert mine.get("/exercises").status_code == 403 and teacher.get(address).status_code == 404
    assert served.judge() == [] and served.service.queue.waiting() == []


def test_a_grader_that_has_taken_it_goes_on_with_the_next(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("s001", "s003"):
        page_of(hand_in(served.as_(name), "4.1", dloss_dw="-8" if name == "s001" else "-4"))
    served.judge()
    for name in ("s001", "s003"):
        page_of(hand_in(served.as_(name), "4.1", dloss_dw="-7" if name == "s001" else "-6"))
    take = served.service.queue.__class__.lease

    def taken(*arguments: object) -> object:
        found = take(*arguments)  # type: ignore[arg-type]
        if "s001" in [each.student for each in found]:
            erased(served)
        return found

    monkeypatch.setattr(served.service.queue.__class__, "lease", taken)
    assert served.judge() == [("4.1", 0.0)]


@pytest.mark.parametrize(
    ("reason", "roster", "said"),
    [
        ("GʻULOM asked for it", (), "leave out of it who it is about"),
        ("s001 asked", (), "leave out of it who it is about"),
        ("  ", (), "give a reason"),
        (REASON, ("s001",), "in roster.csv"),
    ],
)
def test_what_would_keep_the_name_or_bring_it_back_is_refused(
    served: Served, reason: str, roster: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UsageFault) as fault:
        erased(served, reason, roster)
    assert said in fault.value.messages[0].said(str) and served.person("s001").name == "Gʻulom"


def test_files_that_are_still_there_are_named(served: Served, tmp_path: Path) -> None:
    served.service.files = replace(served.service.files, root=tmp_path)
    folder = tmp_path / "submissions" / folder_name("s001") / "4.5"
    folder.mkdir(parents=True)
    assert erased(served).files == [folder.parent]


def test_a_member_of_staff_comes_in_no_more_and_is_no_name_on_any_page(served: Served) -> None:
    akmal, teacher, mine = served.as_("Akmal"), served.as_("Nodira"), served.as_("s001")
    address, number = page_of(hand_in(mine, "4.5", program="x = 1")), served.person("Akmal").id
    give(served, address, report("lost"))
    assert akmal.post("/class/exercises/4.5/comment", data={"cause": "lost", "text": "Slide 12."}).status_code == 303
    name = erase_member(served.service.files, served.service.book, "Akmal", REASON, "Nodira").name
    assert akmal.get("/class").status_code == 403
    page = mine.get(address).text
    assert "Slide 12." in page and name in page and "Akmal" not in page
    told = teacher.get("/class/audit").text + teacher.get("/class/people").text
    assert REASON in told and "Akmal" not in told and f"/class/people/{number}/" not in told
    refused = [teacher.post(f"/class/people/{number}/{what}", data={"role": "teacher"}) for what in ("link", "role")]
    assert [each.status_code for each in refused] == [404, 404]


@pytest.mark.parametrize(
    ("name", "reason", "by", "said"),
    [
        ("Akmal ", REASON, "Nodira", "there are: Akmal, Nodira"),
        ("s001", REASON, "Nodira", "there are: Akmal, Nodira"),
        ("Akmal", "Akmal asked for it", "Nodira", "leave out of it who it is about"),
        ("Akmal", REASON, "Akmal", "let somebody else do it"),
        ("Akmal", " ", "Nodira", "give a reason"),
    ],
)
def test_a_member_of_staff_is_not_erased_where_a_name_would_stay(
    served: Served, name: str, reason: str, by: str, said: str
) -> None:
    with pytest.raises(UsageFault) as fault:
        erase_member(served.service.files, served.service.book, name, reason, by)
    assert said in fault.value.messages[0].said(str) and served.person("Akmal").name == "Akmal"


def test_staff_who_once_were_students_are_no_strangers(served: Served) -> None:
    book, helper, nodira = served.service.book, served.person("s003"), served.person("Nodira")
    served.service.people.set_role(helper.id, Role.ASSISTANT, nodira.id)
    assert forget(book, {"s001"}, [], True, True, REASON, "Nodira") == ["s002"]
    served.service.roster = frozenset({"s001"})
    assert served.service.is_on_roster(served.person("s003")) and not served.service.is_on_roster(served.person("s002"))
    assert forget(book, {"s001"}, ["s003"], False, True, REASON, "Nodira") == ["s003"]

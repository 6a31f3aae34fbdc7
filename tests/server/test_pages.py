"""What pages show: states, feedback made from its row, marks and decisions; and that nobody's words are markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from browsing import HOSTILE, Parsed
from served import Served, hand_in, page_of

from grader.core.findings.report_json import as_kept
from grader.core.findings.seen import seen_as_kept, with_seen
from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode, PrintedRow, Printout, Series
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.store.grades.gradebook import Result
from grader.store.grades.hand_ins import HandIn
from grader.store.grades.queue import JudgingQueue
from grader.store.grades.schema.class_tables import evidence as evidences
from grader.store.machine.catalogues import translations

CURVE = Series("loss", (1.0, 2.0), (1.0, float("nan")), 1)
DRAWING = Drawing(
    "loss",
    (DrawnNode("w", "", 1.0, None, None, -4.0), DrawnNode("loss", "w ** 2", 1.0, 1.0)),
    (DrawnEdge("w", "loss", True),),
)


def report(text: str = "look here", evidence: tuple[Series, ...] = (CURVE,)) -> Report:
    named = NamedMisconception(text, finding("as-written", text=text))
    found = finding("ends-itself-here", file=f"{text}.py", line=1, code=text)
    check = CheckResult(text, RunStatus.COMPLETED, Verdict.FAIL, 8.0, (found,), (named,), 3.0, evidence)
    return Report("4.5", "", "full", False, (check,))


def give(served: Served, address: str, of: Report, drawing: Drawing | None = None) -> None:
    """Record a report as the result of what was handed in, as a grading process does."""
    found = served.service.hand_ins.by_name(address.rpartition("/")[2])
    assert found is not None
    served.service.queue.publish({found.exercise: "d"})
    kept = as_kept(of, translations())
    result = Result(f"k{address}", found.exercise, of.score, 8.0, kept, {"practice": False})
    assert served.service.book.add_judged(result, [found.submission], "d", seen_as_kept(of.checks, drawing))


class TestStates:
    def test_what_is_handed_in_waits_at_a_place_is_judged_and_then_has_a_score(self, served: Served) -> None:
        mine, other = served.as_("s001"), served.as_("s003")
        page_of(hand_in(other, "4.5", program="x = 1"))
        address = page_of(hand_in(mine, "4.5", program="x = 2"))
        state = mine.get(f"{address}/state")
        assert "place in the queue: 2" in state.text and "course-settled" not in state.headers
        served.service.queue.publish({"4.5": "d"})
        for _ in range(2):
            served.service.queue.lease("a", {"4.5": "d"})
        assert "Being judged now" in mine.get(f"{address}/state").text
        assert "being judged" in mine.get("/exercises/rows").text
        give(served, address, report())
        assert mine.get(f"{address}/state").headers["course-settled"] == "1"
        assert "graded" in mine.get("/exercises/rows").text and "3 / 8" in mine.get("/exercises").text

    def test_what_could_not_be_judged_is_no_zero(self, served: Served) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.5", program="x = 1"))
        nothing = CheckResult("loop", RunStatus.COMPLETED, Verdict.VOID, 8.0, (), (), None)
        give(served, address, Report("4.5", "", "full", False, (nothing,)))
        assert "it is not a zero" in mine.get(f"{address}/state").text
        assert "— / 8" in mine.get("/exercises").text

    def test_the_attempt_that_counts_is_marked(self, served: Served) -> None:
        mine = served.as_("s001")
        for program in ("x = 1", "x = 2"):
            give(served, page_of(hand_in(mine, "4.5", program=program)), report())
        lines = [line for line in Parsed(mine.get("/exercises/4.5").text).lines if "judged" in "".join(line)]
        assert ["✓" in line[-1] for line in lines] == [True, False]

    def test_a_page_with_a_form_names_no_command_that_hands_in(self, served: Served) -> None:
        told = served.as_("s001").get("/exercises/4.1").text
        assert "work out ∂loss/∂w by hand" in told and "course submit" not in told

    def test_what_lateness_costs_is_told_before_and_after(self, served: Served) -> None:
        mine = served.as_("s001")
        assert "Late work loses 50 % of the score." in mine.get("/exercises/4.2").text
        assert "Late work" not in mine.get("/exercises/4.5").text
        address = page_of(hand_in(mine, "4.2", dL_dx="15", dL_dy="10"))
        assert served.judge() == [("4.2", 2.0)]
        assert "penalty: 1 ·" in mine.get(address).text


class TestFeedback:
    def test_it_is_made_from_the_row_with_its_curves(self, served: Served) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.5", program="raise SystemExit"))
        give(served, address, report())
        page = Parsed(mine.get(address).text)
        assert "Score: 3 of 8" in page.text and "the program exits here" in page.text
        assert "raise SystemExit" in page.text and "svg" in [tag for tag, _ in page.elements]

    def test_stated_values_are_judged_and_shown_with_their_graph(self, served: Served) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        assert served.judge() == [("4.1", 0.0)]
        page = Parsed(mine.get(address).text)
        assert "Score: 0 of 1" in page.text and "The computational graph" in page.text
        assert "svg" in [tag for tag, _ in page.elements]

    def test_the_same_bytes_of_another_student_get_the_same_result_without_being_judged(self, served: Served) -> None:
        page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-8"))
        served.judge()
        address = page_of(hand_in(served.as_("s003"), "4.1", dloss_dw="-8"))
        assert served.judge() == [("4.1", 1.0)] and len(served.service.book.results()) == 1
        assert "Score: 1 of 1" in served.as_("s003").get(address).text

    def test_no_known_result_is_given_once_another_version_judges(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-8"))
        served.judge()
        address = page_of(hand_in(served.as_("s003"), "4.1", dloss_dw="-8"))
        lease = JudgingQueue.lease

        def leased(queue: JudgingQueue, grader: str, versions: Mapping[str, str], most: int = 1) -> list[HandIn]:
            found = lease(queue, grader, versions, most)
            queue.publish({"4.1": "of another grader"})
            return found

        monkeypatch.setattr(JudgingQueue, "lease", leased)
        assert served.judge() == [] and "is judged by another version now" in served.told.troubles[-1]
        assert "place in the queue: 1" in served.as_("s003").get(address).text

    def test_what_was_graded_without_anything_to_see_is_judged_once_more_and_stays_the_same(
        self, served: Served
    ) -> None:
        # As `course grade` has recorded the same bytes of a folder.
        mine = served.as_("s001")
        first = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        served.judge()
        with served.service.book.database.writing() as connection:
            connection.execute(evidences.delete())
        assert "The computational graph" not in mine.get(first).text
        served.as_("Nodira").post("/class/regrades", data={"exercise": "4.1"})
        assert served.judge() == [("4.1", 0.0)] and len(served.service.book.results()) == 1
        assert "The computational graph" in mine.get(first).text

    def test_options_are_judged(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "1.1", order="zero_first"))
        assert served.judge() == [("1.1", 1.0)]
        assert "Score: 1 of 3" in served.as_("s001").get(address).text

    def test_one_hint_more_is_given_each_time_and_remembered(self, served: Served) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        served.judge()
        hints = []
        for _ in range(12):
            hints.append(len(re.findall(r'<li dir="auto">', mine.get(address).text)))
            answer = mine.post(f"{address}/hint")
            assert answer.headers["location"] == f"{address}#hints"
        last = hints[-1]
        assert hints == [*range(last), *([last] * (12 - last))] and last >= 2
        assert "Next hint" not in mine.get(address).text

    def test_it_is_in_the_language_that_is_asked_for(self, served: Served) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        served.judge()
        assert "notoʻgʻri" in mine.get(address, headers={"accept-language": "uz"}).text


class TestEvidence:
    def test_curves_and_graph_come_back_as_they_were_kept(self) -> None:
        printed = Printout((PrintedRow("a 1", "1"), PrintedRow(None, "2")), 1, 3, 4, (("x", "[1]"),))
        of = report(evidence=(Series("loss", (1.0, float("inf")), (float("-inf"), 2.5), None), printed))
        bare = report(evidence=())
        assert with_seen(bare, seen_as_kept(of.checks, DRAWING)) == (of, DRAWING)
        assert seen_as_kept(bare.checks, None) == {}

    @pytest.mark.parametrize(
        "kept",
        [
            {"curves": 1},
            {"curves": {"look here": [{"rows": 1}]}},
            {"curves": {"look here": [{}]}},
            {"drawing": []},
            {"curves": []},
        ],
    )
    def test_what_cannot_be_read_is_left_out(self, kept: dict[str, object]) -> None:
        assert with_seen(report(evidence=()), kept) == (report(evidence=()), None)


class TestDecisions:
    def test_a_mark_set_by_hand_counts_and_says_why_and_by_whom(self, served: Served) -> None:
        teacher, path = served.as_("Nodira"), f"/class/students/{served.person('s001').id}/4.5"
        answer = teacher.post(f"{path}/override", data={"points": "5,5", "reason": "at the board"})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        mine = served.as_("s001").get("/exercises/4.5").text
        assert "at the board" in mine and "Nodira" in mine and "5.5" in mine
        ((who, about),) = [(who, about) for _, who, did, about in served.service.people.audit() if did == "override"]
        assert (who and who.name, about["points"], about["student"]) == ("Nodira", "5,5", "s001")

    def test_it_can_be_taken_back(self, served: Served) -> None:
        teacher, path = served.as_("Nodira"), f"/class/students/{served.person('s001').id}/4.5/override"
        teacher.post(path, data={"points": "5", "reason": "a"})
        teacher.post(path, data={"clear": "1", "points": "", "reason": "a slip"})
        assert "— / 8" in served.as_("s001").get("/exercises").text

    @pytest.mark.parametrize(
        ("points", "reason", "said"),
        [
            ("5", " ", "give a reason"),
            ("many", "x", "not a number"),
            ("81", "x", "out of range"),
            ("9", "x", "tick the box"),
        ],
    )
    def test_one_without_points_or_a_reason_is_refused_and_what_was_typed_stays(
        self, served: Served, points: str, reason: str, said: str
    ) -> None:
        path = f"/class/students/{served.person('s001').id}/4.5/override"
        answer = served.as_("Nodira").post(path, data={"points": points, "reason": reason})
        assert answer.status_code == 422 and said in answer.text and f'value="{points}"' in answer.text
        assert served.service.book.overrides() == {}

    def test_more_than_the_exercise_is_worth_is_set_where_the_box_is_ticked(self, served: Served) -> None:
        teacher, path = served.as_("Nodira"), f"/class/students/{served.person('s001').id}/4.5"
        assert 'type="checkbox" name="bonus"' in teacher.get(path).text
        refused = teacher.post(f"{path}/override", data={"points": "81", "reason": "x", "bonus": "1"}).text
        assert 'name="bonus" value="1" checked' in refused
        done = teacher.post(f"{path}/override", data={"points": "9", "reason": "helped others", "bonus": "1"})
        assert done.status_code == 303 and "9 / 8" in served.as_("s001").get("/exercises").text

    def test_a_penalty_is_let_go_with_a_reason(self, served: Served) -> None:
        mine, teacher = served.as_("s001"), served.as_("Nodira")
        give(served, page_of(hand_in(mine, "4.2", dL_dx="1")), report())
        path = f"/class/students/{served.person('s001').id}/4.2"
        assert "penalty: 1.5" in teacher.get(path).text and "late" in mine.get("/exercises/4.2").text
        teacher.post(f"{path}/waive", data={"reason": "was ill"})
        assert "penalty" not in teacher.get(path).text and "was ill" in mine.get("/exercises/4.2").text

    def test_what_was_done_says_who_did_what_to_whom(self, served: Served) -> None:
        teacher = served.as_("Nodira")
        teacher.post(f"/class/people/{served.person('s001').id}/link")
        line = Parsed(teacher.get("/class/audit").text).lines[1]
        assert line[1:] == ["Nodira", "made a link", "Gʻulom"]

    def test_a_new_link_is_shown_once_and_never_written_down(self, served: Served) -> None:
        teacher = served.as_("Nodira")
        shown = teacher.post(f"/class/people/{served.person('s003').id}/link").text
        found = re.search(r"http://course\.test/link/([\w-]+)", shown)
        assert found and served.service.people.opens(found[1])
        assert found[1] not in teacher.get("/class/people").text + teacher.get("/class/audit").text

    def test_nobody_takes_their_own_role_away(self, served: Served) -> None:
        teacher = served.as_("Nodira")
        answer = teacher.post(f"/class/people/{served.person('Nodira').id}/role", data={"role": "assistant"})
        assert answer.status_code == 422 and teacher.get("/class/people").status_code == 200


class TestTheClass:
    def test_everybody_is_there_and_filters_leave_those_who_are_meant(self, served: Served) -> None:
        for exercise, fields in {
            "1.1": {"order": "zero_first"},
            "4.1": {"dloss_dw": "-8"},
            "4.2": {"dL_dx": "1"},
        }.items():
            hand_in(served.as_("s001"), exercise, **fields)
        teacher = served.as_("Nodira")
        assert "Students: 3" in teacher.get("/class").text
        waiting = teacher.get("/class?show=waiting").text
        assert "Students: 1" in waiting and 'data-live="/class/rows?show=waiting"' in waiting
        assert 'data-live="/class/rows"' in teacher.get("/class?show=%22%3E%3Cscript%3E").text

    def test_an_exercise_shows_each_cause_with_the_students_behind_it(self, served: Served) -> None:
        give(served, page_of(hand_in(served.as_("s001"), "4.5", program="x = 1")), report("sign-lost"))
        page = Parsed(served.as_("Akmal").get("/class/exercises/4.5").text)
        assert "handed in: 1" in page.text and "100%" in page.line("sign-lostsign-lost")[1]
        assert "Gʻulom" in page.line("sign-lostsign-lost")[2]

    def test_a_student_who_was_taken_out_of_sight_is_not_shown(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s003"), "4.5", program="x = 1"))
        served.service.book.forget(["s003"], True, "left", "teacher", datetime.now(UTC))
        teacher = served.as_("Nodira")
        assert "Students: 2" in teacher.get("/class").text and teacher.get(address).status_code == 404

    def test_no_cell_of_the_table_is_a_formula(self, served: Served) -> None:
        teacher = served.as_("Nodira")
        path = f"/class/students/{served.person('s001').id}/4.5/override"
        teacher.post(path, data={"points": "5", "reason": '=HYPERLINK("http://evil","x")'})
        answer = teacher.get("/class/grades.csv")
        assert "'=HYPERLINK" in answer.text and "attachment" in answer.headers["content-disposition"]

    def test_the_table_says_which_grades_are_of_an_earlier_version(self, served: Served) -> None:
        for name in ("s001", "s003"):
            hand_in(served.as_(name), "4.1", dloss_dw="-8")
        served.judge()
        teacher = served.as_("Nodira")

        def state() -> list[bool]:
            lines = teacher.get("/class/grades.csv").text.splitlines()
            return [",stale," in line for line in lines if ",4.1," in line and ("s001" in line or "s003" in line)]

        assert state() == [False, False]
        served.service.queue.publish({"4.1": "another version"})
        assert state() == [True, True]


OF_A_STUDENT = ("", "/4.5", "/4.1")


def pages_about(served: Served) -> dict[str, str]:
    """Return every page on which words of the hostile student can be, as those see it who can."""
    theirs, staff = served.as_("s002"), served.as_("Nodira")
    address = page_of(hand_in(theirs, "4.5", (f"{HOSTILE}.py", f"# {HOSTILE}\n")))
    curves = (Series(HOSTILE, CURVE.expected, CURVE.actual, 1),)
    give(served, address, report(HOSTILE, curves), Drawing(HOSTILE, (DrawnNode(HOSTILE, HOSTILE, 1.0, 1.0),), ()))
    person = served.person("s002").id
    staff.post(f"/class/students/{person}/4.1/override", data={"points": "1", "reason": HOSTILE})
    staff.post(f"/class/students/{person}/4.1/waive", data={"reason": HOSTILE})
    staff.post("/class/people", data={"name": HOSTILE, "role": "assistant"})
    places = [
        "",
        "/rows",
        "/exercises/4.5",
        "/people",
        "/audit",
        *(f"/students/{person}{each}" for each in OF_A_STUDENT),
    ]
    paths = [*(f"/class{place}" for place in places), address]
    found = {path: staff.get(path).text for path in paths}
    own = ["/exercises", "/exercises/rows", "/exercises/4.5", "/exercises/4.1", address, f"{address}/state"]
    found |= {f"own {path}": theirs.get(path).text for path in own}
    found["own error"] = hand_in(theirs, "4.1", dloss_dw=HOSTILE).text
    found["own pasted"] = hand_in(theirs, "4.5", ("a.py", "x"), program=HOSTILE).text
    found["link"] = theirs.get("/link/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    return found


def test_nobodys_words_are_markup_on_any_page(served: Served) -> None:
    found = pages_about(served)
    assert sum("alert(1)" in page for page in found.values()) >= 12
    for path, text in found.items():
        page = Parsed(text)
        assert page.open == [], path
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert all(attributes == {"src": "/static/live.js", "defer": ""} for attributes in scripts), path
        assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object", "base")], path
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")], path
        links = [link for name in ("href", "src", "action", "data-live") for link in page.attributes(name)]
        assert all(link.startswith(("/", "#", "data:,")) and not link.startswith("//") for link in links), path
        assert not page.attributes("style"), path


def test_every_page_forbids_what_it_does_not_need(served: Served) -> None:
    answer = served.as_("Nodira").get("/class")
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules and "unsafe" not in rules and "frame-ancestors 'none'" in rules
    assert answer.headers["referrer-policy"] == "same-origin" and answer.headers["cache-control"] == "no-store"
    nonces = {re.search("nonce-([^']+)", served.browser().get("/").headers["content-security-policy"])[1] for _ in "ab"}  # type: ignore[index]
    assert len(nonces) == 2

"""When feedback is seen: until then no page, fragment, header or hint tells a student what became of what they did."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from served import Served, hand_in, page_of
from starlette.testclient import TestClient

from grader.core.course.policies.showing import Showing
from grader.core.course.policies.slack import Slack
from grader.store.course.course_files import find_course

NOW = datetime.now(UTC)


def hold(served: Served, *exercises: str, rule: Showing = Showing.HELD) -> None:
    served.service.rules.set(dict.fromkeys(exercises, rule), served.person("Nodira").id)


def policy(served: Served, **changes: object) -> None:
    files = served.service.files
    changed = replace(files.course.policy, **changes)  # type: ignore[arg-type]
    served.service.files = replace(files, course=replace(files.course, policy=changed))
    served.grader = None


def everything(client: TestClient, *addresses: str) -> list[str]:
    """Return all that a student's pages say, without the form's key and the page's nonce, which no two have alike."""
    pages = ["/exercises", "/exercises/rows", "/exercises/4.1", "/exercises/4.5"]
    found = []
    for address in (*pages, *addresses, *(f"{each}/state" for each in addresses)):
        answer = client.get(address)
        text = [line for line in answer.text.splitlines() if 'name="form"' not in line and "nonce" not in line]
        found.append(f"{answer.status_code} {answer.headers.get('course-settled')} " + "\n".join(text))
    return found


def without_nonces(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if 'name="form"' not in line and "nonce" not in line)


class TestHeldBack:
    def test_no_page_is_another_whatever_the_verdict_is(self, served: Served) -> None:
        hold(served, "4.1")
        right, wrong = served.as_("s001"), served.as_("s003")
        one = page_of(hand_in(right, "4.1", dloss_dw="-8"))
        other = page_of(hand_in(wrong, "4.1", dloss_dw="-4"))

        def shown() -> tuple[list[str], list[str]]:
            return everything(right, one), everything(wrong, other)

        before = shown()
        assert sorted(served.judge()) == [("4.1", 0.0), ("4.1", 1.0)]
        assert shown() == before
        teacher = served.as_("Nodira")
        for name, points in (("s001", "0"), ("s003", "1")):
            address = f"/class/students/{served.person(name).id}/4.1/override"
            teacher.post(address, data={"points": points, "reason": "because I say so"})
        assert shown() == before
        assert "Handed in" in before[0][-1] and "later" in before[0][-1] and "— / 1" in before[0][0]

    def test_a_program_learns_no_more_than_a_page_does(self, served: Served) -> None:
        hold(served, "4.1")
        program = served.program("s001")
        form = {"data": {"form": "once"}, "files": {"file": ("4.1.yaml", "dloss_dw: -8\n")}}
        taken = program.post("/api/1/exercises/4.1", **form).json()  # type: ignore[arg-type]
        address = f"/api/1/submissions/{taken['submission']}"
        before = program.get(address).json()
        assert served.judge() == [("4.1", 1.0)]
        assert program.get(address).json() == before
        assert (before["state"], before["place"], before["counts"], "report" in before) == ("held", 0, False, False)

    def test_neither_the_place_in_the_queue_nor_a_failure_of_ours_is_told(self, served: Served) -> None:
        hold(served, "4.5")
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.5", program="x = 1"))
        before = everything(mine, address)
        served.service.queue.publish({"4.5": "d"})
        served.service.queue.lease("a", {"4.5": "d"})
        assert everything(mine, address) == before and "place" not in "".join(before)

    def test_nor_can_it_be_had_from_what_anybody_may_ask(self, served: Served) -> None:
        hold(served, "4.5")
        page_of(hand_in(served.as_("s001"), "4.5", program="x = 1"))
        page_of(hand_in(served.as_("s003"), "4.1", dloss_dw="-4"))
        told = served.browser().get("/health").json()
        assert (told["waiting"], told["running"]) == (1, 0) and len(served.service.queue.waiting()) == 2
        served.service.queue.publish({"4.5": "d"})
        served.service.queue.lease("a", {"4.5": "d"})
        assert served.service.queue.running(["4.1"]) == set() and len(served.service.queue.running()) == 1

    def test_which_of_several_attempts_is_the_best_is_not_told(self, served: Served) -> None:
        hold(served, "4.1")
        mine = served.as_("s001")
        for answer in ("-8", "-4"):
            page_of(hand_in(mine, "4.1", dloss_dw=answer))
        served.judge()
        assert "✓" not in mine.get("/exercises/4.1").text

    def test_no_hint_is_given_and_none_is_used_up(self, served: Served) -> None:
        hold(served, "4.1")
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        served.judge()
        assert mine.post(f"{address}/hint").status_code == 303
        assert served.service.hand_ins.hints_given(1) == 0 and "Hints" not in mine.get(address).text

    def test_slack_days_do_not_tell_of_it(self, served: Served) -> None:
        # Worth more at 4.2 than at 4.1, the one day goes to 4.2, and the other grade would fall by it.
        late = {"4.1": NOW - timedelta(hours=1), "4.2": NOW - timedelta(hours=1)}
        policy(served, due=late, slack=Slack(1))
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-8"))
        served.judge()
        hold(served, "4.2")
        before, attempt = mine.get("/exercises").text, without_nonces(mine.get(address).text)
        page_of(hand_in(mine, "4.2", dL_dx="15", dL_dy="10"))
        served.judge()
        shown = mine.get("/exercises").text
        assert without_nonces(mine.get(address).text) == attempt and "slack" in attempt
        assert "1 / 1" in before and "1 / 1" in shown
        assert before.count("1 / 1") == shown.count("1 / 1")

    def test_a_broken_file_that_grades_rest_on_is_named_to_staff_alone(self, served: Served, tmp_path: Path) -> None:
        root = tmp_path / "course"
        shutil.copytree(served.service.files.root, root)
        served.service = replace(served.service, files=find_course(root))
        policy(served, due={"4.2": NOW - timedelta(hours=1)}, slack=Slack(1))
        mine = served.as_("s001")
        page_of(hand_in(mine, "4.1", dloss_dw="-8"))
        page_of(hand_in(mine, "4.2", dL_dx="15", dL_dy="10"))
        served.judge()
        broken = root / "exercises" / "4.2" / "exercise.yaml"
        broken.write_text(broken.read_text(encoding="utf-8") + "secret: 15\n", encoding="utf-8")
        # While the pages run it is as it was before; to pages that begin now it never was right.
        assert mine.get("/exercises/4.1").status_code == 200
        served.service = replace(served.service)
        mine = served.as_("s001")
        theirs, place = mine.get("/exercises/4.1"), "4.2/exercise.yaml:"
        assert theirs.status_code == 503 and place not in theirs.text and "secret" not in theirs.text
        address = f"/class/students/{served.person('s001').id}"
        for name in ("Akmal", "Nodira"):
            page = served.as_(name).get(address)
            assert page.status_code == 503 and place in page.text and "secret" in page.text
        assert any(place in line for line in served.told.troubles)

    @pytest.mark.parametrize("name", ["Akmal", "Nodira"])
    def test_teachers_and_assistants_see_everything(self, served: Served, name: str) -> None:
        hold(served, "4.1")
        address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-4"))
        served.judge()
        assert "Score: 0 of 1" in served.as_(name).get(address).text

    def test_other_exercises_are_seen_as_always(self, served: Served) -> None:
        hold(served, "4.5")
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-8"))
        served.judge()
        assert "Score: 1 of 1" in mine.get(address).text and "1 / 1" in mine.get("/exercises").text

    def test_a_rule_that_a_newer_grader_wrote_shows_nothing(self, served: Served) -> None:
        with served.service.book.database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO feedback_rules (exercise, rule, person, at) VALUES ('4.1', 'when-sunny', 4, '2026-11-30')"
            )
        assert served.service.rules.all() == {"4.1": Showing.HELD}


class TestReleased:
    def test_by_hand_a_page_that_waits_is_told_at_once(self, served: Served) -> None:
        hold(served, "4.1")
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        served.judge()
        then = served.service.queue.stamp()
        form = {"rule-4.1": "at-once", "was-4.1": "held"}
        assert served.as_("Nodira").post("/class/feedback", data=form).headers["location"] == "/class/feedback"
        assert served.service.queue.stamp() != then
        assert mine.get(f"{address}/state").headers["course-settled"] == "1"
        assert "Score: 0 of 1" in mine.get(address).text and "0 / 1" in mine.get("/exercises/rows").text

    @pytest.mark.parametrize(("hours", "seen"), [(-1, True), (1, False)])
    def test_after_the_due_date_of_each_student(self, served: Served, hours: int, seen: bool) -> None:
        policy(served, due={"4.1": NOW - timedelta(hours=2)},
               extensions={"s001": {"4.1": NOW + timedelta(hours=hours)}})  # fmt: skip
        hold(served, "4.1", rule=Showing.AFTER_DUE)
        mine, other = served.as_("s001"), served.as_("s003")
        address, others = (page_of(hand_in(client, "4.1", dloss_dw="-8")) for client in (mine, other))
        served.judge()
        assert ("Score: 1 of 1" in mine.get(address).text) is seen
        assert "Score:" in other.get(others).text
        assert ("are shown after 20" in mine.get("/exercises/4.1").text) is not seen

    @pytest.mark.parametrize(
        ("rule", "due", "is_open"),
        [("at-once", None, True), ("held", NOW, False), ("after-due", None, False),
         ("after-due", NOW, False), ("after-due", NOW - timedelta(microseconds=1), True)],
    )  # fmt: skip
    def test_at_the_very_due_time_it_is_not_seen_yet(self, rule: str, due: datetime | None, is_open: bool) -> None:
        assert Showing(rule).is_open(due, NOW) is is_open


class TestForm:
    def test_what_changed_is_recorded_and_stands_in_the_audit(self, served: Served) -> None:
        teacher = served.as_("Nodira")
        form = {"rule-4.1": "held", "was-4.1": "at-once", "rule-4.5": "at-once", "was-4.5": "at-once"}
        teacher.post("/class/feedback", data=form)
        assert served.service.rules.all() == {"4.1": Showing.HELD}
        assert "decided when feedback is seen" in teacher.get("/class/audit").text
        page = teacher.get("/class/feedback").text
        assert '<option value="held" selected>' in page

    def test_what_somebody_else_set_meanwhile_stays(self, served: Served) -> None:
        hold(served, "4.1")
        form = {"rule-4.1": "at-once", "was-4.1": "at-once", "rule-4.5": "held", "was-4.5": "at-once"}
        served.as_("Nodira").post("/class/feedback", data=form)
        assert served.service.rules.all() == {"4.1": Showing.HELD, "4.5": Showing.HELD}

    def test_after_a_due_date_that_there_is_not_is_refused_with_all_else(self, served: Served) -> None:
        form = {"rule-4.1": "after-due", "was-4.1": "at-once", "rule-4.5": "held", "was-4.5": "at-once"}
        answer = served.as_("Nodira").post("/class/feedback", data=form)
        assert answer.status_code == 422 and "4.1 has no due date" in answer.text
        assert served.service.rules.all() == {}
        assert answer.text.count('<option value="held" selected>') == 1

    def test_a_rule_that_is_none_is_refused(self, served: Served) -> None:
        answer = served.as_("Nodira").post("/class/feedback", data={"rule-4.1": "<script>", "was-4.1": "at-once"})
        assert answer.status_code == 422 and "<script>" not in answer.text.replace('<script src="/static/live.js"', "")

    def test_a_form_from_elsewhere_changes_nothing(self, served: Served) -> None:
        form = {"rule-4.1": "held", "was-4.1": "at-once"}
        answer = served.as_("Nodira").post("/class/feedback", data=form, headers={"origin": "http://evil.test"})
        assert answer.status_code == 403 and served.service.rules.all() == {}

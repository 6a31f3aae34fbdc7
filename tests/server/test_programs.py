"""Programs with a token: what they may do, and what nobody gains who has a wrong one, or somebody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import HOSTILE
from served import URL, Served, page_of
from starlette.testclient import TestClient
from test_pages import give, report

from grader.core.course.policies.showing import Showing
from grader.core.people.person import Role
from grader.server.routes import ROUTES


def sent(client: TestClient, exercise: str, name: str, content: str, **fields: str) -> dict[str, str]:
    """Hand in with a token; return the answer."""
    answer = client.post(f"/api/1/exercises/{exercise}", data=fields, files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def refusal(client: TestClient, exercise: str, **form: object) -> tuple[int, str]:
    answer = client.post(f"/api/1/exercises/{exercise}", **form)  # type: ignore[arg-type]
    return answer.status_code, answer.json()["error"]["message"]


class TestHandingIn:
    def test_what_a_program_hands_in_is_judged_as_what_a_form_does(self, served: Served) -> None:
        program = served.program("s001")
        about = program.get("/api/1/course").json()
        assert (about["format_version"], about["student"], about["name"]) == (1, "s001", "Gʻulom")
        taken = sent(program, "4.1", "4.1.yaml", "dloss_dw: -4\n")
        path = f"/api/1/submissions/{taken['submission']}"
        waiting = program.get(path).json()
        assert (waiting["state"], waiting["place"], "report" in waiting) == ("waiting", 1, False)
        assert served.judge() == [("4.1", 0.0)]
        judged = program.get(path).json()
        assert (judged["state"], judged["counts"], judged["notes"]) == ("judged", True, [])
        assert judged["report"]["student"] == "s001" and judged["report"]["score"] == 0
        assert "drawing" in judged["seen"] and taken["page"] == f"{URL}/submissions/{taken['submission']}"
        assert "Score: 0 of 1" in served.as_("s001").get(taken["page"]).text

    def test_late_work_says_by_how_much_and_what_that_costs(self, served: Served) -> None:
        program = served.program("s001")
        taken = sent(program, "4.2", "4.2.yaml", "dL_dx: 15\ndL_dy: 10\n")
        served.judge()
        told = program.get(f"/api/1/submissions/{taken['submission']}").json()
        assert told["late_seconds"] > 86400 and told["notes"] == ["penalty: 1"]

    def test_a_form_that_is_sent_twice_is_one_attempt(self, served: Served) -> None:
        program = served.program("s001")
        first = sent(program, "4.5", "a.py", "x = 1", form="k")
        sent(program, "4.5", "a.py", "x = 2")
        assert sent(program, "4.5", "a.py", "x = 1", form="k") == first
        assert len(served.service.book.standing()) == 2

    @pytest.mark.parametrize(
        ("exercise", "name", "content", "status", "said"),
        [
            ("4.1", "4.1.py", "x", 422, "does not end in .yaml"),
            ("4.5", "4.5.yaml", "x", 422, "does not end in .py, .ipynb"),
            ("2.1", "2.1.ipynb", "x", 422, "does not end in .py"),
            ("4.5", f"{HOSTILE}.exe", "x", 422, "does not end in"),
            ("4.1", "4.1.yaml", "x" * 2**17, 422, "too large"),
            ("4.5", "4.5.py", "x" * (2**22 + 1), 422, "too large"),
            ("1.1", "1.1.yaml", "a: [", 422, ""),
            ("1.1", "1.1.yaml", "&a [*a]", 422, ""),
            ("9.9", "9.9.py", "x", 404, "no such exercise"),
        ],
    )
    def test_what_cannot_be_taken_is_told_and_not_recorded(
        self, served: Served, exercise: str, name: str, content: str, status: int, said: str
    ) -> None:
        program = served.program("s001")
        found, words = refusal(program, exercise, files={"file": (name, content)})
        assert (found, said in words) == (status, True) and served.service.book.standing() == []

    def test_no_file_or_two_are_none(self, served: Served) -> None:
        program = served.program("s001")
        assert refusal(program, "4.5", data={"program": "x = 1"})[0] == 422
        assert refusal(program, "4.5", content=b"x = 1")[0] == 415
        two = [("file", ("a.py", "x")), ("file", ("b.py", "y"))]
        assert refusal(program, "4.5", files=two)[0] == 422 and served.service.book.standing() == []


class TestComments:
    def test_what_is_said_of_the_mistake_and_of_lines_comes_with_the_verdict_and_not_before_it_is_shown(
        self, served: Served
    ) -> None:
        program = served.program("s001")
        name = sent(program, "4.5", "4.5.py", "w = 1\nloss = w\n")["submission"]
        give(served, f"/submissions/{name}", report("lost"))
        staff = served.as_("Akmal")
        on_cause = {"cause": "lost", "text": "Slide 12."}
        assert staff.post("/class/exercises/4.5/comment", data=on_cause).status_code == 303
        staff.post("/class/exercises/4.5/comment", data={"cause": "another", "text": "not of this work"})
        on_line = {"block": "0", "line": "2", "text": "Why\nthis?"}
        assert staff.post(f"/submissions/{name}/comment", data=on_line).status_code == 303
        told = program.get(f"/api/1/submissions/{name}").json()
        assert told["comments"] == [
            {"on": "lost", "by": "Akmal", "text": "Slide 12.", "check": "lost"},
            {"on": "line 2", "by": "Akmal", "text": "Why\nthis?", "line": 2},
        ]
        served.service.rules.set({"4.5": Showing.HELD}, served.person("Nodira").id)
        held = program.get(f"/api/1/submissions/{name}")
        assert held.json()["state"] == "held" and "Slide" not in held.text and "this?" not in held.text
        assert served.program("s003").get(f"/api/1/submissions/{name}").status_code == 404


class TestWhoIsKeptOut:
    def test_a_token_that_ended_does_nothing_any_more(self, served: Served) -> None:
        secret = served.token("s001")
        program = served.program("s001", secret)
        taken = sent(program, "4.5", "a.py", "x = 1")
        (token,) = served.service.tokens.of(served.person("s001").id)
        served.service.tokens.revoke(served.person("s001").id, token.id)
        for answer in (
            program.get("/api/1/course"),
            program.get(f"/api/1/submissions/{taken['submission']}"),
            program.post("/api/1/exercises/4.5", files={"file": ("a.py", "x = 2")}),
        ):
            assert answer.status_code == 401 and "was revoked" in answer.json()["error"]["message"]
            assert answer.headers["www-authenticate"] == "Bearer"
        assert len(served.service.book.standing()) == 1

    @pytest.mark.parametrize(
        "authorization",
        ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "Bearer {}x", "Bearer {} {}", "Bearer ʻ", "Bearer \0"],
    )
    def test_what_is_no_token_is_nobodys(self, served: Served, authorization: str) -> None:
        told = authorization.format(*[served.token("s001")] * 2)
        client = served.browser(origin=URL)
        answer = client.get("/api/1/course", headers={b"authorization": told.encode()})  # type: ignore[arg-type]
        assert answer.status_code == 401

    def test_one_that_has_expired_or_is_of_another_course(self, served: Served) -> None:
        expired = served.program("s001", served.token("s001", timedelta()))
        other = served.program("s001", f"course_{'x' * 32}")
        assert (expired.get("/api/1/course").status_code, other.get("/api/1/course").status_code) == (401, 401)

    def test_a_student_who_is_out_of_sight_or_became_something_else(self, served: Served) -> None:
        program, number = served.program("s001"), served.person("s001").id
        served.service.people.set_role(number, Role.ASSISTANT, served.person("Nodira").id)
        assert program.get("/api/1/course").status_code == 401
        # One that was made all the same lets nobody in who is no student.
        assert served.program("s001").get("/api/1/course").status_code == 404

    def test_the_work_of_another_student_is_not_there(self, served: Served) -> None:
        taken = sent(served.program("s001"), "4.5", "a.py", "x = 1")
        answer = served.program("s003").get(f"/api/1/submissions/{taken['submission']}")
        assert answer.status_code == 404 and answer.json()["error"]["message"] == "There is no such submission."

    def test_a_cookie_does_nothing_on_a_programs_route_nor_a_token_on_a_page(self, served: Served) -> None:
        browser, secret = served.as_("s001"), served.token("s001")
        assert browser.get("/api/1/course").status_code == 401
        theirs = {"authorization": f"Bearer {secret}"}
        # Whoever has a session is that, and not whose token goes along.
        assert served.as_("s003").get("/exercises", headers=theirs).status_code == 200
        assert "Gʻulom" not in served.as_("s003").get("/exercises", headers=theirs).text
        program = served.program("s001", secret)
        pages = [each for each in ROUTES if not each.for_programs and None not in each.roles]
        for route in pages:
            path = re.sub(r"\{\w+\}", "4.5", route.path)
            answer = program.request(route.method, path, headers={"origin": URL})
            assert answer.status_code in (403, 404), route.path

    def test_a_token_in_the_address_or_the_form_is_none(self, served: Served) -> None:
        secret, client = served.token("s001"), served.browser()
        assert client.get(f"/api/1/course?token={secret}&access_token={secret}").status_code == 401
        answer = client.post("/api/1/exercises/4.5", data={"access_token": secret}, files={"file": ("a.py", "x")})
        assert answer.status_code == 401

    def test_who_guesses_has_to_wait_and_keeps_nobody_out(self, served: Served) -> None:
        guessing = served.browser()
        seen = [
            guessing.get("/api/1/course", headers={"authorization": f"Bearer {number}"}).status_code
            for number in range(50)
        ]
        assert seen[:30] == [401] * 30 and seen[-1] == 429
        program = served.program("s001")
        program.app = guessing.app
        assert program.get("/api/1/course").status_code == 200

    def test_who_hands_in_and_hands_in_has_to_wait(self, served: Served) -> None:
        program = served.program("s001")
        seen = [program.post("/api/1/exercises/9.9", data={"a": "b"}).status_code for _ in range(60)]
        assert seen[:30] == [404] * 30 and seen[-1] == 429


class TestThePage:
    def made(self, served: Served, client: TestClient, name: str = "laptop") -> str:
        page = client.post("/tokens", data={"name": name, "days": "30"})
        found = re.search(r"course_[\w-]{32}", page.text)
        assert page.status_code == 200 and found is not None
        return found[0]

    def test_a_token_is_shown_once_and_then_only_what_it_is_for(self, served: Served) -> None:
        client = served.as_("s001")
        secret = self.made(served, client, HOSTILE)
        assert served.program("s001", secret).get("/api/1/course").status_code == 200
        page = client.get("/tokens").text
        assert secret not in page and "<script>alert" not in page and "alert" in page and "never" not in page

    def test_its_button_revokes_it_and_nobody_elses_does(self, served: Served) -> None:
        mine, other = served.as_("s001"), served.as_("s003")
        program = served.program("s001", self.made(served, mine))
        path = re.search(r"/tokens/\d+/revoke", mine.get("/tokens").text)
        assert path is not None and other.post(path[0]).status_code == 404
        assert program.get("/api/1/course").status_code == 200
        assert mine.post(path[0]).status_code == 303 and program.get("/api/1/course").status_code == 401

    def test_a_page_of_another_site_makes_none_and_revokes_none(self, served: Served) -> None:
        client = served.as_("s001")
        for path, data in (("/tokens", {"name": "x", "days": "7"}), ("/tokens/1/revoke", {})):
            assert client.post(path, data=data, headers={"origin": "http://evil.test"}).status_code == 403
        assert served.service.tokens.of(served.person("s001").id) == []

    @pytest.mark.parametrize("form", [{"name": "", "days": "7"}, {"name": "x", "days": "9999"}, {"name": "x"}])
    def test_nobody_chooses_the_token_nor_how_long_it_lasts(self, served: Served, form: dict[str, str]) -> None:
        chosen = f"course_{'a' * 32}"
        client = served.as_("s001")
        assert client.post("/tokens", data={**form, "token": chosen, "secret": chosen}).status_code == 422
        assert served.program("s001", chosen).get("/api/1/course").status_code == 401

    def test_it_stands_in_no_page_no_metrics_no_audit_and_not_in_the_database(
        self, served: Served, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        student, teacher = served.as_("s001"), served.as_("Nodira")
        secret = self.made(served, student)
        program = served.program("s001", secret)
        sent(program, "4.5", "a.py", "x = 1")
        program.get("/api/1/submissions/none")
        served.service.metrics_token = "q8yZ4mT0v6Lr2Xc9Wb1Nd7Kf"
        metrics = served.browser().get("/metrics", headers={"authorization": f"Bearer {served.service.metrics_token}"})
        number = served.person("s001").id
        paths = ("/class", "/class/people", "/class/audit", f"/class/students/{number}/4.5", "/class/grades.csv")
        told = [metrics.text, *(teacher.get(path).text for path in paths), student.get("/tokens").text]
        told += [*served.told.troubles, *capfd.readouterr()]
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("gradebook.db*"))
        assert not any(secret in each for each in told) and secret.encode() not in stored
        assert "made a token" in teacher.get("/class/audit").text


def test_a_page_and_a_programs_answer_are_never_kept_by_others(served: Served) -> None:
    answer = served.program("s001").get("/api/1/course")
    assert answer.headers["cache-control"] == "no-store" and answer.headers["content-type"] == "application/json"
    assert "access-control-allow-origin" not in answer.headers


def test_form_and_program_share_what_was_handed_in_last(served: Served) -> None:
    from served import hand_in

    page = page_of(hand_in(served.as_("s001"), "4.5", ("a.py", "x = 1")))
    assert sent(served.program("s001"), "4.5", "a.py", "x = 1")["page"] == URL + page

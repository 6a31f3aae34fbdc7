"""What a student tries who knows HTTP: nothing of it shows or changes what is not theirs."""

from __future__ import annotations

import httpx2
import pytest
from served import URL, Served, hand_in, listening, page_of
from test_pages import give, report

from grader.core.people.person import Role
from grader.server import app
from grader.server.routes import ROUTES


def recorded(served: Served) -> int:
    return len(served.service.hand_ins.all())


class TestTheWorkOfOthers:
    @pytest.mark.parametrize("form", ["hint", "question", "comment"])
    def test_its_forms_do_nothing(self, served: Served, form: str) -> None:
        theirs = page_of(hand_in(served.as_("s001"), "4.5", program="x = 1"))
        give(served, theirs, report("lost"))
        answer = served.as_("s003").post(f"{theirs}/{form}", data={"text": "mine now", "block": "0", "line": "1"})
        assert answer.status_code == 404 and "mine now" not in served.as_("s001").get(theirs).text
        assert served.service.questions.open() == 0

    def test_their_form_s_key_hands_in_as_oneself(self, served: Served) -> None:
        page_of(hand_in(served.as_("s001"), "4.5", program="x = 1", form="k"))
        page_of(hand_in(served.as_("s003"), "4.5", program="x = 2", form="k"))
        assert [each.student for each in served.service.hand_ins.all()] == ["s001", "s003"]

    def test_fields_that_say_who_one_is_say_nothing(self, served: Served) -> None:
        mine = served.as_("s003")
        said = {"form": "k", "program": "x = 1", "student": "s001", "person": "1", "at": "2020-01-01", "score": "8"}
        mine.post("/exercises/4.5?student=s001", data=said, headers={"x-forwarded-user": "s001"})
        (found,) = served.service.hand_ins.all()
        assert found.student == "s003" and found.submitted.year > 2020

    def test_a_token_of_theirs_is_not_ended(self, served: Served) -> None:
        served.token("s001")
        (token,) = served.service.tokens.of(served.person("s001").id)
        assert served.as_("s003").post(f"/tokens/{token.id}/revoke").status_code == 404
        assert served.service.tokens.of(served.person("s001").id) == [token]


class TestSecretsWhereTheyDoNotBelong:
    @pytest.mark.parametrize("name", ["token", "access_token", "authorization", "bearer_token"])
    def test_a_token_in_an_address_or_a_form_is_none(self, served: Served, name: str) -> None:
        secret, nobody = served.token("s001"), served.browser()
        assert nobody.get("/api/1/course", params={name: secret}).status_code == 401
        sent = nobody.post("/api/1/exercises/4.5", data={name: secret}, files={"file": ("a.py", "x = 1")})
        assert sent.status_code == 401 and recorded(served) == 0

    def test_a_session_in_an_address_or_as_a_token_is_none(self, served: Served) -> None:
        client = served.as_("s001")
        session = client.cookies["course-session"]
        nobody = served.browser()
        assert nobody.get("/exercises", params={"course-session": session}).status_code == 403
        assert served.program("s001", session).get("/api/1/course").status_code == 401


METHODS = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


class TestMethods:
    @pytest.mark.parametrize("header", METHODS)
    def test_no_header_and_no_field_makes_one_into_another(self, served: Served, header: str) -> None:
        client = served.as_("s001")
        before = client.get("/tokens", headers={header: "POST"}, params={"name": "x", "_method": "POST"})
        assert before.status_code == 200 and served.service.tokens.of(served.person("s001").id) == []
        assert client.get("/sign-out", headers={header: "POST"}).status_code == 404
        assert client.get("/exercises").status_code == 200

    def test_whoever_may_not_read_a_page_gets_no_head_and_no_options_of_it(self, served: Served) -> None:
        client, wrong = served.as_("s003"), []
        pages = {each.path for each in ROUTES if each.method == "GET" and Role.STUDENT in each.roles}
        for route in ROUTES:
            path = route.path.replace("{id}", "4.5").replace("{person}", str(served.person("s001").id))
            for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
                answer = client.request(method, path)
                allowed = method == "HEAD" and route.path in pages
                if not allowed and answer.status_code not in (401, 404):
                    wrong.append((method, path, answer.status_code))
                if any(name.startswith("access-control") for name in answer.headers):
                    wrong.append((method, path, answer.headers))
        assert wrong == [] and client.get("/exercises").status_code == 200


class TestFormsOfOtherPages:
    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("application/json", b'{"form": "k", "program": "x = 1"}'),
            ("text/plain", b"form=k&program=x"),
            ("application/x-www-form-urlencoded, text/plain", b"form=k&program=x"),
            ("application/csp-report", b"{}"),
        ],
    )
    def test_a_body_that_another_page_could_send_unasked_is_no_form(
        self, served: Served, kind: str, body: bytes
    ) -> None:
        answer = served.as_("s001").post("/exercises/4.5", content=body, headers={"content-type": kind})
        assert answer.status_code == 415 and recorded(served) == 0

    @pytest.mark.parametrize(
        "origin",
        ["null", "http://course.test.evil.test", "http://evil.test", "https://course.test", f"{URL}/", f"{URL}:80"],
    )
    def test_nor_does_one_that_is_nearly_from_here(self, served: Served, origin: str) -> None:
        client = served.as_("s001")
        answer = client.post("/sign-out", headers={"origin": origin, "referer": f"{URL}/exercises"})
        assert answer.status_code == 403 and client.get("/exercises").status_code == 200

    def test_the_first_of_two_fields_of_one_name_counts_everywhere(self, served: Served) -> None:
        teacher, person = served.as_("Nodira"), served.person("s003")
        body = "role=assistant&role=teacher"
        kind = {"content-type": "application/x-www-form-urlencoded"}
        teacher.post(f"/class/people/{person.id}/role", content=body, headers=kind)
        assert served.person("s003").role is Role.ASSISTANT

    def test_a_field_that_is_too_large_records_nothing(self, served: Served) -> None:
        parts = {"form": (None, "k"), "program": (None, "x" * (2**20 + 1))}
        answer = served.as_("s001").post("/exercises/4.5", files=parts)
        assert answer.status_code == 400 and recorded(served) == 0


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        ["/class%2Fpeople", "/%2e%2e/class/people", "//class/people", "/class/people%00", "/exercises/..%2fclass"],
    )
    def test_no_spelling_leads_past_the_table(self, served: Served, path: str) -> None:
        assert served.as_("s003").get(path).status_code == 404

    @pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded"])
    def test_no_header_makes_a_link_or_a_redirect_lead_elsewhere(self, served: Served, name: str) -> None:
        value = "host=evil.test" if name == "Forwarded" else "evil.test"
        nobody = served.browser(**{name: value})
        for answer in (nobody.get("/"), nobody.get("/exercises/"), nobody.post("/language", data={"language": "uz"})):
            assert "evil.test" not in answer.text + answer.headers.get("location", "")

    def test_a_page_is_not_kept_and_no_condition_or_range_shows_a_part_of_it(self, served: Served) -> None:
        client = served.as_("s001")
        page = page_of(hand_in(client, "4.5", program="x = 1"))
        asked = {"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-0"}
        for path in (page, f"{page}/file", "/exercises"):
            answer = client.get(path, headers=asked)
            assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        client.post("/sign-out")
        assert [client.get(path, headers=asked).status_code for path in (page, f"{page}/file")] == [403, 403]


class TestStreams:
    def test_one_is_for_this_host_and_for_who_is_signed_in(self, served: Served) -> None:
        assert served.as_("s001").get("/events", headers={"host": "evil.test"}).status_code == 421
        assert served.browser().get("/events", params={"person": "1"}).status_code == 403

    @pytest.mark.parametrize("by", ["sign-out", "role"])
    def test_one_ends_with_its_session_and_with_the_role(
        self, served: Served, monkeypatch: pytest.MonkeyPatch, by: str
    ) -> None:
        monkeypatch.setattr(app, "_HEARTBEAT", 0.05)
        session = served.as_("s001").cookies["course-session"]
        cookie = {"cookie": f"course-session={session}"}
        with (
            listening(served) as url,
            httpx2.Client(base_url=url, timeout=60) as client,
            client.stream("GET", "/events", headers=cookie) as stream,
        ):
            lines = stream.iter_lines()
            assert next(lines) == "retry: 3000" and ": still here" in (next(lines), next(lines))
            if by == "role":
                served.service.people.set_role(served.person("s001").id, Role.ASSISTANT, 1)
            else:
                served.service.people.leave(session)
            # It would go on for ever.
            assert "event: changed" not in list(lines)

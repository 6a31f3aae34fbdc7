"""Coming in and going out: links, sessions, cookies, origins, hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from served import URL, Served
from starlette.testclient import TestClient

from grader.server.app import make_app


def link_of(served: Served, name: str = "s001") -> str:
    return served.service.people.new_link(served.person(name).id, None)


def signed_in(client: TestClient) -> bool:
    return client.get("/exercises").status_code == 200


class TestLinks:
    def test_to_look_at_one_shows_a_button_and_uses_nothing_up(self, served: Served) -> None:
        link, client = link_of(served), served.browser()
        for _ in range(3):
            answer = client.get(f"/link/{link}")
            assert answer.status_code == 200 and f'value="{link}"' in answer.text
        assert "set-cookie" not in answer.headers and not signed_in(client)

    def test_its_button_lets_in_once(self, served: Served) -> None:
        link, client = link_of(served), served.browser()
        answer = client.post("/link", data={"link": link})
        assert (answer.status_code, answer.headers["location"]) == (303, "/") and signed_in(client)
        again = served.browser().post("/link", data={"link": link})
        assert again.status_code == 404 and "set-cookie" not in again.headers

    def test_the_cookie_is_for_this_server_and_no_script(self, served: Served) -> None:
        cookie = served.browser().post("/link", data={"link": link_of(served)}).headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "domain" not in cookie

    def test_behind_tls_the_cookie_is_for_tls_only_and_no_other_host_can_set_it(self, served: Served) -> None:
        service = replace(served.service, public_url="https://course.test")
        client = TestClient(make_app(service), "https://course.test", headers={"origin": "https://course.test"},
                            follow_redirects=False)  # fmt: skip
        cookie = client.post("/link", data={"link": link_of(served)}).headers["set-cookie"]
        assert cookie.startswith("__Host-course-session=") and "secure" in cookie.lower()

    def test_a_session_that_somebody_else_has_chosen_becomes_nobodys(self, served: Served) -> None:
        client = served.browser()
        client.cookies.set("course-session", "fixed", domain="course.test", path="/")
        client.post("/link", data={"link": link_of(served)})
        assert client.cookies["course-session"] != "fixed" and served.service.people.whose("fixed") is None

    def test_who_comes_in_as_somebody_else_ends_the_session_before(self, served: Served) -> None:
        client = served.as_("s001")
        before = client.cookies["course-session"]
        client.post("/link", data={"link": link_of(served, "s003")})
        assert served.service.people.whose(before) is None


class TestWhoIsKeptOut:
    def test_a_student_who_was_taken_out_of_sight(self, served: Served) -> None:
        client = served.as_("s001")
        served.service.book.forget(["s001"], True, "left", "teacher", datetime.now(UTC))
        assert client.get("/exercises").status_code == 403
        served.service.book.forget(["s001"], False, "is back", "teacher", datetime.now(UTC))
        assert signed_in(client)

    def test_an_address_from_which_one_link_after_the_other_fails(self, served: Served) -> None:
        client = served.browser()
        failed = [client.post("/link", data={"link": f"x{number}"}).status_code for number in range(50)]
        assert failed[:30] == [404] * 30 and failed[-1] == 429
        # Behind a proxy everybody has that address: who guesses keeps nobody out.
        assert client.post("/link", data={"link": link_of(served)}).status_code == 303

    def test_a_class_that_comes_in_from_one_address_is_let_in(self, served: Served) -> None:
        client = served.browser()
        for _ in range(50):
            assert client.post("/link", data={"link": link_of(served)}).status_code == 303
            client.cookies.clear()


class TestGoingOut:
    def test_it_ends_the_session_and_not_only_the_cookie(self, served: Served) -> None:
        client = served.as_("s001")
        session = client.cookies["course-session"]
        assert client.post("/sign-out", data={}).status_code == 303
        assert served.service.people.whose(session) is None


class TestOrigins:
    @pytest.mark.parametrize(
        "origin", ["null", "", "http://evil.test", "https://course.test", f"{URL}:81", f"{URL}.evil.test"]
    )
    def test_a_form_from_elsewhere_does_nothing(self, served: Served, origin: str) -> None:
        client = served.as_("s001")
        answer = client.post("/sign-out", data={}, headers={"origin": origin})
        assert answer.status_code == 403 and signed_in(client)

    def test_a_form_that_does_not_say_where_it_is_from_does_nothing(self, served: Served) -> None:
        client = served.as_("s001")
        del client.headers["origin"]
        assert client.post("/sign-out", data={}).status_code == 403 and signed_in(client)

    @pytest.mark.parametrize("host", ["course.test:80", "Course.Test"])
    def test_the_same_host_written_in_another_way_is_this_one(self, served: Served, host: str) -> None:
        assert served.as_("s001").get("/exercises", headers={"host": host}).status_code == 200

    @pytest.mark.parametrize("host", ["evil.test", "course.test:81", "course.test:443", "course.test.evil.test", ""])
    def test_a_request_to_another_host_gets_no_page(self, served: Served, host: str) -> None:
        answer = served.as_("s001").get("/exercises", headers={"host": host})
        assert answer.status_code == 421 and URL in answer.text and "Gʻulom" not in answer.text


class TestLanguages:
    def test_the_browser_says_which(self, served: Served) -> None:
        assert 'lang="uz"' in served.browser(**{"accept-language": "fr,uz;q=0.5"}).get("/").text[:200]
        assert 'lang="en"' in served.browser(**{"accept-language": "en-GB"}).get("/").text[:200]

    def test_one_can_choose_another(self, served: Served) -> None:
        client = served.as_("s001")
        answer = client.post("/language", data={"language": "uz", "back": "/exercises/4.5"})
        assert answer.headers["location"] == "/exercises/4.5"
        assert '<html lang="uz">' in client.get("/exercises").text

    @pytest.mark.parametrize(
        "back", ["//evil.test", "/\\evil.test", "http://evil.test", "", "javascript:1", "/a\r\nX: y", "/\t/evil"]
    )
    def test_it_leads_back_to_a_page_of_ours_and_nowhere_else(self, served: Served, back: str) -> None:
        answer = served.browser().post("/language", data={"language": "uz", "back": back})
        assert answer.headers["location"] == "/" and "X" not in answer.headers

    def test_a_language_that_is_none_of_ours_is_refused(self, served: Served) -> None:
        answer = served.browser().post("/language", data={"language": "uz; Domain=evil", "back": "/"})
        assert answer.status_code == 404 and "set-cookie" not in answer.headers


def test_who_asks_often_how_it_is_costs_no_more(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(served.service.queue, "waiting", lambda _: asked)
    monkeypatch.setattr(served.service.queue, "running", lambda _: {asked.append(1)})  # type: ignore[func-returns-value]
    client = served.browser()
    told = [client.get("/health").json() for _ in range(3)]
    assert told == [{"status": "ok", "waiting": 0, "running": 1}] * 3 and len(asked) == 1

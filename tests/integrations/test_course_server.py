"""A server is asked within bounds, at the address that was named and at no other, whatever it answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.integrations.course_server import CourseServer, is_private, server_address

TOKEN = f"course_{'t' * 32}"
ABOUT = {"format_version": 1, "course": "c", "student": "s001", "name": "G", "expires": "2030-01-01"}
Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def answering(*answers: Answer) -> Iterator[tuple[str, list[Any]]]:
    """Answer so, one request after the other and then always as last; yield the address and what was asked."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, dict(self.headers), body))
            status, headers, content = answers[min(len(seen), len(answers)) - 1]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - so are they called

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()


def told(content: object, status: int = 200, **headers: str) -> Answer:
    return status, headers, content if isinstance(content, bytes) else json.dumps(content).encode()


def at(url: str, pauses: list[float] | None = None) -> CourseServer:
    return CourseServer(url, TOKEN, "uz", ([] if pauses is None else pauses).append)


def said(ask: Callable[[], object], kind: type[UsageFault] | type[CouldNotJudge] = CouldNotJudge) -> str:
    with pytest.raises(kind) as error:
        ask()
    found = error.value
    return (found.messages[0] if isinstance(found, UsageFault) else found.message).said(str)


class TestAddresses:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("https://Course.Example.org/", "https://course.example.org"),
            (" http://127.0.0.1:8000 ", "http://127.0.0.1:8000"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            # What browsers leave out of the host that they ask.
            ("https://Course.example.org:443/", "https://course.example.org"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:80", "http://[::1]"),
            ("HTTP://[::80]", "http://[::80]"),
            ("https://course.example.org:80", "https://course.example.org:80"),
        ],
    )
    def test_one_is_kept_as_scheme_host_and_port(self, typed: str, kept: str) -> None:
        assert server_address(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            *("", "4.1", "course.example.org", "ftp://a.b", "file:///etc/passwd", "https://", "https://a.b/c", "https://a.b?x"),
            *("https://me:pw@a.b", "https://a.b:x", "https://a.b:99999", "https://a b", "https://a.b\r\nX: y", "https://[::"),
        ],
    )  # fmt: skip
    def test_what_is_none_is_refused(self, typed: str) -> None:
        assert "is no address of a server" in said(lambda: server_address(typed), UsageFault)

    @pytest.mark.parametrize(
        ("url", "private"),
        [("https://a.b", True), ("http://127.3.2.1:80", True), ("http://[::1]", True), ("http://localhost:8000", True),
         ("http://a.b", False), ("http://192.168.1.5:8000", False), ("http://localhost.evil.test", False),
         ("http://127.0.0.1.evil.test", False)],
    )  # fmt: skip
    def test_only_tls_and_this_machine_are_private(self, url: str, private: bool) -> None:
        assert is_private(url) == private


class TestAsking:
    def test_the_token_goes_in_its_header_and_nowhere_else(self) -> None:
        with answering(told(ABOUT)) as (url, seen):
            server = at(url)
            assert server.course()["student"] == "s001" and TOKEN not in repr(server)
        ((method, path, headers, body),) = seen
        assert (method, path, body, headers["Authorization"]) == ("GET", "/api/1/course", b"", f"Bearer {TOKEN}")

    def test_a_file_whatever_is_in_it_and_in_its_name_is_one_field(self) -> None:
        with answering(told({"format_version": 1, "submission": "n", "page": "p"}, 201)) as (url, seen):
            at(url).hand_in("4.5/..", b"--x\r\n\0\xff", 'a"\r\nX: y.py', "k")
        (method, path, headers, body) = seen[0]
        assert (method, path) == ("POST", "/api/1/exercises/4.5%2F..")
        assert b'filename="a%22%0D%0AX: y.py"\r\n' in body and b"\r\n\r\n--x\r\n\0\xff\r\n--" in body
        assert headers["Content-Type"].partition("boundary=")[2].encode() in body

    @pytest.mark.parametrize("token", ["", "x", "course_short", f"{TOKEN}\r\nX: y", "course_ʻ" + "a" * 32])
    def test_what_is_no_token_is_never_sent(self, token: str) -> None:
        assert "not a course token" in said(lambda: CourseServer("https://a.b", token), UsageFault)

    def test_no_proxy_stands_between_us_and_this_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://192.0.2.1:1")
        with answering(told(ABOUT)) as (url, seen):
            at(url).course()
        assert len(seen) == 1


class TestAnswers:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_the_token_does_not_follow_to_another_host(self, status: int) -> None:
        with answering(told(ABOUT)) as (other, theirs), answering(told(b"", status, Location=f"{other}/x")) as (url, _):
            words = said(at(url).course, UsageFault)
            assert f"sends on to {other}/x" in words and theirs == []

    @pytest.mark.parametrize(
        "content",
        [
            b"<html>", b"", b"[]", b"1", b"\xff", b"[" * 100_000, {"format_version": 2},
            {**ABOUT, "format_version": "1"}, {"format_version": 1},
            {**ABOUT, "student": ["s001"]}, {**ABOUT, "student": None},
        ],
    )  # fmt: skip
    def test_what_is_no_answer_of_this_version_is_told(self, content: object) -> None:
        with answering(told(content)) as (url, _):
            assert "does not answer as this version" in said(at(url).course)

    @pytest.mark.parametrize("report", [None, [], "x"])
    def test_a_verdict_without_a_report_is_none(self, report: object) -> None:
        verdict = {"format_version": 1, "state": "judged", "place": 0, "late_seconds": 0, "notes": [], "report": report}
        with answering(told(verdict)) as (url, _):
            assert "does not answer as this version" in said(lambda: at(url).verdict("n"))

    @pytest.mark.parametrize("comments", [None, "x", [1], [{}], [{"on": "line 1", "by": None, "text": "x"}]])
    def test_comments_that_are_none_are_told(self, comments: object) -> None:
        verdict = {"format_version": 1, "state": "judged", "place": 0, "late_seconds": 0, "notes": [], "report": {}}
        with answering(told({**verdict, "comments": comments})) as (url, _):
            assert "does not answer as this version" in said(lambda: at(url).verdict("n"))

    def test_what_the_server_refuses_is_said_without_its_control_characters(self) -> None:
        error = {"format_version": 1, "error": {"message": "no \x1b[2J\u202e" + "x" * 9999}}
        with answering(told(error, 422)) as (url, _):
            words = said(at(url).course, UsageFault)
        assert words.startswith("no ?[2J?x") and len(words) <= 1000

    def test_a_token_that_ended_says_how_to_get_another(self) -> None:
        with answering(told({"format_version": 1, "error": {"message": "?"}}, 401)) as (url, _):
            assert f"course login {url}" in said(at(url).course, UsageFault)

    def test_a_server_that_is_away_for_a_moment_or_asked_too_often_is_asked_again(self) -> None:
        pauses: list[float] = []
        busy, many = told(b"<html>Bad gateway", 502), told({"format_version": 1, "error": {"message": "m"}}, 429)
        with answering(busy, many, told(ABOUT)) as (url, seen):
            assert at(url, pauses).course()["course"] == "c" and len(seen) == 3
        assert pauses == [1.0, 3.0]

    def test_what_is_sent_again_has_the_key_of_the_first(self) -> None:
        taken = told({"format_version": 1, "submission": "n", "page": "p"}, 201)
        with answering(told(b"", 504), taken) as (url, seen):
            at(url).hand_in("4.5", b"x = 1", "4.5.py", "the-key")
        assert [b"\r\n\r\nthe-key\r\n" in body for _, _, _, body in seen] == [True, True]

    def test_no_server_no_network_and_a_line_that_breaks_are_told(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert f"{url} cannot be reached" in said(at(url).course)
        assert "cannot be reached" in said(at("http://nobody.invalid").course)
        with answering((200, {"Content-Length": "99"}, b"{")) as (url, _):
            assert "cannot be reached" in said(at(url).course)

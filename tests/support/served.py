"""A class at the server: its course, its people signed in, and a grader that judges in this process."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import uvicorn
from httpx2 import Response
from starlette.testclient import TestClient

from grader.actions.teacher.grading_runs.follow import Following
from grader.core.people.person import Person
from grader.core.words.message import Message
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.task import Later, Outcome, Task, in_the_end, judge_or_put_off
from grader.server.app import make_app
from grader.server.limits import RateLimits
from grader.server.service import Service

URL = "http://course.test"
DUE = "policies: {timezone: Asia/Tashkent, due: {'4.2': 2020-01-01 12:00}, late: {penalty: 50 %}, attempts: last}\n"


class Here:
    """Judges one task after the other in this process, until nothing waits."""

    def follow(self, tasks: Iterator[tuple[Any, Task]], _goes_on: Callable[[], bool]) -> Iterator[tuple[Any, Outcome]]:
        for label, task in tasks:
            outcome = judge_or_put_off(in_the_end(task))
            assert not isinstance(outcome, Later | TakesLong)
            yield label, outcome


@dataclass
class Silent:
    """Remembers what a grader tells."""

    lines: list[tuple[str, float | None]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def judged(self, exercise: str, score: float | None) -> None:
        self.lines.append((exercise, score))

    def trouble(self, message: Message) -> None:
        self.troubles.append(message.said(str))


@dataclass
class Served:
    """A class at the server."""

    service: Service
    clients: list[TestClient] = field(default_factory=list)
    told: Silent = field(default_factory=Silent)
    grader: Following | None = None

    def browser(self, **headers: str) -> TestClient:
        """Return a browser that nobody has signed in with."""
        usual = {"origin": URL, "accept-language": "en", **headers}
        client = TestClient(make_app(self.service, RateLimits()), URL, headers=usual, follow_redirects=False)
        self.clients.append(client)
        return client

    def person(self, name: str) -> Person:
        return next(each for each in self.service.people.all() if name in (each.student, each.name))

    def as_(self, name: str) -> TestClient:
        """Return a browser that this person has signed in with."""
        client = self.browser()
        session = self.service.people.enter(self.service.people.new_link(self.person(name).id, None))
        client.cookies.set("course-session", session or "", domain="course.test", path="/")
        return client

    def token(self, name: str, lasts: timedelta = timedelta(days=1)) -> str:
        """Return a new token of a student."""
        return self.service.tokens.make(self.person(name).id, "laptop", lasts)

    def program(self, name: str, token: str | None = None) -> TestClient:
        """Return a program that shows this token, or a new one of this student: no browser, and no cookies."""
        headers = {"authorization": f"Bearer {self.token(name) if token is None else token}", "accept-language": "en"}
        client = TestClient(make_app(self.service, RateLimits()), URL, headers=headers, follow_redirects=False)
        self.clients.append(client)
        return client

    def judge(self) -> list[tuple[str, float | None]]:
        """Judge all that waits, as a grading process does; return exercises and scores."""
        if self.grader is None:
            self.grader = Following(self.service.files, self.service.book, b"secret", "none", self.told)
            assert self.grader.begin() == []
        self.told.lines.clear()
        self.grader.run(Here(), lambda: True)
        return self.told.lines


@contextmanager
def listening(served: Served) -> Iterator[str]:
    """Let a class be reached at a real port of this machine; yield its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        served.service = replace(served.service, public_url=url)
        config = uvicorn.Config(make_app(served.service), access_log=False, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, args=([door],), daemon=True)
        running.start()
        try:
            yield url
        finally:
            server.should_exit = True
            running.join(20)


def form_of(client: TestClient, exercise: str) -> str:
    """Return the key of the form on an exercise's page."""
    found = re.search(r'name="form" value="([^"]+)"', client.get(f"/exercises/{exercise}").text)
    assert found is not None
    return found[1]


def hand_in(client: TestClient, exercise: str, *files: tuple[str, str | bytes], **fields: str) -> Response:
    """Hand in as the page's form does."""
    values = {"form": fields.pop("form", None) or form_of(client, exercise), **fields}
    values = {(name if name in ("form", "program") else f"answer-{name}"): value for name, value in values.items()}
    sent = [("file", (name, content)) for name, content in files] or [("nothing", (None, b""))]
    return client.post(f"/exercises/{exercise}", data=values, files=sent)  # type: ignore[arg-type]


def page_of(response: Response) -> str:
    """Return the address of what was handed in."""
    assert response.status_code == 303, response.text
    return response.headers["location"]

"""A class at the server: its course, its people signed in, and a grader that judges in this process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import several
from browsing import HOSTILE
from httpx2 import Response
from repository import ROOT, copy_course
from starlette.testclient import TestClient

from grader.actions.teacher.follow import Following
from grader.core.people.person import Person, Role
from grader.core.people.student import Student
from grader.core.words.message import Message
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.task import Later, Outcome, Task, in_the_end, judge_or_put_off
from grader.server.app import make_app
from grader.server.limits import Limits
from grader.server.service import Service
from grader.store.course.course_files import find_course
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people import People

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
        client = TestClient(make_app(self.service, Limits()), URL, headers=usual, follow_redirects=False)
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

    def judge(self) -> list[tuple[str, float | None]]:
        """Judge all that waits, as a grading process does; return exercises and scores."""
        if self.grader is None:
            self.grader = Following(self.service.files, self.service.book, b"secret", "none", self.told)
            assert self.grader.begin() == []
        self.told.lines.clear()
        self.grader.run(Here(), lambda: True)
        return self.told.lines


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


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with every kind of hand-in: 1.1 options, 2.1 two files, 4.1 a number, 4.5 a program."""
    root = copy_course(tmp_path_factory.mktemp("served") / "course")
    for part in ("exercises", "solutions"):
        for id in ("4.3", "4.4", "4.6", "4.7", "4.8"):
            shutil.rmtree(root / part / id, ignore_errors=True)
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / "tests" / "courses" / "questions" / part / "1.1", root / part / "1.1")
    other = several.course(tmp_path_factory.mktemp("several"))
    for part in ("exercises", "solutions"):
        shutil.copytree(other.root / part / "1.1", root / part / "2.1")
    declared = root / "exercises" / "2.1" / "exercise.yaml"
    text = declared.read_text(encoding="utf-8").replace('id: "1.1"', 'id: "2.1"')
    declared.write_text(re.sub(r"\{en: ([^}]*)\}", r'{en: "\1", uz: "\1"}', text), encoding="utf-8")
    course = root / "course.yaml"
    lectures = "".join(f'  - id: "{id}"\n    title: {{uz: "{id}", en: "{id}"}}\n' for id in "12")
    course.write_text(course.read_text(encoding="utf-8").rstrip() + "\n" + lectures + DUE, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a gradebook with people: to copy one takes less than to make one."""
    path = tmp_path_factory.mktemp("enrolled") / "gradebook.db"
    with closing(Gradebook(f"sqlite:///{path}")) as book:
        people = People(book.database)
        people.enrol([Student("s001", "Gʻulom"), Student("s002", HOSTILE, HOSTILE), Student("s003")])
        people.add("Nodira", Role.TEACHER)
        people.add("Akmal", Role.ASSISTANT)
    return path


@pytest.fixture
def served(course_folder: Path, enrolled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.chdir(course_folder)
    shutil.copy(enrolled, tmp_path)
    book = Gradebook(f"sqlite:///{tmp_path}/gradebook.db")
    told = Silent()
    served = Served(Service(find_course(course_folder), book, URL, told.trouble), told=told)
    yield served
    for client in served.clients:
        client.close()
    book.close()

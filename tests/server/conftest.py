"""A class at the server, for each test: its course is made once, its gradebook copied."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import several
from browsing import HOSTILE
from repository import ROOT, copy_course
from served import DUE, URL, Served, Silent

from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.server.service import Service
from grader.store.course.course_files import find_course
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people.people import People


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

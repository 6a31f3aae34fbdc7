"""`course serve` as a whole: from a link to a verdict in a real browser, by keyboard alone; and how it ends."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from commanding import course as command
from driving import Browser
from grading import SECRET
from repository import ROOT, copy_course

from grader.cli.serving import _greet, serve
from grader.core.people.person import Role
from grader.core.words.errors import UsageFault
from grader.server.service import Service
from grader.store.course.course_files import find_course
from grader.store.grades.gradebook import Gradebook
from grader.store.release.folder import NAME

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: the browser and the signals are those of Linux", allow_module_level=True)

TOKEN = "q8yZ4mT0v6Lr2Xc9Wb1Nd7Kf"
ROSTER = "id,name,email\ns001,Gʻulom,g@example.org\ns002,=Malika,\n"


def test_without_its_packages_all_of_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["server"]
    names = " ".join(re.split("[<>=]", each)[0] for each in extra)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UsageFault) as told:
        serve(find_course(ROOT), "127.0.0.1", 0, None, None)
    assert str(told.value).endswith(f"pip install {names}")


@contextmanager
def serving(root: Path, *arguments: str, told: list[str] | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a course at a free port, and yield the process and the address of the teacher's link.

    What is printed after that goes into `told`.
    """
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COURSE_SECRET": SECRET, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "serve", "--lang", "en", "--port", port, *arguments],
        cwd=root, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = next(line for line in process.stdout if " at http://" in line or process.poll() is not None)
        # No terminal is there: a link would be in a log.
        base = line.split()[-1]
        teachers = command("links", "--teacher", "Nodira", "--public-url", base, cwd=root).stdout
        # What the grading process prints would otherwise fill the pipe.
        rest = threading.Thread(target=([] if told is None else told).extend, args=(process.stdout,), daemon=True)
        rest.start()
        yield process, teachers.strip()
    finally:
        process.kill()
        process.wait()
        rest.join(10)


@pytest.fixture(scope="module")
def served_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_course(tmp_path_factory.mktemp("serving") / "course")
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (root / "good.token").write_text(f"{TOKEN}\n", encoding="utf-8")
    (root / "short.token").write_text(TOKEN[:9], encoding="utf-8")
    return root


def links(root: Path, *arguments: str) -> list[dict[str, str]]:
    done = command("links", "--lang", "en", *arguments, cwd=root)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_a_student_comes_in_hands_in_and_reads_the_verdict_by_keyboard_alone(served_course: Path, tab: Browser) -> None:
    told: list[str] = []
    with serving(served_course, "--metrics-token", "good.token", told=told) as (process, teachers):
        base = teachers.partition("/link/")[0]
        (link,) = [each["link"] for each in links(served_course, "--student", "s001", "--public-url", base)]
        tab.open(link)
        tab.tab_to("it.textContent === 'Log in here'")
        tab.run("window.before = 1")
        tab.press("Enter")
        tab.until("!window.before && document.querySelector('h1').textContent === 'Exercises'")
        tab.tab_to("it.textContent.startsWith('4.1')")
        tab.run("window.before = 1")
        tab.press("Enter")
        tab.until("!window.before && document.querySelector('form #answer-dloss_dw')")
        tab.tab_to("it.id === 'answer-dloss_dw'")
        tab.type("-4")
        tab.run("window.before = 1")
        tab.press("Enter")
        # The page looks by itself, and shows the verdict once it is there.
        tab.until("document.querySelector('.score')")
        shown = str(tab.run("document.body.innerText"))
        assert "Score: 0 of 1" in shown and "The computational graph" in shown
        faults = []
        for width, dark in ((380, True), (1100, False)):
            tab.shape(width, 800, dark)
            faults += tab.violations()
            assert tab.run("document.documentElement.scrollWidth") <= width
            paper = tab.run("getComputedStyle(document.body).backgroundColor")
            assert (paper == "rgb(255, 255, 255)") != dark
        assert tab.errors == []
        asking = urllib.request.Request(f"{base}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(asking) as answer:
            assert b"course_verdict_seconds_count 1.0" in answer.read()
        tab.open(teachers)
        tab.click("main button")
        assert "Gʻulom" in str(tab.run("document.querySelector('.grades').textContent"))
        faults += tab.violations()
        for page in (
            "/class/exercises/4.1",
            "/class/students/1/4.1",
            "/class/people",
            "/class/audit",
            "/exercises/4.5",
        ):
            tab.open(base + page)
            faults += [f"{page}: {each}" for each in tab.violations()]
        assert faults == []
        (grading,) = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGTERM)
        # Its grading process has ended before it.
        assert process.wait(60) == 0 and not grading.is_running()
    assert told[0].startswith("To be the teacher: course links --teacher NAME --public-url http://127.0.0.1:")
    assert told[1].startswith("To let the class in: course links --csv links.csv --public-url http://127.0.0.1:")
    assert not any("/link/" in line for line in told)
    assert told[-1] == "Stopped. Waiting to be judged at the next start: 0\n"
    with closing(sqlite3.connect(served_course / "gradebook.db")) as book:
        assert book.execute("SELECT count(*) FROM leases").fetchone() == (0,)


@pytest.mark.parametrize("in_person", [True, False])
def test_the_teachers_link_is_printed_at_a_terminal_alone_and_ends_once_one_has_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], in_person: bool
) -> None:
    with closing(Gradebook(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        service = Service(find_course(ROOT), book, "http://127.0.0.1:8000", lambda _: None)
        _greet(service, in_person)
        printed = re.search(r"/link/(\S+)", capsys.readouterr().out)
        assert (printed is not None) == in_person
        other = service.people.new_link(service.people.add("Nodira", Role.TEACHER).id, None)
        student = service.people.new_link(service.people.add("Ali", Role.STUDENT).id, None)
        for link, still in ((student, True), (other, False)):
            service.came_in(service.people.enter(link) or "")
            assert printed is None or service.people.opens(printed[1]) == still
        _greet(service, in_person)
        assert capsys.readouterr().out == "The course is at http://127.0.0.1:8000\n"


def test_links_are_new_for_those_who_have_not_come_in_and_no_cell_is_a_formula(served_course: Path) -> None:
    made = links(served_course, "--student", "s002", "--public-url", "https://Course.Example.org:443/")
    assert [(each["student"], each["name"]) for each in made] == [("s002", "'=Malika")]
    assert re.fullmatch(r"https://course\.example\.org/link/[\w-]{32}", made[0]["link"])
    done = command("links", "--lang", "en", "--student", "s002", "--csv", "some.csv", cwd=served_course)
    assert "Links in some.csv: 1. Send each student their own" in done.stderr


def test_made_again_links_are_for_those_who_have_none_and_end_none(served_course: Path) -> None:
    before = {each["student"] for each in links(served_course, "--new")}
    assert before == {"s001", "s002"} and links(served_course) == []
    done = command("links", "--lang", "en", cwd=served_course)
    assert done.returncode == 0 and "has a link or has logged in already" in done.stderr
    with (served_course / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("s003,Vali,\n")
    assert [each["student"] for each in links(served_course)] == ["s003"]
    (served_course / "roster.csv").write_text(ROSTER, encoding="utf-8")


def test_links_that_may_not_have_been_sent_are_not_written_over(served_course: Path) -> None:
    links(served_course, "--new")
    kept = served_course / "kept.csv"
    nothing = command("links", "--csv", "kept.csv", "--lang", "en", cwd=served_course)
    assert nothing.returncode == 0 and not kept.exists()
    command("links", "--unused", "--csv", "kept.csv", "--lang", "en", cwd=served_course)
    before = kept.read_text(encoding="utf-8-sig")
    assert "s002" in before and "/link/" in before
    done = command("links", "--csv", "kept.csv", "--lang", "en", cwd=served_course)
    assert done.returncode == 2 and "kept.csv is there" in done.stderr
    assert kept.read_text(encoding="utf-8-sig") == before


def test_a_student_is_erased_whom_the_roster_does_not_bring_back(served_course: Path) -> None:
    links(served_course, "--student", "s002")
    erase = ("erase", "s002", "--reason", "asked for it", "--by", "Nodira", "--lang", "en")
    done = command(*erase, cwd=served_course)
    assert done.returncode == 2 and "take the line out first" in done.stderr
    roster = served_course / "roster.csv"
    roster.write_text(ROSTER.replace("s002,=Malika,\n", ""), encoding="utf-8")
    done = command(*erase, cwd=served_course)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Erased\. The grades are now those of erased-[0-9a-f]{8}\.$", done.stdout, re.MULTILINE)
    assert "Malika" not in (served_course / "gradebook.db").read_bytes().decode("latin-1")
    roster.write_text(ROSTER, encoding="utf-8")


def test_a_teacher_is_erased_by_name(served_course: Path) -> None:
    links(served_course, "--teacher", "Akmal Vosiqov")
    erase = ("erase", "--staff", "Akmal Vosiqov", "--reason", "left", "--by", "Nodira", "--lang", "en")
    done = command(*erase, cwd=served_course)
    assert done.returncode == 0, done.stderr
    assert "What this person decided and wrote is now that of erased-" in done.stdout
    assert b"Akmal" not in (served_course / "gradebook.db").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("links", "--student", "s00"), "did you mean s00"),
        (("links", "--teacher", "N", "--new"), "leave --student, --new and --unused out"),
        (("links", "--teacher", "N", "--public-url", "course.example.org"), "is no address of a server"),
        (("serve", "--public-url", "course.example.org"), "is no address of a server"),
        (("serve", "--public-url", "https://a.example.org/course"), "is no address of a server"),
        (("serve", "--host", "0.0.0.0"), "--public-url URL"),
        (("serve", "--metrics-token", "none.token"), "none.token cannot be read"),
        (("serve", "--metrics-token", "short.token"), "write 24 letters and digits or more"),
        (("grade", "--follow", "submissions"), "takes -j, --cluster and --isolation only"),
        (("grade", "--follow", "--cluster", "tcp://10.0.0.1:8786"), "without TLS"),
        (("grade",), "SOURCE"),
    ],
)
def test_what_cannot_be_meant_is_told(served_course: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command(*arguments, "--lang", "en", cwd=served_course)
    assert done.returncode == 2 and said in done.stderr


def test_a_port_that_somebody_else_has_is_told(served_course: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        done = command("serve", "--lang", "en", "--port", port, cwd=served_course)
    assert done.returncode == 2 and f"port {port} of 127.0.0.1 cannot be used" in done.stderr


def test_a_students_copy_is_not_served(served_course: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(served_course, copy, ignore=shutil.ignore_patterns("solutions", "gradebook.db*"))
    (copy / "exercises" / "4.1" / NAME).touch()
    done = command("serve", "--lang", "en", cwd=copy)
    assert done.returncode == 2 and "students' copy" in done.stderr

"""`course login`, `course submit --server` and `course logout`, as a student types them, at a real server."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from commanding import Done, course
from repository import ROOT, copy_course
from served import Served, listening

from grader.cli.commands.login import command as login
from grader.core.course.policies.showing import Showing
from grader.store.course.templates import student_files


@pytest.fixture
def url(served: Served) -> Iterator[str]:
    with listening(served) as url:
        yield url


@contextmanager
def judging(served: Served) -> Iterator[None]:
    """Judge whatever comes in, as a grading process does."""
    done = threading.Event()

    def follow() -> None:
        while not done.wait(0.05):
            if served.service.queue.waiting():
                served.judge()

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def submit(served: Served, *arguments: str, url: str = "", token: str = "", home: str = "") -> Done:
    own = {"COURSE_SERVER": url, "COURSE_TOKEN": token, "COURSE_STUDENT": "", "HOME": "/nonexistent"}
    home = home or "/nonexistent"
    return course("submit", "--lang", "en", *arguments, "--server", cwd=served.service.files.root, XDG_CONFIG_HOME=home,
                  GIT_CONFIG_GLOBAL=os.devnull, **own)  # fmt: skip


def test_who_is_logged_in_hands_in_and_reads_the_report_that_submit_shows(
    served: Served, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    secret = served.token("s001")
    done = CliRunner().invoke(login, [url], input=f"{secret}\n", standalone_mode=False)
    assert done.exit_code == 0 and f"You are logged in to {url} as Gʻulom (s001)." in done.output, done.output
    (kept,) = tmp_path.glob("*/servers.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and secret in kept.read_text() and secret not in done.output
    with judging(served):
        wrong = submit(served, "4.1", "--answer", "-4", home=str(tmp_path))
        right = submit(served, "4.1", "--answer", "-8", "--json", home=str(tmp_path))
    assert wrong.returncode == 1 and "✗ dloss_dw  0/1  not right" in wrong.stdout and "Score: 0 of 1" in wrong.stdout
    assert "4.1 is handed in: " + url in wrong.stderr and "practice" not in wrong.stdout
    report = json.loads(right.stdout)
    assert (right.returncode, report["score"], report["practice"], report["student"]) == (0, 1, False, "s001")
    assert secret not in wrong.stdout + wrong.stderr + right.stdout + right.stderr
    away = course("logout", url, "--lang", "en", cwd=tmp_path, XDG_CONFIG_HOME=str(tmp_path))
    assert away.returncode == 0 and "is forgotten here" in away.stdout and secret not in kept.read_text()
    again = submit(served, "4.1", "--answer", "-8", home=str(tmp_path))
    assert again.returncode == 2 and "course login URL" in again.stderr


def test_a_job_hands_in_all_that_is_there_with_a_token_from_its_environment(
    served: Served, url: str, tmp_path: Path
) -> None:
    (tmp_path / "4.1.yaml").write_text("dloss_dw: -8\n", encoding="utf-8")
    (tmp_path / "4.2.yaml").write_text("dL_dx: 15\ndL_dy: 10\n", encoding="utf-8")
    secret = served.token("s001")
    handed_in = submit(served, "4", "--from", str(tmp_path), "--no-wait", "--json", url=url, token=secret)
    told = json.loads(handed_in.stdout)["handed_in"]
    assert handed_in.returncode == 0 and [each["exercise"] for each in told] == ["4.1", "4.2"]
    assert sorted(served.judge()) == [("4.1", 1.0), ("4.2", 2.0)]
    junit, summary = tmp_path / "report.xml", tmp_path / "summary.md"
    # The same bytes are no new attempt: what is shown is what was judged.
    reports = ("--junit", str(junit), "--markdown", str(summary))
    done = submit(served, "4", "--from", str(tmp_path), *reports, url=url, token=secret)
    assert done.returncode == 1 and "nothing was handed in" not in done.stdout and "Handed in late, by" in done.stderr
    assert "penalty: 1" in done.stderr and "Score\\: 3 of 11" in summary.read_text()
    assert '<property name="score" value="1" />' in junit.read_text()
    assert len(served.service.book.standing()) == 2


def test_what_cannot_be_taken_of_one_exercise_leaves_the_others(served: Served, url: str, tmp_path: Path) -> None:
    starter = (served.service.files.root / "exercises" / "4.5" / "starter.py").read_bytes()
    for name in ("4.5.py", "4.5.ipynb"):
        (tmp_path / name).write_bytes(starter)
    (tmp_path / "4.1.yaml").write_text("dloss_dw: -8\n", encoding="utf-8")
    given = ("4", "--from", str(tmp_path))
    with judging(served):
        done = submit(served, *given, url=url, token=served.token("s001"))
    assert done.returncode == 2 and "Error: 4.5: there are two files" in done.stderr, done
    assert "✓ dloss_dw  1/1" in done.stdout
    (tmp_path / "4.1.yaml").unlink()
    refused = submit(served, *given, url=url, token=served.token("s001"))
    assert refused.returncode == 2 and "Error: 4.5: there are two files" in refused.stderr
    assert "there is no file" not in refused.stderr


def test_what_cannot_be_done_is_a_sentence_and_sends_nothing(served: Served, url: str, tmp_path: Path) -> None:
    student = served.person("s001")
    secret, expired = served.token("s001"), served.token("s001", timedelta())
    revoked = served.token("s001")
    served.service.tokens.revoke(student.id, served.service.tokens.of(student.id)[-1].id)
    expected = [
        ((), {"url": url, "token": expired}, 2, "it has expired or was revoked"),
        ((), {"url": url, "token": revoked}, 2, "it has expired or was revoked"),
        ((), {"url": url, "token": f"course_{'x' * 32}"}, 2, f"course login {url}"),
        ((), {"url": url, "token": "hunter2"}, 2, f"make one at {url}/tokens"),
        ((), {"token": secret}, 2, "COURSE_TOKEN is set, but not COURSE_SERVER"),
        ((), {"url": url}, 2, f"you have not logged in to {url}"),
        ((), {"url": "http://192.0.2.1", "token": secret}, 2, "is not encrypted"),
        (("--seed", "x"), {"url": url, "token": secret}, 2, "leave --seed and --open out"),
        (("--classroom50", "x.json"), {"url": url, "token": secret}, 2, "here the server has them"),
    ]
    for arguments, environment, code, said in expected:
        done = submit(served, "4.1", "--answer", "-8", *arguments, **environment)
        assert (done.returncode, said in done.stderr) == (code, True), (said, done.stderr)
        assert "secret" not in environment or secret not in done.stderr
    assert served.service.book.standing() == []


def test_what_is_shown_later_is_handed_in_and_no_report_calls_it_missing(
    served: Served, url: str, tmp_path: Path
) -> None:
    served.service.rules.set({"4.1": Showing.HELD}, served.person("Nodira").id)
    (tmp_path / "4.1.yaml").write_text("dloss_dw: -8\n", encoding="utf-8")
    junit = tmp_path / "report.xml"
    given = ("--from", str(tmp_path), "--junit", str(junit))
    done = submit(served, "4.1", *given, url=url, token=served.token("s001"))
    assert done.returncode == 0 and "shown later" in done.stderr, done
    assert "<testcase" not in junit.read_text()
    several = submit(served, "4", *given, url=url, token=served.token("s001"))
    assert several.returncode == 1 and 'classname="4.1' not in junit.read_text() and "<testcase" in junit.read_text()


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_a_push_hands_in_where_its_repository_has_a_token(
    served: Served, url: str, tmp_path: Path, system: str
) -> None:
    root = copy_course(tmp_path / "repository")
    for path, text in student_files("4.1", ["en"], "./grader.whl").items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "work").mkdir()
    (root / "work" / "4.1.yaml").write_text("dloss_dw: -8\n", encoding="utf-8")
    if system == "github":
        (job,) = yaml.safe_load((root / ".github/workflows/grade.yml").read_text(encoding="utf-8"))["jobs"].values()
        (step,) = [each for each in job["steps"] if each.get("name") == "course submit"]
        assert step["env"] == {"COURSE_SERVER": "${{ secrets.COURSE_SERVER || vars.COURSE_SERVER }}",
                               "COURSE_TOKEN": "${{ secrets.COURSE_TOKEN }}"}  # fmt: skip
        assert "COURSE_TOKEN" not in json.dumps([each for each in job["steps"] if each is not step])
        script = step["run"]
    else:
        (script,) = yaml.safe_load((root / ".gitlab-ci.yml").read_text(encoding="utf-8"))["grade"]["script"]
    (tmp_path / "course").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m grader "$@"\n')
    (tmp_path / "course").chmod(0o755)
    usual = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8",
             "GITHUB_ACTOR": "gulom-77", "GITLAB_USER_LOGIN": "gulom-77"}  # fmt: skip

    def push(server: str, token: str) -> str:
        summary = tmp_path / "summary.md" if system == "github" else root / "report.md"
        own = {**usual, "COURSE_SERVER": server, "COURSE_TOKEN": token, "GITHUB_STEP_SUMMARY": str(summary)}
        done = subprocess.run(["bash", "-e", "-c", script], cwd=root, env=own, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert not token or token not in done.stdout + done.stderr
        return (root / "report.xml").read_text(encoding="utf-8")

    practice = '<property name="practice" value="true" />'
    # An organisation may name the server for all before anybody has a token.
    for server in ("", url):
        assert practice in push(server, "") and served.service.book.standing() == []
    with judging(served):
        assert practice not in push(url, served.token("s001"))
    (row,) = served.service.book.standing()
    assert (row.student, row.exercise, row.score) == ("s001", "4.1", 1.0)

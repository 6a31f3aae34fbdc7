"""A class in a copy of the course, graded by the real command: what the tests of grading share."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commanding import course
from repository import ROOT

# One secret for all of them: then references are observed once, and every copy of the course knows them.
SECRET = "qovun"
DEMO = {name: (ROOT / "demo" / f"{name}.py").read_text(encoding="utf-8") for name in ("right", "not_zeroed", "cut")}
# Answers to 4.6, which is done by hand: where it is not about torch, no box has to import it.
RIGHT_BY_HAND = (ROOT / "solutions" / "4.6" / "solution.py").read_text(encoding="utf-8")
BY_HAND = {"right": RIGHT_BY_HAND, "uphill": RIGHT_BY_HAND.replace("- 0.01", "+ 0.01")}
DEFINITIONS = DEMO["not_zeroed"].partition("for epoch")[0]
HANGING = f"{DEFINITIONS}import time\nwhile True:\n    time.sleep(0.01)\n"
CRASHING = "import ctypes\nctypes.string_at(0)\n"

# Runs the command as on a machine without a box that locks: no namespaces, no Landlock.
LOCKLESS = """
import errno, os, sys
import pyseccomp as seccomp
CLONE_NEWUSER = 0x10000000
filter = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
filter.add_rule(seccomp.ERRNO(errno.EPERM), "unshare")
filter.add_rule(seccomp.ERRNO(errno.EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER))
filter.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
filter.add_rule(seccomp.ERRNO(errno.ENOSYS), "landlock_create_ruleset")
filter.load()
os.execv(sys.executable, [sys.executable, "-P", "-m", "grader", *sys.argv[1:]])
"""


@dataclass(frozen=True)
class Ended:
    """What became of one command."""

    code: int
    out: str
    err: str

    @property
    def counted(self) -> tuple[int, int, int]:
        """Submissions judged, identical to one of these, known before."""
        found = re.search(r"(\d+) judged now, (\d+) identical to one of these, (\d+) known before", self.out)
        assert found is not None, self
        return int(found[1]), int(found[2]), int(found[3])

    def below(self, title: str) -> list[str]:
        """Return the lines of the list with this title."""
        lines = self.out.splitlines()
        if title not in lines:
            return []
        rest = lines[lines.index(title) + 1 :]
        return [line.strip() for line in rest[: next((i for i, x in enumerate(rest) if x[:2] != "  "), len(rest))]]


@dataclass(frozen=True)
class Class:
    """A course's folder; what is handed in lies below `class/`."""

    course: Path

    @property
    def book(self) -> Path:
        return self.course / "gradebook.db"

    def hand_in(self, student: str, name: str, content: str) -> Path:
        path = self.course / "class" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        path = self.course / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def environment(self, **changes: str) -> dict[str, str]:
        own = {"COURSE_SECRET": SECRET, "LANG": "en_US.UTF-8", "PYTHONPATH": str(ROOT), "COLUMNS": "300"}
        home = {"HOME": str(self.course.parent), "XDG_CONFIG_HOME": str(self.course.parent / "config")}
        return {**os.environ, **own, **home, **changes}

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", *arguments],
            cwd=self.course,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background has told them to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *arguments: str, lockless: bool = False, **environment: str) -> Ended:
        if not lockless:
            done = course(*arguments, cwd=self.course, **self.environment(**environment))
            return Ended(done.returncode, done.stdout, done.stderr)
        done = subprocess.run(
            [sys.executable, "-P", "-c", LOCKLESS, *arguments],
            cwd=self.course,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def grade(self, *arguments: str, code: int = 0, lockless: bool = False, **environment: str) -> Ended:
        # One worker, and so one box, where a test does not ask for more: each is seconds of imports.
        workers = () if {"-j", "--cluster"} & {*arguments} else ("-j", "1")
        ended = self.run("grade", "class", *workers, *arguments, lockless=lockless, **environment)
        assert ended.code == code, ended
        return ended

    def on_a_terminal(self, *arguments: str, answers: tuple[str, ...]) -> str:
        """Run the command on a terminal where these answers are typed, and return what it showed."""
        control, terminal = os.openpty()
        running = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", *arguments],
            cwd=self.course,
            env=self.environment(),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        )
        os.close(terminal)
        os.write(control, "".join(answers).encode())
        shown = b""
        while True:
            try:
                part = os.read(control, 65536)
            except OSError:
                # Linux says so where nobody holds the other end any more.
                part = b""
            if not part:
                break
            shown += part
        os.close(control)
        assert running.wait() == 0, shown
        return shown.decode("utf-8", "replace")

    def reports(self, name: str = "reports.json") -> dict[tuple[str, str], dict[str, Any]]:
        """Return the reports of a file that --json wrote, by student and exercise."""
        content = json.loads((self.course / name).read_text(encoding="utf-8"))
        assert list(content) == ["format_version", "reports"] and content["format_version"] == 2
        found = {(report["student"], report["exercise"]): report for report in content["reports"]}
        assert len(found) == len(content["reports"])
        return found

    def grades(self, *arguments: str) -> dict[tuple[str, str], dict[str, str]]:
        """Return the lines of the exported CSV, by student and exercise."""
        ended = self.run("export", "csv", *arguments)
        assert (ended.code, ended.err) == (0, ""), ended
        return by_place(ended.out)

    def recorded(self, name: str = "gradebook.db") -> tuple[int, int, int]:
        """Return how many submissions, standing results and void results the gradebook holds; 0 before it is one."""
        wanted = ("submissions", "results WHERE NOT void", "results WHERE void")
        try:
            with closing(sqlite3.connect(f"file:{self.course / name}?mode=ro", uri=True)) as connection:
                one, two, three = (connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0] for what in wanted)
        except sqlite3.OperationalError:
            return 0, 0, 0
        return one, two, three


def by_place(text: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(line["student"], line["exercise"]): line for line in csv.DictReader(text.splitlines())}


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})

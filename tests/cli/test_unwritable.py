"""What cannot be written is told in one sentence, with a documented code, and nothing half-written stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from repository import ROOT

EVERY = [
    *(["--help"], ["--version"], ["list"], ["show", "4.5"], ["doctor"], ["schema", "report"], ["start", "4.4"]),
    *(["submit", "4.1", "--answer", "-8"], ["submit", "4.1", "--answer", "-4", "--json"], ["hint", "4.1"]),
    *(["submit", "4", "--junit", "r.xml"], ["feedback", "4.1"], ["grade", "class", "--only", "4.1", "--json"]),
    *(["grade", "class", "--only", "4.1"], ["grade", "class", "--only", "4.1", "--csv", "-"], ["export", "csv"]),
    *(["explain", "s1", "4.1"], ["override", "s1", "4.1", "1", "--reason", "x"], ["report", "--out", "pages"]),
    *(["check", "4.1"], ["new", "4.9", "--kind", "stated"], ["init", "other"], ["release", "copy"]),
]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")


def course(root: Path, redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `course` in a shell, with its streams redirected as it writes it."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), "COURSE_SECRET": "s", "LANG": "en_US.UTF-8", "COURSE_STUDENT": "s1"}
    command = ["sh", "-c", f'exec "$0" -P -m grader "$@" {redirected}', sys.executable, *arguments, "--lang", "en"]
    return subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def course_of_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one student who has handed in and been graded."""
    from repository import copy_course

    root = copy_course(tmp_path_factory.mktemp("full") / "course")
    (root / "class" / "s1").mkdir(parents=True)
    (root / "class" / "s1" / "4.1.yaml").write_text("dloss_dw: -8\n")
    (root / "work").mkdir()
    (root / "work" / "4.1.yaml").write_text("dloss_dw: -4\n")
    assert course(root, "", "grade", "class", "--only", "4.1").returncode == 0
    assert course(root, "", "submit", "4.1").returncode == 1
    return root


class TestStandardOutput:
    @pytest.mark.parametrize("arguments", EVERY, ids=" ".join)
    def test_that_is_full_is_4_and_one_sentence(self, course_of_one: Path, arguments: Sequence[str]) -> None:
        self.hold(course(course_of_one, ">/dev/full", *arguments), "No space left on device")

    @pytest.mark.parametrize("arguments", [["list"], ["submit", "4.1", "--json"], ["export", "csv"]], ids=" ".join)
    def test_that_is_closed_is_4_and_one_sentence(self, course_of_one: Path, arguments: Sequence[str]) -> None:
        self.hold(course(course_of_one, ">&-", *arguments), "Bad file descriptor")

    def hold(self, done: subprocess.CompletedProcess[str], why: str) -> None:
        told = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert (done.returncode, told) == (4, [f"Error: standard output cannot be written: {why}"]), done.stderr
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr

    def test_that_is_not_needed_costs_nothing(self, course_of_one: Path) -> None:
        done = course(course_of_one, ">&-", "frobnicate")
        assert done.returncode == 2 and "standard output" not in done.stderr

    @pytest.mark.parametrize("redirected", ["2>/dev/full", "2>&-", "<&-"])
    def test_is_whole_whatever_becomes_of_the_other_streams(self, course_of_one: Path, redirected: str) -> None:
        done = course(course_of_one, redirected, "grade", "class", "--only", "4.1")
        assert done.returncode == 0 and "1 submissions of 1 students" in done.stdout, done.stderr

    def test_that_is_closed_is_no_other_files(self, course_of_one: Path) -> None:
        before = (course_of_one / "gradebook.db").read_bytes()[:16]
        assert course(course_of_one, ">&-", "grade", "class", "--only", "4.1").returncode == 4
        assert (course_of_one / "gradebook.db").read_bytes()[:16] == before == b"SQLite format 3\0"

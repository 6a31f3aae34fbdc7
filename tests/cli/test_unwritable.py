"""What cannot be written is told in one sentence, with a documented code, and nothing half-written stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from commanding import course
from repository import ROOT

EVERY = [
    *(["--help"], ["--version"], ["list"], ["show", "4.5"], ["doctor"], ["schema", "report"], ["start", "4.4"]),
    *(["submit", "4.1", "--answer", "-8"], ["submit", "4.1", "--answer", "-4", "--json"], ["hint", "4.1"]),
    *(["submit", "4", "--junit", "r.xml"], ["feedback", "4.1"], ["grade", "class", "--only", "4.1", "--json"]),
    *(["grade", "class", "--only", "4.1"], ["grade", "class", "--only", "4.1", "--csv", "-"], ["export", "csv"]),
    *(["explain", "s1", "4.1"], ["override", "s1", "4.1", "1", "--reason", "x"], ["report", "--out", "pages"]),
    *(["check", "4.1"], ["new", "4.9", "--kind", "stated"], ["init", "other"], ["release", "copy"]),
]
OWN = {"COURSE_SECRET": "s", "COURSE_STUDENT": "s1"}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")


def redirect(root: Path, redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `course` in a shell, with its streams redirected as it writes it."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **OWN}
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
    assert redirect(root, "", "grade", "class", "--only", "4.1").returncode == 0
    assert redirect(root, "", "submit", "4.1").returncode == 1
    return root


class TestStandardOutput:
    @pytest.mark.parametrize("arguments", EVERY, ids=" ".join)
    def test_that_is_full_is_4_and_one_sentence(self, course_of_one: Path, arguments: Sequence[str]) -> None:
        done = course(*arguments, "--lang", "en", cwd=course_of_one, written_to="/dev/full", **OWN)
        self.hold(done, "No space left on device")

    def test_that_a_shell_makes_full_is_told_alike(self, course_of_one: Path) -> None:
        self.hold(redirect(course_of_one, ">/dev/full", "submit", "4.1", "--json"), "No space left on device")

    @pytest.mark.parametrize("arguments", [["list"], ["submit", "4.1", "--json"]], ids=" ".join)
    def test_that_is_closed_is_4_and_one_sentence(self, course_of_one: Path, arguments: Sequence[str]) -> None:
        self.hold(redirect(course_of_one, ">&-", *arguments), "Bad file descriptor")

    def hold(self, done: subprocess.CompletedProcess[str], why: str) -> None:
        told = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert (done.returncode, told) == (4, [f"Error: standard output cannot be written: {why}"]), done.stderr
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr

    def test_that_is_not_needed_costs_nothing(self, course_of_one: Path) -> None:
        done = redirect(course_of_one, ">&-", "frobnicate")
        assert done.returncode == 2 and "standard output" not in done.stderr

    @pytest.mark.parametrize("redirected", ["2>/dev/full", "2>&-", "<&-"])
    def test_is_whole_whatever_becomes_of_the_other_streams(self, course_of_one: Path, redirected: str) -> None:
        done = redirect(course_of_one, redirected, "grade", "class", "--only", "4.1")
        assert done.returncode == 0 and "1 submissions of 1 students" in done.stdout, done.stderr

    def test_that_is_closed_is_no_other_files(self, course_of_one: Path) -> None:
        before = (course_of_one / "gradebook.db").read_bytes()[:16]
        assert redirect(course_of_one, ">&-", "grade", "class", "--only", "4.1").returncode == 4
        assert (course_of_one / "gradebook.db").read_bytes()[:16] == before == b"SQLite format 3\0"


def limited(root: Path, most: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `course` where no file may be longer than so many bytes, like a full disk or a quota."""
    return course(*arguments, cwd=root, largest_file=most, **OWN)


def limited_as_all_that_it_starts(root: Path, most: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, from nothing: boxes and workers have the limit as well."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **OWN}
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
    limit += "os.execv(sys.executable, [sys.executable, '-P', '-m', 'grader', *sys.argv[2:]])"
    command = [sys.executable, "-c", limit, str(most), *arguments]
    return subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False)


class TestADiskThatIsFull:
    """Here a limit of the process, so that nobody has to be root: the error is another one, and told the same way."""

    @pytest.fixture(autouse=True)
    def _known(self, course_of_one: Path) -> None:
        """Have the reference of 4.1 in the cache: without any room, nothing could run that computes it."""

    def test_costs_no_report_but_the_file_beside_the_submission(self, course: Path) -> None:
        done = limited(course, 300, "submit", "4.1", "--answer", "-8")
        assert done.returncode == 4 and "Score: 1 of 1" in done.stdout
        assert done.stderr.startswith("Error: submissions/s1/4.1/") and done.stderr.count("\n") == 1
        assert "report.json cannot be written: File too large." in done.stderr
        names = {path.name for path in (course / "submissions").rglob("*.*") if path.is_file()}
        assert names == {"4.1.yaml", "submission.json"}

    def test_costs_no_report_where_nothing_can_be_recorded(self, course: Path) -> None:
        done = limited(course, 0, "submit", "4.1", "--answer", "-8")
        assert done.returncode == 4 and "Score: 1 of 1" in done.stdout
        assert done.stderr.startswith("Error: the submission cannot be recorded") and done.stderr.count("\n") == 1
        assert not (course / "submissions").exists()

    def test_leaves_json_on_standard_output_whole(self, course: Path) -> None:
        done = limited(course, 0, "submit", "4.1", "--answer", "-8", "--json")
        assert done.returncode == 4 and json.loads(done.stdout)["score"] == 1

    def test_is_told_of_one_of_several_and_costs_the_others_nothing(self, course: Path) -> None:
        (course / "work").mkdir()
        (course / "work" / "4.1.yaml").write_text("dloss_dw: -8\n")
        done = limited(course, 300, "submit", "4")
        assert done.returncode == 4 and "Total: 1 of" in done.stdout and done.stderr.count("Error: ") == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ["submit", "4.1", "--answer", "-8", "--json", "out"],
            ["submit", "4.1", "--answer", "-8", "--junit", "out"],
            ["submit", "4.1", "--answer", "-8", "--markdown", "out"],
            ["feedback", "4.1", "--answer", "-8", "--output", "out"],
            ["export", "gradescope-autograder", "--out", "out"],
        ],
        ids=" ".join,
    )
    def test_leaves_a_named_file_as_it_was(self, course: Path, arguments: Sequence[str]) -> None:
        (course / "out").write_text("old")
        done = limited(course, 0, *arguments, "--lang", "en")
        assert done.returncode == 4 and "Error: out cannot be written: File too large" in done.stderr
        assert (course / "out").read_text() == "old" and not list(course.glob(".*.new"))

    @pytest.mark.parametrize("arguments", [["start", "4.5"], ["new", "4.9", "--kind", "code"], ["init", "other"]])
    def test_leaves_no_half_of_what_is_new(self, course: Path, arguments: Sequence[str]) -> None:
        done = limited(course, 0, *arguments)
        assert done.returncode == 4 and "cannot be written: File too large" in done.stderr
        assert not (course / "other").exists() and not (course / "exercises" / "4.9").exists()
        assert not list(course.glob("work/*"))

    def test_leaves_an_earlier_release_as_it_was(self, course: Path) -> None:
        assert limited(course, 50_000_000, "release", "copy").returncode == 0
        before = {path: path.read_bytes() for path in (course / "copy").rglob("*") if path.is_file()}
        path = course / "exercises" / "4.5" / "starter.py"
        path.write_text(path.read_text() + "# new\n")
        done = limited(course, 4096, "release", "copy")
        assert done.returncode == 4 and "cannot be written: File too large" in done.stderr
        assert {path: path.read_bytes() for path in (course / "copy").rglob("*") if path.is_file()} == before

    def test_is_told_where_the_gradebook_can_hold_nothing(self, course: Path) -> None:
        (course / "class" / "s1").mkdir(parents=True)
        (course / "class" / "s1" / "4.1.yaml").write_text("dloss_dw: -8\n")
        done = limited_as_all_that_it_starts(course, 0, "grade", "class", "--only", "4.1", "--isolation", "none")
        assert done.returncode == 4 and "cannot be" in done.stderr and "bug" not in done.stderr

    def test_is_told_where_there_is_no_room_for_anything_temporary(self, course: Path) -> None:
        done = limited_as_all_that_it_starts(
            course, 0, "submit", "4.5", "solutions/4.5/solution.py", "--isolation", "none"
        )
        assert done.returncode == 4 and "bug" not in done.stderr and "Traceback" not in done.stderr

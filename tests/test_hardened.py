"""The grading process as deploy/ locks it in: a verdict comes, at the level full; and where the box cannot be had, it
says so and judges nothing."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from grading import DEMO, SECRET
from hardened import hardened
from repository import ROOT, copy_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: services of Linux are locked in", allow_module_level=True)

from grader.core.people.student import Student
from grader.sandbox.choose import try_level
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns, Offer
from grader.store.grades.people.people import People

COMMAND = [sys.executable, "-P", "-m", "grader", "grade", "--follow", "--isolation", "full", "--lang", "en"]
_SECONDS = 300


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a course and, in a folder that may be written to, a gradebook where something waits."""
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine does not hold the level full: {trial.why}")
    folder = tmp_path_factory.mktemp("hardened")
    copy_course(folder / "course")
    (folder / "written").mkdir()
    if subprocess.run(hardened(["true"], folder / "written"), capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED HERE: namespaces within namespaces cannot be had")
    with closing(Gradebook(f"sqlite:///{folder}/written/gradebook.db")) as book:
        people, hand_ins = People(book.database), HandIns(book.database)
        people.enrol([Student("s001", "Gʻulom")])
        now = people.whose(people.enter(people.new_link(1, None)) or "")
        assert now is not None
        text = DEMO["not_zeroed"].encode()
        hand_ins.add(Offer(1, "s001", "4.5", text, ".py", "4.5.py", "file", secrets.token_hex(8), now[1]))
    return folder


def grading(place: Path, covered: bool = False) -> subprocess.Popen[str]:
    written = place / "written"
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "COURSE_SECRET": SECRET, "TMPDIR": str(written),
        "COURSE_CACHE": str(written / "cache"), "COURSE_GRADEBOOK": f"sqlite:///{written}/gradebook.db",
    }  # fmt: skip
    return subprocess.Popen(
        hardened(COMMAND, written, covered), cwd=place / "course", env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_where_a_part_of_proc_is_covered_it_judges_nothing_and_says_why(place: Path) -> None:
    process = grading(place, covered=True)
    told = process.communicate(timeout=_SECONDS)[0]
    assert process.returncode == 4 and "Can't mount proc" in told and "To fix this: " in told
    with closing(Gradebook(f"sqlite:///{place}/written/gradebook.db")) as book:
        assert [each.score for each in book.standing("s001")] == [None]


def test_a_verdict_comes(place: Path) -> None:
    process = grading(place)
    assert process.stdout is not None
    begun = time.monotonic()
    lines = []
    while time.monotonic() - begun < _SECONDS and not (lines and lines[-1].startswith("4.5")):
        lines.append(process.stdout.readline())
        assert lines[-1], lines
    assert lines[-1] == "4.5  4\n", lines
    with closing(Gradebook(f"sqlite:///{place}/written/gradebook.db")) as book:
        assert [each.score for each in book.standing("s001")] == [4.0]
    # With it ends all that is in its namespace.
    process.kill()
    process.communicate(timeout=_SECONDS)

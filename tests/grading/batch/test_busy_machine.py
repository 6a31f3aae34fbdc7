"""A class on a machine that has too much to do: whose program had to wait for a core is not at fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from grading import Class
from repository import EVERYTHING

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux tells how long a thread waited", allow_module_level=True)
if not EVERYTHING:
    pytest.skip("a minute of processor time; tests/sandbox/test_own_time.py holds the parts", allow_module_level=True)

COURSE = """
format_version: 1
id: busy
title: {en: A course}
languages: [en]
lectures: [{id: "1", title: {en: A lecture}}]
"""
EXERCISE = """
format_version: 1
id: "1.1"
title: {en: Takes its time}
prompt: {en: Write slow(x).}
checks:
  - name: slow
    points: 2
    call: slow(x)
    args: {x: {uniform: [1, 2]}}
    repeat: 1
    limits: {wall: 4 s, cpu: 4 s}
    compare: [value]
"""
SLOW = """
import time

def slow(x):
    start = time.process_time()
    while time.process_time() - start < 2.5:
        pass
    return x * x
"""
ENDLESS = "def slow(x):\n    while True:\n        pass\n"
STUDENTS = [f"s{number}" for number in range(1, 9)]


@pytest.fixture
def two_busy_loops() -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in range(2)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.fixture
def slow_class(tmp_path: Path) -> Class:
    course = tmp_path / "course"
    for folder, name, text in (
        ("exercises", "exercise.yaml", EXERCISE),
        ("exercises", "starter.py", "def slow(x): ...\n"),
        ("solutions", "solution.py", "def slow(x):\n    return x * x\n"),
    ):
        path = course / folder / "1.1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (course / "course.yaml").write_text(COURSE)
    group = Class(course)
    for number, student in enumerate(STUDENTS):
        # No two alike, or one would be run for all.
        group.hand_in(student, "1.1.py", f"{SLOW}\nNUMBER = {number}\n")
    group.hand_in("endless", "1.1.py", ENDLESS)
    (course / "roster.csv").write_text("id\n" + "".join(f"{student}\n" for student in (*STUDENTS, "endless")))
    return group


@pytest.mark.usefixtures("two_busy_loops")
def test_eight_workers_on_a_busy_machine_refuse_no_right_program_and_stop_an_endless_one(slow_class: Class) -> None:
    slow_class.grade("-j", "8", "--json", "reports.json")
    scores = {student: report["score"] for (student, _), report in slow_class.reports().items()}
    assert scores == {**dict.fromkeys(STUDENTS, 2.0), "endless": 0.0}

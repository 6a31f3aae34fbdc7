"""Graders and workers are killed, and graders meet in one gradebook: nothing is lost, doubled or left behind."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import pytest
from repository import ROOT, copy_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: a class is graded in a locked box, and only Linux has one", allow_module_level=True)

from grader.sandbox.choose import try_level


def by_path(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


kills: Any = by_path(ROOT / "bench" / "kills.py")
# On a quiet machine the bench holds five seconds. Here the machine may be busy, and nobody may live on all the same.
kills.PATIENCE = 60.0
# By hand: no grader and no box has torch to import.
BY_HAND = "4.6"
CHANGES: tuple[Callable[[str], str], ...] = (
    lambda program: program,
    lambda program: program.replace("- 0.01", "+ 0.01"),
    lambda program: program.replace("- y", "+ y"),
    lambda program: program.replace("def", "dEf"),
)


@dataclass(frozen=True)
class Undisturbed:
    """A class that was graded to the end, and what came of it."""

    course: Path
    scores: dict[tuple[str, str], float | None]
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    course = tmp_path_factory.mktemp("resume")
    solution = (ROOT / "solutions" / BY_HAND / "solution.py").read_text(encoding="utf-8")
    kills.make_course(course, BY_HAND, [change(solution) for change in CHANGES], programs=4, answers=4)
    # Each of the five graders below would run all wrong programs, and what this is about is none of them.
    few = copy_course(tmp_path_factory.mktemp("few") / "course") / "solutions" / BY_HAND
    shutil.rmtree(course / "solutions" / BY_HAND)
    shutil.copytree(few, course / "solutions" / BY_HAND)
    started = time.monotonic()
    kills.finish(course, course / "undisturbed.db", "-j", "2")
    seconds = time.monotonic() - started
    return Undisturbed(course, kills.scores(course / "undisturbed.db"), seconds)


def test_the_undisturbed_class_has_right_and_wrong_work(undisturbed: Undisturbed) -> None:
    programs = {score for (_, exercise), score in undisturbed.scores.items() if exercise == BY_HAND}
    answers = {score for (_, exercise), score in undisturbed.scores.items() if exercise == "4.1"}
    assert (programs, answers, len(undisturbed.scores)) == ({6.0, 3.0, 0.0}, {1.0, 0.0}, 8)


def test_killed_graders_lose_nothing_and_leave_nothing_behind(undisturbed: Undisturbed) -> None:
    before = frozenset(process.pid for process in kills.descendants())
    with kills.adopting():
        done = kills.kill_graders(undisturbed.course, undisturbed.scores, undisturbed.seconds, 1, seed=2, before=before)
    assert done.kills == 1


def test_a_killed_worker_is_replaced_and_nothing_is_lost(undisturbed: Undisturbed) -> None:
    book = undisturbed.course / "worker.db"
    grader = kills.start(undisturbed.course, book, "-j", "2")
    while kills.standing(book) < 5:
        assert grader.poll() is None, grader.communicate()
        time.sleep(0.01)
    workers = [each for each in psutil.Process(grader.pid).children() if "--multiprocessing-fork" in each.cmdline()]
    assert len(workers) == 2
    workers[0].kill()
    out, _ = grader.communicate()
    assert grader.returncode == 0, out
    assert kills.scores(book) == undisturbed.scores


def test_two_graders_at_once_give_each_submission_one_result(undisturbed: Undisturbed) -> None:
    book = undisturbed.course / "two.db"
    graders = [kills.start(undisturbed.course, book, "-j", "1") for _ in range(2)]
    for grader in graders:
        out, _ = grader.communicate()
        assert grader.returncode == 0, out
    assert kills.scores(book) == undisturbed.scores


def test_a_gradebook_is_made_once_however_many_open_it_at_the_same_time(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from grader.store.grades.gradebook import Gradebook\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
        "Gradebook(sys.argv[1]).recorded()\n"
    )
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'book.db'}"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdout is not None and opener.stdout.readline() == b"ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.close()
    assert [opener.wait() for opener in openers] == [0] * 4

"""Kills graders of a class at random moments, and looks at what is left: nothing is lost, nothing lives on.

    [KILLS=100] [SEED=1] python bench/kills.py

A class is graded once without disturbance. Then graders of the same class are killed with SIGKILL, the grader's
process only, at moments drawn over the length of that first run; the next one goes on with the same gradebook, and when
all is graded, with a fresh one. No process of a killed grader may live five seconds later. Every gradebook, in the end,
must be sound and hold exactly one standing result for each submission, with the undisturbed run's scores.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
PATIENCE = 5.0
_PROGRAMS = ("right", "not_zeroed", "cut", "brace")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER

Scores = dict[tuple[str, str], float | None]


def torch_programs() -> list[str]:
    """Return the programs of exercise 4.5 that are handed in, in turn."""
    return [(ROOT / "demo" / f"{name}.py").read_text(encoding="utf-8") for name in _PROGRAMS]


def make_course(folder: Path, exercise: str, sources: Sequence[str], programs: int, answers: int) -> None:
    """Copy 4.1 and another exercise of this repository's course, and hand in so many submissions, each of own bytes."""
    shutil.copy(ROOT / "course.yaml", folder)
    for part in ("exercises/4.1", f"exercises/{exercise}", f"solutions/{exercise}"):
        shutil.copytree(ROOT / part, folder / part)
    for number in range(max(programs, answers)):
        student = folder / "class" / f"s{number:03d}"
        student.mkdir(parents=True)
        if number < programs:
            text = f"# {number}\n{sources[number % len(sources)]}"
            (student / f"{exercise}.py").write_text(text, encoding="utf-8")
        if number < answers:
            (student / "4.1.yaml").write_text(f"dloss_dw: {-8 if number % 3 else -4}  # {number}\n", encoding="utf-8")


def start(course: Path, book: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start to grade the class into a gradebook."""
    own = {"COURSE_GRADEBOOK": f"sqlite:///{book}", "COURSE_SECRET": "killed", "LANG": "en_US.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "grade", "class", *arguments],
        cwd=course,
        env={**os.environ, "COURSE_CACHE": str(course / "cache"), **own, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(course: Path, book: Path, *arguments: str) -> str:
    """Grade to the end; return what was printed."""
    grader = start(course, book, *arguments)
    output = grader.communicate()[0].decode()
    assert grader.returncode == 0, output
    return output


def scores(book: Path) -> Scores:
    """Return the score of every submission, after holding the gradebook to what must always be true of it."""
    with closing(sqlite3.connect(book)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        twice = connection.execute("SELECT key FROM results WHERE NOT void GROUP BY key HAVING count(*) > 1")
        assert twice.fetchall() == []
        rows = connection.execute(
            "SELECT student, submissions.exercise, score, count(DISTINCT results.id) FROM submissions "
            "LEFT JOIN gradings ON submission = submissions.id LEFT JOIN results ON result = results.id AND NOT void "
            "GROUP BY submissions.id"
        ).fetchall()
    assert all(count == 1 for *_, count in rows), rows
    found = {(student, exercise): score for student, exercise, score, _ in rows}
    assert len(found) == len(rows), "one submission, one row"
    return found


def standing(book: Path) -> int:
    """Return how many results stand so far; 0 where there is no gradebook yet."""
    try:
        with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM results WHERE NOT void").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@contextmanager
def adopting() -> Iterator[None]:
    """Become the parent of every process whose own has ended: so none of a killed grader's is out of sight."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(_SUBREAPER, 1, 0, 0, 0) == 0
    try:
        yield
    finally:
        prctl(_SUBREAPER, 0, 0, 0, 0)


def descendants() -> list[psutil.Process]:
    """Return our living descendants; those that ended and came to us are buried."""
    alive = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
            elif process.ppid() == os.getpid():
                os.waitpid(process.pid, os.WNOHANG)
        except (psutil.NoSuchProcess, ChildProcessError):
            continue
    return alive


def seconds_until_gone(before: frozenset[int] = frozenset()) -> float:
    """Return how long it took until none but the processes `before` were left.

    Raises:
        AssertionError: where some live longer than `PATIENCE`.
    """
    started = time.monotonic()
    while left := [process for process in descendants() if process.pid not in before]:
        assert time.monotonic() - started < PATIENCE, [" ".join(process.cmdline())[:200] for process in left]
        time.sleep(0.02)
    return time.monotonic() - started


@dataclass
class Kills:
    """What killing came to: how often, in how many gradebooks, after how many results, and until all was gone."""

    kills: int = 0
    books: int = 0
    idle: int = 0
    results: list[int] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)


def kill_graders(
    course: Path, expected: Scores, span: float, kills: int, seed: int, before: frozenset[int] = frozenset()
) -> Kills:
    """Kill so many graders, each at a moment within `span` seconds, and hold every gradebook to `expected`."""
    draw, done = random.Random(seed), Kills()
    book = course / "killed-0.db"
    while done.kills < kills:
        grader = start(course, book, "-j", "2")
        try:
            # It prints less than a pipe holds.
            grader.wait(draw.uniform(0, span))
            done.idle += 1
        except subprocess.TimeoutExpired:
            grader.kill()
            grader.wait()
            done.kills += 1
            done.gone.append(seconds_until_gone(before))
            done.results.append(standing(book))
        assert grader.stdout is not None
        grader.stdout.close()
        if standing(book) == len(expected):
            finish(course, book, "-j", "2")
            assert scores(book) == expected
            done.books += 1
            book = course / f"killed-{done.books}.db"
    finish(course, book, "-j", "2")
    assert scores(book) == expected
    done.books += 1
    return done


def main() -> int:
    kills, seed = int(os.environ.get("KILLS", "100")), int(os.environ.get("SEED", "1"))
    with tempfile.TemporaryDirectory(prefix="course-kills-") as name, adopting():
        course = Path(name)
        make_course(course, "4.5", torch_programs(), programs=30, answers=30)
        finish(course, course / "warming.db", "-j", "2")
        started = time.monotonic()
        finish(course, course / "undisturbed.db", "-j", "2")
        span = time.monotonic() - started
        expected = scores(course / "undisturbed.db")
        print(
            f"undisturbed: {len(expected)} submissions in {span:.1f} s, {sum(map(bool, expected.values()))} above zero"
        )
        started = time.monotonic()
        done = kill_graders(course, expected, span, kills, seed)
        moved = sum(0 < count < len(expected) for count in done.results)
        print(
            f"{done.kills} kills (seed {seed}) in {time.monotonic() - started:.0f} s, {moved} of them in the middle of "
            f"a class; {done.idle} graders ended before their moment. {done.books} gradebooks, each sound, with one "
            "standing result for each submission and the undisturbed scores. All processes gone after "
            f"{max(done.gone):.2f} s at most, {sorted(done.gone)[len(done.gone) // 2]:.2f} s in the median."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What handing in by browser costs, and whether anything that was acknowledged is ever lost.

    python bench/server.py [STUDENTS] [KILLS]     60 students and 10 kills where nothing is said

A class hands in, three attempts each, as fast as it is let, from 16 connections: the times of hand-ins, of pages and of
the class's table are told beside those of a route that does nothing but answer, measured in between. Then the server is
killed again and again while students hand in, and every hand-in that was acknowledged must be there, once. Nothing is
graded meanwhile: what grading costs is in batch.py.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).parent.parent
COURSE = str(Path(sys.executable).parent / "course")
ATTEMPTS, CONNECTIONS = 3, 16


def course_of(folder: Path, students: int) -> Path:
    """Write a course with so many students, and return it."""
    shutil.copy(ROOT / "course.yaml", folder)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("right", "wrong"))
    lines = ["id,name,email", *(f"s{number:04},Student {number}," for number in range(students))]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    return folder


@contextmanager
def serving(course: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve pages, and wait until they are there."""
    command = [COURSE, "serve", "--no-grading", "--port", str(port)]
    with subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    httpx2.get(f"http://127.0.0.1:{port}/health")
                    break
                except httpx2.TransportError:
                    time.sleep(0.05)
            yield server
        finally:
            server.kill()


class Student:
    """A browser of somebody who has logged in."""

    def __init__(self, base: str, link: str) -> None:
        self.client = httpx2.Client(base_url=base, headers={"Origin": base}, timeout=60)
        assert self.client.post("/link", data={"link": link.rpartition("/")[2]}).status_code == 303

    def get(self, path: str) -> float:
        begun = time.perf_counter()
        answer = self.client.get(path)
        assert answer.status_code == 200, answer
        return time.perf_counter() - begun

    def hand_in(self, program: str) -> tuple[float, str]:
        """Hand in and return how long that took, and the name of what was acknowledged."""
        page = self.client.get("/exercises/4.5").text
        form = re.search(r'name="form" value="([^"]+)"', page)
        assert form is not None
        begun = time.perf_counter()
        answer = self.client.post("/exercises/4.5", data={"form": form[1]}, files={"file": ("4.5.py", program)})
        assert answer.status_code == 303, answer
        return time.perf_counter() - begun, answer.headers["location"].rpartition("/")[2]


def told(name: str, times: list[float], empty: list[float]) -> None:
    """Print the median and the 95th percentile, and what that is of a route that does nothing."""
    ordered, nothing = sorted(times), sorted(empty)
    worst, least = ordered[int(0.95 * len(ordered))], nothing[int(0.95 * len(nothing))]
    middle = 1000 * statistics.median(ordered)
    print(f"{name:<22} median {middle:7.1f} ms   p95 {1000 * worst:7.1f} ms   {worst / least:5.1f} × an empty route")


def load(base: str, links: list[str]) -> None:
    """Let everybody hand in, and tell how long things took."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        students = list(pool.map(lambda link: Student(base, link), links))
        work = [(each, attempt) for attempt in range(ATTEMPTS) for each in students]

        def one(item: tuple[Student, int]) -> dict[str, float]:
            student, attempt = item
            return {
                "empty": student.get("/static/live.js"),
                "hand-in": student.hand_in(f"# {id(student)} {attempt}\nw = 1.0\n")[0],
                "the list of exercises": student.get("/exercises"),
                "an exercise": student.get("/exercises/4.5"),
            }

        begun = time.perf_counter()
        found = list(pool.map(one, work))
        seconds = time.perf_counter() - begun
    print(f"{len(work)} hand-ins by {len(students)} students in {seconds:.1f} s, {CONNECTIONS} at a time")
    for name in found[0]:
        told(name, [each[name] for each in found], [each["empty"] for each in found])


def kills(course: Path, port: int, link: str, times: int) -> None:
    """Kill the server while a student hands in, and hold what is there to what was acknowledged."""
    base, acknowledged, number = f"http://127.0.0.1:{port}", list[str](), 0
    student = None
    for _ in range(times):
        with serving(course, port) as server:
            student = student or Student(base, link)
            # Anywhere in a hand-in: one takes some hundredths of a second.
            acknowledged.append(student.hand_in(f"# killed {number} first\n")[1])
            delay = random.uniform(0, 0.5)
            threading.Timer(delay, lambda it=server: it.send_signal(signal.SIGKILL)).start()  # type: ignore[misc]
            while True:
                number += 1
                try:
                    acknowledged.append(student.hand_in(f"# killed {number}\n")[1])
                except httpx2.TransportError:
                    break
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        there = [name for (name,) in book.execute("SELECT name FROM hand_ins")]
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    lost = [name for name in acknowledged if there.count(name) != 1]
    print(f"{times} kills: {len(acknowledged)} hand-ins acknowledged, {len(lost)} of them lost or there twice")
    assert not lost


def main() -> None:
    students, times = (int(sys.argv[place]) if len(sys.argv) > place else usual for place, usual in ((1, 60), (2, 10)))
    os.environ["COURSE_SECRET"] = "bench"
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        course = course_of(Path(folder), students + 1)
        made = subprocess.run([COURSE, "links"], cwd=course, capture_output=True, text=True, check=True).stdout
        links = [row["link"] for row in csv.DictReader(io.StringIO(made))]
        with serving(course, port):
            load(f"http://127.0.0.1:{port}", links[1:])
        kills(course, port, links[0], times)


if __name__ == "__main__":
    main()

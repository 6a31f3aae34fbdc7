"""What bench/server.py measures: a course with a class, its server, its grading process, and a database that can be
killed."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg
import sqlalchemy as sa

from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.queue import JudgingQueue

ROOT = Path(__file__).parent.parent
COURSE = str(Path(sys.executable).parent / "course")
RIGHT = (ROOT / "demo" / "right.py").read_text()
WRONG = (ROOT / "demo" / "not_zeroed.py").read_text()
_KEPT = ("4.5",)


class Postgres:
    """A server of its own that writes through to its disk, so that it may be killed."""

    def __init__(self, folder: Path) -> None:
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[4]))
        self._folder = folder
        self._who = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        folder.mkdir()
        if self._who:
            shutil.chown(folder, "postgres", "postgres")
        made = [self._programs / "initdb", "-D", folder / "data", "-U", "course", "-A", "trust", "-E", "UTF8"]
        subprocess.run(list(map(str, made)), check=True, stdout=subprocess.DEVNULL, cwd="/", **self._who)
        self._server: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql+psycopg://course@/postgres?host={folder}"

    def start(self) -> None:
        settings = [f"unix_socket_directories={self._folder}", "listen_addresses=", "max_connections=100"]
        arguments = [word for each in settings for word in ("-c", each)]
        log = (self._folder / "log").open("ab")
        command = [self._programs / "postgres", "-D", self._folder / "data", *arguments]
        self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._who)
        log.close()
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self._folder), user="course", dbname="postgres").close()
                return
            assert self._server.poll() is None, (self._folder / "log").read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """End it without a word; its processes end as they see that it is gone."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait()


@dataclass
class Place:
    """A course with a class, and where its gradebook is."""

    root: Path
    postgres: Postgres | None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.postgres.address if self.postgres else f"sqlite:///{self.root / 'gradebook.db'}"

    def run(self, *arguments: str) -> str:
        """Return what a command prints."""
        command = [COURSE, *arguments]
        done = subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that goes on, in a group of its own."""
        return subprocess.Popen(
            [COURSE, *arguments], cwd=self.root, env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if "COURSE_BENCH_TOLD" not in os.environ else None, start_new_session=True,
        )  # fmt: skip

    @contextmanager
    def book(self) -> Iterator[tuple[Gradebook, HandIns, JudgingQueue]]:
        with closing(Gradebook(self.address)) as book:
            yield book, HandIns(book.database), JudgingQueue(book.database)

    def drained(self, count: int) -> float:
        """Wait until so many are handed in and all are judged; return the time then, in seconds of the clock that
        `time.perf_counter` shows."""
        with self.book() as (book, _, queue):
            while True:
                if not queue.waiting() and sum(each.score is not None for each in book.standing()) >= count:
                    return time.perf_counter()
                time.sleep(0.1)

    def require_judged_once(self) -> None:
        """Make sure that nothing was given two results, and that the database is whole."""
        engine = sa.create_engine(self.address)
        with engine.connect() as connection:
            query = sa.text("SELECT submission FROM gradings GROUP BY submission HAVING count(*) > 1")
            twice = connection.execute(query).all()
            assert not twice, twice
            if self.postgres is None:
                assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
        engine.dispose()


@contextmanager
def made(students: int, postgresql: bool) -> Iterator[Place]:
    """Make a course with exercise 4.5 alone, which is a program, and a class."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = folder / "course"
        root.mkdir()
        shutil.copy(ROOT / "course.yaml", root)
        for part in ("exercises", "solutions"):
            for id in _KEPT:
                shutil.copytree(ROOT / part / id, root / part / id)
        lines = ["id,name,email", *(f"s{number:04},Student {number}," for number in range(students))]
        (root / "roster.csv").write_text("\n".join(lines) + "\n")
        postgres = Postgres(folder / "database") if postgresql else None
        if postgres:
            postgres.start()
        place = Place(root, postgres)
        place.environment = {
            **os.environ, "COURSE_SECRET": "bench", "COURSE_CACHE": str(folder / "cache"),
            "COURSE_GRADEBOOK": place.address, "LANGUAGE": "en",
        }  # fmt: skip
        try:
            yield place
        finally:
            if postgres:
                postgres.stop()


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def started(place: Place, port: int, *arguments: str) -> subprocess.Popen[bytes]:
    """Serve, and wait until pages are there."""
    server = place.start("serve", "--port", str(port), *arguments)
    while True:
        with suppress(httpx2.TransportError):
            httpx2.get(f"http://127.0.0.1:{port}/health")
            return server
        assert server.poll() is None, "course serve has ended; COURSE_BENCH_TOLD=1 shows what it said"
        time.sleep(0.05)


def killed(process: subprocess.Popen[bytes]) -> None:
    """Kill it with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def links(place: Place, port: int) -> list[str]:
    told = place.run("links", "--public-url", f"http://127.0.0.1:{port}")
    return [row["link"] for row in csv.DictReader(io.StringIO(told))]


class Student:
    """A browser of somebody who has logged in."""

    def __init__(self, base: str, link: str) -> None:
        self.client = httpx2.Client(base_url=base, headers={"Origin": base}, timeout=60)
        assert self.client.post("/link", data={"link": link.rpartition("/")[2]}).status_code == 303

    def get(self, path: str, word: str) -> float:
        """Return how long a page takes, in seconds; it must hold the word."""
        begun = time.perf_counter()
        answer = self.client.get(path)
        seconds = time.perf_counter() - begun
        assert answer.status_code == 200 and word in answer.text, answer.text[:500]
        return seconds

    def hand_in(self, program: str, form: str = "") -> tuple[float, str]:
        """Hand in; return how long that took, and the name of what was acknowledged."""
        files = {"file": ("4.5.py", program)}
        begun = time.perf_counter()
        answer = self.client.post("/exercises/4.5", data={"form": form or uuid.uuid4().hex}, files=files)
        seconds = time.perf_counter() - begun
        if answer.status_code != 303:
            raise Unanswered(answer.status_code)
        return seconds, answer.headers["location"].rpartition("/")[2]


class Unanswered(Exception):
    """What was handed in was not acknowledged."""

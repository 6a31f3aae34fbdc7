"""What handing in by browser costs: pages and hand-ins of a class before the due minute, waits, and verdicts.

    python bench/server.py load [--postgresql] [--students 300] [--seconds 90] [--to-the-end]
    python bench/server.py wait [--postgresql]
    python bench/server.py verdicts [--postgresql] [--dask] [--programs 120]

`load`: 300 students hand in three times each, most of them shortly before the end, while a grading process judges
beside the server; the times of hand-ins and pages are told beside those of a route that does nothing but answer,
measured in between. Every hand-in must be there once, with its bytes, at a time between its sending and its answer.
With --to-the-end it waits until all are judged, each once. The processor's time is that of the pages alone.

`wait`: from handing in a right 4.5 on an idle server to its verdict, in turns with `course submit` of the same file.

`verdicts`: `course grade --follow` and `course grade` judge the same programs with as many workers, in turns; with
--dask two workers of a cluster. Every score is checked.

What kills do is in server_kills.py.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from serving import RIGHT, WRONG, Place, Student, free_port, killed, links, made, started

ATTEMPTS = 3
_SLACK = timedelta(seconds=0.05)


def told(name: str, times: list[float], empty: list[float]) -> None:
    """Print the median and the 95th percentile, and what that is of a route that does nothing."""
    ordered, nothing = sorted(times), sorted(empty)
    worst, least = ordered[int(0.95 * len(ordered))], nothing[int(0.95 * len(nothing))]
    middle = 1000 * statistics.median(ordered)
    print(f"  {name:<24} median {middle:7.1f} ms   p95 {1000 * worst:7.1f} ms   {worst / least:5.1f} × an empty route")


def load(place: Place, seconds: float, to_the_end: bool) -> None:
    """Let a class hand in before the due minute, and hold what is there to what was sent."""
    port = free_port()
    server = started(place, port, "-j", "1")
    base = f"http://127.0.0.1:{port}"
    try:
        with ThreadPoolExecutor(48) as pool:
            class_ = list(pool.map(lambda link: Student(base, link), links(place, port)))
            # A third come when they like; the others in the last quarter.
            when = [
                random.triangular(0.75, 1, 1) if number % 3 else random.random()
                for number in range(len(class_) * ATTEMPTS)
            ]
            begun = time.perf_counter()
            late: list[float] = []

            def one(item: tuple[int, float]) -> tuple[dict[str, float], str, datetime, datetime, str]:
                number, at = item
                student = class_[number % len(class_)]
                ahead = begun + at * seconds - time.perf_counter()
                late.append(max(-ahead, 0.0))
                time.sleep(max(ahead, 0))
                empty = student.get("/static/live.js", "EventSource")
                sent = datetime.now(UTC)
                took, name = student.hand_in(f"# {number}\n{WRONG}")
                answered = datetime.now(UTC)
                times = {
                    "an empty route": empty,
                    "a hand-in": took,
                    "what was handed in": student.get(f"/submissions/{name}", f"/submissions/{name}/file"),
                    "the list of exercises": student.get("/exercises", "4.5"),
                    "an exercise": student.get("/exercises/4.5", 'name="form"'),
                }
                return times, name, sent, answered, hashlib.sha256(f"# {number}\n{WRONG}".encode()).hexdigest()

            done = list(pool.map(one, sorted(enumerate(when), key=lambda item: item[1])))
            took = time.perf_counter() - begun
        used = processor_seconds(server.pid)
        if to_the_end:
            place.drained(len(done))
        # Nothing is judged between one look and the next.
        killed(server)
        place.require_judged_once()
        with place.book() as (book, hand_ins, queue):
            there = {each.name: each for each in hand_ins.all()}
            assert len(there) == len(done) == len({name for _, name, *_ in done})
            for _, name, sent, answered, digest in done:
                each = there[name]
                assert each.sha256 == digest and sent - _SLACK <= each.submitted <= answered + _SLACK, each
            judged = sum(each.score is not None for each in book.standing())
            assert all(each.score in (None, 4.0) for each in book.standing())
            waiting = len(queue.waiting())
    finally:
        killed(server)
    assert judged + waiting == len(done) and (not to_the_end or judged == len(done))
    print(
        f"  {len(done)} hand-ins by {len(class_)} students in {took:.0f} s, all there once; {judged} judged meanwhile"
    )
    print(
        f"  begun late by us: {1000 * max(late):.0f} ms at most; processor: {1000 * used / len(done):.1f} ms for each"
    )
    for name in done[0][0]:
        told(name, [each[name] for each, *_ in done], [each["an empty route"] for each, *_ in done])


def processor_seconds(process: int) -> float:
    """Return the time of a processor that a process has used so far, without those that it has started."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait(place: Place, times: int = 5) -> None:
    """Tell how long a verdict takes from handing in, beside course submit."""
    port = free_port()
    server = started(place, port, "-j", "1")
    try:
        student = Student(f"http://127.0.0.1:{port}", links(place, port)[0])
        file = place.root.parent / "4.5.py"
        by_browser, by_command = [], []
        for number in range(times + 1):
            begun = time.perf_counter()
            _, name = student.hand_in(f"# {number}\n{RIGHT}")
            while 'class="score"' not in (page := student.client.get(f"/submissions/{name}").text):
                time.sleep(0.02)
            by_browser.append(time.perf_counter() - begun)
            assert "8" in page.partition('class="score"')[2][:60]
            file.write_text(f"# {number}\n{RIGHT}")
            begun = time.perf_counter()
            place.run("submit", "4.5", str(file), "--student", "s0001")
            by_command.append(time.perf_counter() - begun)
    finally:
        killed(server)
    # The first one starts torch.
    ours, theirs = statistics.median(by_browser[1:]), statistics.median(by_command[1:])
    print(f"  first {by_browser[0]:.2f} s; then {ours:.2f} s, course submit {theirs:.2f} s: {ours / theirs:.2f} of it")


def verdicts(place: Place, programs: int, workers: list[str], turns: int = 2) -> None:
    """Let both judge the same programs in turns, each time new ones."""
    port = free_port()
    followed, graded = [], []
    server = started(place, port, "--no-grading")
    class_ = [Student(f"http://127.0.0.1:{port}", link) for link in links(place, port)]
    killed(server)
    total = 0
    for turn in range(turns + 1):
        # The first turn is for the caches of both.
        count = programs if turn else 4
        texts = [f"# {turn} {number}\n{RIGHT if number % 2 else WRONG}" for number in range(count)]
        server = started(place, port, "--no-grading")
        for number, text in enumerate(texts):
            class_[number].hand_in(text)
        killed(server)
        total += count
        begun = time.perf_counter()
        grader = place.start(
            "grade", "--follow", *workers, *(("--insecure-cluster",) if "--cluster" in workers else ())
        )
        followed.append((place.drained(total) - begun) / count)
        killed(grader)
        folder = place.root.parent / f"turn{turn}"
        for number, text in enumerate(texts):
            # The same bytes would have their results already.
            file = folder / f"s{number:04}" / "4.5.py"
            file.parent.mkdir(parents=True)
            file.write_text(text + "# once more\n")
        begun = time.perf_counter()
        place.run("grade", str(folder), *workers)
        graded.append((time.perf_counter() - begun) / count)
        total += count
        with place.book() as (book, _, _):
            scores = sorted(each.score for each in book.standing() if each.score is not None)
            assert len(scores) == total and set(scores) == {4.0, 8.0}, (len(scores), total)
            assert scores.count(8.0) == total // 2
    ours, theirs = sum(followed[1:]) / turns, sum(graded[1:]) / turns
    rates = f"follow {1 / ours:.2f}/s, course grade {1 / theirs:.2f}/s, {theirs / ours:.2f} of its rate"
    print(f"  {turns} × {programs} programs, starting included: {rates}")


@contextmanager
def cluster(place: Place) -> Iterator[str]:
    """Start a scheduler and two workers, each a process of its own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    kinds = [["scheduler", "--host", address]]
    kinds += [["worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0"]] * 2
    environment = {**place.environment, "COURSE_SECRET": ""}
    running = []
    try:
        for kind, *arguments in kinds:
            command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments, "--no-dashboard"]
            running.append(subprocess.Popen(
                command, cwd=place.root.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            ))  # fmt: skip
        from distributed import Client

        with Client(address, timeout="60s", set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(2, timeout=120)
        yield address
    finally:
        for each in running:
            killed(each)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("load", "wait", "verdicts"))
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--to-the-end", action="store_true")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--programs", type=int, default=120)
    given = parser.parse_args()
    students = {"load": given.students, "wait": 2, "verdicts": given.programs}[given.what]
    os.environ.pop("COURSE_GRADEBOOK", None)
    with made(students, given.postgresql) as place:
        print(f"{given.what}, {'PostgreSQL' if given.postgresql else 'SQLite'}:")
        if given.what == "load":
            load(place, given.seconds, given.to_the_end)
        elif given.what == "wait":
            wait(place)
        elif given.dask:
            with cluster(place) as address:
                verdicts(place, given.programs, ["--cluster", address, "--isolation", "full"])
        else:
            verdicts(place, given.programs, ["-j", "2"])


if __name__ == "__main__":
    main()

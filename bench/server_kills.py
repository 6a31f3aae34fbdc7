"""Whether anything that was acknowledged is ever lost, or there twice, when processes are killed.

    python bench/server_kills.py [--postgresql] [--kills 24]

Students hand in without a pause while one after the other is killed and started again: what serves pages, what judges,
and with --postgresql the database with all its connections. Whoever gets no answer sends the same form again, as a
browser does. In the end every hand-in must be there once, with its bytes, and be judged once, with the right score.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
from serving import RIGHT, WRONG, Place, Student, Unanswered, free_port, killed, links, made, started

STUDENTS = 6
_PAUSE = 1.0


class Class:
    """Students who hand in until they are told to stop."""

    def __init__(self, students: list[Student]) -> None:
        self._students = students
        self._stop = threading.Event()
        self.acknowledged: list[tuple[str, str, float]] = []
        self.unanswered = 0

    def begin(self) -> None:
        self._pool = ThreadPoolExecutor(len(self._students))
        self._work = [self._pool.submit(self._hand_in, number, each) for number, each in enumerate(self._students)]

    def end(self) -> None:
        self._stop.set()
        for each in self._work:
            each.result()
        self._pool.shutdown()

    def _hand_in(self, number: int, student: Student) -> None:
        attempt = 0
        while not self._stop.is_set():
            attempt += 1
            right = bool(attempt % 2)
            program, form = f"# {number} {attempt}\n{RIGHT if right else WRONG}", uuid.uuid4().hex
            while True:
                try:
                    _, name = student.hand_in(program, form)
                    break
                except (httpx2.TransportError, Unanswered) as error:
                    # 503 where the database is away; anything else is no answer that a browser may get.
                    if isinstance(error, Unanswered) and error.args != (503,):
                        raise
                    self.unanswered += 1
                    time.sleep(0.1)
            digest = hashlib.sha256(program.encode()).hexdigest()
            self.acknowledged.append((name, digest, 8.0 if right else 4.0))
            self._stop.wait(_PAUSE * random.uniform(1, 3))


def kills(place: Place, times: int) -> None:
    """Kill again and again, and hold what is there to what was acknowledged."""
    port = free_port()
    serve, follow = ("--no-grading",), ("grade", "--follow", "-j", "1")
    web = started(place, port, *serve)
    base = f"http://127.0.0.1:{port}"
    class_ = Class([Student(base, link) for link in links(place, port)])
    grader = place.start(*follow)
    begun = time.perf_counter()
    class_.begin()
    victims = ["pages", "grading", *(["database"] if place.postgres else [])]
    done: Counter[str] = Counter()
    try:
        for number in range(times):
            time.sleep(random.uniform(0.5, 2.5))
            if grader.poll() is not None:
                # It ends where the database is gone; a service is started again.
                grader = place.start(*follow)
            victim = victims[number % len(victims)]
            done[victim] += 1
            if victim == "pages":
                killed(web)
                web = started(place, port, *serve)
            elif victim == "grading":
                killed(grader)
                grader = place.start(*follow)
                # Until it judges, there is little that could be lost.
                time.sleep(random.uniform(2, 8))
            elif place.postgres:
                place.postgres.kill()
                time.sleep(0.5)
                place.postgres.start()
        class_.end()
        if grader.poll() is not None:
            grader = place.start(*follow)
        handed_in = time.perf_counter() - begun
        judged_at = place.drained(len(class_.acknowledged)) - begun
    finally:
        killed(web)
        killed(grader)
    _hold(place, class_)
    killed_ = ", ".join(f"{name} {count}" for name, count in done.items())
    acknowledged = f"{len(class_.acknowledged)} hand-ins acknowledged in {handed_in:.0f} s"
    print(f"  killed: {killed_}; {acknowledged}, {class_.unanswered} answers did not come")
    print(f"  all there once, and judged once and rightly, after {judged_at:.0f} s")


def _hold(place: Place, class_: Class) -> None:
    with place.book() as (book, hand_ins, _):
        there = {each.name: each for each in hand_ins.all()}
        assert sorted(there) == sorted(name for name, *_ in class_.acknowledged)
        digests = Counter(digest for _, digest, _ in class_.acknowledged)
        assert Counter(each.sha256 for each in there.values()) == digests
        scores = {each.sha256: each.score for each in book.standing()}
        wrong = [name for name, digest, score in class_.acknowledged if scores[digest] != score]
        assert not wrong, wrong
    place.require_judged_once()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--kills", type=int, default=24)
    given = parser.parse_args()
    os.environ.pop("COURSE_GRADEBOOK", None)
    with made(STUDENTS, given.postgresql) as place:
        print(f"kills, {'PostgreSQL' if given.postgresql else 'SQLite'}:", flush=True)
        kills(place, given.kills)


if __name__ == "__main__":
    main()

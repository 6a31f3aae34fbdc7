"""What is handed in at the server, and the queue of what waits to be judged. In SQLite and in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import Connection

from grader.core.course.policies.trust import Trust
from grader.core.findings.report_json import as_kept
from grader.core.people.student import Student
from grader.core.report.report import Report
from grader.store.grades import queue as module
from grader.store.grades.desk.regrades import Regrades
from grader.store.grades.figures import STEPS, figures
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.hand_ins import HandIn, HandIns, Offer, Room, TooMuch
from grader.store.grades.people.people import People
from grader.store.grades.queue import JudgingQueue

AT = datetime(2026, 11, 20, 18, 0, 11, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
VERSIONS = {"4.5": "d1", "4.1": "d2"}
STUDENTS = ("s001", "s002", "s003")
KEPT = as_kept(Report("4.5", "", "full", False, ()), {})


@pytest.fixture
def queue(book: Gradebook) -> JudgingQueue:
    People(book.database).enrol(map(Student, STUDENTS))
    queue = JudgingQueue(book.database)
    queue.publish(VERSIONS)
    return queue


def offer(student: str = "s001", content: bytes = b"x", minute: int = 0, **other: object) -> Offer:
    person = STUDENTS.index(student) + 1
    form = f"{student}{content!r}{minute}"
    usual = Offer(person, student, "4.5", content, ".py", "mine.py", "file", form, AT + minute * MINUTE)
    return replace(usual, **other)  # type: ignore[arg-type]


def add(book: Gradebook, *offers: Offer) -> list[HandIn]:
    return [HandIns(book.database).add(each) for each in offers]


def judge(book: Gradebook, each: HandIn, score: float | None = 8.0, judging: str = "d1") -> bool:
    result = Result(f"key of {each.sha256}", each.exercise, score, 8.0, KEPT, {})
    return book.add_judged(result, [each.submission], judging, None)


def taken(queue: JudgingQueue, grader: str = "a") -> list[tuple[str, str]]:
    found = []
    while some := queue.lease(grader, VERSIONS, 2):
        found += [(each.student, f"{each.submitted:%M}") for each in some]
    return found


class TestHandingIn:
    def test_bytes_name_and_time_are_there(self, book: Gradebook, queue: JudgingQueue) -> None:
        (one,) = add(book, offer(content=b"\x00\xff" * 1000))
        store = HandIns(book.database)
        assert store.by_name(one.name) == one and store.content(one.sha256) == b"\x00\xff" * 1000
        (row,) = book.standing()
        assert (row.student, row.submitted, row.trust) == ("s001", AT, Trust.SERVER)

    def test_a_form_that_is_sent_twice_is_one_attempt(self, book: Gradebook, queue: JudgingQueue) -> None:
        first, second = add(book, offer(form="f"), offer(form="f", minute=1))
        assert first == second and len(book.standing()) == 1

    def test_a_form_that_is_sent_twice_in_the_same_moment_is_one_attempt(
        self, book: Gradebook, queue: JudgingQueue
    ) -> None:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: HandIns(book.database).add(offer(form="f")), range(8)))
        assert len(set(found)) == 1 and len(book.standing()) == 1

    def test_the_form_of_somebody_else_is_not_theirs(self, book: Gradebook, queue: JudgingQueue) -> None:
        mine, other = add(book, offer(form="f"), offer("s002", form="f"))
        assert (mine.student, other.student) == ("s001", "s002")

    def test_what_was_handed_in_last_is_no_new_attempt_and_keeps_its_time(
        self, book: Gradebook, queue: JudgingQueue
    ) -> None:
        first, again = add(book, offer(), offer(minute=5))
        assert first == again
        _, back = add(book, offer(content=b"y", minute=6), offer(minute=7))
        assert back != first and len(book.standing()) == 3

    def test_there_is_room_for_so_many_bytes_of_one_person_in_a_day(self, book: Gradebook, queue: JudgingQueue) -> None:
        store = HandIns(book.database, Room(each=10, all=1000))
        store.add(offer(content=b"123456"))
        with pytest.raises(TooMuch):
            store.add(offer(content=b"12345", minute=1))
        store.add(offer("s002", content=b"12345", minute=1))
        store.add(offer(content=b"12345", minute=25 * 60))
        assert len(book.standing()) == 3

    def test_there_is_room_for_so_many_bytes_of_all(self, book: Gradebook, queue: JudgingQueue) -> None:
        store = HandIns(book.database, Room(each=100, all=8))
        store.add(offer(content=b"12345"))
        with pytest.raises(TooMuch):
            store.add(offer("s002", content=b"1234"))
        store.add(offer("s002", content=b"123"))

    @pytest.mark.parametrize("name", ["\0", "\ud800", "a" * 5000, "../../etc/passwd", "<script>", "\r\nSet-Cookie: x"])
    def test_any_filename_is_taken_and_means_nothing(self, book: Gradebook, queue: JudgingQueue, name: str) -> None:
        (one,) = add(book, offer(filename=name))
        assert HandIns(book.database).by_name(one.name) == one


class TestTheOrder:
    def test_the_newest_attempt_of_each_comes_first_then_the_one_before(
        self, book: Gradebook, queue: JudgingQueue
    ) -> None:
        add(book, *(offer(content=bytes([minute]), minute=minute) for minute in range(5)))
        add(book, offer("s002", minute=10), offer("s003", minute=3))
        expected = [("s003", "03"), ("s001", "04"), ("s002", "10"), *(("s001", f"0{each}") for each in (3, 2, 1, 0))]
        assert taken(queue) == expected

    def test_what_has_a_result_waits_no_more(self, book: Gradebook, queue: JudgingQueue) -> None:
        one, two = add(book, offer(), offer("s002", content=b"y"))
        assert queue.waiting() == [one.submission, two.submission]
        assert judge(book, one)
        assert queue.waiting() == [two.submission] and taken(queue) == [("s002", "00")]

    def test_a_zero_is_a_result(self, book: Gradebook, queue: JudgingQueue) -> None:
        (one,) = add(book, offer())
        judge(book, one, score=0.0)
        assert queue.waiting() == []

    def test_submissions_that_were_not_handed_in_here_do_not_wait(self, book: Gradebook, queue: JudgingQueue) -> None:
        book.add_submissions([(Recorded(0, "s001", "4.5", AT, "ab"), Path("4.5.py"))])
        assert queue.waiting() == [] and taken(queue) == []


class TestLeases:
    def test_nothing_is_taken_twice(self, book: Gradebook, queue: JudgingQueue) -> None:
        add(book, *(offer(student, content=bytes([n]), minute=n) for student in STUDENTS for n in range(5)))
        with ThreadPoolExecutor(4) as threads:
            found = [
                each
                for some in threads.map(lambda name: taken(JudgingQueue(book.database), name), "abcd")
                for each in some
            ]
        assert len(found) == len(set(found)) == 15

    def test_what_a_grader_left_is_taken_by_the_next_one(
        self, book: Gradebook, queue: JudgingQueue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add(book, offer())
        monkeypatch.setattr(module, "LEASE", timedelta(seconds=-1))
        assert queue.lease("a", VERSIONS) and queue.lease("b", VERSIONS)

    def test_who_still_judges_keeps_it(
        self, book: Gradebook, queue: JudgingQueue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add(book, offer())
        with monkeypatch.context() as patch:
            patch.setattr(module, "LEASE", timedelta(seconds=-1))
            queue.lease("a", VERSIONS)
        queue.prolong("a")
        assert queue.lease("b", VERSIONS) == [] and len(queue.running()) == 1

    def test_what_is_given_back_waits_again(self, book: Gradebook, queue: JudgingQueue) -> None:
        add(book, offer())
        assert taken(queue, "a") == [("s001", "00")] and taken(queue, "b") == []
        queue.give_back("a")
        assert taken(queue, "b") == [("s001", "00")]

    def test_what_could_not_be_judged_is_tried_again_later_and_not_for_ever(
        self, book: Gradebook, queue: JudgingQueue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (one,) = add(book, offer())
        judge(book, one, score=None)
        assert taken(queue) == [] and queue.waiting() == [one.submission]
        monkeypatch.setattr(module, "AGAIN", (timedelta(), timedelta()))
        assert taken(queue) == [("s001", "00")]
        for _ in range(2):
            judge(book, one, score=None)
        assert taken(queue) == [] and queue.waiting_and_stuck() == ([], {one.submission})
        Regrades(book.database).begin("", "", [one.submission], 1)
        assert queue.waiting_and_stuck() == ([one.submission], set()) and taken(queue) == [("s001", "00")]

    def test_two_graders_that_take_the_same_in_another_order_do_not_end_each_other(
        self, book: Gradebook, queue: JudgingQueue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, two = (each.submission for each in add(book, offer(), offer("s002")))
        orders, take, both = {"a": [one, two], "b": [two, one]}, JudgingQueue._take, Barrier(2)

        class Grader(JudgingQueue):
            def __init__(self, name: str) -> None:
                super().__init__(book.database)
                self.order = orders[name]

            def _due(self, *_: object) -> list[int]:
                return self.order

            def _take(self, connection: Connection, number: int, grader: str) -> bool:
                taken = take(self, connection, number, grader)
                # In SQLite nobody else writes meanwhile.
                with suppress(BrokenBarrierError):
                    both.wait(0.5)
                return taken

        with ThreadPoolExecutor(2) as threads:
            found = threads.map(lambda name: Grader(name).lease(name, VERSIONS, 2), "ab")
            assert sorted(each.submission for some in found for each in some) == [one, two]


class TestVersions:
    def test_a_grader_with_another_version_gets_nothing_of_that_exercise(
        self, book: Gradebook, queue: JudgingQueue
    ) -> None:
        add(book, offer(), offer("s002", exercise="4.1"))
        found = queue.lease("a", {"4.5": "older", "4.1": "d2"}, 9)
        assert [each.exercise for each in found] == ["4.1"]
        assert queue.lease("a", {"4.5": "older", "4.1": "d2"}) == []

    def test_what_was_judged_by_a_version_that_counts_no_more_is_not_recorded(
        self, book: Gradebook, queue: JudgingQueue
    ) -> None:
        (one,) = add(book, offer())
        queue.publish({"4.5": "newer"})
        assert not judge(book, one, judging="d1")
        assert queue.waiting() == [one.submission] and book.results() == {}
        assert judge(book, one, judging="newer")

    def test_a_new_version_queues_nothing_that_has_a_result(self, book: Gradebook, queue: JudgingQueue) -> None:
        (one,) = add(book, offer())
        judge(book, one)
        queue.publish({"4.5": "newer"})
        assert queue.current()["4.5"] == "newer" and queue.waiting() == []

    def test_an_exercise_that_no_grader_has_seen_waits(self, book: Gradebook, queue: JudgingQueue) -> None:
        (one,) = add(book, offer(exercise="4.9"))
        assert queue.lease("a", {**VERSIONS, "4.9": "d9"}) == [] and queue.waiting() == [one.submission]


def test_the_stamp_changes_with_whatever_is_to_be_seen(book: Gradebook, queue: JudgingQueue) -> None:
    seen = [queue.stamp()]
    (one,) = add(book, offer())
    seen.append(queue.stamp())
    queue.lease("a", VERSIONS)
    seen.append(queue.stamp())
    judge(book, one)
    seen.append(queue.stamp())
    assert len(set(seen)) == 4 and queue.stamp() == seen[-1]


def test_what_is_to_be_seen_is_kept_with_the_result(book: Gradebook, queue: JudgingQueue) -> None:
    (one,) = add(book, offer())
    result = Result("k", "4.5", 8.0, 8.0, KEPT, {})
    book.add_judged(result, [one.submission], "d1", {"curves": [1.5]})
    (row,) = book.standing()
    assert book.evidence_of(row.result) == {"curves": [1.5]} and book.evidence_of(row.result + 1) == {}


def test_figures_say_what_waits_and_how_long_first_verdicts_took(book: Gradebook, queue: JudgingQueue) -> None:
    now = datetime.now(UTC)
    ago = {"s001": 7, "s002": 90, "s003": 600}
    one, two, three = add(book, *(offer(name, name.encode(), at=now - timedelta(seconds=s)) for name, s in ago.items()))
    judge(book, one)
    # That it was judged again later is no second verdict, and made nobody wait.
    book.add_gradings({1: [one.submission]})
    judge(book, two, score=None)
    found = figures(book.database)
    assert {state.value: count for state, count in found.unjudged.items()} == {
        "waiting": 1, "running": 0, "retrying": 1, "stuck": 0,
    }  # fmt: skip
    assert 599 < found.oldest < 700 and (found.taken, found.judged, found.void) == (3, 1, 1)
    assert 6.9 < found.seconds < 107 and found.within[STEPS.index(5.0)] == 0 and found.within[-1] == 1
    queue.lease("a", VERSIONS)
    assert figures(book.database).oldest == 0 and three.submission in queue.running()

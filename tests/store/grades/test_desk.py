"""What a teacher says to a class: rules, questions, comments. In SQLite and in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from test_queue import KEPT, VERSIONS, add, judge, offer, queue  # noqa: F401 - a fixture

from grader.core.course.policies.showing import Showing
from grader.store.grades.desk.comments import Comments
from grader.store.grades.desk.feedback_rules import FeedbackRules
from grader.store.grades.desk.grade_questions import MOST_EACH, MOST_OPEN, GradeQuestions, TooManyQuestions
from grader.store.grades.desk.regrades import Ended, Regrades
from grader.store.grades.erasure import Erasure, erase_person
from grader.store.grades.gradebook import Gradebook, Result
from grader.store.grades.hand_ins import HandIn
from grader.store.grades.queue import JudgingQueue


@pytest.fixture
def asked(book: Gradebook, queue: JudgingQueue) -> GradeQuestions:  # noqa: F811
    """Return the questions of a class in which s001 has handed in 1 and s002 has handed in 2."""
    add(book, offer(), offer("s002", b"y"))
    return GradeQuestions(book.database)


def test_the_last_rule_counts_and_new_ones_are_seen_by_whoever_watches(
    book: Gradebook,
    asked: GradeQuestions,
    queue: JudgingQueue,  # noqa: F811
) -> None:
    rules, stamps = FeedbackRules(book.database), [queue.stamp()]
    for rule in (Showing.HELD, Showing.AFTER_DUE):
        rules.set({"4.5": rule}, 1)
        stamps.append(queue.stamp())
    assert rules.all() == {"4.5": Showing.AFTER_DUE} and len(set(stamps)) == 3


def test_whoever_is_not_to_know_learns_nothing_of_judging(
    book: Gradebook,
    asked: GradeQuestions,
    queue: JudgingQueue,  # noqa: F811
) -> None:
    (other,) = add(book, offer(exercise="4.1", minute=1))
    stamps = [queue.stamp(["4.5"])]
    while queue.lease("a", {"4.5": "d1"}):
        stamps.append(queue.stamp(["4.5"]))
    for number, name in ((1, b"x"), (2, b"y")):
        book.add_judged(Result(f"{name!r}", "4.5", 3.0, 8.0, KEPT, {}), [number], "d1", None)
        stamps.append(queue.stamp(["4.5"]))
    assert len(stamps) == 5 and len(set(stamps)) == 1 and queue.waiting(["4.5"]) == []
    assert queue.lease("a", {"4.1": "d2"}) == [other] and queue.running(["4.1"]) == {other.submission}
    assert queue.stamp(["4.5"]) not in stamps and queue.running(["4.5"]) == set()


def test_of_many_who_answer_in_the_same_moment_one_does(asked: GradeQuestions) -> None:
    assert asked.ask(1, "Why?")
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda number: asked.answer(1, f"{number}", 2, {}), range(4)))
    (question,) = asked.all()
    assert done.count(True) == 1 and question.answer == str(done.index(True)) and asked.open() == 0


def test_the_same_question_in_the_same_moment_is_one(asked: GradeQuestions) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(lambda _: asked.ask(1, "Why?"), range(4))) == [False] * 3 + [True]


def test_so_many_are_open_and_so_many_are_asked_about_one_submission(asked: GradeQuestions) -> None:
    for number in range(MOST_OPEN):
        asked.ask(1, f"{number}")
    with pytest.raises(TooManyQuestions):
        asked.ask(1, "more")
    assert asked.ask(2, "Why?")
    for number in range(MOST_OPEN, MOST_EACH):
        asked.answer(number - MOST_OPEN + 1, "x", 2, {})
        asked.ask(1, f"{number}")
    asked.answer(5, "x", 2, {})
    with pytest.raises(TooManyQuestions):
        asked.ask(1, "more")


def test_nothing_of_it_is_left_of_whoever_is_erased(book: Gradebook, asked: GradeQuestions) -> None:
    comments = Comments(book.database)
    for submission in (1, 2):
        asked.ask(submission, "her dog?")
        comments.on_line(submission, 1, "a dog", 2, {"student": f"s00{submission}"})
    asked.answer(1, "a dog", 2, {"student": "s001"})
    erase_person(book.database, "s001", Erasure({}, "asked for it", "Nodira"))
    assert [each.student for each in asked.all()] == ["s002"]
    assert [list(comments.on_lines(number)) for number in (1, 2)] == [[], [1]]


class TestRegrades:
    @pytest.fixture
    def judged(self, book: Gradebook, queue: JudgingQueue) -> list[HandIn]:  # noqa: F811
        found = add(book, offer(), offer("s002", b"y"))
        for each in found:
            assert judge(book, each, 3.0)
        return found

    def result(self, each: HandIn, score: float | None) -> Result:
        return Result(f"new key of {each.sha256}", "4.5", score, 8.0, KEPT, {})

    def scores(self, book: Gradebook) -> list[float | None]:
        return [each.score for each in book.standing()]

    def test_what_has_no_grade_yet_is_judged_first(
        self,
        book: Gradebook,
        queue: JudgingQueue,  # noqa: F811
        judged: list[HandIn],
    ) -> None:
        stamp = queue.stamp()
        assert Regrades(book.database).begin("", "", [1, 2, 99], 2) == 2 and queue.stamp() != stamp
        add(book, offer("s003", b"z"))
        assert [each.student for _ in range(3) for each in queue.lease("a", VERSIONS)] == ["s003", "s001", "s002"]
        assert queue.lease("b", VERSIONS) == [] and len(queue.running()) == 1 and len(queue.waiting()) == 1

    def test_results_wait_and_count_together(self, book: Gradebook, judged: list[HandIn]) -> None:
        regrades = Regrades(book.database)
        regrades.begin("4.5", "", [1, 2], 2)
        assert book.add_judged(self.result(judged[0], 8.0), [1], "d1", {})
        assert regrades.end(1, True, 2) is None and self.scores(book) == [3.0, 3.0]
        number = book.result_of(f"new key of {judged[0].sha256}")
        assert number is not None
        assert not regrades.give(number, 2, "4.5", "d0") and regrades.found(1) == {1: (number, 8.0)}
        assert regrades.give(number, 2, "4.5", "d1")
        assert self.scores(book) == [3.0, 3.0] and regrades.found(1) == {1: (number, 8.0), 2: (number, 8.0)}
        assert regrades.end(1, True, 2) == Ended(2, 0) and self.scores(book) == [8.0, 8.0]
        assert regrades.end(1, True, 2) is None and regrades.open() == []

    def test_what_was_dropped_while_it_was_judged_moves_nothing(self, book: Gradebook, judged: list[HandIn]) -> None:
        regrades = Regrades(book.database)
        regrades.begin("4.5", "", [1], 2)
        assert regrades.end(1, False, 2) == Ended(0, 0)
        assert book.add_judged(self.result(judged[0], 8.0), [1], "d1", None) and self.scores(book) == [3.0, 3.0]

    def test_what_could_not_be_judged_keeps_its_grade(self, book: Gradebook, judged: list[HandIn]) -> None:
        regrades = Regrades(book.database)
        regrades.begin("4.5", "", [1], 2)
        book.add_judged(self.result(judged[0], None), [1], "d1", None)
        assert [(each.done, each.void) for each in regrades.open()] == [(1, 1)]
        assert regrades.end(1, True, 2) == Ended(0, 0) and self.scores(book) == [3.0, 3.0]

    def test_what_a_version_of_before_judged_does_not_count(
        self,
        book: Gradebook,
        queue: JudgingQueue,  # noqa: F811
        judged: list[HandIn],
    ) -> None:
        regrades = Regrades(book.database)
        regrades.begin("4.5", "", [1], 2)
        book.add_judged(self.result(judged[0], 8.0), [1], "d1", None)
        queue.publish({"4.5": "d9"})
        assert regrades.found(1) == {} and regrades.end(1, True, 2) == Ended(0, 1)
        assert self.scores(book) == [3.0, 3.0]

    def test_of_many_who_ask_in_the_same_moment_one_is_heard(self, book: Gradebook, judged: list[HandIn]) -> None:
        regrades = Regrades(book.database)
        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(lambda _: regrades.begin("", "", [1, 2], 2), range(4))) == [0, 0, 0, 2]

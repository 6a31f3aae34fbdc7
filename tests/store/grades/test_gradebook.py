"""The gradebook, in SQLite and in PostgreSQL: append-only, all or nothing, and every trouble told in a sentence."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres import Postgres
from repository import ROOT, examples

from grader.cli.batch import open_gradebook
from grader.core.course.policies.policy import Override, Waiver
from grader.core.course.policies.trust import Trust
from grader.core.findings.report_json import as_kept
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import CouldNotJudge
from grader.store.course.course_files import find_course
from grader.store.grades import database
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.schema.class_tables import CLASS_TABLES
from grader.store.grades.schema.desk_tables import DESK_TABLES
from grader.store.grades.schema.door_tables import DOOR_TABLES
from grader.store.grades.schema.tables import tables

AT = datetime(2026, 11, 20, 18, 3, 11, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
sorted_tables = tables.sorted_tables
BY_HAND = Override(5.0, "handed in on paper", "teacher", AT)
NAMES = [
    *("s001", "O'ktam", 'Ali "the quick"', "'; DROP TABLE submissions; --", "Gʻulom Oʻrinov", "Ғулом", "علي بن أحمد"),
    *("\u202eevil", "🎓👩🏽‍💻", "学生", "a\nb\tc", "%s :name {x} ?", "\\", "é", "e\u0301", " s001", "S001", "x" * 3000),
]


def submission(student: str = "s001", submitted: datetime = AT, sha256: str = "ab", exercise: str = "4.5") -> Recorded:
    return Recorded(0, student, exercise, submitted, sha256)


KEPT = as_kept(Report("4.5", "", "full", False, ()), {})


def result(key: str = "k", score: float | None = 8.0) -> Result:
    return Result(key, "4.5", score, 8.0, KEPT, {"torch": "2.9", "key": key})


def add(book: Gradebook, *submissions: Recorded) -> list[int]:
    return book.add_submissions((each, Path(each.student, "4.5.py")) for each in submissions)


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        found = connection.execute(sa.text(query))
        answer = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return answer


def count(url: str, table: str) -> object:
    return rows(url, f"SELECT count(*) FROM {table}")[0][0]


def refusal(action: Callable[[], object]) -> str:
    """Return the sentence with which an action is refused."""
    with pytest.raises(CouldNotJudge) as caught:
        action()
    return caught.value.message.said(str)


def together(*actions: Callable[[], object]) -> list[object]:
    """Do all of these at the same moment, each in a thread; return what they return."""
    barrier = Barrier(len(actions))

    def one(action: Callable[[], object]) -> object:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(one, actions))


def python(*arguments: str) -> list[str]:
    """Return the command that runs the first argument as a program that knows the grader."""
    return [sys.executable, "-c", *arguments]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


class TestOpening:
    def test_a_new_gradebook_is_empty(self, book: Gradebook) -> None:
        assert (book.recorded(), book.results(), book.overrides()) == ([], {}, {})

    def test_opening_it_again_makes_nothing_twice(self, url: str) -> None:
        for _ in range(3):
            with closing(Gradebook(url)) as book:
                add(book, submission())
        assert (count(url, "submissions"), count(url, "gradebook_about")) == (1, 1)

    def test_what_was_recorded_is_there_when_it_is_opened_again(self, url: str) -> None:
        with closing(Gradebook(url)) as book:
            numbers = add(book, submission())
            book.add_result(result(), numbers)
            book.add_override("s001", "4.5", BY_HAND)
            before = (book.recorded(), book.results(), book.overrides())
        with closing(Gradebook(url)) as book:
            assert (book.recorded(), book.results(), book.overrides()) == before

    def test_many_may_open_a_new_one_at_the_same_moment(self, url: str) -> None:
        for book in together(*[lambda: Gradebook(url)] * 6):
            assert isinstance(book, Gradebook)
            book.close()
        assert count(url, "gradebook_about") == 1

    def test_sqlite_that_does_not_wait_for_a_change_of_mode_is_no_trouble(self, tmp_path: Path) -> None:
        for number in range(examples(30)):
            books = together(*[lambda number=number: Gradebook(f"sqlite:///{tmp_path}/{number}.db")] * 8)  # type: ignore[misc]
            for book in books:
                assert isinstance(book, Gradebook)
                book.close()
        assert rows(f"sqlite:///{tmp_path}/0.db", "PRAGMA journal_mode") == [("wal",)]

    def test_many_processes_may_open_a_new_one_at_the_same_moment(self, url: str) -> None:
        program = "import sys; from grader.store.grades.gradebook import Gradebook; Gradebook(sys.argv[1]).close()"
        processes = [subprocess.Popen(python(program, url), env=ENVIRONMENT) for _ in range(3)]
        assert [process.wait() for process in processes] == [0, 0, 0]

    def test_nothing_is_added_after_it_was_closed(self, url: str) -> None:
        book = Gradebook(url)
        number = add(book, submission())
        book.close()
        for late in (
            lambda: add(book, submission("s002")),
            lambda: book.add_result(result(), number),
            lambda: book.add_override("s001", "4.5", BY_HAND),
        ):
            with pytest.raises(AssertionError, match="closed"):
                late()
        assert [count(url, table) for table in ("submissions", "results", "overrides")] == [1, 0, 0]

    def test_one_in_memory_is_forgotten(self) -> None:
        with closing(Gradebook("sqlite://")) as book:
            add(book, submission())
            assert len(book.recorded()) == 1
        with closing(Gradebook("sqlite://")) as book:
            assert book.recorded() == []

    @pytest.mark.parametrize("name", ["what?", "a%20b", "a#b", "Gʻulom ishi", "a@b"])
    def test_it_lies_beside_course_yaml_in_a_folder_of_any_name(
        self, course: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.delenv("COURSE_GRADEBOOK", raising=False)
        folder = course.rename(course.parent / name)
        open_gradebook(find_course(folder)).close()
        assert (folder / "gradebook.db").is_file()

    def test_a_file_that_course_yaml_names_is_the_same_from_every_folder(
        self, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("COURSE_GRADEBOOK", raising=False)
        monkeypatch.chdir(tmp_path)
        with (course / "course.yaml").open("a", encoding="utf-8") as file:
            file.write("gradebook: sqlite:///grades.db\n")
        open_gradebook(find_course(course)).close()
        assert (course / "grades.db").is_file()

    def test_a_file_that_is_typed_is_where_it_was_typed(
        self, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COURSE_GRADEBOOK", "sqlite:///grades.db")
        monkeypatch.chdir(tmp_path)
        open_gradebook(find_course(course)).close()
        assert (tmp_path / "grades.db").is_file()


class TestSubmissions:
    def test_each_is_recorded_once(self, book: Gradebook) -> None:
        first = add(book, submission(), submission("s002"), submission())
        assert first[0] == first[2] != first[1]
        assert add(book, submission("s002"), submission()) == [first[1], first[0]]
        assert len(book.recorded()) == 2

    @pytest.mark.parametrize(
        "change", [{"student": "s002"}, {"submitted": AT + DAY}, {"sha256": "cd"}, {"exercise": "4.1"}]
    )
    def test_another_one_is_another_row(self, book: Gradebook, change: dict[str, object]) -> None:
        assert len(set(add(book, submission(), submission(**change)))) == 2  # type: ignore[arg-type]

    def test_they_come_back_as_they_were_the_oldest_first(self, book: Gradebook) -> None:
        tashkent = timezone(timedelta(hours=5))
        second, first = submission(submitted=AT.astimezone(tashkent)), submission("s002", AT - DAY)
        numbers = add(book, second, first)
        assert book.recorded() == [replace(first, id=numbers[1]), replace(second, id=numbers[0])]

    def test_those_of_one_student_are_what_they_are_among_all(self, book: Gradebook) -> None:
        one, _, three = add(book, submission(), submission("s002"), replace(submission(sha256="b"), trust=Trust.FILE))
        book.add_result(result("a", 3.0), [one])
        book.add_result(result("b", None), [three])
        book.add_times([(one, AT + DAY, Trust.SYSTEM)])
        every = book.standing()
        assert book.standing("s001") == [each for each in every if each.student == "s001"] and len(every) == 3
        assert book.standing("nobody") == []

    def test_the_same_moment_in_two_zones_is_one_submission(self, book: Gradebook) -> None:
        one, other = add(book, submission(), submission(submitted=AT.astimezone(timezone(DAY / 5))))
        assert one == other

    def test_a_path_that_is_no_text_is_still_a_path(self, book: Gradebook, url: str) -> None:
        book.add_submissions([(submission(), Path(os.fsdecode(b"a\xff\\b\0")))])
        assert rows(url, "SELECT path FROM submissions") == [("a\\udcff\\b\\0",)]

    def test_many_may_record_the_same_at_the_same_moment(self, url: str) -> None:
        class_ = [submission(f"s{number:03}") for number in range(30)]
        books = [Gradebook(url) for _ in range(3)]
        found = together(*(lambda book=book: add(book, *class_) for book in books))  # type: ignore[misc]
        assert found[0] == found[1] == found[2]
        assert count(url, "submissions") == 30
        for book in books:
            book.close()


class TestNames:
    @pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[1:-1][:20])
    def test_every_name_survives(self, book: Gradebook, name: str) -> None:
        add(book, submission(name))
        book.add_override(name, "4.5", replace(BY_HAND, reason=name, by=name))
        assert [each.student for each in book.recorded()] == [name]
        assert book.overrides() == {(name, "4.5"): replace(BY_HAND, reason=name, by=name)}

    def test_no_two_names_are_one(self, book: Gradebook) -> None:
        assert len(set(add(book, *map(submission, NAMES)))) == len(NAMES)

    def test_a_text_that_no_database_takes_is_escaped(self, book: Gradebook) -> None:
        book.add_override("s001", "4.5", replace(BY_HAND, reason="\udcff \0"))
        assert book.overrides()["s001", "4.5"].reason == "\\udcff \\0"

    def test_a_report_survives_whole(self, book: Gradebook) -> None:
        said = finding("raised", words="∂ŷ/∂w 🎓 'x' \"y\" \\ \n oʻ", line=3, file="4.5.py")
        check = CheckResult("loop", RunStatus.CRASHED, Verdict.ERROR, 4.0, (said,))
        report = Report("4.5", "", "full", True, (check,), (finding("no-code", file="4.5.py"),))
        number = book.add_result(replace(result(), report=as_kept(report, {})), [])
        assert book.reports([number]) == {number: report}

    @pytest.mark.parametrize(
        "kept",
        [
            {},
            [],
            {"format_version": 3},
            {**KEPT, "format_version": 99},
            {**KEPT, "checks": [{"name": 1}]},
            {"a": [[[]]]},
        ],
        ids=range(6),
    )
    def test_a_report_that_is_none_is_told_with_its_number(self, book: Gradebook, kept: object) -> None:
        number = book.add_result(replace(result(), report=kept), [])  # type: ignore[arg-type]
        said = refusal(lambda: book.reports([number]))
        assert said.startswith(f"the report of result {number} in the gradebook ") and "Update the grader" in said


class TestResults:
    def test_a_result_belongs_to_all_submissions_of_the_same_bytes(self, book: Gradebook) -> None:
        numbers = add(book, submission(), submission("s002"), submission("s003"))
        number = book.add_result(result(), numbers[:2])
        assert [each.result for each in book.recorded()] == [number, number, 0]
        assert book.results() == {"k": number}

    def test_a_result_with_its_gradings_is_all_or_nothing(self, book: Gradebook, url: str) -> None:
        (known,) = add(book, submission())
        refusal(lambda: book.add_result(result(), [known, known + 1000]))
        assert book.results() == {} and book.recorded()[0].result == 0
        assert (count(url, "results"), count(url, "gradings")) == (0, 0)

    def test_a_grader_that_is_killed_leaves_nothing_half_done(self, book: Gradebook, url: str) -> None:
        (known,) = add(book, submission())
        program = (
            "import os, sys; from grader.store.grades.gradebook import *\n"
            "def dying():\n    yield int(sys.argv[2])\n    os._exit(9)\n"
            "Gradebook(sys.argv[1]).add_result(Result('k', '4.5', 8.0, 8.0, {}, {}), dying())"
        )
        done = subprocess.run(python(program, url, str(known)), env=ENVIRONMENT, check=False)
        assert done.returncode == 9
        assert book.results() == {}
        assert book.add_result(result(), [known]) == book.recorded()[0].result

    def test_two_graders_at_the_same_moment_have_one_result(self, url: str) -> None:
        one, other = Gradebook(url), Gradebook(url)
        (mine,), (yours,) = add(one, submission()), add(other, submission("s002"))
        for key in "abcdefgh":
            numbers = together(
                lambda key=key: one.add_result(result(key, 3.0), [mine]),  # type: ignore[misc]
                lambda key=key: other.add_result(result(key, 4.0), [yours]),  # type: ignore[misc]
            )
            assert numbers[0] == numbers[1] == one.results()[key]
            assert {each.result for each in other.recorded()} == {numbers[0]}
            assert len({each.score for each in one.recorded()}) == 1
        assert count(url, "results") == 8
        one.close()
        other.close()

    def test_the_first_result_for_a_key_stands(self, book: Gradebook) -> None:
        numbers = add(book, submission(), submission("s002"))
        first = book.add_result(result(score=3.0), numbers[:1])
        assert book.add_result(result(score=8.0), numbers[1:]) == first
        assert [each.score for each in book.recorded()] == [3.0, 3.0]

    def test_what_could_not_be_judged_does_not_stand(self, book: Gradebook) -> None:
        numbers = add(book, submission())
        void = book.add_result(result(score=None), numbers)
        (recorded,) = book.recorded()
        assert (recorded.result, recorded.void, recorded.score, recorded.max_score) == (void, True, None, 8.0)
        assert book.results() == {}

    def test_void_results_do_not_block_a_later_one(self, book: Gradebook, url: str) -> None:
        numbers = add(book, submission())
        voids = [book.add_result(result(score=None), numbers) for _ in range(3)]
        judged = book.add_result(result(), numbers)
        assert len({*voids, judged}) == 4
        assert book.results() == {"k": judged}
        assert [(each.result, each.void) for each in book.recorded()] == [(judged, False)]
        assert count(url, "gradings") == 4

    def test_a_void_result_does_not_replace_one_that_stands(self, book: Gradebook) -> None:
        judged = book.add_result(result(), [])
        book.add_result(result(score=None), [])
        assert book.results() == {"k": judged}

    def test_a_submission_keeps_its_result_until_there_is_a_new_one(self, book: Gradebook) -> None:
        numbers = add(book, submission())
        judged = book.add_result(result("old", 3.0), numbers)
        book.add_result(result("new", None), numbers)
        assert [(each.result, each.void, each.score) for each in book.standing()] == [(judged, False, 3.0)]
        better = book.add_result(result("new", 4.0), numbers)
        assert [(each.result, each.score) for each in book.standing()] == [(better, 4.0)]

    def test_a_submission_that_could_never_be_judged_has_no_result_but_that(self, book: Gradebook) -> None:
        numbers = add(book, submission())
        void = [book.add_result(result(score=None), numbers) for _ in range(2)][-1]
        assert book.standing() == book.recorded() and book.standing()[0].result == void

    def test_the_last_result_of_each_submission_counts(self, book: Gradebook) -> None:
        one, other = add(book, submission(), submission("s002"))
        old, new = book.add_result(result("old", 3.0), [one, other]), book.add_result(result("new", 4.0), [one])
        assert [(each.result, each.key, each.score) for each in book.recorded()] == [
            (new, "new", 4.0),
            (old, "old", 3.0),
        ]
        book.add_gradings({old: [one]})
        assert [each.result for each in book.recorded()] == [old, old]

    def test_a_zero_is_a_score(self, book: Gradebook) -> None:
        book.add_result(result(score=0.0), add(book, submission()))
        (recorded,) = book.recorded()
        assert (recorded.score, recorded.void, recorded.attempt.score) == (0.0, False, 0.0)

    def test_it_is_known_what_a_result_rests_on(self, book: Gradebook) -> None:
        number = book.add_result(result(), [])
        assert book.rests_on([number]) == {number: {"torch": "2.9", "key": "k"}}

    def test_of_more_results_than_fit_in_one_question_all_are_known(self, book: Gradebook) -> None:
        number = book.add_result(result(score=3.0), [])
        assert book.scores(range(number, number + 40_000)) == {number: 3.0}

    def test_every_result_that_a_submission_was_given_is_kept_with_what_it_rests_on(self, book: Gradebook) -> None:
        (known,) = add(book, submission())
        numbers = [book.add_result(result("old", 3.0), [known]), book.add_result(result("new", 4.0), [known])]
        given = book.gradings_of(known)
        assert [(each.result, each.score) for each in given] == list(zip(numbers, (3.0, 4.0), strict=True))
        assert [each.rests_on["key"] for each in given] == ["old", "new"]
        assert all(each.judged.tzinfo and each.at >= each.judged for each in given)

    def test_gradings_of_several_results_are_all_or_nothing(self, book: Gradebook, url: str) -> None:
        (known,) = add(book, submission())
        number = book.add_result(result(), [])
        refusal(lambda: book.add_gradings({number: [known], number + 1000: [known]}))
        assert count(url, "gradings") == 0 and book.recorded()[0].result == 0

    def test_reports_are_read_by_number(self, book: Gradebook) -> None:
        numbers = [book.add_result(result(key), []) for key in "abc"]
        assert set(book.reports(numbers[:2] * 2)) == set(numbers[:2])
        assert book.reports([]) == {}


class TestOverrides:
    def test_the_last_one_counts_and_all_are_kept(self, book: Gradebook, url: str) -> None:
        for score in (5.0, 6.0):
            book.add_override("s001", "4.5", replace(BY_HAND, score=score))
        assert book.overrides() == {("s001", "4.5"): replace(BY_HAND, score=6.0)}
        assert rows(url, "SELECT score FROM overrides ORDER BY id") == [(5.0,), (6.0,)]

    def test_all_of_one_mark_are_read_the_oldest_first(self, book: Gradebook) -> None:
        for points in (5.0, 6.0, None):
            book.add_override("s001", "4.5", replace(BY_HAND, score=points))
        book.add_override("s002", "4.5", BY_HAND)
        assert [each.score for each in book.overrides_of("s001", "4.5")] == [5.0, 6.0, None]

    def test_one_may_be_taken_back(self, book: Gradebook) -> None:
        book.add_override("s001", "4.5", BY_HAND)
        book.add_override("s001", "4.5", replace(BY_HAND, score=None))
        assert book.overrides()["s001", "4.5"].score is None

    def test_each_is_of_one_student_and_one_exercise(self, book: Gradebook) -> None:
        for student, exercise in (("s001", "4.5"), ("s001", "4.1"), ("s002", "4.5")):
            book.add_override(student, exercise, BY_HAND)
        assert len(book.overrides()) == 3


class TestTimes:
    def test_the_most_trustworthy_time_counts_and_of_these_the_first(self, book: Gradebook) -> None:
        (number,) = add(book, replace(submission(), trust=Trust.ARCHIVE))
        for submitted, trust in ((AT + DAY, Trust.FILE), (AT - DAY, Trust.SYSTEM), (AT + 2 * DAY, Trust.SYSTEM)):
            book.add_times([(number, submitted, trust)])
        (found,) = book.standing()
        assert (found.submitted, found.trust, found.attempt.may_cost) == (AT - DAY, Trust.SYSTEM, True)

    def test_submissions_are_in_the_order_of_the_times_that_count(self, book: Gradebook) -> None:
        (number,) = add(book, replace(submission(), trust=Trust.FILE))
        add(book, replace(submission("s002", AT + DAY), trust=Trust.FILE))
        book.add_times([(number, AT + 2 * DAY, Trust.SYSTEM)])
        assert [each.student for each in book.standing()] == ["s002", "s001"]


class TestDecisions:
    def test_the_last_decision_on_lateness_holds(self, book: Gradebook) -> None:
        for waives in (True, False, True):
            book.add_waiver("s001", "4.5", Waiver(waives, "ill", "teacher", AT))
        assert book.waivers() == {("s001", "4.5"): Waiver(True, "ill", "teacher", AT)}

    def test_who_is_forgotten_is_not_shown_and_can_be_brought_back(self, book: Gradebook) -> None:
        add(book, submission(), submission("s002"))
        book.add_override("s001", "4.5", BY_HAND)
        book.forget(["s001"], True, "no student", "teacher", AT)
        assert [each.student for each in book.standing()] == ["s002"] and book.overrides() == {}
        book.forget(["s001"], False, "is one", "teacher", AT)
        assert len(book.standing()) == 2 and list(book.overrides()) == [("s001", "4.5")]


NOW = database.FORMAT_VERSION


class TestFormats:
    def test_a_newer_format_is_refused_and_left_alone(self, url: str) -> None:
        Gradebook(url).close()
        rows(url, "UPDATE gradebook_about SET value = '99'")
        rows(url, "DROP TABLE overrides")
        assert refusal(lambda: Gradebook(url)) == (
            "this gradebook was written by a newer version (format 99); update the grader"
        )
        assert not sa.inspect(sa.create_engine(url)).has_table("overrides")

    def test_an_older_format_is_brought_to_the_newest(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with closing(Gradebook(url)) as book:
            book.add_override("s001", "4.5", BY_HAND)
        migrations = {NOW: ("ALTER TABLE overrides ADD note TEXT",), NOW + 1: ("UPDATE overrides SET note = 'old'",)}
        monkeypatch.setattr(database, "_MIGRATIONS", migrations)
        monkeypatch.setattr(database, "FORMAT_VERSION", NOW + 2)
        for _ in range(2):
            Gradebook(url).close()
        assert rows(url, "SELECT value FROM gradebook_about") == [(str(NOW + 2),)]
        assert rows(url, "SELECT student, note FROM overrides") == [("s001", "old")]

    def test_a_gradebook_of_the_first_format_gets_the_tables_of_later_ones(self, url: str) -> None:
        with closing(Gradebook(url)) as book:
            add(book, submission())
        later = [each.name for each in (*CLASS_TABLES, *DOOR_TABLES, *DESK_TABLES)]
        for table in (*reversed(later), "times", "waivers", "departures", "withdrawals"):
            rows(url, f"DROP TABLE {table}")
        rows(url, "UPDATE gradebook_about SET value = '1'")
        with closing(Gradebook(url)) as book:
            (kept,) = book.standing()
            assert (kept.submitted, kept.trust, kept.attempt.may_cost) == (AT, None, True)
            add(book, replace(submission("s002"), trust=Trust.FILE))
            assert [each.trust for each in book.standing()] == [None, Trust.FILE]

    def test_every_row_of_a_gradebook_of_before_is_there_after_it_was_brought_to_the_newest_format(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "gradebook.db"
        shutil.copy(ROOT / "tests" / "graded_before" / "gradebook.db", path)
        url, old = (
            f"sqlite:///{path}",
            [each.name for each in sorted_tables if each not in (*CLASS_TABLES, *DOOR_TABLES, *DESK_TABLES)],
        )
        known = [name for name in old if sa.inspect(sa.create_engine(url)).has_table(name)]
        before = {name: rows(url, f"SELECT * FROM {name}") for name in known if name != "gradebook_about"}
        Gradebook(url).close()
        assert sum(map(len, before.values())) > 10
        assert {name: rows(url, f"SELECT * FROM {name}") for name in before} == before
        assert rows(url, "SELECT value FROM gradebook_about") == [(str(database.FORMAT_VERSION),)]

    def test_a_copy_of_the_older_one_is_kept_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "gradebook.db"
        shutil.copy(ROOT / "tests" / "graded_before" / "gradebook.db", path)
        submissions = rows(f"sqlite:///{path}", "SELECT * FROM submissions")
        (then,) = rows(f"sqlite:///{path}", "SELECT value FROM gradebook_about")[0]
        for _ in range(2):
            Gradebook(f"sqlite:///{path}").close()
        (copy,) = tmp_path.glob("*.format-*")
        assert copy.name == f"gradebook.db.format-{then}"
        assert rows(f"sqlite:///{copy}", "SELECT * FROM submissions") == submissions
        assert rows(f"sqlite:///{copy}", "SELECT value FROM gradebook_about") == [(then,)]

    def test_who_had_it_open_while_it_got_a_newer_format_writes_nothing_more(self, book: Gradebook, url: str) -> None:
        rows(url, "UPDATE gradebook_about SET value = '99'")
        assert "newer version (format 99)" in refusal(lambda: add(book, submission()))
        assert count(url, "submissions") == 0

    def test_a_migration_that_fails_changes_nothing(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with closing(Gradebook(url)) as book:
            book.add_override("s001", "4.5", BY_HAND)
        steps = ("ALTER TABLE overrides ADD note TEXT", "UPDATE overrides SET score = 0", "UPDATE nothing SET x = 1")
        monkeypatch.setattr(database, "_MIGRATIONS", {NOW: steps})
        monkeypatch.setattr(database, "FORMAT_VERSION", NOW + 1)
        assert "nothing" in refusal(lambda: Gradebook(url))
        assert rows(url, "SELECT value FROM gradebook_about") == [(str(NOW),)]
        assert rows(url, "SELECT score FROM overrides") == [(5.0,)]
        columns = sa.inspect(sa.create_engine(url)).get_columns("overrides")
        assert "note" not in {column["name"] for column in columns}

    def test_of_two_that_open_an_older_one_only_one_migrates(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        Gradebook(url).close()
        monkeypatch.setattr(database, "_MIGRATIONS", {NOW: ("ALTER TABLE overrides ADD note TEXT",)})
        monkeypatch.setattr(database, "FORMAT_VERSION", NOW + 1)
        for book in together(*[lambda: Gradebook(url)] * 4):
            assert isinstance(book, Gradebook)
            book.close()

    def test_tables_of_somebody_else_are_left_alone(self, url: str) -> None:
        rows(url, "CREATE TABLE results (id INTEGER)")
        said = refusal(lambda: Gradebook(url))
        assert ("none of its tables is there" if url.startswith("sqlite") else "already exists") in said
        assert not sa.inspect(sa.create_engine(url)).has_table("gradebook_about")


def _no_links(*_: object) -> None:
    raise PermissionError("no links")


def without_tables(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
    return path.read_bytes()


class TestTrouble:
    """Whatever a database says becomes a sentence: it is no bug of ours."""

    @pytest.mark.parametrize("damage", ["noise", "cut", "overwritten", "empty", "no tables"])
    def test_of_a_damaged_file_nobody_is_told_that_it_is_kept(self, tmp_path: Path, damage: str) -> None:
        path = tmp_path / "gradebook.db"
        book = Gradebook(f"sqlite:///{path}")
        book.close()
        whole = path.read_bytes()
        broken = {
            "noise": b"\x5a" * 4096,
            "cut": whole[: len(whole) // 2],
            "overwritten": whole[:200] + b"\xff" * 20000,
            "empty": b"",
            "no tables": without_tables(tmp_path / "other.db"),
        }
        path.write_bytes(broken[damage])
        said = refusal(lambda: Gradebook(f"sqlite:///{path}").recorded())
        assert said.startswith(f"the gradebook sqlite:///{path} is damaged, or no gradebook: ")
        assert said.endswith(
            "Move it away, together with its -wal and -shm beside it, then put your copy back. If there is none, grade "
            "again: what was set by hand is then lost"
        )

    def test_what_is_damaged_stays_as_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "gradebook.db"
        path.touch()
        refusal(lambda: Gradebook(f"sqlite:///{path}"))
        rows(f"sqlite:///{path}", "CREATE TABLE notes (id INTEGER)")
        refusal(lambda: Gradebook(f"sqlite:///{path}"))
        assert sa.inspect(sa.create_engine(f"sqlite:///{path}")).get_table_names() == ["notes"]

    @pytest.mark.parametrize("told", [None, "", "0", "-1", "x", "1.5", "9" * 30])
    def test_a_format_that_no_version_writes_is_told(self, url: str, told: str | None) -> None:
        Gradebook(url).close()
        rows(url, "DELETE FROM gradebook_about" if told is None else f"UPDATE gradebook_about SET value = '{told}'")
        assert "it does not say its format" in refusal(lambda: Gradebook(url))

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("UPDATE submissions SET submitted = 'yesterday'", "'yesterday' is no moment"),
            ("UPDATE results SET judged = ''", "'' is no moment"),
            ("UPDATE results SET rests_on = 'x'", "'x' is no JSON object"),
            ("UPDATE results SET rests_on = '[1]'", "'[1]' is no JSON object"),
            ("UPDATE results SET score = 'Infinity'", "is no number of points"),
            ("UPDATE gradings SET at = 'never'", "'never' is no moment"),
            ("UPDATE overrides SET at = 'never'", "'never' is no moment"),
        ],
    )
    def test_a_row_that_no_grader_has_written_is_told(self, url: str, change: str, told: str) -> None:
        with closing(Gradebook(url)) as book:
            book.add_result(result(), book.add_submissions([(submission(), Path("x"))]))
            book.add_override("s001", "4.5", BY_HAND)
        rows(url, change)

        def read() -> None:
            with closing(Gradebook(url)) as book:
                assert len(book.standing()) == 1
                book.gradings_of(1)
                book.overrides()
                book.rests_on([1])

        assert told in refusal(read)

    def test_a_new_one_is_whole_as_soon_as_it_is_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(database, "_make_tables", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Gradebook(f"sqlite:///{tmp_path}/gradebook.db")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("links", [True, False])
    def test_a_new_one_stands_alone_in_its_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
    ) -> None:
        if not links:
            monkeypatch.setattr(os, "link", _no_links)
        Gradebook(f"sqlite:///{tmp_path}/gradebook.db").close()
        assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]

    def test_a_new_one_may_be_behind_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "here.db").symlink_to(tmp_path / "there.db")
        for _ in range(2):
            Gradebook(f"sqlite:///{tmp_path}/here.db").close()
        assert (tmp_path / "there.db").is_file() and (tmp_path / "here.db").is_symlink()

    @pytest.mark.parametrize(
        "address",
        [
            *("", "grades.db", "sqlite:/grades.db", "nosuch://host/db", "postgresql+nosuch://host/db"),
            *(
                "mysql+pymysql://host/db",
                "sqlite:////no/such/folder/grades.db",
                "postgresql+psycopg://localhost:port/x",
            ),
            "postgresql+psycopg://localhost:1/grades",
        ],
    )
    def test_an_address_that_cannot_be_used_is_told(self, address: str) -> None:
        said = refusal(lambda: Gradebook(address))
        assert said.startswith("the gradebook ") and said.endswith(" What was recorded stays.")
        assert "\n" not in said

    @pytest.mark.parametrize(
        "address",
        [
            "postgresql+psycopg://grader:geheim@localhost:1/grades",
            "postgresql+psycopg://grader:ge%2Fheim@localhost:1/grades",
            "postgresql+psycopg://grader@localhost:1/grades?password=geheim",
            "postgresql+nosuch://grader:geheim@localhost/grades",
            "nosuch://grader:geheim@localhost/grades",
            "postgres//grader:geheim@localhost/grades",
            "postgresql://grader:geheim@localhost:port/grades",
            "postgresql://grader:ge@heim@localhost:1/grades",
            "postgresql://grader:x@heim:1@localhost/grades",
            "postgresql://grader:?geheim@localhost:1/grades",
            "postgresql:grader?password=geheim",
        ],
    )
    def test_a_password_is_never_shown(self, address: str) -> None:
        assert "heim" not in refusal(lambda: Gradebook(address))

    @pytest.mark.parametrize("content", [b"hello, this is no database", b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_file_that_is_no_database_is_told_and_left_alone(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "grades.db").write_bytes(content)
        assert "database" in refusal(lambda: Gradebook(f"sqlite:///{tmp_path}/grades.db"))
        assert (tmp_path / "grades.db").read_bytes() == content

    def test_a_folder_is_no_database(self, tmp_path: Path) -> None:
        assert "unable to open database file" in refusal(lambda: Gradebook(f"sqlite:///{tmp_path}"))

    def test_a_server_that_goes_away_is_told(self, postgres: Postgres) -> None:
        with closing(Gradebook(postgres.new_address())) as book:
            add(book, submission())
            with postgres.connect() as connection:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                connection.execute(others.encode() + b" AND datname IS NOT NULL")
            refusal(book.recorded)
            assert len(book.recorded()) == 1

    def test_tables_that_are_gone_are_told(self, book: Gradebook, url: str) -> None:
        rows(url, "DROP TABLE gradings")
        refusal(book.recorded)


DISK = """
import json, subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from grader.core.words.errors import CouldNotJudge
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.schema.tables import tables

folder, what = sys.argv[1:]
book = Gradebook(f"sqlite:///{folder}/gradebook.db")
(known,) = book.add_submissions([(Recorded(0, "s001", "4.5", datetime.now(UTC), "ab"), Path("4.5.py"))])
added = [book.add_result(Result("first", "4.5", 1.0, 1.0, {}, {}), [known])]
try:
    if what == "full":
        while True:
            number = len(added)
            added.append(book.add_result(Result(f"k{number}", "4.5", 1.0, 1.0, {"x": "y" * 50_000}, {}), [known]))
    book.close()
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    book = Gradebook(f"sqlite:///{folder}/gradebook.db")
    book.add_result(Result("late", "4.5", 1.0, 1.0, {}, {}), [known])
    said = None
except CouldNotJudge as error:
    said = error.message.said(str)
kept = None if what == "read-only" else [sorted(book.results().values()), book.recorded()[0].result]
print(json.dumps({"said": said, "added": added, "kept": kept}))
"""


def on_a_disk_of_its_own(folder: Path, what: str) -> dict[str, object]:
    """Run DISK on a small file system that nobody else sees; skip, loudly, where none can be had."""
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    mounted = [*unshare, "sh", "-c", 'mount -t tmpfs -o size=2m none "$0" && exec "$@"', str(folder)]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode
    ):
        warnings.warn(
            f"The gradebook was NOT tested on a disk that is {what}: nothing can be mounted here", stacklevel=2
        )
        pytest.skip("nothing can be mounted here")
    command = [*mounted, *python(DISK, str(folder), what)]
    done = subprocess.run(command, env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_a_full_disk_is_told_and_what_was_recorded_stays(tmp_path: Path) -> None:
    answer = on_a_disk_of_its_own(tmp_path, "full")
    assert str(answer["said"]).endswith("cannot be used: database or disk is full. What was recorded stays.")
    added = answer["added"]
    assert isinstance(added, list) and len(added) > 5
    assert answer["kept"] == [added, added[-1]]


def test_a_read_only_disk_is_told(tmp_path: Path) -> None:
    said = str(on_a_disk_of_its_own(tmp_path, "read-only")["said"])
    assert said.startswith("the gradebook sqlite:///") and "database" in said


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), unique=True))
def test_any_names_come_back_as_they_were(names: list[str]) -> None:
    with closing(Gradebook("sqlite://")) as book:
        numbers = add(book, *map(submission, names))
        assert [(each.id, each.student) for each in book.recorded()] == list(zip(numbers, names, strict=True))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.floats(0, 8)), max_size=8))
def test_of_each_key_the_first_result_that_was_judged_stands(judged: list[tuple[str, float | None]]) -> None:
    with closing(Gradebook("sqlite://")) as book:
        (known,) = add(book, submission())
        first: dict[str, int] = {}
        for key, score in judged:
            number = book.add_result(result(key, score), [known])
            if score is not None:
                assert number == first.setdefault(key, number)
            assert book.recorded()[0].result == number
        assert book.results() == first

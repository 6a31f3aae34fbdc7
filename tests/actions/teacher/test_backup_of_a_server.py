"""A gradebook on a database server is kept and put back by the course's own commands, as one that is a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres import Postgres, running_postgres
from test_backup import AT, book, every_row, files

from grader.actions.teacher.backup import backup, restore
from grader.actions.teacher.decisions.erase import erase
from grader.core.people.student import Student
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns, Offer
from grader.store.grades.people.people import People
from grader.store.grades.queue import JudgingQueue

__all__ = ["book", "files"]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


def address(postgres: Postgres) -> sa.URL:
    return sa.make_url(postgres.new_address())


def test_what_was_in_a_file_goes_to_a_server_and_from_there_to_another_equal_row_by_row(
    files: CourseFiles, book: Path, tmp_path: Path, postgres: Postgres
) -> None:
    before, first, second = every_row(book), address(postgres), address(postgres)
    backup(files, book, tmp_path / "file.zip", with_secret=False)
    restore(files, first, tmp_path / "file.zip")
    assert every_row(first) == before
    backup(files, first, tmp_path / "server.zip", with_secret=False)
    restore(files, second, tmp_path / "server.zip")
    assert every_row(second) == before
    with closing(Gradebook(second)) as opened:
        assert JudgingQueue(opened.database).waiting() == [2]
        # Numbers go on where they were.
        People(opened.database).enrol([Student("s003")])
        assert [each.id for each in People(opened.database).all()] == [1, 2, 3]
        offer = Offer(3, "s003", "1.1", b"three", ".py", "a.py", "file", "f", AT)
        assert HandIns(opened.database).add(offer).submission == 3
    book.unlink()
    restore(files, book, tmp_path / "server.zip")
    assert every_row(book) == before


def test_who_was_erased_since_does_not_come_back_to_a_server(
    files: CourseFiles, book: Path, tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "a secret")
    # The list of who was erased lies in the course.
    files = find_course(shutil.copytree(files.root, tmp_path / "course"))
    first, second = address(postgres), address(postgres)
    backup(files, book, tmp_path / "file.zip", with_secret=False)
    restore(files, first, tmp_path / "file.zip")
    backup(files, first, tmp_path / "server.zip", with_secret=False)
    with closing(Gradebook(first)) as opened:
        assert erase(files, opened, (), "s001", "asked for it", "Nodira").stays
    restore(files, second, tmp_path / "server.zip")
    rows = str(every_row(second))
    assert "s001" not in rows and "Gʻulom" not in rows and "s002" in rows and "asked for it" in rows


def test_a_server_that_has_a_gradebook_already_keeps_it_and_one_that_has_none_gives_no_backup(
    files: CourseFiles, book: Path, tmp_path: Path, postgres: Postgres
) -> None:
    place = address(postgres)
    with pytest.raises(UsageFault, match="no gradebook"):
        backup(files, place, tmp_path / "none.zip", with_secret=False)
    assert list(tmp_path.glob("*.zip")) == []
    backup(files, book, tmp_path / "file.zip", with_secret=False)
    restore(files, place, tmp_path / "file.zip")
    before = every_row(place)
    with pytest.raises(UsageFault, match="already"):
        restore(files, place, tmp_path / "file.zip")
    assert every_row(place) == before


def test_a_server_that_is_away_is_told(files: CourseFiles, tmp_path: Path) -> None:
    away = sa.make_url(f"postgresql+psycopg://course@/postgres?host={tmp_path}")
    with pytest.raises(CouldNotJudge, match="cannot be used"):
        backup(files, away, tmp_path / "none.zip", with_secret=False)

"""A backup is the gradebook at one moment; what is restored is what was there, and nothing is judged or waits anew."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader.actions.teacher.backup import backup, restore
from grader.actions.teacher.decisions.erase import erase, erase_member
from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.gradebook import Gradebook, Result
from grader.store.grades.hand_ins import HandIns, Offer
from grader.store.grades.people.people import People
from grader.store.grades.queue import JudgingQueue
from grader.store.grades.schema.desk_tables import DESK_TABLES
from grader.store.grades.schema.tables import tables
from grader.store.machine.secret import course_secret, make_secret

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
KEPT = {"format_version": 2}


@pytest.fixture
def files(tiny_course: Path) -> CourseFiles:
    return find_course(tiny_course)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a gradebook in which one submission is judged and one waits."""
    path = tmp_path / "gradebook.db"
    with closing(Gradebook(f"sqlite:///{path}")) as book:
        People(book.database).enrol([Student("s001", "Gʻulom"), Student("s002")])
        JudgingQueue(book.database).publish({"1.1": "d"})
        offer = Offer(1, "s001", "1.1", b"\x00one", ".py", "a.py", "file", "f", AT)
        one = HandIns(book.database).add(offer)
        HandIns(book.database).add(replace(offer, person=2, student="s002", content=b"two"))
        book.add_judged(Result("k", "1.1", 3.0, 4.0, KEPT, {}), [one.submission], "d", {"curves": {}})
    return path


def every_row(path: Path | sa.URL) -> dict[str, list[tuple[object, ...]]]:
    with closing(Gradebook(path if isinstance(path, sa.URL) else f"sqlite:///{path}")) as book:
        return {each.name: [tuple(row) for row in book.database.rows(sa.select(each))] for each in tables.sorted_tables}


def test_who_was_erased_since_does_not_come_back(
    files: CourseFiles, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "a secret")
    backup(files, book, tmp_path / "b.zip", with_secret=False)
    with closing(Gradebook(f"sqlite:///{book}")) as opened:
        assert erase(files, opened, (), "s001", "asked for it", "Nodira").stays
    listed = book.with_name("gradebook.db.erased")
    assert "s001" not in listed.read_text(encoding="utf-8") and stat.S_IMODE(listed.stat().st_mode) == 0o600
    book.unlink()
    restore(files, book, tmp_path / "b.zip")
    rows = str(every_row(book))
    assert "s001" not in rows and "Gʻulom" not in rows and "s002" in rows and "asked for it" in rows
    assert b"s001" not in book.read_bytes() and len(waiting(book)) == 1
    # Without the secret, or with a list that cannot be read, nobody would stay erased: nothing is put back.
    book.unlink()
    monkeypatch.delenv("COURSE_SECRET")
    with pytest.raises(CouldNotJudge, match="COURSE_SECRET"):
        restore(files, book, tmp_path / "b.zip")
    monkeypatch.setenv("COURSE_SECRET", "a secret")
    listed.write_text("{", encoding="utf-8")
    with pytest.raises(CouldNotJudge, match="cannot be read"):
        restore(files, book, tmp_path / "b.zip")
    assert not book.exists()


def test_a_member_of_staff_who_was_erased_does_not_come_back_nor_as_who_erased_others(
    files: CourseFiles, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "a secret")
    with closing(Gradebook(f"sqlite:///{book}")) as opened:
        People(opened.database).add("Akmal", Role.TEACHER)
    backup(files, book, tmp_path / "b.zip", with_secret=False)
    with closing(Gradebook(f"sqlite:///{book}")) as opened:
        erase(files, opened, (), "s001", "asked for it", "Akmal")
        assert erase_member(files, opened, "Akmal", "left", "Nodira").stays
    listed = book.with_name("gradebook.db.erased")
    assert "Akmal" not in listed.read_text(encoding="utf-8") and stat.S_IMODE(listed.stat().st_mode) == 0o600
    book.unlink()
    restore(files, book, tmp_path / "b.zip")
    rows = str(every_row(book))
    assert "Akmal" not in rows and "s001" not in rows and "asked for it" in rows and "left" in rows
    assert b"Akmal" not in book.read_bytes()


def test_a_member_of_staff_who_came_back_after_that_stays(
    files: CourseFiles, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "a secret")
    with closing(Gradebook(f"sqlite:///{book}")) as opened:
        people = People(opened.database)
        people.add("Akmal", Role.TEACHER)
        erase_member(files, opened, "Akmal", "left\u2028in May", "Nodira")
        people.add("Akmal", Role.TEACHER)
    backup(files, book, tmp_path / "b.zip", with_secret=False)
    book.unlink()
    restore(files, book, tmp_path / "b.zip")
    with closing(Gradebook(f"sqlite:///{book}")) as opened:
        assert "Akmal" in {each.name for each in People(opened.database).all()}


def waiting(path: Path) -> list[int]:
    with closing(Gradebook(f"sqlite:///{path}")) as book:
        return JudgingQueue(book.database).waiting()


class TestTheDrill:
    def test_every_row_is_back_and_what_waited_waits(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        before, queue = every_row(book), waiting(book)
        backup(files, book, tmp_path / "kept.zip", with_secret=False)
        book.unlink()
        assert not restore(files, book, tmp_path / "kept.zip")
        assert every_row(book) == before and waiting(book) == queue == [2]

    def test_what_somebody_is_writing_is_not_half_in_it(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        before = every_row(book)
        with closing(Gradebook(f"sqlite:///{book}")) as open_book, open_book.database.writing() as connection:
            connection.execute(sa.text("INSERT INTO submissions VALUES (9, 'x', '1.1', 'now', 'ab', 'p')"))
            backup(files, book, tmp_path / "kept.zip", with_secret=False)
        book.unlink()
        restore(files, book, tmp_path / "kept.zip")
        assert every_row(book) == before

    def test_only_this_user_can_read_it(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        backup(files, book, tmp_path / "kept.zip", with_secret=False)
        assert stat.S_IMODE((tmp_path / "kept.zip").stat().st_mode) == 0o600
        assert sorted(each.name for each in tmp_path.iterdir()) == ["gradebook.db", "kept.zip"]


class TestTheSecret:
    def test_it_is_in_it_only_where_that_is_asked_for(
        self, files: CourseFiles, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "one"))
        make_secret(files.course.id)
        secret = course_secret(files.course.id)
        backup(files, book, tmp_path / "without.zip", with_secret=False)
        backup(files, book, tmp_path / "with.zip", with_secret=True)
        assert zipfile.ZipFile(tmp_path / "without.zip").namelist() == ["backup.json", "gradebook.db"]
        book.unlink()
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "other"))
        assert restore(files, book, tmp_path / "with.zip") and course_secret(files.course.id) == secret

    def test_one_that_is_there_stays(
        self, files: CourseFiles, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COURSE_SECRET", "then")
        backup(files, book, tmp_path / "with.zip", with_secret=True)
        book.unlink()
        monkeypatch.setenv("COURSE_SECRET", "now")
        assert not restore(files, book, tmp_path / "with.zip") and course_secret(files.course.id) == b"now"


@pytest.fixture
def cut_off(files: CourseFiles, book: Path, tmp_path: Path) -> Path:
    """Return a backup, where whoever wrote on was killed: what they committed is in the -wal alone."""
    backup(files, book, tmp_path / "monday.zip", with_secret=False)
    killed = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA wal_autocheckpoint = 0'); "
    killed += "c.execute(\"UPDATE submissions SET student = 'nobody'\"); c.commit(); os._exit(9)"
    subprocess.run([sys.executable, "-c", killed, str(book)], check=False)
    assert book.with_name("gradebook.db-wal").stat().st_size
    return tmp_path / "monday.zip"


class TestWhatAKilledServerLeaves:
    """Its -wal is a part of the gradebook that it wrote, and of no other."""

    def test_nothing_is_restored_beside_it(self, files: CourseFiles, book: Path, cut_off: Path, tmp_path: Path) -> None:
        with pytest.raises(UsageFault) as told:
            restore(files, book, cut_off)
        assert "-wal" in str(told.value)
        away = tmp_path / "away"
        away.mkdir()
        book.rename(away / book.name)
        with pytest.raises(UsageFault, match="move it to where that gradebook is now"):
            restore(files, book, cut_off)
        assert not book.exists()
        for part in ("gradebook.db-wal", "gradebook.db-shm"):
            (tmp_path / part).rename(away / part)
        restore(files, book, cut_off)
        assert {row[1] for row in every_row(book)["submissions"]} == {"s001", "s002"}
        assert {row[1] for row in every_row(away / book.name)["submissions"]} == {"nobody"}

    def test_no_new_gradebook_is_begun_beside_it(self, book: Path, cut_off: Path) -> None:
        before = book.with_name("gradebook.db-wal").read_bytes()
        book.unlink()
        with pytest.raises(CouldNotJudge, match="move it to where that gradebook is now"):
            Gradebook(f"sqlite:///{book}")
        assert not book.exists() and book.with_name("gradebook.db-wal").read_bytes() == before

    def test_of_a_restoring_that_was_killed_nothing_comes_in(
        self, files: CourseFiles, book: Path, cut_off: Path, tmp_path: Path
    ) -> None:
        book.unlink()
        (tmp_path / "gradebook.db-wal").rename(tmp_path / ".gradebook.db.new-wal")
        (tmp_path / "gradebook.db-shm").unlink()
        restore(files, book, cut_off)
        assert {row[1] for row in every_row(book)["submissions"]} == {"s001", "s002"}


class TestOneOfAnOlderFormat:
    def test_it_leaves_no_copy_with_whoever_was_erased(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        with closing(sqlite3.connect(book)) as older:
            for table in DESK_TABLES:
                older.execute(f"DROP TABLE {table.name}")
            older.execute("UPDATE gradebook_about SET value = '4' WHERE key = 'format_version'")
            older.commit()
        backup(files, book, tmp_path / "kept.zip", with_secret=False)
        book.unlink()
        restore(files, book, tmp_path / "kept.zip")
        assert sorted(each.name for each in tmp_path.iterdir()) == ["gradebook.db", "kept.zip"]

    def test_what_earlier_ones_left_is_told_to_whoever_erases(self, tiny_course: Path, book: Path) -> None:
        left = tiny_course / ".gradebook.db.new.format-4"
        left.touch()
        with closing(Gradebook(f"sqlite:///{book}")) as opened:
            assert left in erase(find_course(tiny_course), opened, (), "s001", "asked for it", "Nodira").files


class TestWhatIsRefused:
    def test_a_gradebook_that_is_there_is_never_overwritten(
        self, files: CourseFiles, book: Path, tmp_path: Path
    ) -> None:
        backup(files, book, tmp_path / "kept.zip", with_secret=False)
        before = every_row(book)
        with pytest.raises(UsageFault):
            restore(files, book, tmp_path / "kept.zip")
        with pytest.raises(UsageFault):
            backup(files, book, tmp_path / "kept.zip", with_secret=False)
        assert every_row(book) == before

    @pytest.mark.parametrize("damage", ["empty", "text", "other course", "no book", "torn book", "not a book"])
    def test_what_is_no_backup_of_this_course_leaves_nothing_behind(
        self, files: CourseFiles, book: Path, tmp_path: Path, damage: str
    ) -> None:
        source = tmp_path / "kept.zip"
        backup(files, book, source, with_secret=False)
        with zipfile.ZipFile(source) as kept:
            held = {name: kept.read(name) for name in kept.namelist()}
        book.unlink()
        if damage == "other course":
            held["backup.json"] = held["backup.json"].replace(files.course.id.encode(), b"another")
        elif damage == "no book":
            del held["gradebook.db"]
        elif damage == "torn book":
            held["gradebook.db"] = held["gradebook.db"][: len(held["gradebook.db"]) // 2]
        elif damage == "not a book":
            held["gradebook.db"] = b"x" * 5000
        with zipfile.ZipFile(source, "w") as other:
            for name, content in held.items():
                other.writestr(name, content)
        if damage in ("empty", "text"):
            source.write_bytes(b"" if damage == "empty" else b"not a zip")
        with pytest.raises((UsageFault, CouldNotJudge)):
            restore(files, book, source)
        assert [each.name for each in tmp_path.iterdir()] == ["kept.zip"]

    @pytest.mark.parametrize("part", range(8))
    def test_one_that_is_damaged_anywhere_is_told_and_leaves_nothing_behind(
        self, files: CourseFiles, book: Path, tmp_path: Path, part: int
    ) -> None:
        source = tmp_path / "kept.zip"
        backup(files, book, source, with_secret=False)
        book.unlink()
        content = bytearray(source.read_bytes())
        place = (2 * part + 1) * len(content) // 16
        content[place : place + 40] = b"\xff" * 40
        source.write_bytes(content)
        with pytest.raises((UsageFault, CouldNotJudge)):
            restore(files, book, source)
        assert [each.name for each in tmp_path.iterdir()] == ["kept.zip"]

    def test_one_with_a_password_is_told(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        source = tmp_path / "kept.zip"
        backup(files, book, source, with_secret=False)
        book.unlink()
        content = bytearray(source.read_bytes())
        # The flag of the first entry that says so, in the list at the end and before its bytes.
        for place in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
            content[place] |= 1
        source.write_bytes(content)
        with pytest.raises(UsageFault, match="no backup"):
            restore(files, book, source)

    def test_one_of_a_newer_version_leaves_nothing_behind(self, files: CourseFiles, book: Path, tmp_path: Path) -> None:
        engine = sa.create_engine(f"sqlite:///{book}")
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE gradebook_about SET value = '99'"))
        engine.dispose()
        backup(files, book, tmp_path / "kept.zip", with_secret=False)
        book.unlink()
        with pytest.raises(CouldNotJudge):
            restore(files, book, tmp_path / "kept.zip")
        assert [each.name for each in tmp_path.iterdir() if not each.name.startswith("gradebook.db-")] == ["kept.zip"]

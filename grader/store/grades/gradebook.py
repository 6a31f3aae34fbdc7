"""The gradebook: an append-only record in a database, from which every grade can be explained.

SQLite by default, in a file beside course.yaml; or PostgreSQL, by its address. Rows are added, never changed: a result
that no longer counts stays, with what it rested on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.core.course.policy import Attempt, Override
from grader.core.findings.recorded import read_report
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say

FORMAT_VERSION = 1
# What brings a gradebook of one format to the next one, in one transaction.
_MIGRATIONS: dict[int, tuple[str, ...]] = {}
_WAIT_MS = 60_000
_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class _Text(sa.types.TypeDecorator[str]):
    """Text as every database takes it: none takes halves of characters, PostgreSQL no null bytes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


_tables = sa.MetaData()
_about = sa.Table(
    "gradebook_about", _tables, sa.Column("key", _Text, primary_key=True), sa.Column("value", _Text, nullable=False)
)
_submissions = sa.Table(
    "submissions",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("submitted", _Text, nullable=False),
    sa.Column("sha256", _Text, nullable=False),
    sa.Column("path", _Text, nullable=False),
    sa.UniqueConstraint("student", "exercise", "submitted", "sha256"),
)
_results = sa.Table(
    "results",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("max_score", sa.Float, nullable=False),
    sa.Column("report", _Text, nullable=False),
    sa.Column("rests_on", _Text, nullable=False),
    sa.Column("judged", _Text, nullable=False),
)
# What could not be judged is tried again, so only results that stand are unique.
_stands = sa.not_(_results.c.void)
sa.Index("one_result_for_a_key", _results.c.key, unique=True, sqlite_where=_stands, postgresql_where=_stands)
_gradings = sa.Table(
    "gradings",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey(_submissions.c.id), nullable=False),
    sa.Column("result", sa.ForeignKey(_results.c.id), nullable=False),
    sa.Column("at", _Text, nullable=False),
    sa.Index("gradings_of_a_submission", "submission"),
)
_overrides = sa.Table(
    "overrides",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("student", _Text, nullable=False),
    sa.Column("exercise", _Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("reason", _Text, nullable=False),
    sa.Column("by", _Text, nullable=False),
    sa.Column("at", _Text, nullable=False),
)


@dataclass(frozen=True)
class Recorded:
    """A submission in the gradebook, with the result that was recorded for it last; 0 and "" where there is none."""

    id: int
    student: str
    exercise: str
    submitted: datetime
    sha256: str
    result: int = 0
    key: str = ""
    void: bool = False
    score: float | None = None
    max_score: float = 0.0

    @property
    def attempt(self) -> Attempt:
        return Attempt(self.submitted, self.score, self.result)


@dataclass(frozen=True)
class Result:
    """What was found out about some bytes.

    Attributes:
        key: over everything that it depends on; the same key never stands for two results.
        report: the report's JSON object as it is kept, without a student.
        rests_on: what the key was made from, for people: digests, versions, isolation, the seed's fingerprint.
    """

    key: str
    exercise: str
    score: float | None
    max_score: float
    report: Mapping[str, Any]
    rests_on: Mapping[str, Any]


class Gradebook:
    """An open gradebook.

    Args:
        url: of the database, as SQLAlchemy writes it.

    Raises:
        CouldNotJudge: where it cannot be used; so does every method.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self._url = _address(url)
        self._closed = False
        with _told(self._url):
            self._engine = sa.create_engine(self._url)
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _prepare_sqlite)
            self._insert = _INSERTS[self._engine.dialect.name]
            self._once_only: dict[str, Any] = {}
            self._open()

    def close(self) -> None:
        self._closed = True
        self._engine.dispose()

    def recorded(self) -> list[Recorded]:
        """Return every submission with its last result, the oldest first."""
        last = (
            sa.select(_gradings.c.submission, sa.func.max(_gradings.c.id).label("id"))
            .group_by(_gradings.c.submission)
            .subquery()
        )
        query = (
            sa.select(
                *(_submissions.c[name] for name in ("id", "student", "exercise", "submitted", "sha256")),
                *(_results.c[name] for name in ("id", "key", "void", "score", "max_score")),
            )
            .select_from(_submissions)
            .outerjoin(last, last.c.submission == _submissions.c.id)
            .outerjoin(_gradings, _gradings.c.id == last.c.id)
            .outerjoin(_results, _results.c.id == _gradings.c.result)
            .order_by(_submissions.c.submitted, _submissions.c.id)
        )
        with _told(self._url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Recorded(
                id, student, exercise, datetime.fromisoformat(submitted), sha256, result or 0, key or "", bool(void),
                score, max_score or 0.0,
            )
            for id, student, exercise, submitted, sha256, result, key, void, score, max_score in rows
        ]  # fmt: skip

    def results(self) -> dict[str, int]:
        """Return the number of the result that stands, by key."""
        with _told(self._url), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_results.c.key, _results.c.id).where(_stands)).all()
        return {row.key: row.id for row in rows}

    def reports(self, numbers: Iterable[int]) -> dict[int, Report]:
        """Return the reports of these results, by number; they are about nobody in particular."""
        query = sa.select(_results.c.id, _results.c.report).where(_results.c.id.in_(sorted(set(numbers))))
        with _told(self._url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {row.id: self._read(row.id, row.report) for row in rows}

    def add_submissions(self, submissions: Iterable[tuple[Recorded, Path]]) -> list[int]:
        """Record submissions and where they lay, each once, and return their numbers: those here have none yet."""
        unique = ("student", "exercise", "submitted", "sha256")
        with self._writing() as connection:
            return [
                self._once(
                    connection,
                    _submissions,
                    {
                        "student": each.student,
                        "exercise": each.exercise,
                        "submitted": _as_text(each.submitted),
                        "sha256": each.sha256,
                        "path": str(path),
                    },
                    unique,
                )
                for each, path in submissions
            ]

    def add_result(self, result: Result, submissions: Iterable[int]) -> int:
        """Record a result and the submissions that it is the result of, all or nothing.

        Two graders may have judged the same at the same time; then the first one's result stands for both.
        """
        with self._writing() as connection:
            number = self._add_result(connection, result)
            self._grade(connection, number, submissions)
        return number

    def add_gradings(self, number: int, submissions: Iterable[int]) -> None:
        """Record that a known result is that of these submissions too."""
        with self._writing() as connection:
            self._grade(connection, number, submissions)

    def overrides(self) -> dict[tuple[str, str], Override]:
        """Return the last override by student and exercise."""
        with _told(self._url), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_overrides).order_by(_overrides.c.id)).all()
        return {
            (row.student, row.exercise): Override(row.score, row.reason, row.by, datetime.fromisoformat(row.at))
            for row in rows
        }

    def add_override(self, student: str, exercise: str, override: Override) -> None:
        """Record a mark set by hand, or with no score that earlier ones no longer count."""
        with self._writing() as connection:
            connection.execute(
                _overrides.insert().values(
                    student=student,
                    exercise=exercise,
                    score=override.score,
                    reason=override.reason,
                    by=override.by,
                    at=_as_text(override.at),
                )
            )

    def explained(self, number: int) -> dict[str, Any]:
        """Return what a result rests on, and when it was judged."""
        with _told(self._url), self._engine.connect() as connection:
            row = connection.execute(sa.select(_results).where(_results.c.id == number)).one()
        return {"judged": row.judged, **json.loads(row.rests_on)}

    def _read(self, number: int, kept: str) -> Report:
        try:
            return read_report(json.loads(kept))
        except (ValueError, RecursionError):
            raise CouldNotJudge(
                say(
                    "the report of result {number} in the gradebook {url} cannot be read: it was written by a newer "
                    "version of the grader, or it is damaged. Update the grader, or put your copy of the gradebook "
                    "back",
                    number=number,
                    url=self._url.set(query={}).render_as_string(hide_password=True),
                )
            ) from None

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        assert not self._closed, "this gradebook is closed"
        with _told(self._url), self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                # Nobody else writes from here on, so two graders wait for each other where they would have failed;
                # and tables are made all or none.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def _open(self) -> None:
        with self._writing() as connection:
            if self._engine.dialect.name == "postgresql":
                # As above: who opens it at the same moment waits until it is made or migrated.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4711)")
            if not sa.inspect(connection).has_table(_about.name):
                _tables.create_all(connection, checkfirst=False)
                connection.execute(_about.insert().values(key="format_version", value=str(FORMAT_VERSION)))
            found = int(connection.scalar(sa.select(_about.c.value).where(_about.c.key == "format_version")) or 0)
            if found > FORMAT_VERSION:
                raise CouldNotJudge(
                    say(
                        "this gradebook was written by a newer version (format {found}); update the grader", found=found
                    )
                )
            for version in range(found, FORMAT_VERSION):
                for statement in _MIGRATIONS[version]:
                    connection.execute(sa.text(statement))
            if found < FORMAT_VERSION:
                connection.execute(
                    _about.update().where(_about.c.key == "format_version").values(value=str(FORMAT_VERSION))
                )

    def _add_result(self, connection: sa.Connection, result: Result) -> int:
        values = {
            "key": result.key,
            "exercise": result.exercise,
            "void": result.score is None,
            "score": result.score,
            "max_score": result.max_score,
            "report": json.dumps(result.report, ensure_ascii=False),
            "rests_on": json.dumps(result.rests_on, ensure_ascii=False),
            "judged": _as_text(datetime.now(UTC)),
        }
        if result.score is None:
            return int(connection.execute(_results.insert().values(values).returning(_results.c.id)).scalar_one())
        return self._once(connection, _results, values, ("key",), _stands)

    def _grade(self, connection: sa.Connection, number: int, submissions: Iterable[int]) -> None:
        now = _as_text(datetime.now(UTC))
        rows = [{"submission": submission, "result": number, "at": now} for submission in submissions]
        if rows:
            connection.execute(_gradings.insert(), rows)

    def _once(
        self,
        connection: sa.Connection,
        table: sa.Table,
        values: Mapping[str, Any],
        unique: tuple[str, ...],
        where: Any = None,
    ) -> int:
        """Insert a row that is there only once; return its number, be it the row that was there before."""
        if table.name not in self._once_only:
            # Made once: to put such a statement together takes longer than to carry it out.
            statement = self._insert(table).on_conflict_do_nothing(index_elements=list(unique), index_where=where)
            self._once_only[table.name] = statement.returning(table.c.id)
        number = connection.execute(self._once_only[table.name], dict(values)).scalar_one_or_none()
        if number is not None:
            return int(number)
        same = [table.c[name] == values[name] for name in unique]
        if where is not None:
            same.append(where)
        return int(connection.execute(sa.select(table.c.id).where(*same)).scalar_one())


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions begin where `_writing` says so: Python's module begins none for the statements that make tables.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    try:
        # Readers do not wait for the writer; a killed grader loses at most what it had not committed.
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # The file keeps the mode. SQLite does not wait here for somebody who opens it in the same moment.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _address(url: str | sa.URL) -> sa.URL:
    """Return the address in its parts. What is in front of its last @ may be a password, and is not shown."""
    shown = str(url).rpartition("@")[2].partition("?")[0]
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise _unusable(shown, "it is no address of a database") from None
    if address.get_backend_name() not in _INSERTS:
        raise _unusable(shown, "it is neither SQLite nor PostgreSQL")
    if "@" in (address.host or ""):
        raise _unusable(shown, "an @ in a password is written as %40")
    return address


@contextmanager
def _told(address: sa.URL) -> Iterator[None]:
    """Turn what a database says into a sentence: a full disk or a closed door is no bug of ours."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.NoSuchModuleError, sa.exc.ArgumentError, ImportError) as error:
        origin = getattr(error, "orig", None)
        said = str(origin or error).strip().partition("\n")[0]
        shown = address.set(query={}).render_as_string(hide_password=True)
        if getattr(origin, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise CouldNotJudge(
                say(
                    "the gradebook {url} is damaged, or no gradebook: {words}. Put your copy of it back. If there is "
                    "none, move it away and grade again: what was set by hand is then lost",
                    url=shown,
                    words=said,
                )
            ) from error
        raise _unusable(shown, said) from error


def _unusable(shown: str, words: str) -> CouldNotJudge:
    return CouldNotJudge(
        say("the gradebook {url} cannot be used: {words}. What was recorded stays.", url=shown, words=words)
    )


def _as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

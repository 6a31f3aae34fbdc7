"""The database of a gradebook: opened, made or migrated, written in transactions, and its troubles told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.store.grades.tables import about, tables

FORMAT_VERSION = 1
# What brings a gradebook of one format to the next one, in one transaction.
_MIGRATIONS: dict[int, tuple[str, ...]] = {}
_WAIT_MS = 60_000
_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database:
    """An open database with the gradebook's tables.

    Args:
        url: as SQLAlchemy writes it.

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

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        """Return what a query finds."""
        with _told(self._url), self._engine.connect() as connection:
            return list(connection.execute(query).all())

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection; what is written through it is recorded all or not at all."""
        assert not self._closed, "this gradebook is closed"
        with _told(self._url), self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                # Nobody else writes from here on, so two graders wait for each other where they would have failed;
                # and tables are made all or none.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def once(
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

    def _open(self) -> None:
        with self.writing() as connection:
            if self._engine.dialect.name == "postgresql":
                # As above: who opens it at the same moment waits until it is made or migrated.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4711)")
            if not sa.inspect(connection).has_table(about.name):
                tables.create_all(connection, checkfirst=False)
                connection.execute(about.insert().values(key="format_version", value=str(FORMAT_VERSION)))
            found = int(connection.scalar(sa.select(about.c.value).where(about.c.key == "format_version")) or 0)
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
                    about.update().where(about.c.key == "format_version").values(value=str(FORMAT_VERSION))
                )


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

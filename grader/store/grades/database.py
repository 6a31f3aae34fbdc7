"""The database of a gradebook: opened, made or migrated, written in transactions, and its troubles told."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.store.grades.copying import copy_sqlite, parts_left, parts_without
from grader.store.grades.looks import look_again, seen
from grader.store.grades.schema import class_tables, desk_tables, door_tables
from grader.store.grades.schema.tables import about, departures, tables, times, waivers, withdrawals
from grader.store.grades.troubles import damaged, newer, shown, told, unusable

FORMAT_VERSION = 5
# What brings a gradebook of one format to the next one, in one transaction: statements, and tables to be made.
_MIGRATIONS: dict[int, tuple[str | sa.Table, ...]] = {
    1: (times, waivers, departures),
    2: (withdrawals, *class_tables.CLASS_TABLES),
    3: door_tables.DOOR_TABLES,
    4: desk_tables.DESK_TABLES,
}
_WAIT_MS = 60_000
# Connections that are kept open, and how many more there may be: to open one takes longer than most questions.
_KEPT_OPEN, _MORE = 20, 10
_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database:
    """An open database with the gradebook's tables.

    Args:
        url: as SQLAlchemy writes it.
        durable: whether what is written survives the machine's end as well as this process's: each transaction waits
            for the disk.

    Raises:
        CouldNotJudge: where it cannot be used; so does every method.
    """

    def __init__(self, url: str | sa.URL, durable: bool = False) -> None:
        self._url = address_of(url)
        self._closed = False
        with told(self._url):
            self._engine = sa.create_engine(self._url, **_pool(self._url))
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", partial(_prepare_sqlite, durable=durable))
            self._insert = _INSERTS[self._engine.dialect.name]
            self._writer = threading.Lock()
            self._once_only: dict[str, Any] = {}
            if self.file is not None and (left := parts_left(self.file)):
                raise CouldNotJudge(parts_without(self.file, left))
            if self.file is not None and not self.file.exists():
                _make_whole(self.file)
            self._open()

    @property
    def shown(self) -> str:
        """The address without its password."""
        return shown(self._url)

    @property
    def file(self) -> Path | None:
        """The file that it is; None where it is none."""
        path = self._url.database if self._engine.dialect.name == "sqlite" else None
        return Path(path) if path and path != ":memory:" and not path.startswith("file:") else None

    def close(self) -> None:
        self._closed = True
        self._engine.dispose()

    def rows(self, query: sa.Select[Any], given: Mapping[str, Any] | None = None) -> list[Any]:
        """Return what a query finds, with these values in the places that it leaves open."""
        with told(self._url), self._engine.connect() as connection:
            return list(connection.execute(query, given).all())

    def every(self, table: sa.Table) -> list[Any]:
        """Return the rows of a table that stays small, in the order in which they were added."""
        return seen((id(self), table.name), lambda: self.rows(_every(table)))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Yield a connection to ask several things through."""
        with told(self._url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection; what is written through it is recorded all or not at all."""
        assert not self._closed, "this gradebook is closed"
        try:
            with told(self._url), self._turn(), self._engine.begin() as connection:
                self._begin(connection)
                found = _format_of(self._url, connection)
                if found > FORMAT_VERSION:
                    # Somebody has brought it to a newer format since this process opened it.
                    raise newer(found)
                yield connection
        finally:
            look_again()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the other threads that write: SQLite would have each look again and again, and let anybody pass."""
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=_WAIT_MS / 1000):
            raise unusable(shown(self._url), "database is locked")
        try:
            yield
        finally:
            self._writer.release()

    def _begin(self, connection: sa.Connection) -> None:
        if self.is_sqlite:
            # Nobody else writes from here on, so two graders wait for each other where they would have failed; and
            # tables are made all or none.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def now(self, connection: sa.Connection) -> datetime:
        """Return the time by the database's clock, which is one clock for everybody who writes to it."""
        if self.is_sqlite:
            # Of this machine, to the millisecond.
            return datetime.fromisoformat(
                connection.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')").scalar_one()
            )
        found = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        assert isinstance(found, datetime)
        return found.astimezone(UTC)

    def insert(self, table: sa.Table) -> Any:
        """Return an insertion that can say what happens where the row is there already."""
        return self._insert(table)

    def insert_once(self, table: sa.Table, unique: tuple[str, ...]) -> Any:
        """Return an insertion of a row that is there only once."""
        return self._insert(table).on_conflict_do_nothing(index_elements=list(unique))

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
        with told(self._url), self._engine.begin() as connection:
            self._begin(connection)
            if self._engine.dialect.name == "postgresql":
                # As above: who opens it at the same moment waits until it is made or migrated.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4711)")
            if not sa.inspect(connection).has_table(about.name):
                if self.file is not None:
                    raise damaged(self._url, say("none of its tables is there"))
                _make_tables(connection)
            found = _format_of(self._url, connection)
            if found > FORMAT_VERSION:
                raise newer(found)
            if found < FORMAT_VERSION and self.file is not None:
                _keep_a_copy(self.file, found)
            for version in range(found, FORMAT_VERSION):
                for step in _MIGRATIONS[version]:
                    if isinstance(step, sa.Table):
                        step.create(connection)
                    else:
                        connection.execute(sa.text(step))
            if found < FORMAT_VERSION:
                connection.execute(
                    about.update().where(about.c.key == "format_version").values(value=str(FORMAT_VERSION))
                )


@cache
def _every(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(table.c.id)


def _make_whole(path: Path) -> None:
    """Make a new gradebook, put in place once it is whole: an empty one has lost what it held. The first one stays."""
    path = path.resolve()
    new = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.new")
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(new)))
    try:
        with engine.begin() as connection:
            _make_tables(connection)
        engine.dispose()
        with suppress(FileExistsError):
            _move(new, path)
    finally:
        engine.dispose()
        new.unlink(missing_ok=True)


def _move(new: Path, path: Path) -> None:
    """Raises FileExistsError where there is one already, as far as the file system can tell."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no second name of a file.
        if not path.exists():
            new.replace(path)


def _make_tables(connection: sa.Connection) -> None:
    tables.create_all(connection, checkfirst=False)
    connection.execute(about.insert().values(key="format_version", value=str(FORMAT_VERSION)))


def _format_of(address: sa.URL, connection: sa.Connection) -> int:
    found = connection.scalar(sa.select(about.c.value).where(about.c.key == "format_version"))
    if found is None or not re.fullmatch("[1-9][0-9]{0,8}", found):
        raise damaged(address, say("it does not say its format"))
    return int(found)


def _keep_a_copy(path: Path, version: int) -> None:
    """Copy a gradebook before it is brought to another format, to `gradebook.db.format-2`; a copy from before stays."""
    copy = path.with_name(f"{path.name}.format-{version}")
    if not copy.exists():
        copy_sqlite(path, copy)


def _pool(address: sa.URL) -> dict[str, int]:
    """Return how many connections may be there; one in memory has its own rule."""
    named = address.database in (None, "", ":memory:") or address.query.get("mode") == "memory"
    in_memory = address.get_backend_name() == "sqlite" and named
    return {} if in_memory else {"pool_size": _KEPT_OPEN, "max_overflow": _MORE}


def _prepare_sqlite(connection: Any, _: object, durable: bool) -> None:
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
    cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def address_of(url: str | sa.URL) -> sa.URL:
    """Return the address in its parts.

    Raises:
        CouldNotJudge: where it is none. What is in front of its last @ may be a password, and is not shown.
    """
    shown = str(url).rpartition("@")[2].partition("?")[0]
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise unusable(shown, "it is no address of a database") from None
    if address.get_backend_name() not in _INSERTS:
        raise unusable(shown, "it is neither SQLite nor PostgreSQL")
    if "@" in (address.host or ""):
        raise unusable(shown, "an @ in a password is written as %40")
    return address

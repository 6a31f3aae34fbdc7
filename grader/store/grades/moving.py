"""The rows of a gradebook from one database into another: out of a server into a file, and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.grades.database import Database
from grader.store.grades.schema.tables import about, tables
from grader.store.grades.troubles import told

# Rows in memory at once: what is handed in may have 32 MiB each.
_AT_ONCE = 20
_ROWS = [each for each in tables.sorted_tables if each is not about]


def rows_to_file(address: sa.URL, file: Path) -> None:
    """Write all rows of a database, as they are at one moment, into a new gradebook that is a file.

    Raises:
        UsageFault: where there is no gradebook.
        CouldNotJudge: where the database cannot be used.
    """
    if not _is_there(address):
        shown = address.render_as_string(hide_password=True)
        raise UsageFault(say("there is no gradebook {file} yet", file=shown))
    _move(address, _file(file))


def rows_from_file(file: Path, address: sa.URL) -> None:
    """Write all rows of a gradebook that is a file into a database that has none yet, all or nothing.

    Raises:
        UsageFault: where there are some already.
        CouldNotJudge: where the database cannot be used.
    """
    _move(_file(file), address)


def _move(old: sa.URL, new: sa.URL) -> None:
    with closing(Database(old)) as source, closing(Database(new)) as target, source.reading() as reading:
        if not source.is_sqlite:
            # All tables as they were when the first of them was read.
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        with target.writing() as writing:
            if any(writing.execute(sa.select(sa.literal(1)).select_from(each).limit(1)).first() for each in _ROWS):
                raise UsageFault(
                    say(
                        "the database {url} has a gradebook already, perhaps an empty class: stop what uses it, name "
                        "an empty database (createdb makes one), then restore",
                        url=target.shown,
                    )
                )
            for table in _ROWS:
                _move_table(table, reading, writing)


def _move_table(table: sa.Table, reading: sa.Connection, writing: sa.Connection) -> None:
    found = reading.execution_options(yield_per=_AT_ONCE).execute(sa.select(table))
    for some in found.mappings().partitions(_AT_ONCE):
        writing.execute(table.insert(), [dict(row) for row in some])
    if writing.dialect.name == "postgresql" and "id" in table.c:
        # The next row that is added has the next number.
        last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        numbers: Any = sa.func.pg_get_serial_sequence(table.name, "id")
        writing.execute(sa.select(sa.func.setval(numbers, sa.func.coalesce(last, 1), last.is_not(None))))


def _is_there(address: sa.URL) -> bool:
    with told(address):
        engine = sa.create_engine(address)
        try:
            with engine.connect() as connection:
                return sa.inspect(connection).has_table(about.name)
        finally:
            engine.dispose()


def _file(path: Path) -> sa.URL:
    return sa.URL.create("sqlite", database=str(path))

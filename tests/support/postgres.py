"""A PostgreSQL server for the tests: its data in a folder of its own, reachable through a socket there and no port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

_USER = "grader"
# What is lost with the machine may be lost: this is faster.
_HURRY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=30", "shared_buffers=16MB")


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self._folder), user=_USER, dbname="postgres", autocommit=True)

    def new_address(self) -> str:
        """Return an address where there is nothing yet: of a schema, which is made faster than a database."""
        self._made += 1
        name = f"grades{self._made}"
        with self.connect() as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"postgresql+psycopg://{_USER}@/postgres?host={self._folder}&options=-csearch_path%3D{name}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server and stop it at the end; skip, loudly, where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        _skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="grades-", dir="/tmp"))
    try:
        who = _not_root(folder)
        data = folder / "data"
        _run(who, programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", *_HURRY]
        arguments = [word for setting in settings for word in ("-c", setting)]
        log = (folder / "log").open("wb")
        with (
            log,
            subprocess.Popen(
                [programs / "postgres", "-D", data, *arguments], stdout=log, stderr=log, cwd=folder, **who
            ) as server,
        ):
            try:
                postgres = Postgres(folder)
                _wait(postgres, server, folder / "log")
                yield postgres
            finally:
                # At once: nothing of it is kept.
                server.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest first: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    named = shutil.which("initdb")
    paths = [*found, *([Path(named).resolve()] if named else [])]
    return next((path.parent for path in reversed(paths) if (path.parent / "postgres").exists()), None)


def _not_root(folder: Path) -> dict[str, Any]:
    """Return as whom to start it: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        _skip("this is root, and there is no user postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _run(who: dict[str, Any], *command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd="/", check=False, **who)
    if done.returncode:
        _skip(f"PostgreSQL does not start here: {done.stderr}")


def _wait(postgres: Postgres, server: subprocess.Popen[bytes], log: Path) -> None:
    while True:
        try:
            postgres.connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                _skip(f"PostgreSQL does not start here: {log.read_text()}")
            time.sleep(0.05)
        else:
            return


def _skip(why: str) -> Any:
    warnings.warn(f"The gradebook was NOT tested with PostgreSQL: {why}", stacklevel=2)
    pytest.skip(why)

"""Copies of a SQLite database, whole however busy it is."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from grader.core.words.message import Message, say

# What SQLite has beside a database while somebody writes, and leaves there where they are killed.
_PARTS = ("-wal", "-shm", "-journal")


def parts_left(path: Path) -> list[Path]:
    """Return what is left beside the place of a database that is gone: SQLite would take it for a part of a new one."""
    path = path.resolve()
    found = [part for end in _PARTS if os.path.lexists(part := path.with_name(f"{path.name}{end}"))]
    # Asked for in this order, what belongs to a database that somebody makes right now is not left over.
    return [] if path.exists() else found


def parts_without(path: Path, left: Sequence[Path]) -> Message:
    """Say what to do with parts of a database that is gone."""
    return say(
        "{left} is left of a gradebook {file} that is no longer there, and would be taken for a part of the new one: "
        "move it to where that gradebook is now; its last entries are in it",
        left=", ".join(map(str, left)),
        file=path,
    )


def copy_sqlite(path: Path, copy: Path) -> None:
    """Copy a database to a file that is there once it is whole.

    By SQLite itself: a part of what was recorded may be in a file beside it, and somebody may be writing.

    Raises:
        OSError, sqlite3.Error: where it cannot be read or written.
    """
    new = copy.with_name(f".{copy.name[:100]}.{secrets.token_hex(4)}.new")
    try:
        # Nobody reads the copy before it is done who may not read the original.
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(new)) as target:
            old.backup(target)
        new.chmod(path.stat().st_mode & 0o777)
        new.replace(copy)
    finally:
        new.unlink(missing_ok=True)

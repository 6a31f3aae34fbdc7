"""Copies of a SQLite database, whole however busy it is."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path


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

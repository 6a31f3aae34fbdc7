"""Keep a copy of all that a class did, and put it back."""

from __future__ import annotations

import glob
import json
import os
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from grader.actions.teacher.decisions.erase import erase_again
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.downloads.archive import DAMAGED
from grader.store.grades.copying import copy_sqlite, parts_left, parts_without
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.moving import rows_from_file, rows_to_file
from grader.store.machine.files import unwritable
from grader.store.machine.secret import course_secret, secret_file

_ABOUT, _BOOK, _SECRET = "backup.json", "gradebook.db", "secret"
_FORMAT_VERSION = 1
_MOST_ABOUT = 64 * 2**10
_CHUNK = 2**20


def backup(files: CourseFiles, book: Path | sa.URL, target: Path, with_secret: bool) -> None:
    """Write the gradebook, as it is at one moment, into a zip that only this user can read.

    Args:
        book: its file, or the address of the server that has it: in the zip it is a file all the same.

    Raises:
        UsageFault: where there is no such gradebook, the target is there already, or there is no secret to keep.
        NotWritten, CouldNotJudge: where the disk is full, or the gradebook is damaged.
    """
    if isinstance(book, Path) and not book.is_file():
        raise UsageFault(say("there is no gradebook {file} yet", file=book))
    if os.path.lexists(target):
        raise UsageFault(say("{file} is there already; give the backup another name", file=target))
    secret = course_secret(files.course.id) if with_secret else b""
    if secret is None:
        raise UsageFault(say("this machine has no secret of the course; leave --with-secret out"))
    about = {"format_version": _FORMAT_VERSION, "course": files.course.id, "time": datetime.now(UTC).isoformat()}
    new = target.with_name(f".{target.name[:100]}.new")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder, _BOOK)
            if isinstance(book, Path):
                copy_sqlite(book, copy)
            else:
                rows_to_file(book, copy)
            _make_private(new)
            with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as kept:
                kept.writestr(_ABOUT, json.dumps(about))
                kept.write(copy, _BOOK)
                if secret:
                    kept.writestr(_SECRET, secret)
        new.replace(target)
    except sqlite3.Error as error:
        raise CouldNotJudge(say("the gradebook {file} cannot be read: {words}", file=book, words=str(error))) from None
    except OSError as error:
        raise unwritable(target, error) from None
    finally:
        new.unlink(missing_ok=True)


def restore(files: CourseFiles, book: Path | sa.URL, source: Path) -> bool:
    """Put a gradebook back where none is, without those who were erased since.

    Args:
        book: its file, or the address of a server; it may be another kind than what was backed up.

    Returns:
        Whether the secret was in the backup, and is now this machine's.

    Raises:
        UsageFault: where there is a gradebook already, or the file is no backup of this course.
        NotWritten, CouldNotJudge: where it cannot be written, or was written by a newer version.
    """
    if not isinstance(book, Path):
        with tempfile.TemporaryDirectory() as folder:
            return _restored(files, book, Path(folder, _BOOK), source)
    if os.path.lexists(book):
        raise UsageFault(
            say(
                "{file} is there already: move it away first, together with its -wal and -shm beside it, where its "
                "last entries may be; then restore",
                file=book,
            )
        )
    if left := parts_left(book):
        raise UsageFault(parts_without(book, left))
    new = book.with_name(f".{book.name[:100]}.new")
    _remove(new)
    return _restored(files, book, new, source)


def _restored(files: CourseFiles, book: Path | sa.URL, new: Path, source: Path) -> bool:
    """Put a gradebook back by way of a new file."""
    none = UsageFault(say("{file} is no backup of this course", file=source))
    at = book if isinstance(book, Path) else files.root / _BOOK
    try:
        with zipfile.ZipFile(source) as kept:
            if kept.getinfo(_ABOUT).file_size > _MOST_ABOUT:
                raise none
            about = json.loads(kept.read(_ABOUT))
            if about["format_version"] != _FORMAT_VERSION or about["course"] != files.course.id:
                raise none
            with kept.open(_BOOK) as packed, new.open("wb") as whole:
                while chunk := packed.read(_CHUNK):
                    whole.write(chunk)
            secret = kept.read(_SECRET) if _SECRET in kept.namelist() else b""
        with closing(sqlite3.connect(new)) as opened:
            if opened.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise none
        # One that was written by a newer version is refused here, and an older one is brought to today's format.
        with closing(Gradebook(sa.URL.create("sqlite", database=str(new)))) as opened_again:
            erase_again(files, opened_again, at, course_secret(files.course.id) or secret)
        if isinstance(book, Path):
            new.replace(book)
        else:
            rows_from_file(new, book)
        return _kept_secret(files, secret)
    except (*DAMAGED, KeyError, TypeError, sqlite3.Error):
        # A file that somebody took for a backup may hold anything, and what is new was not put in place.
        raise none from None
    except FileNotFoundError:
        raise UsageFault(say("there is no file {file}", file=source)) from None
    except OSError as error:
        raise unwritable(new, error) from None
    finally:
        _remove(new)


def _remove(new: Path) -> None:
    """Remove a gradebook that is not in place yet, with what was made beside it: a copy in its older format, too."""
    for file in (new, *new.parent.glob(f"{glob.escape(new.name)}[.-]*")):
        file.unlink(missing_ok=True)


def _kept_secret(files: CourseFiles, secret: bytes) -> bool:
    if not secret or course_secret(files.course.id) is not None:
        return False
    path = secret_file(files.course.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_private(path)
    path.write_bytes(secret + b"\n")
    return True


def _make_private(path: Path) -> None:
    """Make a file that only this user can read, before anything is in it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

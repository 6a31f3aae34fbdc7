"""What a database says when it cannot be used, in a sentence: a full disk or a closed door is no bug of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import Message, say
from grader.store.grades.schema.columns import Unreadable

# What a database, its driver or the queue for its connections says.
_TROUBLES = (
    *(sa.exc.DBAPIError, sa.exc.NoSuchModuleError, sa.exc.ArgumentError, sa.exc.TimeoutError),
    *(sqlite3.Error, ImportError),
)


@contextmanager
def told(address: sa.URL) -> Iterator[None]:
    """Turn what a database says into a sentence: a full disk or a closed door is no bug of ours."""
    try:
        yield
    except Unreadable as error:
        raise damaged(address, error.words) from None
    except _TROUBLES as error:
        origin = getattr(error, "orig", None)
        said = str(origin or error).strip().partition("\n")[0]
        if getattr(origin, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise damaged(address, said) from error
        raise unusable(shown(address), said) from error


def shown(address: sa.URL) -> str:
    return address.set(query={}).render_as_string(hide_password=True)


def damaged(address: sa.URL, words: str | Message) -> CouldNotJudge:
    return CouldNotJudge(
        say(
            "the gradebook {url} is damaged, or no gradebook: {words}. Move it away, together with its -wal and -shm "
            "beside it, then put your copy back. If there is none, grade again: what was set by hand is then lost",
            url=shown(address),
            words=words,
        )
    )


def unusable(shown: str, words: str) -> CouldNotJudge:
    return CouldNotJudge(
        say("the gradebook {url} cannot be used: {words}. What was recorded stays.", url=shown, words=words)
    )


def newer(found: int) -> CouldNotJudge:
    return CouldNotJudge(
        say("this gradebook was written by a newer version (format {found}); update the grader", found=found)
    )

"""Tokens: a student's programs hand in with them. Like links and sessions they are secrets whose hash is kept."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from grader.core.people.person import Person
from grader.store.grades.database import Database
from grader.store.grades.people.people import hashed, note, person_of
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema.door_tables import tokens as t

TOKEN = "token"
MOST_TOKENS = 10
# Programs that look for leaked secrets know them by how they begin.
PREFIX = "course_"
_BYTES = 24
_LOOKS_LIKE_ONE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{32}}")
# When it was last used is for people to read: once a minute is exact enough.
_USED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """What there is to know of a token: never the token itself.

    Attributes:
        name: how its holder calls it: somebody else's words.
        used: when a program last showed it; None where none ever did.
    """

    id: int
    name: str
    made: datetime
    expires: datetime
    used: datetime | None


class TooManyTokens(Exception):
    """Somebody has as many tokens as one person may."""


class Tokens:
    """The tokens in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, person: int, name: str, lasts: timedelta) -> str:
        """Return the secret of a new token of this person; it cannot be had again.

        Raises:
            TooManyTokens: where this person has `MOST_TOKENS` that can be used.
        """
        secret = f"{PREFIX}{secrets.token_urlsafe(_BYTES)}"
        with self._database.writing() as connection:
            now = self._database.now(connection)
            if len(connection.execute(_live(now, c.passes.c.person == person)).all()) >= MOST_TOKENS:
                raise TooManyTokens
            values = {"kind": TOKEN, "person": person, "sha256": hashed(secret), "made": now, "expires": now + lasts}
            made = connection.execute(c.passes.insert().values(values).returning(c.passes.c.id)).scalar_one()
            connection.execute(t.insert().values({"pass": made, "name": name}))
            note(connection, now, person, "token", {"token": made, "name": name})
        return secret

    def of(self, person: int) -> list[Token]:
        """Return this person's tokens that can be used now, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_live(self._database.now(connection), c.passes.c.person == person)).all()
        return [_token(row) for row in rows]

    def revoke(self, person: int, token: int) -> bool:
        """End a token of this person; return whether there was one."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            whose = (c.passes.c.id == token, c.passes.c.person == person, c.passes.c.kind == TOKEN)
            ended = c.passes.update().where(*whose, c.passes.c.ended.is_(None)).values(ended=now)
            if connection.execute(ended).rowcount != 1:
                return False
            note(connection, now, person, "revoke", {"token": token})
            return True

    def whose(self, secret: str) -> tuple[Person, Token, datetime] | None:
        """Return whose token it is, what is known of it, and the time by the database's clock; None where it is
        nobody's, has ended, or has expired.
        """
        if not _LOOKS_LIKE_ONE.fullmatch(secret):
            return None
        with self._database.reading() as connection:
            now = self._database.now(connection)
            row = connection.execute(_live(now, c.passes.c.sha256 == hashed(secret))).one_or_none()
            if row is None:
                return None
            person = connection.execute(sa.select(c.people).where(c.people.c.id == row.person)).one()
        token = _token(row)
        if token.used is None or now - token.used >= _USED_AGAIN:
            with self._database.writing() as connection:
                connection.execute(t.update().where(t.c["pass"] == token.id).values(used=now))
        return person_of(person), token, now


def _live(now: datetime, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(c.passes.c.id, c.passes.c.person, t.c.name, c.passes.c.made, c.passes.c.expires, t.c.used)
        .join(t, t.c["pass"] == c.passes.c.id)
        .where(c.passes.c.kind == TOKEN, c.passes.c.ended.is_(None), c.passes.c.expires > now, *which)
        .order_by(c.passes.c.id)
    )


def _token(row: Any) -> Token:
    return Token(row.id, row.name, row.made, row.expires, row.used)

"""The people of a class, the ways in that they have, and what they did there.

A way in is a secret of 128 bits and more that only its holder has: the database keeps its hash, so whoever reads the
database can use none of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from grader.core.people.person import Person, Role
from grader.core.people.student import Student
from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as t
from grader.store.grades.schema.door_tables import identities

LINK, SESSION = "link", "session"
LINK_LASTS = timedelta(days=7)
SESSION_LASTS = timedelta(days=30)
_BYTES = 24

# Every request asks it: to put such a question together takes longer than to answer it.
_HOLDER = (
    sa.select(t.people)
    .join(t.passes, t.passes.c.person == t.people.c.id)
    .where(t.passes.c.sha256 == sa.bindparam("secret"), t.passes.c.kind == sa.bindparam("held"))
    .where(t.passes.c.ended.is_(None), t.passes.c.expires > sa.bindparam("now", type_=t.passes.c.expires.type))
)


class People:
    """The people in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Person]:
        """Return everybody, in the order in which they came."""
        return [person_of(row) for row in self._database.rows(sa.select(t.people).order_by(t.people.c.id))]

    def by_id(self, number: int) -> Person | None:
        """Return who has this number, if anybody."""
        return next(
            (person_of(row) for row in self._database.rows(sa.select(t.people).where(t.people.c.id == number))), None
        )

    def enrol(self, students: Iterable[Student]) -> None:
        """Let everybody on the roster be a person, called as it says. Nobody leaves by not being on it."""
        known = {person.student: person for person in self.all()}
        with self._database.writing() as connection:
            now = self._database.now(connection)
            for each in students:
                person = known.get(each.id)
                named = {"name": each.name, "email": each.email}
                if person is None:
                    values = {"student": each.id, "role": Role.STUDENT.value, "at": now, **named}
                    self._database.once(connection, t.people, values, ("student",))
                elif (person.name, person.email) != (each.name, each.email):
                    connection.execute(t.people.update().where(t.people.c.id == person.id).values(named))

    def add(self, name: str, role: Role) -> Person:
        """Let somebody in who is not on the roster."""
        with self._database.writing() as connection:
            values = {"name": name, "email": "", "role": role.value, "at": self._database.now(connection)}
            row = connection.execute(t.people.insert().values(values).returning(t.people))
            return person_of(row.one())

    def set_role(self, person: int, role: Role, by: int) -> None:
        """Make somebody something else: whoever uses their ways in now has to come in anew."""
        with self._database.writing() as connection:
            connection.execute(t.people.update().where(t.people.c.id == person).values(role=role.value))
            self._end(connection, t.passes.c.person == person)
            self._note(connection, by, "role", {"person": person, "role": role.value})

    def new_link(self, person: int, by: int | None) -> str:
        """Return the secret of a new link that lets this person in once. Earlier links, sessions and tokens end, and
        at the next single sign-on the person is looked up again.
        """
        with self._database.writing() as connection:
            self._end(connection, t.passes.c.person == person)
            connection.execute(identities.delete().where(identities.c.person == person))
            self._note(connection, by, "link", {"person": person})
            return self._new(connection, LINK, person, LINK_LASTS)

    def opens(self, link: str) -> bool:
        """Return whether this link would let somebody in; it still does afterwards."""
        with self._database.reading() as connection:
            return self._holder(connection, LINK, link, self._database.now(connection)) is not None

    def enter(self, link: str) -> str | None:
        """Use up a link, and return the secret of the session that it begins; None where it lets nobody in."""
        if not self.opens(link):
            # Who guesses makes nobody wait who writes.
            return None
        with self._database.writing() as connection:
            row = self._holder(connection, LINK, link, self._database.now(connection))
            if row is None:
                return None
            # Of two who use it in the same moment, one finds it ended: nobody else writes meanwhile, or the row is
            # another one already.
            ended = t.passes.update().where(t.passes.c.sha256 == hashed(link), t.passes.c.ended.is_(None))
            if connection.execute(ended.values(ended=self._database.now(connection))).rowcount != 1:
                return None
            self._note(connection, row.id, "enter", {})
            return self._new(connection, SESSION, row.id, SESSION_LASTS)

    def begin(self, person: int, by: str) -> str:
        """Return the secret of a new session of somebody whom a single sign-on has let in.

        Args:
            by: the provider.
        """
        with self._database.writing() as connection:
            self._note(connection, person, "enter", {"issuer": by})
            return self._new(connection, SESSION, person, SESSION_LASTS)

    def whose(self, session: str) -> tuple[Person, datetime] | None:
        """Return whose session it is, and the time by the database's clock; None where it is nobody's."""
        with self._database.reading() as connection:
            now = self._database.now(connection)
            row = self._holder(connection, SESSION, session, now)
            return None if row is None else (person_of(row), now)

    def leave(self, session: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            self._end(connection, t.passes.c.sha256 == hashed(session))

    def end_links(self, person: int) -> None:
        """End what links this person has that were not used."""
        with self._database.writing() as connection:
            self._end(connection, t.passes.c.person == person, t.passes.c.kind == LINK)

    def with_links(self) -> set[int]:
        """Return the numbers of those who have a link that would let them in."""
        with self._database.reading() as connection:
            live = (t.passes.c.ended.is_(None), t.passes.c.expires > self._database.now(connection))
            return set(connection.scalars(sa.select(t.passes.c.person).where(t.passes.c.kind == LINK, *live)))

    def entered(self) -> set[int]:
        """Return the numbers of those who have ever come in."""
        query = sa.select(t.passes.c.person).where(t.passes.c.kind == SESSION)
        return {row.person for row in self._database.rows(query)}

    def has_entered(self, role: Role) -> bool:
        """Return whether somebody who is this has ever come in."""
        entered = self.entered()
        return any(person.id in entered for person in self.all() if person.role is role)

    def note(self, person: int | None, did: str, about: Mapping[str, Any]) -> None:
        """Write down what somebody did."""
        with self._database.writing() as connection:
            self._note(connection, person, did, about)

    def audit(self, most: int = 200) -> list[tuple[datetime, Person | None, str, Mapping[str, Any]]]:
        """Return what was done last, the newest first."""
        known = {person.id: person for person in self.all()}
        query = sa.select(t.audit).order_by(t.audit.c.id.desc()).limit(most)
        return [(row.at, known.get(row.person), row.did, row.about) for row in self._database.rows(query)]

    def _holder(self, connection: sa.Connection, kind: str, secret: str, now: datetime) -> Any:
        """Return the row of whoever holds this secret now."""
        return connection.execute(_HOLDER, {"secret": hashed(secret), "held": kind, "now": now}).one_or_none()

    def _new(self, connection: sa.Connection, kind: str, person: int, lasts: timedelta) -> str:
        secret = secrets.token_urlsafe(_BYTES)
        now = self._database.now(connection)
        values = {"kind": kind, "person": person, "sha256": hashed(secret), "made": now, "expires": now + lasts}
        connection.execute(t.passes.insert().values(values))
        return secret

    def _end(self, connection: sa.Connection, *which: sa.ColumnElement[bool]) -> None:
        ended = t.passes.update().where(t.passes.c.ended.is_(None), *which)
        connection.execute(ended.values(ended=self._database.now(connection)))

    def _note(self, connection: sa.Connection, person: int | None, did: str, about: Mapping[str, Any]) -> None:
        note(connection, self._database.now(connection), person, did, about)


def note(connection: sa.Connection, at: datetime, person: int | None, did: str, about: Mapping[str, Any]) -> None:
    """Write down what somebody did, in the transaction that does it."""
    connection.execute(t.audit.insert().values(at=at, person=person, did=did, about=dict(about)))


def person_of(row: Any) -> Person:
    """Return a row of `people` as who it is."""
    return Person(row.id, Role(row.role), row.student, row.name, row.email)


def hashed(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

"""Who somebody is to a single sign-on: the provider's own number for a person, bound when that person first came in."""

from __future__ import annotations

import sqlalchemy as sa

from grader.core.people.person import Person, Role
from grader.store.grades.database import Database
from grader.store.grades.people.people import note, person_of
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema.door_tables import identities as t


class Identities:
    """The identities in an open gradebook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def whose(self, issuer: str, subject: str) -> Person | None:
        """Return who has come in by this identity before."""
        query = sa.select(c.people).join(t, t.c.person == c.people.c.id)
        rows = self._database.rows(query.where(t.c.issuer == issuer, t.c.subject == subject))
        return person_of(rows[0]) if rows else None

    def bind(self, issuer: str, subject: str, person: int, before: int | None = None) -> bool:
        """Let an identity be this person from now on; return False where one of the two is bound otherwise.

        Args:
            before: whom it was, and is no more.
        """
        with self._database.writing() as connection:
            return self._bind(connection, issuer, subject, person, before)

    def admit(self, issuer: str, subject: str, name: str, email: str, role: Role) -> Person | None:
        """Let an identity be somebody new, who is not on the roster; return None where it is somebody already.

        Args:
            email: empty where it is not known.
        """
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                # Two browsers of one person come one after the other.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4714)")
            same = sa.select(t.c.person).where(t.c.issuer == issuer, t.c.subject == subject)
            if connection.scalar(same) is not None:
                return None
            now = self._database.now(connection)
            values = {"name": name, "email": email, "role": role.value, "at": now}
            row = connection.execute(c.people.insert().values(values).returning(c.people)).one()
            note(connection, now, row.id, "role", {"person": row.id, "role": role.value})
            self._bind(connection, issuer, subject, row.id)
            return person_of(row)

    def _bind(
        self, connection: sa.Connection, issuer: str, subject: str, person: int, before: int | None = None
    ) -> bool:
        if not self._database.is_sqlite:
            # Two identities that want to be one person at the same moment come one after the other.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(4713, {int(person)})")
        held = sa.select(t.c.subject).where(t.c.issuer == issuer, t.c.person == person)
        if connection.scalars(held).first() not in (None, subject):
            return False
        if before is not None:
            connection.execute(t.delete().where(t.c.issuer == issuer, t.c.subject == subject, t.c.person == before))
        now = self._database.now(connection)
        values = {"issuer": issuer, "subject": subject, "person": person, "at": now}
        connection.execute(self._database.insert_once(t, ("issuer", "subject")), values)
        same = sa.select(t.c.person).where(t.c.issuer == issuer, t.c.subject == subject)
        if connection.scalar(same) != person:
            return False
        note(connection, now, person, "identity", {"issuer": issuer})
        return True

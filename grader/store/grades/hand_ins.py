"""What is handed in at the server, as rows: whose, what, when, and the bytes."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from grader.core.course.policies.trust import Trust
from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import tables as t
from grader.store.grades.schema.columns import as_kept


@dataclass(frozen=True)
class HandIn:
    """One submission that was handed in at the server.

    Attributes:
        submission: its number in the gradebook.
        name: how addresses call it; nobody can guess one.
        filename: how its student called it: somebody else's words.
        source: how it came: `file`, `pasted` or `answers` by a form, `token` from a program.
    """

    submission: int
    name: str
    student: str
    exercise: str
    submitted: datetime
    sha256: str
    suffix: str
    filename: str
    source: str


@dataclass(frozen=True)
class Offer:
    """What is to be handed in.

    Attributes:
        form: the key of the form that it was sent with; the same form hands in the same once.
        at: when it arrived, by the database's clock.
    """

    person: int
    student: str
    exercise: str
    content: bytes
    suffix: str
    filename: str
    source: str
    form: str
    at: datetime


class ErasedMeanwhile(Exception):
    """What was handed in was there, and was erased."""


class TooMuch(Exception):
    """Somebody has handed in more bytes than one person may within a day, or the class more than there is room for."""


@dataclass(frozen=True)
class Room:
    """How many bytes are taken.

    Attributes:
        each: of one person within a day.
        all: of everybody, ever.
    """

    each: int = 256 * 2**20
    all: int = 64 * 2**30


_ROOM = Room()
# Seconds.
_ASKED_AGAIN = 60.0


class HandIns:
    """What was handed in, in an open gradebook."""

    def __init__(self, database: Database, room: Room = _ROOM) -> None:
        self._database = database
        self._room = room
        # How many bytes everybody had taken, and when that was asked: it takes the longer the more there is.
        self._all, self._asked = 0, -_ASKED_AGAIN

    def add(self, offer: Offer) -> HandIn:
        """Record what is handed in, once however often a form sends it; what the student handed in last is no new
        attempt.

        Raises:
            TooMuch: where there is no room for it; nothing is recorded then.
        """
        digest = hashlib.sha256(offer.content).hexdigest()
        form = _form(offer.person, offer.form, offer.exercise, digest, offer.suffix)
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                # One after the other for one person: two posts of one form may come in the same moment.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(4712, {int(offer.person)})")
            known = self._known(connection, offer, form, digest)
            if known is not None:
                return known
            self._require_room(connection, offer)
            stored = {"sha256": digest, "bytes": offer.content}
            connection.execute(self._database.insert_once(c.contents, ("sha256",)), stored)
            values = {
                "student": offer.student,
                "exercise": offer.exercise,
                "submitted": offer.at,
                "sha256": digest,
                "path": f"{offer.exercise}{offer.suffix}",
            }
            number = self._database.once(connection, t.submissions, values, tuple(list(values)[:4]))
            handed_in = {"submission": number, "submitted": offer.at, "trust": int(Trust.SERVER)}
            self._database.once(connection, t.times, handed_in, tuple(handed_in))
            name = secrets.token_urlsafe(12)
            about = {"submission": number, "name": name, "form": form, "person": offer.person}
            told = {"content": digest, "suffix": offer.suffix, "filename": offer.filename, "source": offer.source}
            connection.execute(c.hand_ins.insert(), {**about, **told})
        what = (number, name, offer.student, offer.exercise, offer.at, digest)
        return HandIn(*what, offer.suffix, as_kept(offer.filename), offer.source)

    def _known(self, connection: sa.Connection, offer: Offer, form: str, digest: str) -> HandIn | None:
        same = connection.execute(_SENT_WITH, {"sent": form}).one_or_none()
        if same is None:
            last = connection.execute(_LAST, {"who": offer.student, "what": offer.exercise}).one_or_none()
            same = last if last is not None and last.sha256 == digest and last.suffix == offer.suffix else None
        return None if same is None else hand_in(same)

    def _require_room(self, connection: sa.Connection, offer: Offer) -> None:
        more, since = len(offer.content), offer.at - timedelta(days=1)
        if int(connection.scalar(_SIZE_OF, {"who": offer.person, "since": since}) or 0) + more > self._room.each:
            raise TooMuch
        if time.monotonic() - self._asked >= _ASKED_AGAIN:
            self._all, self._asked = int(connection.scalar(sa.select(_SIZE)) or 0), time.monotonic()
        if self._all + more > self._room.all:
            raise TooMuch
        self._all += more

    def sent_with(self, person: int, form: str, exercise: str, content: bytes, suffix: str) -> HandIn | None:
        """Return what a person handed in with this form, if it was this."""
        sent = _form(person, form, exercise, hashlib.sha256(content).hexdigest(), suffix)
        with self._database.reading() as connection:
            row = connection.execute(_SENT_WITH, {"sent": sent}).one_or_none()
        return None if row is None else hand_in(row)

    def content(self, sha256: str) -> bytes:
        """Return the bytes that were handed in.

        Raises:
            ErasedMeanwhile: where they are there no more.
        """
        rows = self._database.rows(sa.select(c.contents.c.bytes).where(c.contents.c.sha256 == sha256))
        if not rows:
            raise ErasedMeanwhile
        return bytes(rows[0].bytes)

    def by_name(self, name: str) -> HandIn | None:
        """Return what addresses call so, if anything."""
        return next(map(hand_in, self._database.rows(ALL.where(c.hand_ins.c.name == name))), None)

    def all(self) -> list[HandIn]:
        """Return everything that was handed in, the oldest first."""
        return [
            hand_in(row) for row in self._database.rows(ALL.order_by(t.submissions.c.submitted, t.submissions.c.id))
        ]

    def of(self, student: str, exercise: str) -> list[HandIn]:
        """Return what a student handed in for an exercise, the oldest first."""
        whose = (t.submissions.c.student == student, t.submissions.c.exercise == exercise)
        order = (t.submissions.c.submitted, t.submissions.c.id)
        return [hand_in(row) for row in self._database.rows(ALL.where(*whose).order_by(*order))]

    def hints_given(self, submission: int) -> int:
        """Return how many hints were given for a submission."""
        query = sa.select(sa.func.max(c.hints.c.step)).where(c.hints.c.submission == submission)
        return int(self._database.rows(query)[0][0] or 0)

    def remember_hints(self, submission: int, given: int) -> None:
        """Write down that so many hints were given."""
        with self._database.writing() as connection:
            values = {"submission": submission, "step": given, "at": self._database.now(connection)}
            self._database.once(connection, c.hints, values, ("submission", "step"))


def _form(person: int, form: str, exercise: str, sha256: str, suffix: str) -> str:
    # A form may be sent again with another file, which must not be lost: one form with the same bytes is one attempt.
    return f"{person}:{form}:{exercise}:{sha256}{suffix}"


ALL = sa.select(
    c.hand_ins.c.submission,
    c.hand_ins.c.name,
    t.submissions.c.student,
    t.submissions.c.exercise,
    t.submissions.c.submitted,
    t.submissions.c.sha256,
    c.hand_ins.c.suffix,
    c.hand_ins.c.filename,
    c.hand_ins.c.source,
).join(t.submissions, t.submissions.c.id == c.hand_ins.c.submission)
# What each hand-in asks, put together once: that takes longer than to answer it.
_SENT_WITH = ALL.where(c.hand_ins.c.form == sa.bindparam("sent"))
_LAST = (
    ALL.where(t.submissions.c.student == sa.bindparam("who"), t.submissions.c.exercise == sa.bindparam("what"))
    .order_by(t.submissions.c.id.desc())
    .limit(1)
)
_SIZE = sa.func.coalesce(sa.func.sum(sa.func.length(c.contents.c.bytes)), 0)
_SIZE_OF = (
    sa.select(_SIZE)
    .join(c.hand_ins, c.hand_ins.c.content == c.contents.c.sha256)
    .join(t.submissions, t.submissions.c.id == c.hand_ins.c.submission)
    .where(c.hand_ins.c.person == sa.bindparam("who"))
    .where(t.submissions.c.submitted > sa.bindparam("since", type_=t.submissions.c.submitted.type))
)


def hand_in(row: Any) -> HandIn:
    """Return a row of `ALL` as what it is."""
    return HandIn(*row)

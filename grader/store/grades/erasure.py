"""Erases what a gradebook holds of a person. Their marks stay, and belong to a name that leads to nobody."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from grader.core.people.person import ERASED, Role
from grader.core.words.errors import CouldNotJudge
from grader.store.grades.database import Database
from grader.store.grades.schema import class_tables as c
from grader.store.grades.schema import desk_tables as desk
from grader.store.grades.schema import door_tables as d
from grader.store.grades.schema import tables as t

# Seconds.
_PATIENCE = 60
_REASONS = (t.overrides, t.waivers, t.withdrawals, t.departures, desk.extensions)


@dataclass(frozen=True)
class Erasure:
    """What is written down of an erasure: nothing of the person.

    Attributes:
        marks: points by exercise, as they stay: what they were computed from is gone.
    """

    marks: Mapping[str, float]
    reason: str
    by: str


def erase_person(database: Database, student: str, erasure: Erasure) -> str:
    """Erase name, e-mail, submissions, ways in and notes of a student, all or nothing; return whose their marks are
    from now on.

    What somebody else handed in too, byte for byte, stays theirs.
    """
    new = _nobody()
    with database.writing() as connection:
        own = sa.select(t.submissions.c.id).where(t.submissions.c.student == student)
        numbers = list(connection.scalars(own))
        _erase_results(connection, numbers)
        _erase_bytes(connection, numbers)
        _rename_hashes(connection, student)
        connection.execute(t.submissions.update().where(t.submissions.c.id.in_(own)).values(student=new, path=""))
        for table in _REASONS:
            connection.execute(table.update().where(table.c.student == student).values(student=new, reason=""))
        _erase_ways_in(connection, student, new)
        now = database.now(connection)
        told = {"student": new, "reason": erasure.reason, "by": erasure.by}
        for exercise, points in erasure.marks.items():
            connection.execute(t.overrides.insert().values(exercise=exercise, score=points, at=now, **told))
        connection.execute(c.audit.insert().values(at=now, did="erase", about=told))
    return new


def erase_staff(database: Database, name: str, reason: str, by: str) -> str:
    """Erase name, e-mail and ways in of everybody of this name who is not on the roster, all or nothing; return who
    decided and wrote from now on what they did.

    What they said of students' work stays: it is part of what students were told.
    """
    new, names = _nobody(), {name}
    with database.writing() as connection:
        named = sa.select(c.people).where(c.people.c.student.is_(None), c.people.c.name == name)
        for person in connection.execute(named).all():
            _end_ways_in(connection, person.id)
            connection.execute(c.people.update().where(c.people.c.id == person.id).values(name=new, email=""))
            names |= author_names(person.name, person.email)
        _rename_author(connection, names, new)
        told = {"person": new, "reason": reason, "by": by}
        connection.execute(c.audit.insert().values(at=database.now(connection), did="erase", about=told))
    return new


def author_names(*names: str | None) -> set[str]:
    """Return by which of these somebody may have decided: on a command line one's e-mail or id, in pages one's name."""
    return {name for name in names if name}


def known_staff(database: Database) -> dict[str, datetime | None]:
    """Return the names of all who are not on the roster, and since when there is somebody of this name; None where it
    only stands by a decision.
    """
    people = database.rows(sa.select(c.people).order_by(c.people.c.at.desc()))
    # Who is on the roster is erased with what they handed in.
    enrolled = set[str]().union(*(author_names(row.student, row.name, row.email) for row in people if row.student))
    known: dict[str, datetime | None] = dict.fromkeys(_authors(database) - enrolled)
    known |= {row.name: row.at for row in people if not row.student}
    return {name: at for name, at in known.items() if name and not name.startswith(ERASED)}


def _authors(database: Database) -> set[str]:
    """Return by whom anything was decided."""
    by = {row.by for table in _REASONS for row in database.rows(sa.select(table.c.by).distinct())}
    return by | {str(row.about["by"]) for row in database.rows(sa.select(c.audit.c.about)) if "by" in row.about}


def known_students(database: Database) -> set[str]:
    """Return everybody of whom a gradebook holds anything, those who were taken out of sight included."""
    tables = (t.submissions, *_REASONS, c.people)
    rows = (row.student for table in tables for row in database.rows(sa.select(table.c.student).distinct()))
    return {student for student in rows if student and not student.startswith(ERASED)}


def _nobody() -> str:
    return f"{ERASED}{secrets.token_hex(4)}"


def compact(database: Database) -> bool:
    """Write the database anew without what was erased, which its file holds still; return whether that could be done
    now: somebody may be reading all the time.
    """
    try:
        with database.reading() as connection:
            if not database.is_sqlite:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql(f"SET lock_timeout = '{_PATIENCE}s'")
                connection.exec_driver_sql(f"VACUUM FULL {', '.join(each.name for each in t.tables.sorted_tables)}")
                return True
            connection.exec_driver_sql("VACUUM")
            (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy
    except CouldNotJudge:
        return False


def _erase_results(connection: sa.Connection, numbers: list[int]) -> None:
    """Leave of results that nobody else has their points: no line of the program, and a key that no bytes have."""
    of_them = t.gradings.c.submission.in_(numbers)
    others = sa.select(t.gradings.c.result).where(sa.not_(of_them))
    mine = sa.select(t.gradings.c.result).where(of_them, t.gradings.c.result.not_in(others))
    for row in connection.execute(sa.select(t.results).where(t.results.c.id.in_(mine))).all():
        facts = {name: value for name, value in row.rests_on.items() if name != "submission_sha256"}
        values = {"key": f"{ERASED}{secrets.token_hex(16)}", "report": _without_words(row.report), "rests_on": facts}
        connection.execute(t.results.update().where(t.results.c.id == row.id).values(values))
        connection.execute(c.evidence.delete().where(c.evidence.c.result == row.id))


def _without_words(report: str) -> str:
    try:
        kept = json.loads(report)
        kept |= {"student": "", "notices": [], "notice_findings": []}
        for check in kept.get("checks", []):
            check |= {"message": "", "misconceptions": [], "findings": []}
            check.pop("cause", None)
        return json.dumps(kept)
    except (ValueError, TypeError, AttributeError, RecursionError):
        # It cannot be read anyway.
        return "{}"


def _erase_bytes(connection: sa.Connection, numbers: list[int]) -> None:
    mine = list(connection.scalars(sa.select(c.hand_ins.c.content).where(c.hand_ins.c.submission.in_(numbers))))
    asked = sa.select(desk.grade_questions.c.id).where(desk.grade_questions.c.submission.in_(numbers))
    connection.execute(desk.grade_answers.delete().where(desk.grade_answers.c.question.in_(asked)))
    for table in (desk.grade_questions, desk.line_comments, desk.regraded, c.leases, c.hints, c.hand_ins):
        connection.execute(table.delete().where(table.c.submission.in_(numbers)))
    left = sa.select(c.hand_ins.c.content)
    connection.execute(c.contents.delete().where(c.contents.c.sha256.in_(mine), c.contents.c.sha256.not_in(left)))


def _rename_hashes(connection: sa.Connection, student: str) -> None:
    """Give what was the same another name that is the same: how many attempts there were stays known, and no hash of a
    short answer tells it.
    """
    for sha256 in set(connection.scalars(sa.select(t.submissions.c.sha256).where(t.submissions.c.student == student))):
        new = f"{ERASED}{secrets.token_hex(16)}"
        for table in (t.submissions, t.withdrawals):
            which = (table.c.student == student, table.c.sha256 == sha256)
            connection.execute(table.update().where(*which).values(sha256=new))


def _erase_ways_in(connection: sa.Connection, student: str, new: str) -> None:
    person = connection.execute(sa.select(c.people).where(c.people.c.student == student)).one_or_none()
    number = None if person is None else person.id
    if person is not None:
        _end_ways_in(connection, person.id)
        # Assistants may be on the roster, too. A student's name says nothing: a teacher may have the same.
        name = "" if person.role == Role.STUDENT else person.name
        _rename_author(connection, author_names(student, person.email, name), new)
        named = {"student": new, "name": "", "email": ""}
        connection.execute(c.people.update().where(c.people.c.id == number).values(named))
    for row in connection.execute(sa.select(c.audit.c.id, c.audit.c.person, c.audit.c.about)).all():
        about = dict(row.about)
        if about.get("student") == student:
            about |= {"student": new, "reason": ""}
        if number is not None and row.person == number and "name" in about:
            # How somebody calls a token is a word of theirs.
            about["name"] = ""
        if about != row.about:
            connection.execute(c.audit.update().where(c.audit.c.id == row.id).values(about=about))


def _end_ways_in(connection: sa.Connection, number: int) -> None:
    theirs = sa.select(c.passes.c.id).where(c.passes.c.person == number)
    connection.execute(d.tokens.delete().where(d.tokens.c["pass"].in_(theirs)))
    connection.execute(d.identities.delete().where(d.identities.c.person == number))
    connection.execute(c.passes.delete().where(c.passes.c.person == number))


def _rename_author(connection: sa.Connection, names: Collection[str], new: str) -> None:
    """Let somebody else have decided whatever somebody of these names did: decisions know a name and no number."""
    for table in _REASONS:
        connection.execute(table.update().where(table.c.by.in_(names)).values(by=new))
    for row in connection.execute(sa.select(c.audit.c.id, c.audit.c.about)).all():
        if row.about.get("by") in names:
            connection.execute(c.audit.update().where(c.audit.c.id == row.id).values(about={**row.about, "by": new}))

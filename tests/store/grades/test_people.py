"""The people of a class: how they come in, and what ends that. In SQLite and in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people import people as module
from grader.store.grades.people.people import People
from grader.store.grades.schema import class_tables as c


@pytest.fixture
def people(book: Gradebook) -> People:
    people = People(book.database)
    people.enrol([Student("s001", "Gʻulom Oʻrinov", "g@example.org"), Student("s002")])
    return people


def everything(book: Gradebook) -> str:
    """Return all that the database holds about ways in and what was done."""
    return "".join(str(book.database.rows(sa.select(table))) for table in (c.passes, c.audit, c.people))


class TestTheRoster:
    def test_everybody_on_it_is_a_student_once(self, people: People) -> None:
        people.enrol([Student("s001", "Gʻulom Oʻrinov", "g@example.org"), Student("s002")])
        assert [(each.student, each.role) for each in people.all()] == [("s001", "student"), ("s002", "student")]

    def test_a_name_that_was_mended_is_mended(self, people: People) -> None:
        people.enrol([Student("s002", "Ali")])
        assert [each.name for each in people.all()] == ["Gʻulom Oʻrinov", "Ali"]


class TestLinks:
    def test_one_lets_in_its_person_once(self, people: People) -> None:
        link = people.new_link(1, None)
        session = people.enter(link)
        assert session is not None
        found = people.whose(session)
        assert found is not None and found[0].student == "s001"
        assert people.enter(link) is None

    def test_to_look_at_one_does_not_use_it_up(self, people: People) -> None:
        link = people.new_link(1, None)
        assert people.opens(link) and people.opens(link) and people.enter(link) is not None
        assert not people.opens(link)

    def test_two_who_use_it_in_the_same_moment_are_not_both_let_in(self, people: People) -> None:
        link = people.new_link(1, None)
        with ThreadPoolExecutor(8) as threads:
            entered = [session for session in threads.map(people.enter, [link] * 8) if session]
        assert len(entered) == 1

    def test_a_new_one_ends_the_one_before_and_the_session(self, people: People) -> None:
        first = people.new_link(1, None)
        session = people.enter(people.new_link(1, None)) or ""
        assert people.enter(first) is None
        people.new_link(1, None)
        assert people.whose(session) is None

    def test_one_ends_by_itself(self, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LINK_LASTS", timedelta(seconds=-1))
        assert people.enter(people.new_link(1, None)) is None

    def test_a_session_is_no_link_and_a_link_no_session(self, people: People) -> None:
        link = people.new_link(1, None)
        assert people.whose(link) is None
        session = people.enter(link) or ""
        assert people.enter(session) is None

    @pytest.mark.parametrize("secret", ["", "x", "\0", "\ud800", "' OR 1=1 --", "x" * 100_000])
    def test_what_is_none_lets_nobody_in(self, people: People, secret: str) -> None:
        assert people.enter(secret) is None and people.whose(secret) is None

    def test_no_secret_is_kept(self, book: Gradebook, people: People) -> None:
        link = people.new_link(1, None)
        session = people.enter(link) or ""
        assert link not in everything(book) and session not in everything(book)


class TestRoles:
    def test_who_becomes_something_else_has_to_come_in_anew(self, people: People) -> None:
        session = people.enter(people.new_link(1, None)) or ""
        people.set_role(1, Role.ASSISTANT, by=2)
        assert people.whose(session) is None
        found = people.whose(people.enter(people.new_link(1, 2)) or "")
        assert found is not None and found[0].role is Role.ASSISTANT

    def test_leaving_ends_this_session_and_no_other(self, people: People) -> None:
        mine = people.enter(people.new_link(1, None)) or ""
        theirs = people.enter(people.new_link(2, None)) or ""
        people.leave(mine)
        assert people.whose(mine) is None and people.whose(theirs) is not None

    def test_it_is_known_whether_a_teacher_has_ever_come_in(self, people: People) -> None:
        people.enter(people.new_link(1, None))
        assert not people.has_entered(Role.TEACHER)
        teacher = people.add("Nodira", Role.TEACHER)
        people.enter(people.new_link(teacher.id, None))
        assert people.has_entered(Role.TEACHER)


def test_what_was_done_is_there_the_newest_first(people: People) -> None:
    people.new_link(2, by=1)
    people.note(1, "override", {"student": "s002"})
    (_, who, did, about), (_, _, before, _) = people.audit()
    assert (who and who.student, did, before, about) == ("s001", "override", "link", {"student": "s002"})

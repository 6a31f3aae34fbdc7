"""What is erased is gone, to the last byte, and takes nothing of others with it. In SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from test_queue import AT, STUDENTS, VERSIONS, add, offer, queue, taken  # noqa: F401 - a fixture

from grader.core.course.policies.policy import Override, Waiver, Withdrawal
from grader.core.findings.report_json import as_kept
from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.store.grades.desk.comments import Comments
from grader.store.grades.erasure import Erasure, compact, erase_person, erase_staff, known_staff
from grader.store.grades.figures import figures
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.hand_ins import HandIn, HandIns
from grader.store.grades.people.identities import Identities
from grader.store.grades.people.people import People
from grader.store.grades.people.tokens import Tokens
from grader.store.grades.queue import JudgingQueue
from grader.store.grades.schema.tables import tables

OWN = b"w_of_malika = 1"
WORDS = ("s001", "Malika", "malika@example.org", "w_of_malika", "malikas.py", "her dog", "Malikas-folder")
DONE = Erasure({"4.5": 3.0}, "asked for it", "Nodira")


def judge(book: Gradebook, each: HandIn, line: str) -> None:
    found = finding("ends-itself-here", file="4.5.py", line=1, code=line)
    check = CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 8.0, (found,), (), 3.0)
    kept = as_kept(Report("4.5", "", "full", False, (check,), (found,)), {})
    result = Result(f"key of {each.sha256}", "4.5", 3.0, 8.0, kept, {"submission_sha256": each.sha256})
    assert book.add_judged(result, [each.submission], "d1", {"curves": [line]})


@pytest.fixture
def full(book: Gradebook, queue: JudgingQueue) -> Mapping[str, HandIn]:  # noqa: F811
    """Put something of a student into every table: bytes of hers alone, and some that s002 handed in, too."""
    people = People(book.database)
    people.enrol([Student("s001", "Malika", "malika@example.org"), *map(Student, STUDENTS[1:])])
    people.enter(people.new_link(1, None))
    Tokens(book.database).make(1, "her dog's computer", timedelta(days=1))
    own, shared, others = add(
        book, offer(content=OWN, filename="malikas.py"), offer(content=b"y", minute=1), offer("s002", b"y")
    )
    judge(book, own, OWN.decode())
    judge(book, shared, "y")
    book.add_gradings({2: [others.submission]})
    (waits,) = add(book, offer(content=OWN + b"0", minute=2))
    HandIns(book.database).remember_hints(own.submission, 1)
    queue.lease("a", VERSIONS)
    book.add_submissions([(Recorded(0, "s001", "4.1", AT, "f" * 64), Path("Malikas-folder/4.1.py"))])
    book.add_override("s001", "4.1", Override(1.0, "her dog ate it", "Nodira", AT))
    book.add_waiver("s001", "4.1", Waiver(True, "her dog", "Nodira", AT))
    book.add_withdrawal("s001", "4.1", Withdrawal("f" * 64, True, "of her dog", "Nodira", AT))
    book.forget(["s001"], False, "her dog", "Nodira", AT)
    people.note(None, "override", {"student": "s001", "exercise": "4.1", "reason": "her dog"})
    return {"own": own, "shared": shared, "others": others, "waits": waits}


def everything(book: Gradebook) -> str:
    return "".join(str(book.database.rows(sa.select(table))) for table in tables.sorted_tables)


def test_nothing_of_the_person_is_left_and_that_it_was_done_is_known(
    book: Gradebook, full: Mapping[str, HandIn]
) -> None:
    before = everything(book)
    hashes = [full["own"].sha256, full["own"].name, "f" * 64]
    assert [word for word in (*WORDS, *hashes) if word not in before] == []
    name = erase_person(book.database, "s001", DONE)
    after = everything(book)
    assert [word for word in (*WORDS, *hashes) if word in after] == []
    assert compact(book.database)
    audit = [(did, about) for _, _, did, about in People(book.database).audit(1)]
    assert audit == [("erase", {"student": name, "reason": "asked for it", "by": "Nodira"})]


def test_marks_stay_and_lead_to_nobody(book: Gradebook, full: Mapping[str, HandIn]) -> None:
    name = erase_person(book.database, "s001", DONE)
    standing = [(each.student, each.score) for each in book.standing() if each.exercise == "4.5"]
    assert sorted(standing, key=str) == sorted([(name, 3.0), (name, 3.0), (name, None), ("s002", 3.0)], key=str)
    assert book.overrides()[name, "4.5"].score == 3.0
    (row, *_) = [each for each in book.standing() if each.student == name and each.score]
    (check,) = book.reports([row.result])[row.result].checks
    assert (check.name, check.score, check.findings) == ("loop", 3.0, ())


def test_what_others_handed_in_too_stays_theirs(book: Gradebook, full: Mapping[str, HandIn]) -> None:
    erase_person(book.database, "s001", DONE)
    others = HandIns(book.database).by_name(full["others"].name)
    assert others is not None and HandIns(book.database).content(others.sha256) == b"y"
    (row,) = book.standing("s002")
    assert book.reports([row.result])[row.result].checks[0].findings and book.evidence_of(row.result)
    assert figures(book.database).taken == 1


def test_who_hands_in_the_same_later_is_judged_anew(
    book: Gradebook,
    full: Mapping[str, HandIn],
    queue: JudgingQueue,  # noqa: F811
) -> None:
    erase_person(book.database, "s001", DONE)
    (later,) = add(book, offer("s003", OWN))
    assert HandIns(book.database).content(later.sha256) == OWN and taken(queue) == [("s003", "00")]
    judge(book, later, OWN.decode())
    (row,) = book.standing("s003")
    assert book.reports([row.result])[row.result].checks[0].findings


def test_what_was_being_judged_leaves_nothing(
    book: Gradebook,
    full: Mapping[str, HandIn],
    queue: JudgingQueue,  # noqa: F811
) -> None:
    erase_person(book.database, "s001", DONE)
    judge(book, full["waits"], OWN.decode())
    assert queue.waiting() == [] and queue.running() == set() and "w_of_malika" not in everything(book)


def test_the_file_holds_no_byte_of_it(tmp_path: Path) -> None:
    book = Gradebook(f"sqlite:///{tmp_path}/gradebook.db")
    People(book.database).enrol([Student("s001", "Malika", "malika@example.org")])
    JudgingQueue(book.database).publish(VERSIONS)
    (own,) = add(book, offer(content=OWN * 1000))
    judge(book, own, OWN.decode())

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert OWN in files() and b"malika@example.org" in files()
    erase_person(book.database, "s001", DONE)
    assert compact(book.database)
    assert OWN not in files() and b"alika" not in files() and b"s001" not in files()
    book.close()


def test_a_database_that_somebody_reads_is_not_compact_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.store.grades.database._WAIT_MS", 10)
    book, reader = (Gradebook(f"sqlite:///{tmp_path}/gradebook.db") for _ in range(2))
    with reader.database.reading() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(sa.select(sa.func.count()).select_from(tables.tables["people"]))
        book.add_waiver("s002", "4.1", Waiver(True, "ill", "Nodira", datetime.now(UTC)))
        assert not compact(book.database)
    reader.close()
    assert compact(book.database)
    book.close()


def test_of_a_member_of_staff_what_was_decided_and_written_stays_and_names_nobody(
    book: Gradebook, full: Mapping[str, HandIn]
) -> None:
    people, comments = People(book.database), Comments(book.database)
    akmal, other = people.add("Akmal Vosiqov", Role.ASSISTANT).id, people.add("Nodira", Role.TEACHER).id
    people.enter(people.new_link(akmal, other))
    assert Identities(book.database).bind("https://login.example.org", "akmal-7", akmal)
    comments.on_cause("4.5", "lost", "Slide 12.", akmal)
    book.add_override("s002", "4.1", Override(1.0, "at the board", "Akmal Vosiqov", AT))
    book.add_waiver("s002", "4.1", Waiver(True, "ill", "Nodira", AT))
    people.note(other, "erase", {"student": "erased-0", "reason": "x", "by": "Akmal Vosiqov"})
    assert [word for word in ("Akmal", "akmal-7") if word not in everything(book)] == []
    name = erase_staff(book.database, "Akmal Vosiqov", "left", "Nodira")
    after = everything(book)
    assert "Akmal" not in after and "akmal-7" not in after and "Nodira" in after and "s001" in after
    assert comments.on_causes("4.5")["lost"].text == "Slide 12."
    assert (book.overrides()["s002", "4.1"].by, book.waivers()["s002", "4.1"].by) == (name, "Nodira")
    assert not people.has_entered(Role.ASSISTANT) and set(known_staff(book.database)) == {"Nodira"}
    assert compact(book.database)


def test_an_assistant_on_the_roster_is_erased_with_what_they_decided(book: Gradebook) -> None:
    people = People(book.database)
    people.enrol([Student("s001", "Malika"), Student("s002", "Vali")])
    people.set_role(1, Role.ASSISTANT, 2)
    for student, by in (("s002", "Malika"), ("s003", "Vali")):
        book.add_override(student, "4.1", Override(1.0, "at the board", by, AT))
    name = erase_person(book.database, "s001", Erasure({}, "left", "Nodira"))
    assert [book.overrides()[student, "4.1"].by for student in ("s002", "s003")] == [name, "Vali"]
    # A student's name says nothing: a teacher of the same name keeps their decisions.
    erase_person(book.database, "s002", Erasure({}, "left", "Nodira"))
    assert book.overrides()["s003", "4.1"].by == "Vali"


def test_who_decided_on_a_command_line_is_known_and_erased_by_the_name_that_stands_there(book: Gradebook) -> None:
    people = People(book.database)
    people.enrol([Student("s001", "Malika", "malika@example.org")])
    people.add("Malika", Role.TEACHER)
    for student, by in (("s002", "akmal@example.org"), ("s003", "malika@example.org")):
        book.add_override(student, "4.1", Override(1.0, "at the board", by, AT))
    # Who is on the roster goes by the id.
    assert known_staff(book.database).keys() == {"Malika", "akmal@example.org"}
    name = erase_staff(book.database, "akmal@example.org", "left", "Nodira")
    assert (book.overrides()["s002", "4.1"].by, book.overrides()["s003", "4.1"].by) == (name, "malika@example.org")
    assert erase_person(book.database, "s001", Erasure({}, "left", "Nodira")) == book.overrides()["s003", "4.1"].by

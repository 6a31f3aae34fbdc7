"""Erase what the gradebook holds of a person who asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.decisions.decide import author, require_reason
from grader.actions.teacher.standings import grades, require_known
from grader.core.people.person import Role
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.erased_list import Kept, list_beside, remember, remembered, rename_author
from grader.store.grades.erasure import (
    Erasure,
    author_names,
    compact,
    erase_person,
    erase_staff,
    known_staff,
    known_students,
)
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people.people import People
from grader.store.grades.queries import paths_of
from grader.store.machine.files import unwritable
from grader.store.machine.secret import course_secret
from grader.store.students.submissions import folder_name

# Copies of a gradebook in an older format, and what was left by whoever was killed while they made one.
_OLD_BOOKS = ("gradebook.db.format-*", ".gradebook.db*.new*")


@dataclass(frozen=True)
class Erased:
    """What became of it.

    Attributes:
        name: whose the marks, or the decisions, are now.
        files: what lies outside the gradebook and is about this person, as far as it is known.
        is_compact: whether the database's file holds no bytes of it any more.
        stays: whether `course restore` erases this person again.
        others: by whom else anything was decided, or is to be: one of these names may be the same person's.
    """

    name: str
    files: list[Path]
    is_compact: bool
    stays: bool
    others: list[str]


def erase(
    files: CourseFiles, book: Gradebook, roster: Collection[str], student: str, reason: str, by: str | None
) -> Erased:
    """Erase a student's data; the marks stay as they are, for the class's statistics, and lead to nobody.

    Raises:
        UsageFault: where the gradebook knows nothing of the student, or they are on the roster, from which they would
            come back; or there is no reason, or one that says who it is.
        NotWritten: where it is done, and cannot be written down for `course restore`.
    """
    known = known_students(book.database)
    require_known(student, known, say("the gradebook has nothing of a student {student}", student=student))
    if student in roster:
        raise UsageFault(say("{student} is in roster.csv: take the line out first, or they come back", student=student))
    person = next((each for each in People(book.database).all() if each.student == student), None)
    kept = Kept(student, require_reason(reason), author(by))
    names = author_names(student, *((person.name, person.email) if person else ()))
    _require_nameless(kept.reason, names)
    decided_by = names - {person.name} if person is not None and person.role is Role.STUDENT else names
    places = _places(files, book, student)
    return _remembered(files, book, kept, _erase(files, book, kept), places, decided_by)


def erase_member(files: CourseFiles, book: Gradebook, name: str, reason: str, by: str | None) -> Erased:
    """Erase the data of a teacher or an assistant who is not on the roster; what they decided and wrote stays.

    Args:
        name: as people are called, or as it stands by a decision.

    Raises:
        UsageFault: where nobody is called so, or there is no reason, or one that says who it is.
        NotWritten: as `erase`.
    """
    known = known_staff(book.database)
    if name not in known:
        listed = ", ".join(sorted(known)) or "–"
        raise UsageFault(say("there is no teacher or assistant {name} beside the roster; there are: {listed}",
                             name=name, listed=listed))  # fmt: skip
    kept = Kept(name, require_reason(reason), author(by), is_staff=True)
    theirs = [each.email for each in People(book.database).all() if each.student is None and each.name == name]
    names = author_names(name, *theirs)
    _require_nameless(kept.reason, names)
    if kept.by in names:
        raise UsageFault(say("who decides is kept, too: let somebody else do it, or name them with --by"))
    places = sorted(_old_books(files))
    return _remembered(files, book, kept, _erase(files, book, kept), places, names)


def _require_nameless(reason: str, who: Collection[str]) -> None:
    if any(word.casefold() in reason.casefold() for word in who if word):
        raise UsageFault(say("the reason is kept: leave out of it who it is about"))


def _remembered(
    files: CourseFiles, book: Gradebook, kept: Kept, name: str, places: list[Path], decided_by: Collection[str]
) -> Erased:
    # What is in a server's database is remembered where a file would lie.
    secret, file = course_secret(files.course.id), book.database.file or files.root / "gradebook.db"
    failed: OSError | None = None
    try:
        if secret:
            remember(file, secret, kept)
        rename_author(file, decided_by, name)
    except OSError as error:
        failed = error
    # Nothing of it stays in the database's own files, whatever cannot be written beside it.
    is_compact = compact(book.database)
    if failed is not None:
        raise unwritable(list_beside(file), failed)
    others = sorted(known_staff(book.database)) if kept.is_staff else []
    return Erased(name, places, is_compact, bool(secret), others)


def erase_again(files: CourseFiles, book: Gradebook, at: Path, secret: bytes) -> None:
    """Erase from a gradebook that comes back whoever was erased from the one that lay there.

    Args:
        secret: the course's; empty where it is not known.

    Raises:
        CouldNotJudge: where it cannot be known who that is.
    """
    if list_beside(at).exists() and not secret:
        raise CouldNotJudge(
            say("only the course's secret tells who was erased from {file}: set COURSE_SECRET, then restore", file=at)
        )
    try:
        again = remembered(at, secret, known_students(book.database), known_staff(book.database))
    except (OSError, ValueError, KeyError, TypeError):
        words = say("the list of those who were erased, {file}, cannot be read", file=list_beside(at))
        raise CouldNotJudge(words) from None
    for kept in again:
        _erase(files, book, kept)
    if again:
        compact(book.database)


def _erase(files: CourseFiles, book: Gradebook, kept: Kept) -> str:
    if kept.is_staff:
        return erase_staff(book.database, kept.who, kept.reason, kept.by)
    given = grades(files, files.exercises(), book, book.standing())
    marks = {
        exercise: grade.points
        for (whose, exercise), grade in given.items()
        if whose == kept.who and grade.points is not None
    }
    return erase_person(book.database, kept.who, Erasure(marks, kept.reason, kept.by))


def _old_books(files: CourseFiles) -> Iterator[Path]:
    return (path for names in _OLD_BOOKS for path in files.root.glob(names))


def _places(files: CourseFiles, book: Gradebook, student: str) -> list[Path]:
    """Return what is still there of the files that were recorded, the folder of what was collected, and old copies."""
    recorded = {Path(path) for (whose, _, _), path in paths_of(book.database).items() if whose == student}
    # What was handed in at the server has a name, and lies nowhere.
    found = {files.root / path for path in recorded if len(path.parts) > 1}
    found |= {files.root / "submissions" / folder_name(student), *_old_books(files)}
    return sorted(path for path in found if path.exists())

"""What a teacher decides about a student: let a penalty for lateness go, or take them out of the gradebook's sight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from grader.actions.teacher.standings import grades, require_known
from grader.core.course.policies.policy import Grade, Waiver, grade_of
from grader.core.people.person import Role
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people.people import People
from grader.store.students.identity import student_name


def waive(
    files: CourseFiles,
    book: Gradebook,
    roster: Collection[str],
    student: str,
    exercise_id: str,
    waives: bool,
    reason: str,
    by: str | None,
) -> Grade:
    """Record that lateness costs nothing at an exercise, or does again; return the grade that follows.

    Raises:
        UsageFault: where nobody knows the student, or there is no reason or no author.
    """
    exercise = files.exercise(files.require(exercise_id))
    nobody = say("there is no student {student}, neither in roster.csv nor in the gradebook", student=student)
    require_known(student, {*roster, *(each.student for each in book.standing())}, nobody)
    waiver = Waiver(waives, require_reason(reason), author(by), datetime.now(UTC))
    book.add_waiver(student, exercise.id, waiver)
    found = grades(files, [exercise], book, book.standing()).get((student, exercise.id))
    return found or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy)


def forget(
    book: Gradebook,
    roster: Collection[str],
    students: Sequence[str],
    strangers: bool,
    left: bool,
    reason: str,
    by: str | None,
) -> list[str]:
    """Hide students, or show them again; nothing is erased. Return who they are.

    Args:
        strangers: everybody in the gradebook who is not in the roster, too.
        left: False to show them again.

    Raises:
        UsageFault: where the gradebook knows nothing of one of them, or there is no roster to tell strangers by.
    """
    if strangers and not roster:
        raise UsageFault(say("without roster.csv nobody is known, so --not-in-roster would forget everybody"))
    everybody = People(book.database).all()
    # Staff who once were on the roster are no strangers.
    staff = {each.student for each in everybody if each.role is not Role.STUDENT}
    people = {each.student for each in everybody if each.student is not None and not each.erased}
    recorded = {each.student for each in book.standing()} | {student for student, _ in book.overrides()}
    known = (recorded | people) - book.forgotten() if left else book.forgotten()
    for student in students:
        require_known(student, known, say("the gradebook has nothing of a student {student}", student=student))
    wanted = sorted({*students, *(known - set(roster) - staff if strangers else ())})
    book.forget(wanted, left, require_reason(reason), author(by), datetime.now(UTC))
    return wanted


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it.

    Raises:
        UsageFault: where there is none.
    """
    if not reason.strip():
        raise UsageFault(say("give a reason: later it explains the grade"))
    return reason.strip()


def author(by: str | None) -> str:
    """Return who decides.

    Raises:
        UsageFault: where nobody says so.
    """
    name = (by or student_name() or "").strip()
    if not name:
        raise UsageFault(say("your name is missing: add --by NAME, set COURSE_STUDENT, or set git config user.email"))
    return name

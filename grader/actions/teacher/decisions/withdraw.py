"""Take back what was recorded as somebody's work and is not: the row stays, with the reason, and counts no longer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from grader.actions.teacher.decisions.decide import author, require_reason
from grader.actions.teacher.standings import grades, require_known
from grader.core.course.policies.policy import Grade, Withdrawal, grade_of
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Recorded
from grader.store.machine.files import unwritable
from grader.store.students.submissions import count_again, records_of, set_aside

_SHOWN_DIGITS = 12


def withdraw(
    files: CourseFiles,
    book: Gradebook,
    roster: Collection[str],
    student: str,
    exercise_id: str,
    digest: str | None,
    withdrawn: bool,
    reason: str,
    by: str | None,
) -> tuple[Withdrawal, Grade]:
    """Record that bytes are not a student's work, or are after all; return this and the grade that follows.

    What lies in the course's `submissions/` is set aside too, so that collecting again does not tell of it.

    Args:
        digest: the beginning of the SHA-256 of what was handed in; None where there is one thing only.

    Raises:
        UsageFault: where nobody knows the student, nothing or several things are meant, or there is no reason.
        NotWritten: where a record cannot be set aside; the gradebook knows it then.
    """
    exercise = files.exercise(files.require(exercise_id))
    every = book.standing(withdrawn_too=True)
    nobody = say("there is no student {student}, neither in roster.csv nor in the gradebook", student=student)
    require_known(student, {*roster, *(each.student for each in every)}, nobody)
    gone = book.withdrawn()
    own = [each for each in every if (each.student, each.exercise) == (student, exercise.id)]
    left = [each for each in own if ((*_place(each),) in gone) is not withdrawn]
    sha256 = _meant(exercise.id, student, left, digest, withdrawn)
    given = Withdrawal(sha256, withdrawn, require_reason(reason), author(by), datetime.now(UTC))
    book.add_withdrawal(student, exercise.id, given)
    try:
        if withdrawn:
            for record in records_of(files.root, student, exercise.id, sha256):
                set_aside(record, given.reason, given.by)
        else:
            count_again(files.root, student, exercise.id, sha256)
    except OSError as error:
        raise unwritable(files.root / "submissions", error) from None
    found = grades(files, [exercise], book, book.standing()).get((student, exercise.id))
    return given, found or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy)


def _place(each: Recorded) -> tuple[str, str, str]:
    return each.student, each.exercise, each.sha256


def _meant(exercise: str, student: str, own: list[Recorded], digest: str | None, withdrawn: bool) -> str:
    digests = list(dict.fromkeys(each.sha256 for each in own))
    found = [each for each in digests if digest is None or each.startswith(digest.lower().rstrip("…"))]
    if len(found) == 1:
        return found[0]
    if not own:
        raise UsageFault(
            say("there is nothing of {student} at {id} to take back", student=student, id=exercise)
            if withdrawn
            else say("nothing of {student} at {id} was taken back", student=student, id=exercise)
        )
    listed = ", ".join(each[:_SHOWN_DIGITS] for each in digests)
    raise UsageFault(
        say(
            "say which submission of {student} at {id} is meant, by the beginning of its SHA-256: {listed}",
            student=student,
            id=exercise,
            listed=listed,
        )
    )

"""Take back what was recorded as somebody's work and is not: the row stays, with the reason, and counts no longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from grader.actions.teacher.decisions.decide import author, require_reason
from grader.actions.teacher.standings import grades, require_known
from grader.core.course.policies.policy import Grade, Withdrawal, grade_of
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook
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
    gone = {sha256 for who, what, sha256 in book.withdrawn() if (who, what) == (student, exercise.id)}
    # The gradebook does not know yet what was collected and not graded since.
    times = {sha256: at for _, sha256, at in records_of(files.root, student, exercise.id, aside_too=not withdrawn)}
    times |= {each.sha256: each.submitted for each in every if (each.student, each.exercise) == (student, exercise.id)}
    left = {sha256: at for sha256, at in times.items() if (sha256 in gone) is not withdrawn}
    sha256 = _meant(files, exercise.id, student, left, digest, withdrawn)
    given = Withdrawal(sha256, withdrawn, require_reason(reason), author(by), datetime.now(UTC))
    book.add_withdrawal(student, exercise.id, given)
    try:
        if withdrawn:
            for record, content, _ in records_of(files.root, student, exercise.id):
                if content == sha256:
                    set_aside(record, given.reason, given.by)
        else:
            count_again(files.root, student, exercise.id, sha256)
    except OSError as error:
        raise unwritable(files.root / "submissions", error) from None
    found = grades(files, [exercise], book, book.standing()).get((student, exercise.id))
    return given, found or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy)


def _meant(
    files: CourseFiles,
    exercise: str,
    student: str,
    times: Mapping[str, datetime],
    digest: str | None,
    withdrawn: bool,
) -> str:
    """Return the SHA-256 that is meant, of those of which the times are given."""
    found = [each for each in times if digest is None or each.startswith(digest.lower().rstrip("…"))]
    if len(found) == 1:
        return found[0]
    if not times:
        raise UsageFault(
            say("there is nothing of {student} at {id} to take back", student=student, id=exercise)
            if withdrawn
            else say("nothing of {student} at {id} was taken back", student=student, id=exercise)
        )
    zone = files.course.policy.zone or UTC
    in_order = sorted(times.items(), key=lambda each: each[1])
    listed = ", ".join(f"{each[:_SHOWN_DIGITS]} ({at.astimezone(zone):%Y-%m-%d %H:%M})" for each, at in in_order)
    raise UsageFault(
        say(
            "say which submission of {student} at {id} is meant, by the beginning of its SHA-256: {listed}",
            student=student,
            id=exercise,
            listed=listed,
        )
    )

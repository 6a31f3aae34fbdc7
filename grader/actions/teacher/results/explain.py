"""Why somebody has this mark, from what the gradebook holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from grader.actions.student.starters import Starters
from grader.actions.teacher.grading_runs.basis import Basis
from grader.actions.teacher.grading_runs.versions import Versions
from grader.actions.teacher.standings import attempts_at, grades, policy_of, require_known
from grader.actions.teacher.together import put_together, reports_behind
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, Override, Policy, Withdrawal, grade_of, grades_of_attempts
from grader.core.report.report import Report
from grader.core.words.message import Message, say
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Grading, Recorded


@dataclass(frozen=True)
class ExplainedAttempt:
    """One submission, and what it was given.

    Attributes:
        grade: what it comes to by itself, lateness taken off.
        gradings: every result that it was given; the last one that could be judged is its result.
        stale: what has changed since it was judged; None where that cannot be known on this machine.
    """

    submission: Recorded
    grade: Grade
    counts: bool
    gradings: tuple[Grading, ...]
    stale: tuple[Message, ...] | None


@dataclass(frozen=True)
class Explanation:
    """All that a mark follows from.

    Attributes:
        attempts: the oldest first.
        report: on the attempt that counts.
        overrides: the oldest first; the last one holds.
        withdrawals: what a teacher said is not this student's work, or is after all; the oldest first.
    """

    exercise: Exercise
    grade: Grade
    policy: Policy
    attempts: tuple[ExplainedAttempt, ...]
    report: Report | None
    overrides: tuple[Override, ...]
    withdrawals: tuple[Withdrawal, ...] = ()


def explain(
    files: CourseFiles,
    book: Gradebook,
    roster: Collection[str],
    student: str,
    exercise_id: str,
    secret: bytes | None,
) -> Explanation:
    """Return what a student's mark at an exercise follows from.

    Args:
        secret: the course's, where this machine has it.

    Raises:
        UsageFault: where nobody knows the student, or the course has no such exercise.
        CourseInvalid: where the exercise cannot be read.
    """
    exercise = files.exercise(files.require(exercise_id))
    recorded, overrides = book.standing(), book.overrides()
    nobody = say("there is no student {student}, neither in roster.csv nor in the gradebook", student=student)
    require_known(student, {*roster, *(each.student for each in recorded), *(name for name, _ in overrides)}, nobody)
    theirs = [each for each in recorded if each.student == student]
    own = [each for each in theirs if each.exercise == exercise.id]
    together = put_together([exercise], {(student, exercise.id): own}, book).get((student, exercise.id))
    own = list(together.rows) if together else own
    policy = policy_of(files, book)
    missing = grade_of(student, exercise.id, exercise.max_score, (), policy)
    grade = grades(files, [exercise], book, theirs).get((student, exercise.id), missing)
    basis = Versions(files).of(exercise.id, secret)
    given = attempts_at(exercise, own, Starters())
    each_alone = grades_of_attempts(
        student,
        exercise.id,
        exercise.max_score,
        given,
        policy,
        book.waivers().get((student, exercise.id)),
        exercise.work.listed,
        grade.slack,
    )
    by_attempt = {(each.attempt.submitted, each.attempt.content): each for each in each_alone if each.attempt}
    attempts = tuple(_attempt(book, basis, by_attempt[each.submitted, each.sha256], grade, each) for each in own)
    report = reports_behind([exercise], [grade], book, theirs).get((student, exercise.id))
    return Explanation(
        exercise,
        grade,
        policy,
        attempts,
        report,
        tuple(book.overrides_of(student, exercise.id)),
        tuple(book.withdrawals_of(student, exercise.id)),
    )


def _attempt(book: Gradebook, basis: Basis | None, alone: Grade, grade: Grade, own: Recorded) -> ExplainedAttempt:
    gradings = tuple(book.gradings_of(own.id))
    given = next((each for each in reversed(gradings) if each.result == own.result), None)
    stale = basis.changed_since(given.rests_on) if basis and given else None
    return ExplainedAttempt(own, alone, grade.attempt == alone.attempt, gradings, stale)

"""Give the next hint for a student's last recorded submission. Nothing is judged, and no record is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.actions.student.submission import Request, submitter
from grader.core.course.exercise import Exercise
from grader.core.course.variants import of_student
from grader.core.findings.recorded import NotAReport
from grader.core.hints.kind import Rung
from grader.core.hints.ladder import before_any_attempt, ladder
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.core.words.message import Message, Text, Translate, clean, say
from grader.store.course.course_files import CourseFiles
from grader.store.machine.files import unwritable
from grader.store.students.hint_state import hints_given, read_checks, remember_hints
from grader.store.students.submissions import newest_submission

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Hint:
    """One hint and its place: `step` of `steps`, 0 of 0 where there is nothing to hint.

    Attributes:
        note: what is said below the last hint.
    """

    exercise: str
    rung: Rung
    step: int = 0
    steps: int = 0
    note: Message | None = None

    def as_json(self, translate: Translate, language: str) -> dict[str, Any]:
        """Return the hint as a JSON object, its text in `language`."""
        return {
            "format_version": FORMAT_VERSION,
            "exercise": self.exercise,
            "step": self.step,
            "steps": self.steps,
            "check": self.rung.check,
            "hint": self.rung.text.said(translate, language),
            "misconception": self.rung.misconception and clean(self.rung.misconception),
        }


def hint(files: CourseFiles, exercise_id: str, student: str | None = None) -> Hint:
    """Return the next hint, and remember that it was given.

    Raises:
        UsageFault: where the course has no such exercise, nobody says who asks, or a file of the student's is broken.
        CourseInvalid: where the exercise is not right.
    """
    exercise = files.exercise(files.require(exercise_id))
    student = submitter(Request(exercise_id, student=student))
    exercise = of_student(exercise, student)
    submitted = newest_submission(files.root, student, exercise.id)
    if submitted is None:
        return Hint(exercise.id, before_any_attempt(exercise), 1, 1)
    report = _report(files, exercise, submitted.parent)
    if report is None:
        words = say("The last submission was not fully judged. Hand it in again: course submit {id}", id=exercise.id)
        return Hint(exercise.id, Rung(words))
    if all(check.verdict is Verdict.PASS for check in report):
        return Hint(exercise.id, Rung(say("Everything is right: you need no hint.")))
    rungs = ladder(exercise, report, _authors(files, exercise))
    if not rungs:
        words = say(
            "The exercise has changed since you submitted. Hand it in again: course submit {id}", id=exercise.id
        )
        return Hint(exercise.id, Rung(words))
    return _next(files, exercise, submitted.parent, rungs)


def _report(files: CourseFiles, exercise: Exercise, record: Path) -> tuple[CheckResult, ...] | None:
    try:
        return read_checks(record)
    except NotAReport:
        raise UsageFault(
            say(
                "{file} has been changed, so no hint can be made from it. Hand it in again: course submit {id}",
                file=files.shown(record / "report.json"),
                id=exercise.id,
            )
        ) from None


def _authors(files: CourseFiles, exercise: Exercise) -> dict[str, Text]:
    """Return the hints of the wrong programs by name; none where they cannot be read: a report has them too."""
    if not exercise.work.observed:
        return {}
    try:
        return {wrong.name: wrong.hint for wrong in files.wrong_programs(exercise.id)}
    except (CourseInvalid, OSError):
        return {}


def _next(files: CourseFiles, exercise: Exercise, record: Path, rungs: tuple[Rung, ...]) -> Hint:
    given = hints_given(record.parent, record.name)
    step = min(given + 1, len(rungs))
    if step > given:
        _remember(files, record, step)
    return Hint(exercise.id, rungs[step - 1], step, len(rungs), _note(exercise, given, len(rungs)))


def _note(exercise: Exercise, given: int, steps: int) -> Message | None:
    if given >= steps:
        return say(
            "You have seen this one: there are no more hints for this submission. course "
            "feedback {id} shows it as a page; or ask your teacher.",
            id=exercise.id,
        )
    if given + 1 == steps:
        return say(
            "This is the last hint for this submission; course feedback {id} shows it as a page.", id=exercise.id
        )
    return None


def _remember(files: CourseFiles, record: Path, step: int) -> None:
    try:
        remember_hints(record.parent, record.name, step)
    except OSError as error:
        raise unwritable(files.shown(record.parent), error) from None

"""Grade several exercises at once and record them: what a student has so far, as CI and Gradescope hand it in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grader.actions.student.judgement import Judgement
from grader.actions.student.starters import Starters
from grader.actions.student.submission import Request, found_file, handed_in, only_file, submitter
from grader.actions.student.submit import judged, submit
from grader.core.course.exercise import Exercise
from grader.core.course.variants import of_student
from grader.core.findings.telling import rows_of, told
from grader.core.judge.judge import void
from grader.core.report.finding import finding
from grader.core.report.flat_rows import Row
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import Message, Translate, say
from grader.grading.judge.judge import MakeBox
from grader.store.course.course_files import CourseFiles
from grader.store.machine.secret import course_secret
from grader.store.students.submissions import earlier_submissions, newest_submission


@dataclass(frozen=True)
class Outcome:
    """What became of one exercise.

    Attributes:
        report: None where nothing was handed in.
        judgement: None also where it could not be read, or could not be judged.
    """

    exercise: Exercise
    report: Report | None = None
    judgement: Judgement | None = None


def why_practice(files: CourseFiles, seed: str | None) -> Message | None:
    """Return why what is judged here is practice, which gives no grades; None where it is none.

    Args:
        seed: in place of the course's own; None where none was asked for.
    """
    if files.is_release:
        return say("this is a students' copy of the course")
    if seed is not None:
        return say("--seed chooses the hidden numbers")
    if course_secret(files.course.id) is None:
        return say("this machine does not have the course's secret")
    return None


def submit_each(files: CourseFiles, ids: Iterable[str], request: Request, make_box: MakeBox) -> Iterator[Outcome]:
    """Yield what became of each exercise. One that cannot be judged does not cost the others their marks.

    Raises:
        UsageFault: where nobody says who submits, or the file that was named cannot serve.
        CourseInvalid: as the judging does.
    """
    ids, student = list(ids), submitter(request)
    practice = why_practice(files, request.seed) is not None
    for id in ids:
        exercise = files.exercise(id)
        try:
            own = _own(files, exercise, request, alone=len(ids) == 1)
            typed = None
            if own is None or _is_untouched(exercise, student, own):
                typed = _answered_before(files, exercise, request, make_box)
            if own is None or typed is not None:
                yield typed or Outcome(exercise)
                continue
            judgement = submit(files, own, make_box)
            yield Outcome(exercise, judgement.report, judgement)
        except UsageFault as error:
            if request.file or request.answers:
                raise
            yield Outcome(exercise, Report(id, student, "not_run", practice, _for_all(exercise, error.messages[0])))
        except CouldNotJudge as error:
            checks = tuple(void(name, points, error.message) for name, points in exercise.points.items())
            yield Outcome(exercise, Report(id, student, "not_run", practice, checks))


def _is_untouched(exercise: Exercise, student: str, own: Request) -> bool:
    """Whether what lies there is the file that `course start` wrote for answers."""
    if exercise.work.by_program or own.folder is None or own.name is None:
        return False
    try:
        content = (own.folder / own.name).read_bytes()
    except OSError:
        return False
    return Starters().has(exercise, student, hashlib.sha256(content).hexdigest())


def _answered_before(files: CourseFiles, exercise: Exercise, request: Request, make_box: MakeBox) -> Outcome | None:
    """Return what the last answers come to that were typed for an exercise and recorded; None where there are none."""
    student = submitter(request)
    newest = None
    if request.folder is None and not exercise.work.by_program:
        newest = newest_submission(files.root, student, exercise.id)
    if newest is None:
        return None
    own = of_student(exercise, student)
    submission = handed_in(files, own, replace(request, exercise_id=exercise.id, file=newest))
    earlier = earlier_submissions(files.root, student, exercise.id, newest.parent)
    judgement = judged(files, own, submission, student, request.seed, make_box, earlier)
    return Outcome(own, judgement.report, judgement)


def _own(files: CourseFiles, exercise: Exercise, request: Request, alone: bool) -> Request | None:
    """Return the request for one exercise; None where nothing is handed in for it."""
    if request.file or request.answers:
        return replace(request, exercise_id=exercise.id)
    path = found_file(files, exercise, request.folder)
    if path is None and alone and request.folder is not None:
        path = only_file(exercise, request.folder)
    return replace(request, exercise_id=exercise.id, folder=path.parent, name=path.name) if path else None


def rows(outcomes: Iterable[Outcome], translate: Translate, language: str) -> Iterator[Row]:
    """Yield a row for each check, in the order of the exercises."""
    for outcome in outcomes:
        id = outcome.exercise.id
        if outcome.report is None:
            missing = finding("not-handed-in", id=id)
            words = told(missing).said(translate, language)
            yield from (
                Row(id, name, "missing", 0.0, most, words, (missing,)) for name, most in outcome.exercise.points.items()
            )
            continue
        yield from rows_of(outcome.report, translate, language)


def _for_all(exercise: Exercise, fault: Message) -> tuple[CheckResult, ...]:
    told = (finding("as-written", text=fault),)
    return tuple(
        CheckResult(name, RunStatus.NOT_RUN, Verdict.ERROR, points, told) for name, points in exercise.points.items()
    )

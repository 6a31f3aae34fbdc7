"""Grade one submission and record it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from grader.actions.student.attempts import attempts_before, grade_here
from grader.actions.student.judgement import Judgement, shown_of
from grader.actions.student.submission import Request, Submission, handed_in, submitter
from grader.core.course.exercise import Exercise
from grader.core.course.variants import of_student
from grader.core.findings.report_json import as_kept
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import Message, say
from grader.grading.judge.answer_key import AnswerKey, Known, answer_key, practice_key
from grader.grading.judge.judge import MakeBox, after, judge_submission, known_closely, read_handed_in
from grader.grading.judge.kinds.kind import HandedIn
from grader.grading.judge.reference import torch_version
from grader.grading.judge.steps import Decided
from grader.store.course.course_files import CourseFiles
from grader.store.machine.catalogues import translations
from grader.store.machine.files import is_full
from grader.store.machine.secret import course_secret
from grader.store.students.submissions import Record, earlier_submissions, record_submission


def submit(
    files: CourseFiles, request: Request, make_box: MakeBox, told: Callable[[Decided], None] = lambda _: None
) -> Judgement:
    """Read, record, judge: the report now lies beside the recorded submission. On a full disk it is only returned.

    Args:
        told: is told the points of a program as soon as they are known, before what is wrong is looked for.

    Raises:
        UsageFault: where there is nothing to grade, or not for this exercise.
        CourseInvalid, CouldNotJudge: as the judging does.
    """
    exercise = files.exercise(files.require(request.exercise_id))
    student = submitter(request)
    exercise = of_student(exercise, student)
    submission = handed_in(files, exercise, request)
    before = attempts_before(files, exercise, student, submission.content)
    record = _record(files, student, exercise, submission)
    earlier = earlier_submissions(
        files.root, student, exercise.id, record.folder if isinstance(record, Record) else None
    )
    judgement = judged(files, exercise, submission, student, request.seed, make_box, earlier, told)
    not_kept = _kept(files, record, judgement.whole) if isinstance(record, Record) else record
    grade = grade_here(files, exercise, student, submission.content, judgement.report.score, before)
    return replace(judgement, not_kept=not_kept, grade=grade)


def judged(
    files: CourseFiles,
    exercise: Exercise,
    submission: Submission,
    student: str,
    seed: str | None,
    make_box: MakeBox,
    earlier: Iterable[bytes] = (),
    told: Callable[[Decided], None] = lambda _: None,
) -> Judgement:
    """Judge one submission and record nothing.

    Args:
        seed: in place of the course's own.
        earlier: what the student handed in before, the oldest first, for exercises that count attempts.

    Raises:
        CourseInvalid, CouldNotJudge: as the judging does.
    """
    secret = course_secret(files.course.id)
    key = _key(files, files.exercise(exercise.id), secret, seed).for_student(student)
    if key.released and seed is not None:
        raise UsageFault(say("this is a students' copy: it has answers for its own numbers only, so leave --seed out"))
    return judged_by(known_closely(key), submission, student, make_box, earlier, told)


def judged_by(
    known: Known,
    submission: Submission,
    student: str,
    make_box: MakeBox,
    earlier: Iterable[bytes] = (),
    told: Callable[[Decided], None] = lambda _: None,
) -> Judgement:
    """Judge one submission by what is known of its exercise for this student; as `judged` says."""
    key = known.key
    exercise = key.exercise
    found = judge_submission(known, after(exercise.work, _read(exercise, submission), earlier), make_box, told)
    report = Report(exercise.id, student, found.isolation, key.shows_what_decides, found.checks, found.notices)
    return shown_of(Judgement(exercise, submission, report, found.drawing, _note(key)))


def _key(files: CourseFiles, exercise: Exercise, secret: bytes | None, seed: str | None) -> AnswerKey:
    if seed is not None:
        return practice_key(files, exercise, seed.encode())
    return practice_key(files, exercise) if secret is None else answer_key(files, exercise, secret)


def _note(key: AnswerKey) -> Message | None:
    """Say that a program was held to what another torch computes: nearly always the same, to its last digits."""
    if key.released is None or not key.exercise.work.observed or key.released.torch == torch_version():
        return None
    return say(
        "these files were released with torch {theirs}, but this is torch {ours}: in rare "
        "cases a right program may fail by its last digit. Then: python -m pip install torch=={theirs} --index-url "
        "https://download.pytorch.org/whl/cpu",
        theirs=key.released.torch.partition("+")[0],
        ours=torch_version().partition("+")[0],
    )


def _record(files: CourseFiles, student: str, exercise: Exercise, submission: Submission) -> Record | Message:
    """Record what is handed in; return what is said where a full disk does not take it."""
    try:
        return record_submission(files.root, student, exercise.id, submission.suffix, submission.content)
    except OSError as error:
        words = say(
            "the submission cannot be recorded under {folder}: {words}",
            folder=files.root / "submissions",
            words=error.strerror or "",
        )
        if is_full(error):
            return words
        raise CouldNotJudge(words) from None


def _kept(files: CourseFiles, record: Record, report: Report) -> Message | None:
    """Put the report beside the submission; return why that is not possible: it has been judged all the same."""
    try:
        record.add_report(as_kept(report, translations()))
    except OSError as error:
        return say(
            "{file} cannot be written: {words}. The report is complete; free some space and submit again to get hints "
            "for it",
            file=files.shown(record.folder / "report.json"),
            words=error.strerror or "",
        )
    return None


def _read(exercise: Exercise, submission: Submission) -> HandedIn:
    """Return what is handed in, as it was read before or is read now."""
    known = submission.program if exercise.work.by_program else submission.answers
    return known or read_handed_in(exercise.work, submission.content, submission.shown)

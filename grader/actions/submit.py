"""Grade one submission and record it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.actions.judge import AnswerKey, Judged, MakeBox, answer_key, judge_program, judge_stated, unreadable
from grader.core.errors import CouldNotJudge, UsageFault
from grader.core.exercise import Exercise, Stated
from grader.core.message import Message, Translate, say
from grader.core.number import NotANumber, parse_number
from grader.core.report import Report
from grader.core.source import read_source
from grader.store.answers import Answers, read_answers
from grader.store.course_files import CourseFiles
from grader.store.identity import PUBLIC_SEED, course_secret, student_name
from grader.store.submissions import Record, record_submission

_SUFFIXES = (".py", ".yaml")
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Request:
    """What `course submit` was asked for.

    Attributes:
        file: the submission; None for `work/<id>.py` or `.yaml`, or where answers are given.
        answers: `name=number`, or a bare number where one value is asked.
        seed: in place of the course's own.
    """

    exercise_id: str
    file: Path | None = None
    answers: tuple[str, ...] = ()
    student: str | None = None
    seed: str | None = None


@dataclass(frozen=True)
class Submission:
    """The bytes submitted, and how messages call them."""

    content: bytes
    suffix: str
    shown: str
    answers: Mapping[str, float] | None = None


def submit(
    files: CourseFiles, request: Request, make_box: MakeBox, translate: Translate, language: str
) -> tuple[Exercise, Report]:
    """Read, record, judge: return the report, which now lies beside the recorded submission.

    Raises:
        UsageFault: where there is nothing to grade, or not for this exercise.
        CourseInvalid, CouldNotJudge: as the judging does.
    """
    exercise = files.exercise(files.require(request.exercise_id))
    student = _student(request)
    submission = _submission(files, exercise, request)
    record = _record(files, student, exercise, submission)
    secret = course_secret(files.course.id)
    drawn_from = (secret or PUBLIC_SEED) if request.seed is None else request.seed.encode()
    judged = _judge(answer_key(files, exercise, drawn_from), submission, make_box)
    practice = secret is None or request.seed is not None
    report = Report(exercise.id, student, judged.isolation, practice, judged.checks)
    record.add_report(report.as_json(translate, language))
    return exercise, report


def _student(request: Request) -> str:
    student = (request.student or student_name() or "").strip()
    if not student:
        raise UsageFault(say("say who you are: --student NAME, or set COURSE_STUDENT, or git config user.email"))
    return student


def _submission(files: CourseFiles, exercise: Exercise, request: Request) -> Submission:
    if request.answers:
        return _typed_answers(exercise, request)
    path = request.file or _default_file(files, exercise)
    if path.suffix not in _SUFFIXES:
        raise UsageFault(say("{file} is neither a .py nor a .yaml file", file=path))
    if (path.suffix == ".yaml") != isinstance(exercise.work, Stated):
        wanted = ".yaml" if isinstance(exercise.work, Stated) else ".py"
        raise UsageFault(
            say(
                "exercise {id} is answered with a {wanted} file, not with {file}",
                id=exercise.id,
                wanted=wanted,
                file=path,
            )
        )
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    return Submission(content, path.suffix, path.name)


def _default_file(files: CourseFiles, exercise: Exercise) -> Path:
    folder = files.root / "work"
    for suffix in _SUFFIXES:
        path = folder / f"{exercise.id}{suffix}"
        if path.is_file():
            return path
    if isinstance(exercise.work, Stated):
        name = exercise.work.asks[0].name
        raise UsageFault(
            say("nothing to grade: give --answer {name}=NUMBER, or write work/{id}.yaml", name=name, id=exercise.id)
        )
    raise UsageFault(say("nothing to grade: work/{id}.py is not there; begin with: course start {id}", id=exercise.id))


def _typed_answers(exercise: Exercise, request: Request) -> Submission:
    if not isinstance(exercise.work, Stated):
        raise UsageFault(say("exercise {id} is answered with a program; --answer is for stated values", id=exercise.id))
    if request.file is not None:
        raise UsageFault(say("give either a file or --answer, not both"))
    names = [ask.name for ask in exercise.work.asks]
    answers: dict[str, float] = {}
    for typed in request.answers:
        name, equals, number = typed.partition("=")
        name = name.strip()
        if not equals:
            if len(names) > 1:
                raise UsageFault(
                    say(
                        "several values are asked; write --answer NAME=NUMBER, where NAME is one of {names}",
                        names=", ".join(names),
                    )
                )
            name, number = names[0], typed
        if name not in names:
            raise UsageFault(
                say("{found} is not asked here; asked: {names}", found=name or '""', names=", ".join(names))
            )
        if name in answers:
            raise UsageFault(say("{name} is answered twice", name=name))
        answers[name] = _typed_number(number)
    content = "".join(f"{name}: {number!r}\n" for name, number in answers.items()).encode()
    return Submission(content, ".yaml", "--answer", answers)


def _typed_number(number: str) -> float:
    try:
        return parse_number(number)
    except NotANumber:
        raise UsageFault(
            say("{found} is not a number; write it as -8, 0.5 or 1e-2", found=number.strip() or '""')
        ) from None


def _record(files: CourseFiles, student: str, exercise: Exercise, submission: Submission) -> Record:
    try:
        return record_submission(files.root, student, exercise.id, submission.suffix, submission.content)
    except OSError as error:
        raise CouldNotJudge(
            say(
                "the submission cannot be recorded under {folder}: {words}",
                folder=files.root / "submissions",
                words=error.strerror or "",
            )
        ) from None


def _judge(key: AnswerKey, submission: Submission, make_box: MakeBox) -> Judged:
    work = key.exercise.work
    if isinstance(work, Stated):
        names: Sequence[str] = [ask.name for ask in work.asks]
        answers: Answers = submission.answers or read_answers(submission.content, submission.shown, names)
        return judge_stated(key, answers, make_box)
    source = read_source(submission.content, submission.shown)
    if isinstance(source, Message):
        return unreadable(work, source)
    return judge_program(key, source, make_box)

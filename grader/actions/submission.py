"""What is handed in: a file or typed answers, as the command line names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.core.errors import UsageFault
from grader.core.exercise import Exercise, Stated
from grader.core.message import say
from grader.core.number import NotANumber, parse_number
from grader.core.source import Source
from grader.store.course_files import CourseFiles
from grader.store.identity import student_name
from grader.store.notebook_files import MOST_NOTEBOOK_BYTES, NOTEBOOK, PROGRAMS

_SUFFIXES = (*PROGRAMS, ".yaml")
_MOST_BYTES = 4 * 2**20
TYPED = "--answer"


@dataclass(frozen=True)
class Request:
    """What `course submit` or `course feedback` was asked for.

    Attributes:
        file: the submission; None for `work/<id>.py`, `.ipynb` or `.yaml`, or where answers are given.
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
    """The bytes submitted, and how messages call them.

    Attributes:
        answers: in place of bytes, and so `program`: what has been read already.
    """

    content: bytes
    suffix: str
    shown: str
    answers: Mapping[str, float] | None = None
    program: Source | None = None


def submitter(request: Request) -> str:
    """Return who submits.

    Raises:
        UsageFault: where nobody says so.
    """
    student = (request.student or student_name() or "").strip()
    if not student:
        raise UsageFault(say("say who you are: --student NAME, or set COURSE_STUDENT, or git config user.email"))
    return student


def handed_in(files: CourseFiles, exercise: Exercise, request: Request) -> Submission:
    """Return what `request` hands in; `work/<id>.py`, `.ipynb` or `.yaml` where it names nothing.

    Raises:
        UsageFault: where there is nothing to grade, or not for this exercise.
    """
    if request.answers:
        return _typed_answers(exercise, request)
    path = request.file or _default_file(files, exercise)
    if path.suffix not in _SUFFIXES:
        raise UsageFault(say("{file} is none of {suffixes}", file=path, suffixes=", ".join(_SUFFIXES)))
    if (path.suffix == ".yaml") != isinstance(exercise.work, Stated):
        wanted = ".yaml" if isinstance(exercise.work, Stated) else " / ".join(PROGRAMS)
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
            content = file.read(MOST_NOTEBOOK_BYTES if path.suffix == NOTEBOOK else _MOST_BYTES)
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    return Submission(content, path.suffix, path.name)


def _default_file(files: CourseFiles, exercise: Exercise) -> Path:
    suffixes = (".yaml",) if isinstance(exercise.work, Stated) else PROGRAMS
    found = [path for suffix in suffixes if (path := files.root / "work" / f"{exercise.id}{suffix}").is_file()]
    if len(found) > 1:
        first, second = map(files.shown, found)
        raise UsageFault(
            say(
                "there are two to choose from; say which: course submit {id} {first}, or course submit {id} {second}",
                id=exercise.id,
                first=first,
                second=second,
            )
        )
    if found:
        return found[0]
    if isinstance(exercise.work, Stated):
        name = exercise.work.asks[0].name
        raise UsageFault(
            say("nothing to grade: give --answer {name}=NUMBER, or write work/{id}.yaml", name=name, id=exercise.id)
        )
    raise UsageFault(
        say(
            "nothing to grade: neither work/{id}.py nor work/{id}.ipynb is there; begin with: course start {id}",
            id=exercise.id,
        )
    )


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
    return Submission(content, ".yaml", TYPED, answers)


def _typed_number(number: str) -> float:
    try:
        return parse_number(number)
    except NotANumber:
        raise UsageFault(
            say("{found} is not a number; write it as -8, 0.5 or 1e-2", found=number.strip() or '""')
        ) from None

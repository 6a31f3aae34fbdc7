"""What is handed in: a file or typed answers, as the command line names them."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.actions.student.typed import TYPED, as_recorded, typed_answers
from grader.core.course.exercise import Exercise
from grader.core.course.file_names import exercises_named, parted
from grader.core.program.source import Source
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.store.course.course_files import CourseFiles
from grader.store.students.identity import student_name, whose
from grader.store.students.plain_files import read_plain_file
from grader.store.students.programs import MOST_NOTEBOOK_BYTES, NOTEBOOK, PROGRAMS
from grader.store.students.several_files import read_folder

_SUFFIXES = (*PROGRAMS, ".yaml")
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Request:
    """What `course submit` or `course feedback` was asked for.

    Attributes:
        file: the submission; None for `work/<id>.py`, `.ipynb` or `.yaml`, or where answers are given.
        answers: `name=answer`, or a bare answer where one thing is asked.
        seed: in place of the course's own.
        folder: where `<id>.py` or `.yaml` lies; None for `work/`. A student made it: links in it are not followed.
        name: of the file there, where it is another one.
    """

    exercise_id: str
    file: Path | None = None
    answers: tuple[str, ...] = ()
    student: str | None = None
    seed: str | None = None
    folder: Path | None = None
    name: str | None = None


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
    return name_of(request.student)


def name_of(student: str | None) -> str:
    """Return the name of this student, or of who sits here.

    Raises:
        UsageFault: where nobody says so.
    """
    found = (student or student_name() or "").strip()
    if not found:
        raise UsageFault(
            say("your name is missing: add --student NAME, set COURSE_STUDENT, or set git config user.email")
        )
    return found


def handed_in(files: CourseFiles, exercise: Exercise, request: Request) -> Submission:
    """Return what `request` hands in; `work/<id>.py`, `.ipynb` or `.yaml` where it names nothing.

    Raises:
        UsageFault: where there is nothing to grade, or not for this exercise.
    """
    if request.answers:
        return _typed(exercise, request)
    path = request.file or _default_file(files, exercise, request)
    if (exercise.work.submit and path.suffix != ".py") or path.is_dir():
        return _folder(files, exercise, path, own=request.folder is None)
    if not path.suffix and not exercise.work.by_program and not path.exists():
        raise _unanswered(exercise)
    if path.suffix not in _SUFFIXES:
        raise UsageFault(say("{file} does not end in {suffixes}", file=path, suffixes=", ".join(_SUFFIXES)))
    if path.suffix not in _suffixes(exercise):
        wanted = " / ".join(_suffixes(exercise))
        raise UsageFault(
            say(
                "the answer to exercise {id} must be a {wanted} file, not {file}",
                id=exercise.id,
                wanted=wanted,
                file=path,
            )
        )
    try:
        content = _read(path, own=request.folder is None)
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    return Submission(
        as_recorded(exercise, content, path.name, partial(whose, request.student)), path.suffix, path.name
    )


def _folder(files: CourseFiles, exercise: Exercise, folder: Path, own: bool) -> Submission:
    """Return the files of a folder as one submission."""
    names = exercise.work.submit
    if not names:
        raise UsageFault(say("exercise {id} is handed in as one file, not as a folder", id=exercise.id))
    wanted = ", ".join(names)
    shown = files.shown(folder)
    if not own and folder.is_symlink():
        raise UsageFault(say("{file} cannot be read: {words}", file=shown, words="link"))
    missing = [name for name in names if not os.path.lexists(folder / name)]
    if missing:
        raise UsageFault(
            say(
                "{names} is missing in {folder}; exercise {id} is handed in as {wanted}",
                names=", ".join(missing),
                folder=shown,
                id=exercise.id,
                wanted=wanted,
            )
        )
    try:
        found = read_folder(folder, names, partial(read_plain_file, most=_MOST_BYTES))
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=shown, words=error.strerror or "")) from None
    assert found is not None
    return Submission(found[0], ".py", f"{exercise.id}.py")


def found_file(files: CourseFiles, exercise: Exercise, folder: Path | None) -> Path | None:
    """Return the file that answers an exercise in `folder`, or in `work/`; None where there is none.

    Raises:
        UsageFault: where there are two.
    """
    there = folder or files.root / "work"
    several = there / exercise.id
    if exercise.work.submit and several.is_dir() and not os.path.lexists(there / f"{exercise.id}.py"):
        return several
    places = [there]
    # Beside the files that its program reads. In a folder that a student made, a link could lead to another's work.
    if exercise.work.given_files and not (folder is not None and (there / exercise.id).is_symlink()):
        places.append(there / exercise.id)
    names = [f"{exercise.id}{suffix}" for suffix in _suffixes(exercise)]
    found = [path for place in places for name in names if os.path.lexists(path := place / name)]
    if len(found) > 1:
        first, second = map(files.shown, found)
        raise UsageFault(
            say(
                "there are two files; say which one: course submit {id} {first}, or course submit {id} {second}",
                id=exercise.id,
                first=first,
                second=second,
            )
        )
    return found[0] if found else None


def only_file(exercise: Exercise, folder: Path) -> Path | None:
    """Return the one file in `folder` that can answer the exercise, whatever its name; None where there are others."""
    suffixes = _suffixes(exercise)
    found = [path for path in folder.iterdir() if path.suffix in suffixes] if folder.is_dir() else []
    return found[0] if len(found) == 1 else None


def _unanswered(exercise: Exercise) -> UsageFault:
    name = exercise.work.parts[0].name
    return UsageFault(
        say("nothing to grade: give --answer {name}=ANSWER, or write work/{id}.yaml", name=name, id=exercise.id)
    )


def _suffixes(exercise: Exercise) -> tuple[str, ...]:
    return PROGRAMS if exercise.work.by_program else (".yaml",)


def _read(path: Path, own: bool) -> bytes:
    """Return what a file holds, as much of it as can be judged; only in a folder of one's own links are followed."""
    most = MOST_NOTEBOOK_BYTES if path.suffix == NOTEBOOK else _MOST_BYTES
    if not own:
        return read_plain_file(path, most)[0]
    with path.open("rb") as file:
        return file.read(most)


def _default_file(files: CourseFiles, exercise: Exercise, request: Request) -> Path:
    folder = request.folder
    if folder is not None and request.name is not None:
        return folder / request.name
    path = found_file(files, exercise, folder)
    if path is not None:
        return path
    like = _like(exercise, folder or files.root / "work")
    if like is not None:
        raise UsageFault(_named_otherwise(files, exercise, like))
    if folder is not None:
        raise UsageFault(say("nothing to grade: {id} has no file in {folder}", id=exercise.id, folder=folder))
    if exercise.work.submit:
        names = ", ".join(exercise.work.submit)
        message = say(
            "nothing to grade: {names} go into work/{id}/; begin with: course start {id}", names=names, id=exercise.id
        )
        raise UsageFault(message)
    if not exercise.work.by_program:
        raise _unanswered(exercise)
    raise UsageFault(
        say(
            "nothing to grade: neither {file}.py nor {file}.ipynb is there; begin with: course start {id}",
            file=f"work/{exercise.id}/{exercise.id}" if exercise.work.given_files else f"work/{exercise.id}",
            id=exercise.id,
        )
    )


def _like(exercise: Exercise, folder: Path) -> Path | None:
    """Return a file whose name speaks of the exercise, as browsers and file managers call a second copy."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    ends = ((path, parted(path.name)) for path in found if exercises_named((path.name,), {exercise.id}))
    return next((path for path, end in ends if end and end[1] in _suffixes(exercise)), None)


def _named_otherwise(files: CourseFiles, exercise: Exercise, like: Path) -> Message:
    shown = files.shown(like)
    if like.suffix in _suffixes(exercise):
        return say(
            "nothing to grade under the name {id}, but {file} is there: course submit {id} {quoted}",
            id=exercise.id,
            file=shown,
            quoted=_quoted(shown),
        )
    end = (parted(like.name) or ("", ""))[1]
    right = files.shown(like.with_name(f"{exercise.id}{end}"))
    return say(
        "nothing to grade under the name {id}; rename {file} to {right}", id=exercise.id, file=shown, right=right
    )


def _quoted(path: str) -> str:
    """Return a path as a shell takes it."""
    if sys.platform != "win32":
        return shlex.quote(path)
    # cmd knows no other quotes, and PowerShell parts a name at parentheses.
    return path if re.fullmatch(r"[\w./:\\-]+", path) else f'"{path}"'


def _typed(exercise: Exercise, request: Request) -> Submission:
    if exercise.work.by_program or request.file is None:
        content, answers = typed_answers(exercise, request.answers, partial(whose, request.student))
        return Submission(content, ".yaml", TYPED, answers)
    raise UsageFault(say("give either a file or --answer, not both"))

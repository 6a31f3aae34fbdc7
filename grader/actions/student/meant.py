"""What somebody means who types an exercise in another way than `4.5`: a file, a decimal comma, an answer behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from grader.core.course.file_names import exercises_named, parted
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.course.course_files import CourseFiles

_ALL = "all"


def meant(
    files: CourseFiles, typed: str, file: Path | None, answers: tuple[str, ...]
) -> tuple[str, Path | None, tuple[str, ...]]:
    """Return the exercise, or what names several; the file; and the answers that a command line means.

    A file in place of an exercise is the one that its name says: `work/4.5.py`. In place of a file, `8` or `name=8` is
    an answer.
    """
    ids = files.exercise_ids()
    if file is not None and _is_answer(str(file)) and not file.exists():
        file, answers = None, (*answers, str(file))
    if typed in ids:
        return typed, file, answers
    # A student on Windows may type this course's paths with backslashes.
    parts = PureWindowsPath(typed).parts
    if file is None and parts and parted(parts[-1]) is not None:
        named = exercises_named(parts, ids)
        if len(named) == 1:
            return named[0], Path(typed), answers
    return files.spelled(typed), file, answers


def exercises_meant(files: CourseFiles, typed: str) -> Sequence[str]:
    """Return the exercises that one argument names: one, those of a lecture, a list with commas, or all.

    Raises:
        UsageFault: where there are none.
    """
    spelled = meant(files, typed, None, ())[0]
    return several(files, spelled) or [files.require(spelled)]


def several(files: CourseFiles, asked: str) -> list[str] | None:
    """Return the exercises that `all`, a lecture's id or a list with commas names; None where it names one.

    Raises:
        UsageFault: where one of a list is not there.
    """
    ids = files.exercise_ids()
    if asked == _ALL:
        return ids
    if "," in asked:
        return list(dict.fromkeys(files.require(id.strip()) for id in asked.split(",")))
    return [id for id in ids if id.partition(".")[0] == asked] or None


def _is_answer(text: str) -> bool:
    """Whether this can be an answer: a number, or a name with what it is."""
    if "=" in text and parted(text) is None:
        return True
    try:
        parse_number(text)
    except NotANumber:
        return False
    return True

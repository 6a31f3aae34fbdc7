"""Begin an exercise that is valid as written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.actions.author.new_course import proper_title
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import EXERCISE_ID, CourseFiles
from grader.store.course.templates import exercise_files, schema_files
from grader.store.machine.new_files import write_new
from grader.store.yaml.writer import quoted


@dataclass(frozen=True)
class NewExercise:
    """What was written.

    Attributes:
        lecture_line: what course.yaml needs under `lectures`; None where the lecture is listed.
    """

    id: str
    files: tuple[str, ...]
    lecture_line: str | None


def new_exercise(files: CourseFiles, exercise_id: str, kind: str, title: str | None) -> NewExercise:
    """Write the files of an exercise, `stated`, `code`, `tests` or `question`, and the schemas where they are missing.

    Raises:
        UsageFault: where it is there already (nothing is written then), or the id or the title is none.
    """
    if not re.fullmatch(EXERCISE_ID, exercise_id):
        raise UsageFault(say("{found} is not an id; write it as {example}", found=exercise_id or '""', example="5.1"))
    if exercise_id in files.exercise_ids():
        raise UsageFault(say("exercise {id} already exists; nothing was written", id=exercise_id))
    languages = files.course.languages
    new = exercise_files(exercise_id, kind, languages, proper_title(title))
    missing = {name: text for name, text in schema_files().items() if not (files.root / name).exists()}
    write_new(files.root, {**new, **missing})
    return NewExercise(exercise_id, tuple(new), _lecture_line(files, exercise_id))


def _lecture_line(files: CourseFiles, exercise_id: str) -> str | None:
    lecture = exercise_id.partition(".")[0]
    if lecture in {listed.id for listed in files.course.lectures}:
        return None
    title = ", ".join(f"{language}: {quoted('…')}" for language in files.course.languages)
    return f'  - {{id: "{lecture}", title: {{{title}}}}}'

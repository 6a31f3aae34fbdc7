"""Copy an exercise's starter into the student's work folder."""

from __future__ import annotations

from pathlib import Path

from grader.actions.student.asked import begun
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.machine.files import unwritable, write_once


def start(files: CourseFiles, exercise_id: str) -> Path:
    """Write `work/<id>.py`, or `work/<id>.yaml` with a line for each ask, and return its path.

    Raises:
        UsageFault: where it is there already: nobody's work is overwritten.
        UsageFault, NotWritten: where it cannot be written.
    """
    exercise = files.exercise(files.require(exercise_id))
    if exercise.work.by_program:
        suffix, content = ".py", exercise.work.starter
    else:
        suffix, content = ".yaml", begun(exercise).encode()
    path = files.root / "work" / f"{exercise.id}{suffix}"
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(files.shown(path.parent), error) from None
    try:
        write_once(path, content)
    except FileExistsError:
        raise UsageFault(say("{file} already exists; to start again, move it away", file=files.shown(path))) from None
    except OSError as error:
        raise unwritable(files.shown(path), error) from None
    return path

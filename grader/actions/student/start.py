"""Copy an exercise's starter into the student's work folder, with the files that its program reads."""

from __future__ import annotations

from pathlib import Path

from grader.actions.student.starters import begun_files
from grader.core.course.exercise import Exercise
from grader.core.course.variants import NOBODY
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.machine.files import unwritable, write_once
from grader.store.students.identity import whose


def start(files: CourseFiles, exercise_id: str, student: str | None = None) -> Path:
    """Write `work/<id>.py`, or `work/<id>.yaml` with a line for each ask, and return its path.

    A program that reads files has a folder with them, `work/<id>/`: two exercises may each have a data.csv.

    Args:
        student: whose numbers the file has where each student has others; None for who sits here.

    Raises:
        UsageFault: where one of them is there already: nobody's work is overwritten, and nothing is written then.
        UsageFault, NotWritten: where it cannot be written.
    """
    exercise = files.exercise(files.require(exercise_id))
    written = _begun(files.root / "work", exercise, whose(student) if exercise.work.own else NOBODY)
    for path in written:
        if (path.exists() and path.read_bytes() != written[path]) or path.is_symlink():
            raise _there(files, path)
    first = next(iter(written))
    for path in reversed(written):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, written[path])
        except FileExistsError:
            # A file of data that is as it was is no work that could be lost.
            if path == first or path.is_dir():
                raise _there(files, path) from None
        except OSError as error:
            raise unwritable(files.shown(path), error) from None
    return first


def _begun(work: Path, exercise: Exercise, student: str) -> dict[Path, bytes]:
    """Return what is to be written, what the student edits first."""
    own = begun_files(exercise, student)
    given = {work / exercise.id / file.name: file.content for file in exercise.work.given_files}
    folder = work / exercise.id if given or exercise.work.submit else work
    return {**{folder / name: content for name, content in own.items()}, **given}


def _there(files: CourseFiles, path: Path) -> UsageFault:
    return UsageFault(say("{file} already exists; to start again, move it away", file=files.shown(path)))

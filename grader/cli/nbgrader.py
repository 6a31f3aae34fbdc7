"""What the commands of course nbgrader do."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.batch import (
    course_secret_or_new,
    gradebook_address,
    make_workers,
    open_gradebook,
    read_class,
    require_isolation,
)
from grader.cli.class_output import print_list, print_run, write_reports
from grader.cli.language import translate
from grader.cli.output import console
from grader.cli.progress import make_progress
from grader.core.errors import CourseInvalid, Fault, Position, UsageFault
from grader.core.exercise import Stated
from grader.core.message import say

if TYPE_CHECKING:
    from grader.actions.grade import GradeRun
    from grader.core.exercise import Exercise
    from grader.integrations.nbgrader.course_folder import NbgraderCourse
    from grader.store.course_files import CourseFiles


def write_assignment(files: CourseFiles, lecture: str, folder: Path, force: bool, language: str) -> Path:
    """Write a lecture's notebook into `folder`, under the folder's name, and return its path.

    Raises:
        UsageFault: where there is no such lecture, or a notebook that is not to be replaced.
        CourseInvalid: where a solution is missing.
    """
    from grader.integrations.nbgrader.assignment import assignment

    ids = [id for id in files.exercise_ids() if id.partition(".")[0] == lecture]
    if not ids:
        raise UsageFault(say("there is no exercise of lecture {id}", id=lecture))
    exercises = [files.exercise(id) for id in ids]
    titles = [each.title for each in files.course.lectures if each.id == lecture]
    solved = [(exercise, _solution(files, exercise)) for exercise in exercises]
    text = assignment((titles or [files.course.title])[0], solved, translate, language)
    path = folder / f"{folder.resolve().name}.ipynb"
    if path.exists() and not force:
        raise UsageFault(say("{file} is there already; --force replaces it", file=path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageFault(say("{file} cannot be written: {words}", file=path, words=error.strerror or "")) from None
    return path


def _solution(files: CourseFiles, exercise: Exercise) -> str:
    solution = files.solution(exercise.id)
    if solution is None and not isinstance(exercise.work, Stated):
        shown = files.shown(files.root / "solutions" / exercise.id / "solution.py")
        message = say("the solution is missing, so there is nothing to hold a submission to")
        raise CourseInvalid([Fault(Position(shown), message)])
    return (solution or b"").decode("utf-8-sig")


def grade_assignment(
    files: CourseFiles,
    assignment: str,
    course_dir: Path,
    students: tuple[str, ...],
    isolation: str | None,
    workers: int | None,
    cluster: str | None,
    json_target: str | None,
    language: str,
) -> GradeRun:
    """Grade what was handed in for an assignment of nbgrader's, and say how it went.

    Raises:
        UsageFault: where nbgrader is not installed, or does not know the assignment.
        CouldNotJudge: where no box or gradebook can be had.
    """
    from grader.actions.grade import GradeRequest
    from grader.integrations.pages.fragment import check_fragment

    course = _nbgrader_course(course_dir)
    from grader.integrations.nbgrader.grading import NotebookGrading, Voice

    _two_gradebooks(files, course)
    roster = {id: each for id, each in read_class(files, course.root).items() if not students or id in students}
    level = require_isolation(isolation)
    secret = course_secret_or_new(files)
    voice = Voice(translate, language, partial(check_fragment, translate=translate, language=language))
    book = open_gradebook(files)
    try:
        with course.gradebook() as theirs:
            grading = NotebookGrading(files, course, theirs, assignment)
            request = GradeRequest(grading.folder, secret, False, level, grading.only, students)
            with make_progress() as progress:
                done = grading.grade(request, book, make_workers(workers, cluster), progress, voice)
        if json_target is not None:
            write_reports(json_target, files, done.run, roster, book, language)
        if json_target != "-":
            print_run(files, done.run, roster, book, language)
            odd = [f"{note.path}: {note.why.said(translate, language)}" for note in done.notes]
            print_list(translate("About the notebooks:"), odd, console().print)
            words = translate("{count} notebooks are in nbgrader's gradebook: {address}")
            console().print(words.format(count=done.notebooks, address=course.shown_database))
    finally:
        book.close()
    return done.run


def _nbgrader_course(folder: Path) -> NbgraderCourse:
    try:
        from grader.integrations.nbgrader.course_folder import NbgraderCourse
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "nbgrader":
            raise
        mend = "pip install 'course-grader[nbgrader]'"
        raise UsageFault(say("this needs nbgrader; install it with: {mend}", mend=mend)) from None
    if not folder.is_dir():
        raise UsageFault(say("there is no folder {folder}", folder=folder))
    return NbgraderCourse(folder)


def _two_gradebooks(files: CourseFiles, course: NbgraderCourse) -> None:
    """Refuse to write two gradebooks into one file: both are called gradebook.db where nothing else is said."""
    from sqlalchemy import make_url

    paths = [make_url(address).database for address in (gradebook_address(files), course.database)]
    if None not in paths and len({Path(path or "").resolve() for path in paths}) == 1:
        raise UsageFault(
            say(
                "{file} would be the course's gradebook and nbgrader's in one. Keep nbgrader's course in a folder of "
                "its own, or name another file: gradebook in course.yaml, or COURSE_GRADEBOOK",
                file=paths[0],
            )
        )

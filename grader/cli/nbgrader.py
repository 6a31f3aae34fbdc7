"""What the commands of course nbgrader do."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
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
from grader.cli.class_output import print_run, write_reports
from grader.cli.language import translate
from grader.cli.output import console, print_list
from grader.cli.progress import make_progress
from grader.cli.regrading import Regrading, accepting
from grader.core.course.exercise import Stated
from grader.core.words.errors import CourseInvalid, Fault, Position, UsageFault
from grader.core.words.message import say

if TYPE_CHECKING:
    from grader.actions.teacher.grade_run import GradeRun, Workers
    from grader.core.course.exercise import Exercise
    from grader.integrations.nbgrader.course_folder import NbgraderCourse
    from grader.integrations.nbgrader.unchanged import Graded, HandedIn, Seal
    from grader.store.course.course_files import CourseFiles


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
    regrading: Regrading,
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
    if not course_dir.is_dir():
        raise UsageFault(say("there is no folder {folder}", folder=course_dir))
    judges = make_workers(workers, cluster)
    grading = _Grading(files, assignment, course_dir, students, regrading, language)
    try:
        run, graded = grading.grade(judges, isolation)
    finally:
        judges.close()
    roster = {id: each for id, each in read_class(files, course_dir).items() if not students or id in students}
    with closing(open_gradebook(files)) as book:
        if json_target is not None:
            write_reports(json_target, files, run, roster, book, language)
        if json_target != "-":
            print_run(files, run, roster, book, language, whole=not students)
            print_list(translate("About the notebooks:"), list(graded.notes), console().print)
            words = translate("{count} notebooks are in nbgrader's gradebook: {address}")
            console().print(words.format(count=graded.notebooks, address=graded.shown))
    return run


class _Grading:
    """The grading of one assignment, with no more than it takes."""

    def __init__(
        self,
        files: CourseFiles,
        assignment: str,
        root: Path,
        students: tuple[str, ...],
        regrading: Regrading,
        language: str,
    ) -> None:
        self._files, self._assignment, self._root = files, assignment, root.resolve()
        self._students, self._regrading, self._language = students, regrading, language

    def grade(self, judges: Workers, isolation: str | None) -> tuple[GradeRun, Graded]:
        """Return what the engine did, and what went into nbgrader's gradebook, now or before."""
        with ThreadPoolExecutor(1) as pool:
            # To try a box is mostly to wait for it.
            trying = pool.submit(require_isolation, isolation)
            with _installed():
                from grader.integrations.nbgrader import unchanged
            seal = unchanged.read_seal(self._root, self._assignment)
            look = unchanged.handed_in(self._folders(seal))
            level = trying.result()
        first = None
        if seal is not None and not self._students and seal.handed_in == look.digest:
            rest = unchanged.rest_of(self._files, self._root, self._assignment, self._language, seal.graded)
            if rest == seal.rest:
                _two_gradebooks(self._files, seal.graded.database)
                first, results = self._judged(seal.graded.only, level, judges)
                if results == seal.results:
                    return first, seal.graded
        elif self._is_new(seal) and look.notebooks:
            # While nbgrader is imported and read, the workers' boxes import torch.
            judges.begin(level, look.notebooks)
        run, graded = self._through_nbgrader(judges, level, look)
        return first or run, graded

    def _folders(self, seal: Seal | None) -> list[Path]:
        from grader.integrations.nbgrader.unchanged import default_place

        place = seal.graded.submitted if seal else default_place(self._root, self._assignment)
        # Which folder is whose is nbgrader's to say.
        return [folder for folder in place.folders() if not self._students or {*self._students} & {*folder.parts}]

    def _is_new(self, seal: Seal | None) -> bool:
        """Return whether there will be something to judge."""
        from grader.integrations.nbgrader.unchanged import is_judged

        if not self._students:
            return True
        return not all(is_judged(self._root, self._assignment, student) for student in self._students)

    def _judged(self, only: tuple[str, ...], level: str, judges: Workers) -> tuple[GradeRun, str]:
        """Judge again what lies there from the last run, if there is a reason, and return the digest of the results."""
        from grader.actions.teacher.grade import grade
        from grader.actions.teacher.grade_run import GradeRequest
        from grader.integrations.nbgrader.unchanged import JUDGED, results_of

        folder = self._root / JUDGED / self._assignment
        request = GradeRequest(
            folder, course_secret_or_new(self._files), False, level, only, (), self._regrading.asked, as_found=True
        )
        with closing(open_gradebook(self._files)) as book, make_progress() as progress:
            run = grade(self._files, request, book, judges, progress, accepting(progress, self._regrading))
            return run, results_of(book.recorded(), only)

    def _through_nbgrader(self, judges: Workers, level: str, look: HandedIn) -> tuple[GradeRun, Graded]:
        from grader.actions.teacher.grade_run import GradeRequest
        from grader.integrations.nbgrader.unchanged import Seal, keep_seal, rest_of, results_of
        from grader.integrations.pages.fragment import check_fragment

        course = _nbgrader_course(self._root)
        from grader.integrations.nbgrader.grading import NotebookGrading, Voice

        _two_gradebooks(self._files, course.database.database)
        secret = course_secret_or_new(self._files)
        show_check = partial(check_fragment, translate=translate, language=self._language)
        voice = Voice(translate, self._language, show_check)
        with closing(open_gradebook(self._files)) as book:
            with course.gradebook() as theirs, make_progress() as progress:
                grading = NotebookGrading(self._files, course, theirs, self._assignment)
                request = GradeRequest(
                    grading.folder,
                    secret,
                    False,
                    level,
                    grading.only,
                    self._students,
                    self._regrading.asked,
                    as_found=True,
                )
                accept = accepting(progress, self._regrading)
                done = grading.grade(request, book, judges, progress, accept, voice)
            graded = grading.graded(done, voice)
            if not self._students and graded.database:
                rest = rest_of(self._files, self._root, self._assignment, self._language, graded)
                results = results_of(book.recorded(), graded.only)
                keep_seal(self._root, self._assignment, Seal(graded, look.digest, results, rest))
        return done.run, graded


@contextmanager
def _installed() -> Iterator[None]:
    """Say how to get nbgrader where it, or what comes with it, is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("nbgrader", "jupyter_core", "traitlets"):
            raise
        mend = "pip install 'course-grader[nbgrader]'"
        raise UsageFault(say("this needs nbgrader; install it with: {mend}", mend=mend)) from None


def _nbgrader_course(root: Path) -> NbgraderCourse:
    with _installed():
        from grader.integrations.nbgrader.importing import import_nbgrader

        import_nbgrader()
        from grader.integrations.nbgrader.course_folder import NbgraderCourse
    return NbgraderCourse(root)


def _two_gradebooks(files: CourseFiles, theirs: str | None) -> None:
    """Refuse to write two gradebooks into one file: both are called gradebook.db where nothing else is said."""
    from sqlalchemy import make_url

    paths = [make_url(gradebook_address(files)).database, theirs]
    if None not in paths and len({Path(path or "").resolve() for path in paths}) == 1:
        raise UsageFault(
            say(
                "{file} would be the course's gradebook and nbgrader's in one. Keep nbgrader's course in a folder of "
                "its own, or name another file: gradebook in course.yaml, or COURSE_GRADEBOOK",
                file=paths[0],
            )
        )

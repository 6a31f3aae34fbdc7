"""Grades one assignment of nbgrader's with no more than that takes: nothing where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.core.words.errors import UsageFault
from grader.core.words.message import Translate, say
from grader.integrations.nbgrader.importing import import_nbgrader, needs_nbgrader
from grader.integrations.nbgrader.unchanged import (
    JUDGED,
    Graded,
    HandedIn,
    Seal,
    default_place,
    handed_in,
    is_judged,
    keep_seal,
    read_seal,
    rest_of,
    results_of,
)

if TYPE_CHECKING:
    from sqlalchemy import URL

    from grader.actions.teacher.grading_runs.grade_run import GradeRun, Progress, Workers
    from grader.actions.teacher.grading_runs.regrade import Accept
    from grader.integrations.nbgrader.course_folder import NbgraderCourse
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook


@dataclass(frozen=True)
class Means:
    """What a run is given by the command line.

    Attributes:
        level: returns the isolation level once it is known: trying one takes a while.
        address: where the course's own gradebook is.
        regrade: whether stale results are judged again.
        accept: returns what says whether new results of stale work are to count; it may ask on the terminal.
    """

    judges: Workers
    level: Callable[[], str]
    secret: Callable[[], bytes]
    gradebook: Callable[[], Gradebook]
    address: str | URL
    progress: Callable[[], AbstractContextManager[Progress]]
    translate: Translate
    language: str
    regrade: bool
    accept: Callable[[Any], Accept]


class AssignmentRun:
    """The grading of one assignment.

    Attributes:
        root: nbgrader's folder.
        students: those that are graded; empty for everybody.
    """

    def __init__(
        self, files: CourseFiles, assignment: str, root: Path, students: tuple[str, ...], means: Means
    ) -> None:
        self._files, self._assignment, self._root = files, assignment, root.resolve()
        self._students, self._means = students, means

    def grade(self) -> tuple[GradeRun, Graded]:
        """Return what the engine did, and what went into nbgrader's gradebook, now or before.

        Raises:
            UsageFault: where nbgrader is not installed, or does not know the assignment.
            CouldNotJudge: where no box or gradebook can be had.
        """
        seal = read_seal(self._root, self._assignment)
        look = handed_in(self._folders(seal))
        level = self._means.level()
        first = None
        if seal is not None and not self._students and seal.handed_in == look.digest:
            rest = rest_of(self._files, self._root, self._assignment, self._means.language, seal.graded)
            if rest == seal.rest:
                _two_gradebooks(self._means.address, seal.graded.database)
                first, results = self._judged(seal.graded.only, level)
                if results == seal.results:
                    return first, seal.graded
        elif self._is_new() and look.notebooks:
            # While nbgrader is imported and read, the workers' boxes import torch.
            self._means.judges.begin(level, look.notebooks, torch=True)
        run, graded = self._through_nbgrader(level, look)
        return first or run, graded

    def _folders(self, seal: Seal | None) -> list[Path]:
        place = seal.graded.submitted if seal else default_place(self._root, self._assignment)
        # Which folder is whose is nbgrader's to say.
        return [folder for folder in place.folders() if not self._students or {*self._students} & {*folder.parts}]

    def _is_new(self) -> bool:
        """Return whether there will be something to judge."""
        if not self._students:
            return True
        return not all(is_judged(self._root, self._assignment, student) for student in self._students)

    def _judged(self, only: tuple[str, ...], level: str) -> tuple[GradeRun, str]:
        """Judge again what lies there from the last run, if there is a reason, and return the digest of the results."""
        from grader.actions.teacher.grading_runs.grade import grade
        from grader.actions.teacher.grading_runs.grade_run import GradeRequest
        from grader.actions.teacher.results.comments_of import said_to_students

        folder = self._root / JUDGED / self._assignment
        request = GradeRequest(folder, self._means.secret(), False, level, only, (), self._means.regrade, as_found=True)
        with closing(self._means.gradebook()) as book, self._means.progress() as progress:
            accept = self._means.accept(progress)
            run = grade(self._files, request, book, self._means.judges, progress, accept)
            return run, results_of(book.standing(), only, said_to_students(self._files, book))

    def _through_nbgrader(self, level: str, look: HandedIn) -> tuple[GradeRun, Graded]:
        from grader.actions.teacher.grading_runs.grade_run import GradeRequest
        from grader.integrations.pages.checks import check_fragment

        course = _course(self._root)
        from grader.integrations.nbgrader.grading import NotebookGrading, Voice

        means = self._means
        _two_gradebooks(means.address, course.database.database)
        secret = means.secret()
        show_check = partial(check_fragment, translate=means.translate, language=means.language)
        voice = Voice(means.translate, means.language, show_check)
        with closing(means.gradebook()) as book:
            with course.gradebook() as theirs, means.progress() as progress:
                grading = NotebookGrading(self._files, course, theirs, self._assignment)
                request = GradeRequest(
                    grading.folder, secret, False, level, grading.only, self._students, means.regrade, as_found=True
                )
                done = grading.grade(request, book, means.judges, progress, means.accept(progress), voice)
            graded = grading.graded(done, voice)
            if not self._students and graded.database:
                rest = rest_of(self._files, self._root, self._assignment, means.language, graded)
                results = results_of(book.standing(), graded.only, done.said)
                keep_seal(self._root, self._assignment, Seal(graded, look.digest, results, rest))
        return done.run, graded


def _course(root: Path) -> NbgraderCourse:
    with needs_nbgrader():
        import_nbgrader()
        from grader.integrations.nbgrader.course_folder import NbgraderCourse
    return NbgraderCourse(root)


def _two_gradebooks(ours: str | URL, theirs: str | None) -> None:
    """Refuse to write two gradebooks into one file: both are called gradebook.db where nothing else is said."""
    from sqlalchemy import make_url

    paths = [make_url(ours).database, theirs]
    if None not in paths and len({Path(path or "").resolve() for path in paths}) == 1:
        raise UsageFault(
            say(
                "{file} would be the course's gradebook and nbgrader's in one. Keep nbgrader's course in a folder of "
                "its own, or name another file: gradebook in course.yaml, or COURSE_GRADEBOOK",
                file=paths[0],
            )
        )

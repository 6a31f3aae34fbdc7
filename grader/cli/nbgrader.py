"""What the commands of course nbgrader do."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
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
from grader.cli.printing.output import console, print_list
from grader.cli.printing.progress import make_progress
from grader.cli.regrading import Regrading, accepting, tell_unrecorded
from grader.core.words.errors import CourseInvalid, Fault, Position, UsageFault
from grader.core.words.message import say
from grader.store.machine.files import unwritable, write_whole

if TYPE_CHECKING:
    from grader.actions.teacher.grading_runs.grade_run import GradeRun
    from grader.core.course.exercise import Exercise
    from grader.store.course.course_files import CourseFiles


def write_assignment(files: CourseFiles, lecture: str, folder: Path, force: bool, language: str) -> Path:
    """Write a lecture's notebook into `folder`, under the folder's name, and return its path.

    Raises:
        UsageFault: where there is no such lecture, or a notebook that is not to be replaced.
        CourseInvalid: where a solution is missing.
    """
    from grader.cli.composition import assignment

    exercises = files.select((), [lecture])
    titles = [each.title for each in files.course.lectures if each.id == lecture]
    own = [exercise.id for exercise in exercises if exercise.work.own]
    if own:
        message = say(
            "in exercise {id} each student has numbers of his own, and a notebook is the same for all", id=own[0]
        )
        raise UsageFault(message)
    several = [exercise.id for exercise in exercises if exercise.work.submit]
    if several:
        message = say("exercise {id} is handed in as several files, and a notebook is one", id=several[0])
        raise UsageFault(message)
    solved = [(exercise, _solution(files, exercise)) for exercise in exercises]
    text = assignment((titles or [files.course.title])[0], solved, translate, language)
    path = folder / f"{folder.resolve().name}.ipynb"
    if path.exists() and not force:
        raise UsageFault(say("{file} already exists; --force replaces it", file=path))
    beside = _files_beside(exercises)
    for there in (folder / name for name in beside if not force):
        if there.exists() and there.read_bytes() != beside[there.relative_to(folder).as_posix()]:
            raise UsageFault(say("{file} already exists; --force replaces it", file=there))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # nbgrader hands on to students whatever lies beside the notebook.
        for name, content in beside.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, content)
        write_whole(path, text.encode())
    except OSError as error:
        raise unwritable(path, error) from None
    return path


def _files_beside(exercises: Sequence[Exercise]) -> dict[str, bytes]:
    """Return the files that the programs of a notebook find beside it.

    Raises:
        UsageFault: where two exercises have different files of one name.
    """
    found: dict[str, tuple[bytes, str]] = {}
    for exercise in exercises:
        for file in exercise.work.given_files:
            content, other = found.setdefault(file.name, (file.content, exercise.id))
            if content != file.content:
                raise UsageFault(
                    say(
                        "{file} is another file in exercise {id} than in exercise {other}, and in one notebook both "
                        "would lie in one place; give one of them another name",
                        file=file.name,
                        id=exercise.id,
                        other=other,
                    )
                )
    return {name: content for name, (content, _) in found.items()}


def _solution(files: CourseFiles, exercise: Exercise) -> str:
    solution = files.solution(exercise.id)
    if solution is None and exercise.work.by_program:
        shown = files.shown(files.root / "solutions" / exercise.id / "solution.py")
        message = say("solution.py is missing; submissions cannot be graded without it")
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
    from grader.grading.places import close_to_submissions

    if not course_dir.is_dir():
        raise UsageFault(say("there is no folder {folder}", folder=course_dir))
    close_to_submissions(files, course_dir)
    with ThreadPoolExecutor(1) as pool, closing(make_workers(workers, cluster)) as judges:
        # To try a box is mostly to wait for it.
        trying = pool.submit(require_isolation, isolation)
        from grader.cli.composition import needs_nbgrader

        with needs_nbgrader():
            from grader.cli.composition import AssignmentRun, Means
        means = Means(
            judges,
            trying.result,
            partial(course_secret_or_new, files),
            partial(open_gradebook, files),
            gradebook_address(files),
            make_progress,
            translate,
            language,
            regrading.asked,
            partial(accepting, regrading=regrading),
        )
        run, graded = AssignmentRun(files, assignment, course_dir, students, means).grade()
    roster = {id: each for id, each in read_class(files, course_dir).items() if not students or id in students}
    with closing(open_gradebook(files)) as book:
        if json_target != "-":
            print_run(files, run, roster, book, language, whole=not students)
            print_list(translate("About the notebooks:"), list(graded.notes), console().print)
            words = translate("{count} notebooks are in nbgrader's gradebook: {address}")
            console().print(words.format(count=graded.notebooks, address=graded.shown))
        tell_unrecorded(run, language)
        if json_target is not None:
            write_reports(json_target, files, run, roster, book, language)
    return run

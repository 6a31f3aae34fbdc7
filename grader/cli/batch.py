"""What commands about a whole class need: its box, its secret, its gradebook, its workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say

if TYPE_CHECKING:
    from sqlalchemy import URL

    from grader.actions.student.judgement import Judgement
    from grader.actions.teacher.results.said import SaidOf
    from grader.cli.composition import ClusterWorkers
    from grader.core.people.student import Student
    from grader.grading.batch.local_workers import LocalWorkers
    from grader.grading.proof.proof import Mutate
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook


def require_isolation(asked: str | None) -> str:
    """Return the level at which others' code is graded.

    Raises:
        CouldNotJudge: where this machine holds none of the levels that lock a submission in, with what mends that.
    """
    if asked is not None:
        return asked
    return _held(("full", "reduced"))


def require_held(asked: str | None) -> str:
    """Return the level at which whoever follows grades; one that was asked for is tried as well.

    A batch says at its end what could not be judged. Nobody reads the end of what runs for months, and every hand-in
    would count its failures meanwhile.

    Raises:
        CouldNotJudge: where this machine does not hold it, with what mends that.
    """
    return asked if asked == "none" else _held((asked,) if asked is not None else ("full", "reduced"))


def _held(levels: Sequence[str]) -> str:
    from grader.sandbox.choose import try_level

    trials = []
    for isolation in levels:
        trial = try_level(isolation)
        if trial.holds:
            return isolation
        trials.append(trial)
    why = "; ".join(f"{trial.isolation}: {trial.why}" for trial in trials)
    mend = next((trial.mend for trial in trials if trial.mend), "course doctor")
    raise CouldNotJudge(
        say(
            "other people's code runs only in a sandbox, and this machine has none ({why}). To fix this: {mend}. "
            "If you trust every submission with your account: --isolation none",
            why=why,
            mend=mend,
        )
    )


def course_secret_or_new(files: CourseFiles) -> bytes:
    """Return the course's secret; the first time on this machine, make one and say where it lies.

    Raises:
        CouldNotJudge: where it cannot be written.
        UsageFault: in a students' copy, where none is made.
    """
    from grader.store.machine.secret import course_secret, make_secret

    secret = course_secret(files.course.id)
    if secret is not None:
        return secret
    if files.is_release:
        raise UsageFault(
            say("this is a students' copy: grading here is practice and gives no grades. Grade in the course itself")
        )
    try:
        path = make_secret(files.course.id)
    except OSError as error:
        raise CouldNotJudge(
            say("the course's secret cannot be written: {words}; or set COURSE_SECRET", words=str(error))
        ) from None
    words = translate(
        "A secret was created for this course: {file}. Hidden numbers are drawn from it; keep a copy, and "
        "grade with the same secret on every machine."
    )
    print(words.format(file=path), file=sys.stderr)
    made = course_secret(files.course.id)
    assert made is not None
    return made


def open_gradebook(files: CourseFiles, recorded: bool = True) -> Gradebook:
    """Return the gradebook that course.yaml or COURSE_GRADEBOOK names, or gradebook.db beside course.yaml.

    Args:
        recorded: False for one in memory, which is forgotten.

    Raises:
        CouldNotJudge: where it cannot be opened.
    """
    from grader.store.grades.gradebook import Gradebook

    return Gradebook(gradebook_address(files) if recorded else "sqlite://")


def comments_on(files: CourseFiles, judgement: Judgement) -> SaidOf:
    """Return what was said of this work at the server, as far as its student sees it now.

    A gradebook that is not there says nothing; one that cannot be opened is told of, and the page is written without.
    """
    from hashlib import sha256

    from grader.actions.teacher.results.said import SaidOf

    if files.is_release:
        return SaidOf()
    try:
        require_gradebook(files)
        with closing(open_gradebook(files)) as book:
            from grader.actions.teacher.results.comments_of import said_to_students

            digest = sha256(judgement.submission.content).hexdigest()
            return said_to_students(files, book)(judgement.report.student, judgement.exercise.id, digest)
    except UsageFault:
        return SaidOf()
    except CouldNotJudge as error:
        print(say("Without teachers' comments: {words}", words=error.message).said(translate), file=sys.stderr)
        return SaidOf()


def require_gradebook(files: CourseFiles) -> None:
    """Refuse to look something up where nobody has graded yet: to open a gradebook would make one.

    Raises:
        UsageFault: with what makes one.
    """
    url = gradebook_address(files)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise UsageFault(say("there is no gradebook {file} yet; create it with: course grade DIR", file=url.database))


def gradebook_address(files: CourseFiles) -> URL:
    """Return where the gradebook is: the same from every folder, where course.yaml names it.

    Raises:
        CouldNotJudge: where what is named is no address.
    """
    from sqlalchemy import URL

    from grader.store.grades.database import address_of

    typed = os.environ.get("COURSE_GRADEBOOK")
    # As a part of its own: in an address, a ? or % in the path would mean something else.
    address = address_of(typed or files.course.gradebook or URL.create("sqlite", database="gradebook.db"))
    if address.get_backend_name() != "sqlite" or not address.database or address.database.startswith((":", "file:")):
        return address
    return address.set(database=str((Path.cwd() if typed else files.root) / address.database))


def gradebook_place(files: CourseFiles) -> Path | URL:
    """Return the file of the gradebook, or the address of the server that has it."""
    url = gradebook_address(files)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else url


def make_workers(count: int | None, cluster: str | None, spared: int = 0) -> LocalWorkers | ClusterWorkers:
    """Return workers on this machine, or those of a Dask cluster.

    Args:
        spared: how many cores are left to others where nobody says a count.

    Raises:
        UsageFault: where both are asked for, or Dask is not installed.
    """
    if cluster is None:
        from grader.grading.batch.local_workers import LocalWorkers

        return LocalWorkers(count or max(len(cores()) - spared, 1))
    if count is not None:
        raise UsageFault(say("-j cannot be combined with --cluster"))
    try:
        from grader.cli.composition import ClusterWorkers
    except ImportError:
        raise UsageFault(say('--cluster needs Dask; install it with: pip install "distributed>=2024.1"')) from None
    return ClusterWorkers(cluster)


def mutation_operators() -> Mutate:
    """Return what makes mutants.

    Raises:
        UsageFault: where libcst is not installed.
    """
    try:
        from grader.cli.composition import changes
    except ImportError:
        raise UsageFault(
            say(
                'mutants are made with libcst; install it with: pip install "libcst>=1.5", or leave them '
                "out with --no-mutation"
            )
        ) from None
    return changes


def read_class(files: CourseFiles, *folders: Path) -> dict[str, Student]:
    """Return the students of the first roster.csv found, by id; nobody where there is none.

    Raises:
        CourseInvalid: where it is not right.
    """
    from grader.store.students.roster import read_roster

    for folder in (*folders, files.root):
        path = folder / "roster.csv"
        if path.is_file():
            return {student.id: student for student in read_roster(path, files.shown(path))}
    return {}


def cores() -> set[int]:
    """Return the cores that this process may use: in a container fewer than the machine has."""
    if sys.platform == "linux":
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))

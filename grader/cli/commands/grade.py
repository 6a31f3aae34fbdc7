"""course grade"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option


@click.command(
    "grade",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Grade a class, whatever is new in it.\n\n"
        "Example: course grade submissions -j 4\n\n"
        "In DIR are STUDENT/ID.py, .ipynb or .yaml, or what course submit recorded. Stop it whenever you like: run it "
        "again and it goes on."
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("-j", "workers", type=click.IntRange(1, 1024), metavar="N", help=_("Workers; otherwise one a core."))
@click.option("--only", multiple=True, metavar="ID", help=_("Only this exercise; may be repeated."))
@click.option("--student", "students", multiple=True, metavar=_("NAME"), help=_("Only this student; may be repeated."))
@click.option("--seed", metavar=_("TEXT"), help=_("Draw other hidden numbers, for a trial; nothing is recorded."))
@click.option(
    "--isolation", type=click.Choice(("full", "reduced", "none")), help=_("Use this box, not the best there is.")
)
@click.option("--regrade", is_flag=True, help=_("Judge again what is stale, and ask before a mark changes."))
@click.option("--yes", is_flag=True, help=_("With --regrade: let the new results count without asking."))
@click.option("--cluster", metavar=_("ADDRESS"), help=_("Grade on a Dask cluster, by its scheduler's address."))
@click.option(
    "--csv", "csv_target", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Write the grades as CSV.")
)
@click.option(
    "--json", "json_target", is_flag=False, flag_value="-", metavar=_("[FILE]"), help=_("Write the reports as JSON.")
)
@language_option
def command(
    folder: Path,
    workers: int | None,
    only: tuple[str, ...],
    students: tuple[str, ...],
    seed: str | None,
    isolation: str | None,
    regrade: bool,
    yes: bool,
    cluster: str | None,
    csv_target: Path | None,
    json_target: str | None,
) -> int:
    from concurrent.futures import ThreadPoolExecutor

    from grader.cli.batch import course_secret_or_new, make_workers, open_gradebook, read_class, require_isolation
    from grader.cli.boundary import ExitCode
    from grader.cli.class_output import print_run, write_grades, write_reports
    from grader.cli.course import open_course
    from grader.cli.progress import make_progress
    from grader.cli.regrading import Regrading, accepting, could_not_judge

    to_stderr = "-" in (json_target, str(csv_target))
    regrading = Regrading(regrade, yes, to_stderr)
    files, language = open_course()
    with ThreadPoolExecutor(1) as pool:
        # To try a box is mostly to wait for it; what else it takes is imported meanwhile.
        trying = pool.submit(require_isolation, isolation)
        from grader.actions.teacher.grade import grade
        from grader.actions.teacher.grade_run import GradeRequest

        roster = {id: student for id, student in read_class(files, folder).items() if not students or id in students}
        level = trying.result()
    secret, practice = (seed.encode(), True) if seed is not None else (course_secret_or_new(files), False)
    judges = make_workers(workers, cluster)
    book = open_gradebook(files, recorded=seed is None)
    request = GradeRequest(folder, secret, practice, level, only, students, regrade)
    try:
        with make_progress() as progress:
            run = grade(files, request, book, judges, progress, accepting(progress, regrading))
        if csv_target is not None:
            write_grades(csv_target, files, run, roster, book)
        if json_target is not None:
            write_reports(json_target, files, run, roster, book, language)
        if not to_stderr:
            print_run(files, run, roster, book, language, whole=not students)
    finally:
        judges.close()
        book.close()
    if could_not_judge(run):
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.COURSE_INVALID if run.faults else ExitCode.FULL_MARKS

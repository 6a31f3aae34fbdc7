"""course grade"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import (
    cluster_option,
    isolation_option,
    json_option,
    language_option,
    only_option,
    open_course,
    path_option,
    students_option,
    workers_option,
)


@click.command(
    "grade",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Grade the new submissions of a class.\n\n"
        "Example: course grade submissions -j 4\n\n"
        "SOURCE holds STUDENT/ID.py, .ipynb or .yaml, or the submissions that course submit recorded; or it is a zip "
        "or a folder that course collect takes: then what is certain is collected and graded. You can stop at any "
        "time: run the same command again to continue."
    ),
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, type=click.Path(path_type=Path))
@workers_option
@only_option
@students_option
@click.option("--seed", metavar=_("TEXT"), help=_("Draw the hidden inputs from this seed; nothing is recorded."))
@isolation_option
@click.option("--regrade", is_flag=True, help=_("Judge stale results again, and ask before a grade changes."))
@click.option("--yes", is_flag=True, help=_("With --regrade: record the new results without asking."))
@click.option("--handed-in", is_flag=True, help=_("Grade what was handed in at course serve, in place of SOURCE."))
@click.option("--follow", is_flag=True, help=_("Judge what is handed in at course serve, until you stop it."))
@click.option("--add-unknown", is_flag=True, help=_("Also grade and record people who are not in the roster."))
@click.option("--exercise", metavar="ID", help=_("What files answer whose names say no exercise."))
@cluster_option
@click.option("--insecure-cluster", is_flag=True, help=_("With --follow: let the cluster do without TLS."))
@path_option("--csv", "csv_target", metavar=_("FILE"), help=_("Write the grades as CSV."))
@json_option(_("Write the reports as JSON (default: standard output)."))
@language_option
def command(
    sources: tuple[Path, ...],
    workers: int | None,
    only: tuple[str, ...],
    students: tuple[str, ...],
    seed: str | None,
    isolation: str | None,
    regrade: bool,
    yes: bool,
    handed_in: bool,
    follow: bool,
    add_unknown: bool,
    exercise: str | None,
    cluster: str | None,
    insecure_cluster: bool,
    csv_target: Path | None,
    json_target: str | None,
) -> int:
    from concurrent.futures import ThreadPoolExecutor

    from grader.cli.batch import course_secret_or_new, make_workers, open_gradebook, read_class, require_isolation
    from grader.cli.boundary import ExitCode
    from grader.cli.class_output import print_run, tell_aside, write_grades, write_reports
    from grader.cli.collecting import Collected
    from grader.cli.printing.progress import make_progress
    from grader.cli.regrading import Regrading, accepting, could_not_judge, tell_unrecorded
    from grader.grading.places import close_to_submissions

    if follow:
        others = (
            handed_in,
            sources,
            only,
            students,
            seed,
            regrade,
            yes,
            add_unknown,
            exercise,
            csv_target,
            json_target,
        )
        return _follow(workers, isolation, cluster, insecure_cluster, alone=not any(others))
    if insecure_cluster:
        raise click.UsageError(_("--insecure-cluster is for --follow"), click.get_current_context())
    if handed_in and (sources or exercise):
        raise click.UsageError(
            _("--handed-in takes the place of SOURCE; leave SOURCE and --exercise out"), click.get_current_context()
        )
    if not sources and not handed_in:
        raise click.MissingParameter(ctx=click.get_current_context(), param_hint="SOURCE...", param_type="argument")
    to_stderr = "-" in (json_target, str(csv_target))
    regrading = Regrading(regrade, yes, to_stderr)
    files, language = open_course()
    close_to_submissions(files, *sources, files.root / "submissions")
    for id in only:
        # Before anything is recorded of a download.
        files.require(id)
    collected = None if handed_in else Collected(files, sources, exercise, language, to_stderr)
    if collected is not None and collected.nothing:
        return ExitCode.NOT_FULL_MARKS
    folder = collected.folder if collected is not None else None
    with ThreadPoolExecutor(1) as pool:
        # To try a box is mostly to wait for it; what else it takes is imported meanwhile.
        trying = pool.submit(require_isolation, isolation)
        from grader.actions.teacher.grading_runs.grade import grade
        from grader.actions.teacher.grading_runs.grade_run import GradeRequest

        everybody = read_class(files, *((folder,) if folder is not None else ()))
        roster = {id: student for id, student in everybody.items() if not students or id in students}
        level = trying.result()
    secret, practice = (seed.encode(), True) if seed is not None else (course_secret_or_new(files), False)
    judges = make_workers(workers, cluster)
    book = open_gradebook(files, recorded=seed is None)
    known = None if add_unknown or not everybody else everybody
    request = GradeRequest(folder, secret, practice, level, only, students, regrade, known=known)
    try:
        with make_progress() as progress:
            run = grade(files, request, book, judges, progress, accepting(progress, regrading))
        if collected is not None:
            collected.forget_strangers(run)
        if not to_stderr:
            print_run(files, run, roster, book, language, whole=not students)
        tell_unrecorded(run, language)
        if csv_target is not None:
            write_grades(csv_target, files, run, roster, book)
        if json_target is not None:
            write_reports(json_target, files, run, roster, book, language)
    finally:
        judges.close()
        book.close()
    if could_not_judge(run):
        return ExitCode.COULD_NOT_JUDGE
    if run.faults:
        return ExitCode.COURSE_INVALID
    if run.aside or (collected is not None and collected.aside):
        tell_aside(run)
        return ExitCode.NOT_FULL_MARKS
    if collected is not None and collected.nobodys:
        return ExitCode.NOT_FULL_MARKS
    return ExitCode.FULL_MARKS


def _follow(workers: int | None, isolation: str | None, cluster: str | None, insecure: bool, alone: bool) -> int:
    from grader.cli.following import follow
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say

    if not alone:
        raise UsageFault(
            say("--follow judges all that is handed in at course serve; it takes -j, --cluster and --isolation only")
        )
    return follow(workers, isolation, cluster, insecure)

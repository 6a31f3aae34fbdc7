"""course nbgrader"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import (
    cluster_option,
    isolation_option,
    json_option,
    language_of_group,
    language_option,
    open_course,
    path_option,
    students_option,
    workers_option,
)

command = click.Group(
    "nbgrader",
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
    help=_("Write assignments for nbgrader, and grade them.\n\nExample: course nbgrader assignment 4"),
    no_args_is_help=True,
)
command.params.append(language_of_group())


_course_dir = path_option(
    "--course-dir",
    metavar=_("DIR"),
    help=_("Folder of nbgrader's course (default: the current folder)."),
    default=Path(),
)


@command.command(
    "assignment",
    options_metavar=_("[OPTIONS]"),
    short_help=_("Write a lecture as an assignment."),
    help=_(
        "Write a lecture as the source notebook of an nbgrader assignment.\n\n"
        "Example: course nbgrader assignment 4 --course-dir nbgrader\n\n"
        "For each exercise the notebook has its text, a cell for the answer, and a graded cell for each check. "
        "Solutions are between marks, and nbgrader generate_assignment removes them; no expected number is outside the "
        "marks."
    ),
)
@click.argument("lecture", metavar="LECTURE")
@_course_dir
@path_option(
    "-o",
    "--output",
    metavar=_("DIR"),
    help=_("Folder of the assignment (default: source/lecture-ID)."),
)
@click.option("--force", is_flag=True, help=_("Replace an existing notebook."))
@language_option
def assignment(lecture: str, course_dir: Path, output: Path | None, force: bool) -> int:
    from grader.cli.nbgrader import write_assignment

    files, language = open_course()
    folder = output or course_dir / "source" / f"lecture-{lecture}"
    path = write_assignment(files, lecture, folder, force, language)
    click.echo(path)
    click.echo(_("Next: nbgrader generate_assignment {name}").format(name=path.parent.resolve().name))
    return 0


@command.command(
    "grade",
    options_metavar=_("[OPTIONS]"),
    short_help=_("Grade the submitted notebooks into nbgrader's gradebook."),
    help=_(
        "Grade an assignment's notebooks and write scores, comments and reports into nbgrader's gradebook.\n\n"
        "Example: course nbgrader grade lecture-4 --course-dir nbgrader\n\n"
        "Use it instead of nbgrader autograde. Scores and comments given by hand stay. Run it again at any time: it "
        "continues where it stopped, and judges only what is new."
    ),
)
@click.argument("assignment", metavar="ASSIGNMENT")
@_course_dir
@workers_option
@students_option
@isolation_option
@click.option("--regrade", is_flag=True, help=_("Judge stale results again, and ask before a grade changes."))
@click.option("--yes", is_flag=True, help=_("With --regrade: record the new results without asking."))
@cluster_option
@json_option(_("Write the reports as JSON (default: standard output)."))
@language_option
def grade(
    assignment: str,
    course_dir: Path,
    workers: int | None,
    students: tuple[str, ...],
    isolation: str | None,
    regrade: bool,
    yes: bool,
    cluster: str | None,
    json_target: str | None,
) -> int:
    from grader.cli.boundary import ExitCode
    from grader.cli.nbgrader import grade_assignment
    from grader.cli.regrading import Regrading, could_not_judge

    regrading = Regrading(regrade, yes, to_stderr=json_target == "-")
    files, language = open_course()
    run = grade_assignment(
        files, assignment, course_dir, students, isolation, regrading, workers, cluster, json_target, language
    )
    if could_not_judge(run):
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.COURSE_INVALID if run.faults else ExitCode.FULL_MARKS

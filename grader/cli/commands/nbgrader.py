"""course nbgrader"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_of_group, language_option

command = click.Group(
    "nbgrader",
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
    help=_("Write assignments for nbgrader, and grade them.\n\nExample: course nbgrader assignment 4"),
    no_args_is_help=True,
)
command.params.append(language_of_group())


_course_dir = click.option(
    "--course-dir",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar=_("DIR"),
    help=_("nbgrader's folder; here."),
)


@command.command(
    "assignment",
    options_metavar=_("[OPTIONS]"),
    short_help=_("Write a lecture as an assignment."),
    help=_(
        "Write a lecture as the source notebook of an nbgrader assignment.\n\n"
        "Example: course nbgrader assignment 4 --course-dir nbgrader\n\n"
        "It has a text, a cell for the answer and a graded cell for each check of every exercise. Solutions stand "
        "between marks that nbgrader generate_assignment takes out; no expected number is outside them."
    ),
)
@click.argument("lecture", metavar="LECTURE")
@_course_dir
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar=_("DIR"),
    help=_("The assignment's folder; source/lecture-ID in nbgrader's."),
)  # fmt: skip
@click.option("--force", is_flag=True, help=_("Replace a notebook that is there."))
@language_option
def assignment(lecture: str, course_dir: Path, output: Path | None, force: bool) -> int:
    from grader.cli.course import open_course
    from grader.cli.nbgrader import write_assignment

    files, language = open_course()
    folder = output or course_dir / "source" / f"lecture-{lecture}"
    path = write_assignment(files, lecture, folder, force, language)
    click.echo(path)
    click.echo(_("Go on with: nbgrader generate_assignment {name}").format(name=path.parent.resolve().name))
    return 0


@command.command(
    "grade",
    options_metavar=_("[OPTIONS]"),
    short_help=_("Grade what is handed in, into nbgrader's gradebook."),
    help=_(
        "Grade an assignment's notebooks and write scores, comments and reports into nbgrader's gradebook.\n\n"
        "Example: course nbgrader grade lecture-4 --course-dir nbgrader\n\n"
        "It takes the place of nbgrader autograde. Marks and comments given by hand stay. Run it again whenever you "
        "like: it goes on where it stopped, and judges only what is new."
    ),
)
@click.argument("assignment", metavar="ASSIGNMENT")
@_course_dir
@click.option("-j", "workers", type=click.IntRange(1, 1024), metavar="N", help=_("Workers; otherwise one a core."))
@click.option("--student", "students", multiple=True, metavar=_("NAME"), help=_("Only this student; may be repeated."))
@click.option(
    "--isolation", type=click.Choice(("full", "reduced", "none")), help=_("Use this box, not the best there is.")
)
@click.option("--regrade", is_flag=True, help=_("Judge again what is stale, and ask before a mark changes."))
@click.option("--yes", is_flag=True, help=_("With --regrade: let the new results count without asking."))
@click.option("--cluster", metavar=_("ADDRESS"), help=_("Grade on a Dask cluster, by its scheduler's address."))
@click.option(
    "--json", "json_target", is_flag=False, flag_value="-", metavar=_("[FILE]"), help=_("Write the reports as JSON.")
)
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
    from grader.cli.course import open_course
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

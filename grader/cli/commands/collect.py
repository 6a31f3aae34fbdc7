"""course collect"""

from __future__ import annotations

from datetime import UTC
from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, open_course


@click.command(
    "collect",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Collect what students handed in to other systems.\n\n"
        "Example: course collect submissions.zip --yes\n\n"
        "SOURCE is a zip or a folder as Moodle, Canvas, Gradescope, Blackboard, Teams, GitHub Classroom or nbgrader "
        "give it, or folders of people. Without --yes nothing is recorded: you see whose each file is. What is not "
        "clear stands in matches.csv; fill it in and collect again. Moodle's grading worksheet, given too, says "
        "when work was handed in: course collect submissions.zip Grades.csv"
    ),
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help=_("Record what is certain."))
@click.option("--exercise", metavar="ID", help=_("What files answer whose names say no exercise."))
@language_option
def command(sources: tuple[Path, ...], yes: bool, exercise: str | None) -> int:
    from grader.actions.teacher.collecting.collect import collect, record
    from grader.cli.batch import read_class
    from grader.cli.boundary import ExitCode
    from grader.cli.collecting import print_collection, print_people
    from grader.cli.language import translate
    from grader.grading.places import close_to_submissions

    files, language = open_course()
    close_to_submissions(files, *sources)
    if exercise is not None:
        exercise = files.require(exercise)
    students = read_class(files)
    found = collect(files, list(students.values()), sources, translate, exercise)
    print_people(found, students)
    if yes:
        record(files, found)
    print_collection(found, files.course.policy.zone or UTC, language, recorded=yes)
    return ExitCode.NOT_FULL_MARKS if found.aside or not found.items else ExitCode.FULL_MARKS

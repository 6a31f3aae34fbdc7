"""course watch"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import (
    isolation_option,
    language_option,
    open_course,
    optional_exercise_argument,
    student_option,
)


@click.command(
    "watch",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Judge your work again each time you save it.\n\n"
        "Example: course watch 4.5\n\n"
        "This is practice: nothing is recorded and no attempt is used. Without ID, everything in work/ is watched; ID "
        "may also be a lecture or a comma-separated list. Ctrl-C ends it."
    ),
)
@optional_exercise_argument
@student_option
@isolation_option
@language_option
def command(exercise_id: str | None, student: str | None, isolation: str | None) -> None:
    from grader.cli.watching import watch_until_interrupted

    files, language = open_course()
    watch_until_interrupted(files, exercise_id, student, isolation, language)

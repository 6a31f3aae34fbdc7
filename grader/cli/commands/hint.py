"""course hint"""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

import click

from grader.cli.options import exercise_argument, json_option, language_option, open_course, student_option

if TYPE_CHECKING:
    from grader.actions.student.hint import Hint


@click.command(
    "hint",
    options_metavar=_("[OPTIONS]"),
    help=_("Give the next hint for your last submission.\n\nExample: course hint 4.5"),
)
@exercise_argument
@student_option
@json_option(_("Write the hint as JSON (default: standard output)."))
@language_option
def command(exercise_id: str, student: str | None, json_target: str | None) -> int:
    from grader.actions.student.hint import hint
    from grader.cli.language import translate
    from grader.cli.printing.output import write_json

    files, language = open_course()
    given = hint(files, exercise_id, student)
    if json_target != "-":
        _print(given, language)
    if json_target is not None:
        write_json(given.as_json(translate, language), json_target)
    return 0


def _print(given: Hint, language: str) -> None:
    from grader.cli.language import translate

    if given.steps > 1:
        click.echo(_("Hint {step} of {steps}").format(step=given.step, steps=given.steps))
    click.echo(given.rung.text.said(translate, language))
    if given.note is not None:
        click.echo(given.note.said(translate, language))

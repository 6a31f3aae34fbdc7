"""course new"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "new",
    options_metavar=_("[OPTIONS]"),
    help=_("Create an exercise from a template.\n\nExample: course new 5.1 --kind code"),
)
@click.argument("exercise_id", metavar="ID")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(("stated", "code", "module", "numpy", "training", "cost", "device", "tests", "question")),
    help=_(
        "Kind of answer: numbers, a program to compare (code, module, numpy, training, cost, device), a program to "
        "test, or words."
    ),
)
@click.option("--title", metavar=_("TEXT"), help=_("Title, in every language until you translate it."))
@language_option
def command(exercise_id: str, kind: str, title: str | None) -> int:
    from grader.actions.author.new_exercise import new_exercise

    files, _language = open_course()
    new = new_exercise(files, exercise_id, kind, title)
    for name in new.files:
        click.echo(_("Wrote {file}").format(file=files.shown(files.root / name)))
    if new.lecture_line is not None:
        lecture = exercise_id.partition(".")[0]
        click.echo(_("course.yaml does not list lecture {lecture} yet; add below lectures:").format(lecture=lecture))
        click.echo(new.lecture_line)
    return 0

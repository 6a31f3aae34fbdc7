"""course who"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, only_options, open_course


@click.command(
    "who",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Show whose latest submission has a mistake.\n\n"
        "Example: course who gradient-not-zeroed\n\n"
        "Without a name: every mistake that somebody makes now, and how many do. It is read from the gradebook."
    ),
)
@click.argument("name", metavar=_("[NAME]"), required=False)
@only_options
@language_option
def command(name: str | None, only: tuple[str, ...], lectures: tuple[str, ...]) -> int:
    from grader.actions.teacher.results.export import select
    from grader.actions.teacher.results.who import causes, who
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.core.words.message import clean

    files, _language = open_course()
    require_gradebook(files)
    book = open_gradebook(files)
    try:
        chosen = select(files, book, read_class(files), only, lectures)
        shown = causes(book, chosen.students, {exercise.id for exercise in chosen.exercises})
    finally:
        book.close()
    if name is None:
        for each, students in shown.items():
            click.echo(clean(f"{len(students):4}  {each}"))
        if not shown:
            click.echo(_("Nobody shows a mistake that has a name."))
        return 0
    for student, exercises in who(shown, name).items():
        click.echo(clean(f"{student}  {chosen.students[student].name}  {', '.join(exercises)}"))
    return 0

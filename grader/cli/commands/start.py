"""course start"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import exercise_argument, language_option, open_course, student_option


@click.command(
    "start",
    options_metavar=_("[OPTIONS]"),
    help=_("Copy the starter of an exercise into work/.\n\nExample: course start 4.5"),
)
@exercise_argument
@student_option
@language_option
def command(exercise_id: str, student: str | None) -> int:
    from functools import partial

    from grader.actions.student.asked import numbers
    from grader.actions.student.meant import exercises_meant
    from grader.actions.student.start import start
    from grader.cli.language import translate
    from grader.core.words.errors import UsageFault
    from grader.store.students.identity import whose

    files, language = open_course()
    ids = exercises_meant(files, exercise_id)
    written = False
    for id in ids:
        try:
            path = start(files, id, student)
        except UsageFault as there:
            # Of a whole lecture, what is begun already is no reason to leave the rest.
            if id == ids[-1] and not written:
                raise
            click.echo(there.messages[0].said(translate, language), err=True)
            continue
        written = True
        click.echo(_("Wrote {file}. When it is ready: course submit {id}").format(file=files.shown(path), id=id))
        own = numbers(files.exercise(id), partial(whose, student))
        if own is not None:
            click.echo(own.said(translate, language))
    return 0

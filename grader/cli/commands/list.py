"""course list"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "list", options_metavar=_("[OPTIONS]"), help=_("List the exercises of the course.\n\nExample: course list")
)
@language_option
def command() -> int:
    from rich.table import Table
    from rich.text import Text

    from grader.cli.printing.due import due_text
    from grader.cli.printing.output import console
    from grader.core.words.numbers import show

    files, language = open_course()
    out = console()
    out.print(Text(files.course.title.said_in(language), style="bold"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    policy = files.course.policy
    dated = [_("due")] if policy.due else []
    for title in (_("id"), _("title"), _("points"), _("checks"), *dated):
        table.add_column(title)
    exercises = files.exercises()
    lectures = {lecture.id: lecture.title.said_in(language) for lecture in files.course.lectures}
    shown = None
    for exercise in exercises:
        lecture = exercise.id.partition(".")[0]
        if lecture != shown:
            shown = lecture
            table.add_row("", Text(f"{lecture}. {lectures.get(lecture, '')}", style="bold"), "", "")
        title = exercise.title.said_in(language)
        due = [due_text(policy, exercise.id) or ""] if dated else []
        table.add_row(exercise.id, Text(title), show(exercise.max_score), ", ".join(exercise.points), *due)
    out.print(table)
    return 0

"""course erase"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "erase",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Erase a student's data from the gradebook, for good.\n\n"
        "Example: course erase s001 --reason 'asked for it in a letter of 3 May'\n\n"
        "Name, e-mail, submissions, feedback, links and reasons are gone. The grades stay for the class's statistics, "
        "under a name that leads to nobody. To hide a student and keep the data: course forget"
    ),
)
@click.argument("student", metavar=_("STUDENT"))
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept, so it names nobody."))
@click.option("--by", metavar=_("NAME"), help=_("Who decides (default: COURSE_STUDENT, or git's user)."))
@language_option
def command(student: str, reason: str, by: str | None) -> int:
    from grader.actions.teacher.decisions.erase import erase
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.cli.language import translate
    from grader.cli.printing.output import console, print_list

    files, _language = open_course()
    require_gradebook(files)
    roster = read_class(files)
    book = open_gradebook(files)
    try:
        erased = erase(files, book, set(roster), student, reason, by)
    finally:
        book.close()
    click.echo(translate("Erased. The grades are now those of {name}.").format(name=erased.name))
    if erased.files:
        print_list(
            translate("Still there; delete by hand:"),
            [files.shown(file) for file in erased.files],
            console().print,
            whole=True,
        )
    click.echo(
        translate(
            "Not touched: backups, exports, pages, links.csv, matches.csv and course.yaml. Delete what is about this "
            "student there."
        )
    )
    if erased.stays:
        click.echo(translate("course restore erases this student again."))
    if not erased.is_compact:
        click.echo(
            translate(
                "Somebody is using the gradebook, so its file still holds traces of it. Stop what uses it, then: "
                "sqlite3 gradebook.db VACUUM"
            ),
            err=True,
        )
    return 0

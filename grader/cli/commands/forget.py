"""course forget"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "forget",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Take students out of the gradebook's sight, with a reason.\n\n"
        "Example: course forget --not-in-roster --reason 'folders of another course'\n\n"
        "They are in no table, export and page any more. Nothing is erased: --undo shows them again. To "
        "erase a student's data: course erase"
    ),
)
@click.argument("students", metavar=_("STUDENT..."), nargs=-1)
@click.option("--not-in-roster", is_flag=True, help=_("Everybody who is not in roster.csv."))
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept."))
@click.option("--by", metavar=_("NAME"), help=_("Who decides (default: COURSE_STUDENT, or git's user)."))
@click.option("--undo", is_flag=True, help=_("Show them again."))
@language_option
def command(students: tuple[str, ...], not_in_roster: bool, reason: str, by: str | None, undo: bool) -> int:
    from grader.actions.teacher.decisions.decide import forget
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.cli.language import translate
    from grader.cli.printing.output import console, print_list
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say

    if not students and not not_in_roster:
        raise UsageFault(say("name students, or give --not-in-roster"))
    files, _language = open_course()
    require_gradebook(files)
    roster = read_class(files)
    book = open_gradebook(files)
    try:
        found = forget(book, set(roster), students, not_in_roster, not undo, reason, by)
    finally:
        book.close()
    title = translate("Shown again:") if undo else translate("Forgotten; to take it back: --undo")
    print_list(title, found, console().print, whole=True)
    if not found:
        click.echo(translate("There is nobody to forget."))
    return 0

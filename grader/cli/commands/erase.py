"""course erase"""

from __future__ import annotations

from contextlib import closing
from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "erase",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Erase somebody's data from the gradebook, for good.\n\n"
        "Example: course erase s001 --reason 'asked for it in a letter of 3 May'\n\n"
        "Name, e-mail, submissions, feedback, links and reasons are gone. The grades stay for the class's statistics, "
        "under a name that leads to nobody. Of a teacher or an assistant, name, e-mail and ways in are gone; what they "
        "decided and wrote stays, under such a name. To hide a student and keep the data: course forget"
    ),
)
@click.argument("who", metavar=_("WHO"))
@click.option(
    "--staff", is_flag=True, help=_("WHO is the name of a teacher or an assistant, or as it stands by a decision.")
)
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept, so it names nobody."))
@click.option("--by", metavar=_("NAME"), help=_("Who decides (default: COURSE_STUDENT, or git's user)."))
@language_option
def command(who: str, staff: bool, reason: str, by: str | None) -> int:
    from grader.actions.teacher.decisions.erase import erase, erase_member
    from grader.cli.batch import open_gradebook, read_class, require_gradebook
    from grader.cli.language import translate
    from grader.cli.printing.output import console, print_list

    files, _language = open_course()
    require_gradebook(files)
    roster = set(read_class(files))
    with closing(open_gradebook(files)) as book:
        erased = erase_member(files, book, who, reason, by) if staff else erase(files, book, roster, who, reason, by)
    done = (
        translate("Erased. What this person decided and wrote is now that of {name}.")
        if staff
        else translate("Erased. The grades are now those of {name}.")
    )
    click.echo(done.format(name=erased.name))
    if erased.others:
        print_list(
            translate("Names that are left; one that is the same person's is erased in the same way:"),
            erased.others,
            console().print,
            whole=True,
        )
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
            "person there."
        )
    )
    if erased.stays:
        click.echo(translate("course restore erases this person again."))
    if not erased.is_compact:
        click.echo(
            translate(
                "Somebody is using the gradebook, so its file still holds traces of it. Stop what uses it, then: "
                "sqlite3 gradebook.db VACUUM"
            ),
            err=True,
        )
    return 0

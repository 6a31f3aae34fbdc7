"""course links"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, open_course, path_option, students_option


@click.command(
    "links",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Make personal links to course serve.\n\nExample: course links --csv links.csv\n\n"
        "Each student gets a link that works once within seven days, and stays logged in for 30. A new link ends the "
        "one before and the session."
    ),
)
@students_option
@click.option("--new", is_flag=True, help=_("Also make new links for those who have one or have logged in."))
@click.option("--unused", is_flag=True, help=_("Also make new links for those who have one and have not logged in."))
@click.option("--teacher", metavar=_("NAME"), help=_("Make a link for this teacher instead."))
@click.option("--public-url", default="http://127.0.0.1:8000", metavar="URL", help=_("The address that browsers use."))
@path_option("--csv", "csv_target", metavar=_("FILE"), help=_("Write the links as CSV."), default=Path("-"))
@language_option
def command(
    students: tuple[str, ...], new: bool, unused: bool, teacher: str | None, public_url: str, csv_target: Path
) -> int:
    from grader.actions.teacher.links import links_for, teachers_link
    from grader.cli.batch import open_gradebook, read_class
    from grader.cli.composition import server_address, write_rows
    from grader.cli.language import translate
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say
    from grader.store.grades.people.people import People
    from grader.store.machine.files import write_text

    if teacher is not None and (students or new or unused):
        raise UsageFault(say("--teacher is about one teacher; leave --student, --new and --unused out"))
    printed = str(csv_target) == "-"
    if teacher is None and not (printed or new or unused) and csv_target.exists():
        # No link can be told a second time: the gradebook knows them by their hashes.
        raise UsageFault(
            say("{file} is there, and links in it may not have been sent; give another file", file=csv_target)
        )
    base = server_address(public_url)
    files, _language = open_course()
    roster = read_class(files)
    book = open_gradebook(files)
    try:
        people = People(book.database)
        if teacher is not None:
            click.echo(f"{base}/link/{teachers_link(people, teacher)}")
            return 0
        people.enrol(roster.values())
        made = links_for(people, students, new, unused)
    finally:
        book.close()
    rows = [("student", "name", "email", "link")]
    rows += [(each.student or "", each.name, each.email, f"{base}/link/{secret}") for each, secret in made]
    if made or printed:
        write_text(csv_target, ("" if printed else "\ufeff") + write_rows(rows), private=True)
    if not roster and not made:
        click.echo(
            translate("No students are known yet: write a line for each into roster.csv beside course.yaml."), err=True
        )
    elif not made:
        words = translate(
            "Everybody has a link or has logged in already. New links for those who have not logged in: --unused; "
            "for all: --new"
        )
        click.echo(words, err=True)
    elif not printed:
        words = translate(
            "Links in {file}: {count}. Send each student their own; the server must be running: course serve"
        )
        click.echo(words.format(file=csv_target, count=len(made)), err=True)
    return 0

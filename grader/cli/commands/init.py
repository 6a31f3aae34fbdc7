"""course init"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option


@click.command(
    "init",
    options_metavar=_("[OPTIONS]"),
    help=_("Create a course that is ready to use.\n\nExample: course init my-course --language uz --language en"),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar=_("CODE"),
    help=_(
        "Language of the texts, the main one first (repeatable). Templates are in uz and en; for other languages they "
        "are in English."
    ),
)
@click.option("--title", metavar=_("TEXT"), help=_("Title, in every language until you translate it."))
@language_option
def command(folder: Path, languages: tuple[str, ...], title: str | None) -> int:
    from grader.actions.author.new_course import new_course
    from grader.cli.language import spoken

    new = new_course(folder, languages or (spoken(),), title)
    click.echo(_("Wrote a course with {count} files into {folder}.").format(count=len(new.files), folder=folder))
    if new.untranslated:
        listed = ", ".join(new.untranslated)
        click.echo(_("The texts in {languages} are still in English: translate them.").format(languages=listed))
    click.echo(_("Next: cd {folder}; course list; course new 1.3 --kind code").format(folder=folder))
    return 0

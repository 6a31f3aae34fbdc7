"""course try"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import isolation_option, json_option, language_option, open_course, seed_option


@click.command(
    "try",
    options_metavar=_("[OPTIONS]"),
    help=_("Show what a program does on an exercise's inputs.\n\nExample: course try work/4.5.py"),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@click.argument("exercise_id", metavar="[ID]", required=False)
@seed_option
@isolation_option
@json_option(_("Write everything observed as JSON (default: standard output)."))
@language_option
def command(
    file: Path, exercise_id: str | None, seed: str | None, isolation: str | None, json_target: str | None
) -> int:
    from grader.actions.author.try_program import try_program
    from grader.cli.printing.output import write_json
    from grader.cli.printing.trying import as_json, as_lines
    from grader.core.words.message import clean
    from grader.sandbox.choose import box_maker

    files, _language = open_course()
    trial = try_program(files, file, exercise_id, seed, box_maker(isolation))
    if json_target != "-":
        click.echo(_("For authors: nothing is judged or recorded."))
        for line in as_lines(trial):
            click.echo(clean(line))
    if json_target is not None:
        write_json(as_json(trial), json_target)
    return 0

"""course schema"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "schema",
    options_metavar=_("[OPTIONS]"),
    help=_("Print the JSON Schema of a course file.\n\nExample: course schema exercise -o exercise.schema.json"),
)
@click.argument(
    "name",
    metavar="[exercise|course|misconceptions|equivalent|answers|report]",
    default="exercise",
    type=click.Choice(("exercise", "course", "misconceptions", "equivalent", "answers", "report")),
)
@click.option("-o", "target", metavar=_("FILE"), help=_("File to write (default: standard output)."))
@language_option
def command(name: str, target: str | None) -> int:
    import json
    from contextlib import suppress
    from pathlib import Path

    from grader.cli.printing.output import write_json
    from grader.core.words.errors import UsageFault
    from grader.store.course.course_files import find_course
    from grader.store.course.schemas import schema_text

    # Inside a course the schema knows its own comparisons and draws too.
    with suppress(UsageFault):
        find_course(Path.cwd())
    write_json(json.loads(schema_text(name)), target or "-")
    return 0

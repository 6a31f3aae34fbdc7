"""course export"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

import click

from grader.cli.app import ListedGroup
from grader.cli.composition import EXPORTS
from grader.cli.declared import declared_command
from grader.cli.language import translate
from grader.cli.options import open_course


def _listed() -> Mapping[str, str]:
    return {word: summary.said(translate) for word, summary in EXPORTS.summaries().items()}


def _load(word: str) -> click.Command:
    export = EXPORTS[word]

    def run(options: object, only: tuple[str, ...], lectures: tuple[str, ...]) -> int:
        from grader.cli.exports import write_export

        files, language = open_course()
        return write_export(export, options, files, only, lectures, language)

    example = _("Example: {line}").format(line=f"course export {word} {export.example}")
    details = [export.details] if export.details else []
    return declared_command(word, [export.summary, example, *details], export.options, run, _selection())


def _selection() -> list[click.Parameter]:
    return [
        click.Option(["--only"], multiple=True, metavar="ID", help=_("Export only this exercise (repeatable).")),
        click.Option(
            ["--lecture", "lectures"], multiple=True, metavar="ID", help=_("Export only this lecture (repeatable).")
        ),
    ]


command = ListedGroup(
    "export",
    _listed,
    _load,
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("FORMAT [ARGS]..."),
    help=_(
        "Export grades, or the course itself, for another system.\n\n"
        "Example: course export moodle --worksheet Grades.csv --lecture 4\n\n"
        "Each format has options of its own: course export FORMAT --help"
    ),
    no_args_is_help=True,
)

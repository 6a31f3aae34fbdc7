"""course import"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.app import ListedGroup
from grader.cli.composition import IMPORTERS
from grader.cli.declared import declared_command
from grader.cli.language import translate
from grader.cli.options import open_course

if TYPE_CHECKING:
    from grader.actions.author.importer import Importer


def _listed() -> Mapping[str, str]:
    return {word: summary.said(translate) for word, summary in IMPORTERS.summaries().items()}


def _load(word: str) -> click.Command:
    importer = IMPORTERS[word]

    def run(options: object, path: Path, exercise_id: str | None) -> int:
        return _import(importer, path, options, exercise_id)

    params = [
        click.Argument(["path"], metavar=importer.source.said(translate), type=click.Path(path_type=Path)),
        click.Option(
            ["--id", "exercise_id"], metavar=_("ID"), help=_("Id of the new exercise (default: the next free one).")
        ),
    ]
    example = _("Example: {line}").format(line=f"course import {word} {importer.example}")
    return declared_command(word, [importer.summary, example], importer.options, run, params)


def _import(importer: Importer, path: Path, options: object, exercise_id: str | None) -> int:
    from grader.actions.author.import_exercise import import_exercise

    files, language = open_course()
    imported = importer.read(path, options)
    exercise, written = import_exercise(files, imported, exercise_id)
    for name in written:
        click.echo(_("Wrote {file}").format(file=files.shown(files.root / name)))
    for note in imported.notes:
        click.echo(_("Note: {words}").format(words=note.said(translate, language)))
    click.echo(_("Now prove it: course check {id}").format(id=exercise.id))
    return 0


command = ListedGroup(
    "import",
    _listed,
    _load,
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("SYSTEM [ARGS]..."),
    help=_("Import an assignment from another system.\n\nExample: course import nbgrader ps1/problem1.ipynb"),
    no_args_is_help=True,
)

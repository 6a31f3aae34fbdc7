"""course import"""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.app import language_option

if TYPE_CHECKING:
    from grader.core.course.imported import Imported

_ID = click.option("--id", "exercise_id", metavar=_("ID"), help=_("The exercise's id; otherwise the next free one."))


@click.group(
    "import",
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("SYSTEM [ARGS]..."),
    help=_(
        "Make an exercise of an assignment from another system.\n\nExample: course import nbgrader ps1/problem1.ipynb"
    ),
)
@language_option
def command() -> None: ...


@command.command(
    "nbgrader",
    options_metavar=_("[OPTIONS]"),
    help=_("From nbgrader: a notebook of the source folder, with answers and tests."),
)
@click.argument("notebook", metavar=_("NOTEBOOK"), type=click.Path(path_type=Path))
@_ID
@language_option
def from_nbgrader(notebook: Path, exercise_id: str | None) -> int:
    from grader.integrations.importers.nbgrader import read_nbgrader

    return _import(lambda: read_nbgrader(notebook), exercise_id)


@command.command(
    "otter",
    options_metavar=_("[OPTIONS]"),
    help=_("From otter: test files, what otter assign wrote, or the notebook that it takes."),
)
@click.argument("path", metavar=_("PATH"), type=click.Path(path_type=Path))
@click.option(
    "--solution",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    help=_("The program or notebook that answers it, where PATH has none."),
)
@click.option(
    "--starter",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    help=_("What students begin with; otherwise the solution without the bodies of its functions."),
)
@_ID
@language_option
def from_otter(path: Path, solution: Path | None, starter: Path | None, exercise_id: str | None) -> int:
    from grader.integrations.importers.otter import read_otter

    return _import(lambda: read_otter(path, solution, starter), exercise_id)


def _import(read: Callable[[], Imported], exercise_id: str | None) -> int:
    from grader.actions.author.import_exercise import import_exercise
    from grader.cli.course import open_course
    from grader.cli.language import translate

    files, language = open_course()
    imported = read()
    exercise, written = import_exercise(files, imported, exercise_id)
    for name in written:
        click.echo(_("Wrote {file}").format(file=files.shown(files.root / name)))
    for note in imported.notes:
        click.echo(_("Note: {words}").format(words=note.said(translate, language)))
    line = _("Now prove it: course check {id}").format(id=exercise.id)
    click.echo(line)
    return 0

"""course doctor"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option


@click.command(
    "doctor",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Check the sandbox and the dependencies.\n\nExample: course doctor submissions\n\n"
        "In a course's folder it also tries whether submissions could read the course, its secret, its gradebook, and "
        "the work of a class in DIR."
    ),
)
@click.argument("folder", metavar=_("[DIR]"), type=click.Path(path_type=Path), required=False)
@language_option
def command(folder: Path | None) -> int:
    import platform
    import sys

    from rich.text import Text

    from grader import __version__
    from grader.cli.boundary import ExitCode
    from grader.cli.printing.output import console
    from grader.cli.printing.packages import packages_told
    from grader.cli.printing.places import close_course, closed_told
    from grader.sandbox.choose import LEVELS, try_level

    out = console()
    out.print(
        Text(f"course-grader {__version__}, Python {platform.python_version()}, torch {_torch()}, {sys.platform}")
    )
    keeps = {
        "full": _("isolated in its own namespaces; for anyone's code"),
        "reduced": _("isolated without namespaces, read-only; for others' code where full is not available"),
        "none": _("a plain process with limits; only for your own code"),
    }
    for line in packages_told():
        out.print(Text(line))
    close_course(folder)
    best = None
    for isolation in LEVELS:
        trial = try_level(isolation)
        best = best or (isolation if trial.holds else None)
        out.print(
            Text(
                f"  {'✓' if trial.holds else '✗'} {isolation:<8} {keeps[isolation]}", "green" if trial.holds else "red"
            )
        )
        if trial.holds and isolation != "none":
            for line in closed_told():
                out.print(Text(f"      {line}"))
        if trial.why:
            out.print(Text(f"      {trial.why}"))
        if trial.mend:
            out.print(Text("      " + _("To fix this: {line}").format(line=trial.mend)))
    if best is None:
        return ExitCode.COULD_NOT_JUDGE
    out.print(Text(_("Submissions run at the level: {level}").format(level=best), style="bold"))
    return ExitCode.FULL_MARKS


def _torch() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("torch")
    except PackageNotFoundError:
        return _("is missing; install it with: pip install torch")

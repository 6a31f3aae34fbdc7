"""course doctor"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "doctor",
    options_metavar=_("[OPTIONS]"),
    help=_("Check the sandbox and the dependencies.\n\nExample: course doctor"),
)
@language_option
def command() -> int:
    import platform
    import sys

    from rich.text import Text

    from grader import __version__
    from grader.cli.boundary import ExitCode
    from grader.cli.printing.output import console
    from grader.cli.printing.packages import packages_told
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
    best = None
    for isolation in LEVELS:
        trial = try_level(isolation)
        best = best or (isolation if trial.holds else None)
        out.print(
            Text(
                f"  {'✓' if trial.holds else '✗'} {isolation:<8} {keeps[isolation]}", "green" if trial.holds else "red"
            )
        )
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

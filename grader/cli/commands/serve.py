"""course serve"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import isolation_option, language_option, open_course, path_option, workers_option


@click.command(
    "serve",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Let a class hand in and look in a browser.\n\nExample: course serve\n\n"
        "Pages are at http://127.0.0.1:8000, and a grading process beside them judges what is handed in. The first "
        "time, a link is printed at the terminal that makes whoever opens it the teacher."
    ),
)
@click.option("--host", default="127.0.0.1", metavar=_("ADDRESS"), help=_("Address to listen at (default: 127.0.0.1)."))
@click.option("--port", default=8000, type=click.IntRange(1, 65535), metavar="N", help=_("Port (default: 8000)."))
@click.option(
    "--public-url",
    metavar="URL",
    help=_("The address that browsers use, if it is another one: https://course.example.org."),
)
@click.option("--no-grading", is_flag=True, help=_("Serve pages only; course grade --follow judges."))
@path_option(
    "--metrics-token",
    metavar=_("FILE"),
    help=_("Let whoever has the token in this file read /metrics."),
)
@path_option(
    "--oidc-secret",
    metavar=_("FILE"),
    help=_("The secret of the course at the provider that course.yaml names under oidc."),
)
@workers_option
@isolation_option
@language_option
def command(
    host: str,
    port: int,
    public_url: str | None,
    no_grading: bool,
    metrics_token: Path | None,
    oidc_secret: Path | None,
    workers: int | None,
    isolation: str | None,
) -> int:
    from grader.cli.serving import serve

    files, _language = open_course()
    grading = (
        None
        if no_grading
        else [*(("-j", str(workers)) if workers else ()), *(("--isolation", isolation) if isolation else ())]
    )
    return serve(files, host, port, public_url, grading, metrics_token, oidc_secret)

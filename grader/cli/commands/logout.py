"""course logout"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "logout",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Forget the token of a course's server.\n\nExample: course logout https://course.example.org\n\n"
        "Without URL, all of them. A copy of a token works until it is revoked on the page Tokens of the server."
    ),
)
@click.argument("url", metavar="[URL]", required=False)
@language_option
def command(url: str | None) -> int:
    from grader.cli.composition import server_address
    from grader.cli.language import translate
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say
    from grader.store.machine.logins import keep_logins, logins

    known = logins()
    if url is not None and (url := server_address(url)) not in known:
        raise UsageFault(say("you have not logged in to {url}", url=url))
    gone = list(known) if url is None else [url]
    if gone:
        keep_logins({each: login for each, login in known.items() if each not in gone})
    else:
        click.echo(translate("You are not logged in to any server."))
    for each in gone:
        words = translate("The token of {url} is forgotten here. To revoke it for good: {url}/tokens")
        click.echo(words.format(url=each))
    return 0

"""course login"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "login",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Log in to a course's server, to hand in there.\n\n"
        "Example: course login https://course.example.org\n\n"
        "The token that it asks for is made on the page Tokens of the server. It is kept in your settings, where only "
        "you can read it. In CI set COURSE_SERVER and COURSE_TOKEN instead."
    ),
)
@click.argument("url", metavar="URL")
@click.option("--insecure", is_flag=True, help=_("Accept a server without TLS in a network that you trust."))
@language_option
def command(url: str, insecure: bool) -> int:
    from grader.cli.composition import CourseServer, server_address
    from grader.cli.language import spoken, translate
    from grader.cli.servers import require_private, typed_token
    from grader.store.machine.logins import Login, keep_logins, logins, logins_file

    url = server_address(url)
    require_private(url, insecure)
    known = logins()
    click.echo(translate("Make a token at {url}/tokens, and enter it here.").format(url=url), err=True)
    token = typed_token(translate("Token (it is not shown): "))
    about = CourseServer(url, token, spoken()).course()
    keep_logins({**known, url: Login(token, about["course"], insecure)})
    from grader.core.words.message import say

    words = say(
        "You are logged in to {url} as {name} ({student}). The token is in {file}, and valid until {date}.",
        url=url,
        name=about["name"],
        student=about["student"],
        file=logins_file(),
        date=about["expires"][:10],
    )
    click.echo(words.said(translate))
    click.echo(translate("Hand in with: course submit ID --server"))
    return 0

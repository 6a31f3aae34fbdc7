"""Which server a command hands in at, and with which token."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from grader.core.words.errors import UsageFault
from grader.core.words.message import say

if TYPE_CHECKING:
    from grader.cli.composition import CourseServer
    from grader.store.course.course_files import CourseFiles

# For CI, where nobody logs in.
SERVER, TOKEN = "COURSE_SERVER", "COURSE_TOKEN"


def server_for(files: CourseFiles, typed: str, language: str) -> CourseServer:
    """Return the server to hand in at: the one typed, else COURSE_SERVER, else the one logged in to for this course.

    Args:
        typed: its address; empty where nobody typed one.

    Raises:
        UsageFault: where there is none, more than one, no token for it, or only a way on which others could read it.
    """
    from grader.cli.composition import CourseServer, server_address
    from grader.store.machine.logins import logins

    token, named = os.environ.get(TOKEN, "").strip(), os.environ.get(SERVER, "").strip()
    if token and not named:
        raise UsageFault(say("COURSE_TOKEN is set, but not COURSE_SERVER: the address of the server that it is for"))
    url = server_address(typed or named) if typed or named else ""
    if token and url == server_address(named):
        require_private(url, accepted=False)
        return CourseServer(url, token, language)
    known = logins()
    if not url:
        url = _only([each for each, login in known.items() if login.course == files.course.id])
    if url not in known:
        raise UsageFault(say("you have not logged in to {url}: course login {url}", url=url))
    require_private(url, known[url].insecure)
    return CourseServer(url, known[url].token, language)


def _only(urls: list[str]) -> str:
    if not urls:
        raise UsageFault(
            say("you have not logged in to a server of this course: course login URL, with the address that your "
                "teacher gave you")
        )  # fmt: skip
    if len(urls) > 1:
        raise UsageFault(say("you have logged in to {urls}; say which one: --server URL", urls=", ".join(urls)))
    return urls[0]


def require_private(url: str, accepted: bool) -> None:
    """Refuse to send a token where others on the way can read it.

    Args:
        accepted: whether the user wants it all the same.

    Raises:
        UsageFault: where it could be read.
    """
    from grader.cli.composition import is_private

    if not is_private(url) and not accepted:
        raise UsageFault(
            say(
                "{url} is not encrypted: whoever is in the same network could read your token and your work. Use the "
                "address that begins with https://. If there is none and you trust the network: course login {url} "
                "--insecure",
                url=url,
            )
        )


def typed_token(prompt: str) -> str:
    """Return a token that is typed and not shown, or the first line of what standard input is."""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(prompt).strip()
    return sys.stdin.readline(1000).strip()

"""A student's tokens: made, shown once, and revoked."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, see
from grader.store.grades.people.tokens import MOST_TOKENS, TooManyTokens

# Until the end of a week, a month, a semester, a year.
_DAYS = (7, 30, 150, 365)
_USUAL = 150
_LONGEST_NAME = 60


def tokens(asked: Asked) -> Response:
    """Show the tokens that can be used, with a form that makes one."""
    return _page(asked, None)


def _page(asked: Asked, made: str | None) -> Response:
    clock = asked.service.on_its_clock
    return asked.page(
        "tokens.html",
        tokens=[
            (each, clock(each.made), clock(each.expires), each.used and clock(each.used))
            for each in asked.service.tokens.of(asked.who.id)
        ],
        days=_DAYS,
        usual=_USUAL,
        made=made,
        url=asked.service.public_url,
    )


def make(asked: Asked) -> Response:
    """Make a token and show it, this once."""
    name, days = asked.one("name").strip()[:_LONGEST_NAME], asked.one("days")
    if not name:
        raise UsageFault(say("Say what the token is for, so that you know later which one to revoke."))
    if days not in map(str, _DAYS):
        raise UsageFault(say("This is not a form of this course."))
    try:
        secret = asked.service.tokens.make(asked.who.id, name, timedelta(days=int(days)))
    except TooManyTokens:
        raise UsageFault(
            say("You have {count} tokens, which is all that one person may have: revoke one first.", count=MOST_TOKENS)
        ) from None
    return _page(asked, secret)


def revoke(asked: Asked) -> Response:
    """End one of one's own tokens."""
    number = asked.path["token"]
    known = number.isascii() and number.isdigit() and len(number) < 10
    if not known or not asked.service.tokens.revoke(asked.who.id, int(number)):
        raise NotHere(say("There is no such token."))
    return see("/tokens")

"""Coming in by a link, choosing a language, going out; and what anybody may have."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from starlette.responses import RedirectResponse, Response

from grader import LANGUAGES
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, see
from grader.store.grades.people.people import SESSION_LASTS

_STATIC = {"course.css": "text/css", "live.js": "text/javascript"}
_YEAR = 365 * 86400


def health(asked: Asked) -> Response:
    """Say that the gradebook answers, and how many submissions wait."""
    waiting, running = asked.service.busy()
    told = {"status": "ok", "waiting": waiting, "running": running}
    return Response(json.dumps(told), media_type="application/json")


def nowhere(_asked: Asked) -> Response:
    """Say that nothing is here, in a page like the others."""
    raise NotHere(say("There is no such page."))


def static(asked: Asked) -> Response:
    """Return our own style or script."""
    name = asked.path["name"]
    if name not in _STATIC:
        raise NotHere(say("There is no such page."))
    return Response(_content(name), media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=600"})


@cache
def _content(name: str) -> bytes:
    ours = (files("grader.server") / "static" / name).read_bytes()
    if name != "course.css":
        return ours
    # The same look as that of pages that are files.
    return (files("grader.integrations.pages") / "templates" / "page.css").read_bytes() + ours


def link(asked: Asked) -> Response:
    """Show a button: programs that look at links in messages must not use them up."""
    secret = asked.path["link"]
    if not asked.service.people.opens(secret):
        return asked.page("link.html", 404, link="")
    return asked.page("link.html", link=secret)


def enter(asked: Asked) -> Response:
    """Use up a link, and begin a session; the one before ends."""
    session = asked.service.people.enter(asked.one("link"))
    if session is None:
        return asked.page("link.html", 404, link="")
    if asked.session:
        asked.service.people.leave(asked.session)
    response = see("/")
    keep_session(asked, response, session)
    return response


def leave(asked: Asked) -> Response:
    """End the session."""
    asked.service.people.leave(asked.session)
    response = see("/")
    response.delete_cookie(
        asked.service.session_cookie, path="/", secure=asked.service.secure, httponly=True, samesite="lax"
    )
    return response


def language(asked: Asked) -> Response:
    """Choose the language of the pages, and show the same page again."""
    chosen = asked.one("language")
    if chosen not in LANGUAGES:
        raise NotHere(say("There is no such page."))
    back = asked.one("back")
    # A path of ours and nothing else: //host is another host, and so is /\host to some browsers.
    ours = back.startswith("/") and back[1:2] not in ("/", "\\") and back.isprintable() and back.isascii()
    response = RedirectResponse(back if ours else "/", 303)
    response.set_cookie("course-language", chosen, _YEAR, path="/", secure=asked.service.secure, samesite="lax")
    return response


def keep_session(asked: Asked, response: Response, session: str) -> None:
    """Let the browser keep its session, which somebody has just begun."""
    asked.service.came_in(session)
    response.set_cookie(
        asked.service.session_cookie,
        session,
        int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=asked.service.secure,
        httponly=True,
        samesite="lax",
    )

"""The door: what every request must be before a handler sees it, and what every answer carries."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message as Event
from starlette.types import Receive

from grader import LANGUAGES
from grader.core.people.person import Role
from grader.core.words.errors import CouldNotJudge, CourseInvalid, UsageFault
from grader.core.words.message import Message, say
from grader.server.asking import Asked, NotHere, Sent
from grader.server.limits import RateLimits
from grader.server.routes import Route
from grader.server.service import Service
from grader.store.grades.hand_ins import ErasedMeanwhile, TooMuch
from grader.store.grades.looks import look_again, one_look

LANGUAGE = "course-language"
# A form without a file; one with files has what a notebook may have, and room around it.
_MOST_FORM = 256 * 2**10
_MOST_UPLOAD = 40 * 2**20
_MOST_PARTS = 200
_SECONDS = 60.0
_FAILED = 400
_WITH_FILES = "multipart/form-data"
_FORM_TYPES = ("application/x-www-form-urlencoded", _WITH_FILES)
# In a form with files all that is no file; a pasted program is the largest.
_MOST_FIELD = 2**20


class _Refused(Exception):
    def __init__(self, status: int, message: Message) -> None:
        super().__init__(message.template)
        self.status, self.message = status, message


def endpoint(service: Service, route: Route, limits: RateLimits) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers the requests of one route."""

    async def answer(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        if service.has_another_course:
            await run_in_threadpool(service.read_course)
        with one_look():
            response = await _answer(service, route, limits, request, nonce)
        secure(response, nonce)
        if route.uploads and response.status_code >= _FAILED:
            service.refused[response.status_code] += 1
        return response

    return answer


def secure(response: Response, nonce: str) -> None:
    """Add the headers that every answer has; one that is stricter already stays so."""
    csp = (
        f"default-src 'none'; style-src 'self' 'nonce-{nonce}'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", csp)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")


async def _answer(service: Service, route: Route, limits: RateLimits, request: Request, nonce: str) -> Response:
    asked = Asked(
        service, None, _language(service, request), nonce, None, dict(request.path_params),
        query=dict(request.query_params), for_programs=route.for_programs,
    )  # fmt: skip
    try:
        if route.addressed and not service.is_at(request.headers.get("host", "")):
            raise _Refused(421, say("This course is at {url}", url=service.public_url))
        # No page of another site can send a token that it does not have; a cookie goes along by itself.
        if route.method == "POST" and not route.for_programs and request.headers.get("origin") != service.origin:
            raise _Refused(
                403, say("This form was not sent from a page of this course. Open {url}", url=service.public_url)
            )
        if route.by_token:
            # A program's token is all that counts: whoever is signed in gains nothing by it.
            if not _has_token(service, request.headers.get("authorization", "")):
                raise NotHere(say("There is no such page."))
            return await run_in_threadpool(route.handler, asked)
        asked = await _from_whom(asked, route, request)
        person = asked.person
        source = f"person {person.id}" if person else f"address {request.client.host if request.client else ''}"
        too_many = _Refused(429, say("Too many requests. Wait a minute, and send it again."))
        if person is None and route.for_programs:
            if not limits.allow(source):
                raise too_many
            return _told(asked, 401, say("This token is not valid: it was never made, has expired, or was revoked."))
        if (None if person is None else person.role) not in route.roles:
            return (
                asked.page("sign_in.html", 403) if person is None else _told(asked, 404, say("There is no such page."))
            )
        if route.method == "POST":
            if person is not None and not limits.allow(source):
                raise too_many
            asked = await _with_form(asked, route, request)
            # It may have taken a minute to arrive.
            look_again()
            response = await run_in_threadpool(route.handler, asked)
            # A whole campus may have one address, and behind a proxy everybody: only what fails is counted, and no
            # number of failures keeps anybody out whose link is right.
            if person is None and response.status_code >= _FAILED and not limits.allow(source):
                raise too_many
            return response
        return await run_in_threadpool(route.handler, asked)
    except _Refused as refused:
        return _told(asked, refused.status, refused.message)
    except NotHere as error:
        return _told(asked, 404, error.message)
    except ErasedMeanwhile:
        return _told(asked, 404, say("There is no such submission."))
    except TooMuch:
        return _told(
            asked, 413, say("There is no room for more of your files today. Nothing was recorded; ask your teacher.")
        )
    except UsageFault as fault:
        return _told(asked, 422, *fault.messages)
    except CourseInvalid as error:
        faults = [say("{place}: {words}", place=str(fault.at), words=fault.message) for fault in error.faults]
        for each in faults:
            service.tell(each)
        # Students have no such file, and a fault can quote what stands in it.
        seen = [] if asked.person is None or asked.person.role is Role.STUDENT else faults
        return _told(asked, 503, say("This exercise is not right at the moment. Your teacher has to mend it."), *seen)
    except CouldNotJudge as error:
        service.tell(error.message)
        return _told(asked, 503, say("The gradebook cannot be used now. Nothing was recorded; try again in a minute."))


async def _from_whom(asked: Asked, route: Route, request: Request) -> Asked:
    """Return the request with who sent it: on each route either a token or a cookie counts, and never the other."""
    if route.for_programs:
        found = await run_in_threadpool(asked.service.whose_token, _bearer(request.headers.get("authorization", "")))
        return asked if found is None else replace(asked, person=found[0], token=found[1], at=found[2])
    if route.for_everybody:
        return asked
    session = request.cookies.get(asked.service.session_cookie, "")
    person, at = await run_in_threadpool(asked.service.whose, session) or (None, None)
    flow = request.cookies.get(asked.service.flow_cookie, "")
    return replace(asked, person=person, at=at, session=session, flow=flow)


def _bearer(authorization: str) -> str:
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _has_token(service: Service, authorization: str) -> bool:
    ours = service.metrics_token.encode()
    return bool(ours) and secrets.compare_digest(_bearer(authorization).encode(), ours)


def _told(asked: Asked, status: int, *messages: Message) -> Response:
    words = [message.said(asked.translate, asked.language) for message in messages]
    if asked.for_programs:
        return asked.answer({"error": {"message": "\n".join(words)}}, status)
    return asked.page("told.html", status, words=words)


def _language(service: Service, request: Request) -> str:
    """Return the language chosen, else the first one of the browser's that is ours, else the course's."""
    chosen = request.cookies.get(LANGUAGE)
    wanted = (
        each.partition(";")[0].strip()[:2].lower() for each in request.headers.get("accept-language", "").split(",")
    )
    if chosen in LANGUAGES:
        return str(chosen)
    course = service.files.course.language
    return next((each for each in wanted if each in LANGUAGES), course if course in LANGUAGES else "en")


async def _with_form(asked: Asked, route: Route, request: Request) -> Asked:
    """Return the request with its form: so many bytes and parts at most, all of them within a minute."""
    kind, _, about = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    length = request.headers.get("content-length", "0")
    if not kind and length == "0":
        return asked
    # No browser names an encoding beside files, and to decode some takes minutes: punycode, for one.
    if kind not in _FORM_TYPES or (kind == _WITH_FILES and "charset" in about.lower()):
        raise _Refused(415, say("This is not a form of this course."))
    most = _MOST_UPLOAD if route.uploads and kind == _WITH_FILES else _MOST_FORM
    too_large = _Refused(413, say("This is too large: {most} MiB at most. Nothing was recorded.", most=most / 2**20))
    if not length.isdigit() or int(length) > most:
        raise too_large
    bounded = Request(request.scope, _bounded(request.receive, most, too_large))
    fields: dict[str, list[str]] = {}
    sent: dict[str, list[Sent]] = {}
    try:
        async with asyncio.timeout(_SECONDS):
            async with bounded.form(
                max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=min(most, _MOST_FIELD)
            ) as form:
                for name, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        if value.filename:
                            sent.setdefault(name, []).append(Sent(value.filename, await value.read()))
                    else:
                        fields.setdefault(name, []).append(value)
    except TimeoutError:
        raise _Refused(408, say("It took too long to arrive. Nothing was recorded; send it again.")) from None
    except _Refused:
        raise
    except Exception as error:
        raise _Refused(400, say("This form cannot be read. Nothing was recorded.")) from error
    return replace(
        asked,
        fields={name: tuple(values) for name, values in fields.items()},
        sent={name: tuple(files) for name, files in sent.items()},
    )


def _bounded(receive: Receive, most: int, too_large: _Refused) -> Receive:
    got = 0

    async def bounded() -> Event:
        nonlocal got
        event = await receive()
        got += len(event.get("body", b""))
        if got > most:
            raise too_large
        return event

    return bounded

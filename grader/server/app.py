"""The application: the table of routes behind the door, and one stream of events for each browser."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from grader.core.people.person import Person, Role
from grader.core.words.errors import CouldNotJudge
from grader.server.door import endpoint, secure
from grader.server.limits import RateLimits
from grader.server.routes import NOWHERE, ROUTES
from grader.server.service import Service

# Seconds between looks at the database, of one task for all streams; and of silence that proxies stand.
_LOOK, _HEARTBEAT = 0.2, 15.0
_STREAMS_EACH = 6
# Python runs one at a time: with more of them each request takes longer, and none is done sooner.
_THREADS = 12
_ASKED_EACH_SECOND = 50


class Watch:
    """Knows when there is something new to see: it looks at the database while anybody waits for that."""

    def __init__(self, service: Service) -> None:
        self._service = service
        # Of what students may see, and of what teachers and assistants may.
        self._changed = (asyncio.Condition(), asyncio.Condition())
        # How often each has changed: what changes while a stream pauses is not lost to it.
        self._changes = [0, 0]
        self.streams: Counter[int] = Counter()
        self.closing = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled."""
        seen: list[tuple[int, ...] | None] = [None, None]
        while True:
            await asyncio.sleep(_LOOK)
            if not self.streams:
                continue
            try:
                found = await run_in_threadpool(self._service.stamps)
            except CouldNotJudge:
                continue
            for place, (changed, now) in enumerate(zip(self._changed, found, strict=True)):
                if now != seen[place]:
                    seen[place] = now
                    async with changed:
                        self._changes[place] += 1
                        changed.notify_all()

    async def events(self, person: int, is_student: bool = False) -> AsyncGenerator[str, None]:
        """Yield an event whenever there is something new, and a sign of life in between."""
        place = 0 if is_student else 1
        changed, told = self._changed[place], self._changes[place]
        self.streams[person] += 1
        try:
            yield "retry: 3000\n\n"
            while not self.closing.is_set():
                try:
                    async with changed:
                        await asyncio.wait_for(self._news(place, told), _HEARTBEAT)
                        told = self._changes[place]
                    yield "event: changed\ndata:\n\n"
                    # Everybody who watches asks for something now: the more there are, the less often.
                    await asyncio.sleep(max(_LOOK, self.streams.total() / _ASKED_EACH_SECOND))
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self.streams[person] -= 1
            if not self.streams[person]:
                del self.streams[person]

    async def _news(self, place: int, told: int) -> None:
        while self._changes[place] == told:
            await self._changed[place].wait()


def make_app(service: Service, limits: RateLimits | None = None) -> Starlette:
    """Return the application of an open course."""
    watch = Watch(service)
    limits = limits or RateLimits()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = _THREADS
        looking = asyncio.create_task(watch.run())
        try:
            yield
        finally:
            watch.closing.set()
            looking.cancel()

    async def of_session(session: str, person: Person) -> AsyncIterator[str]:
        """Yield events for as long as the session is this person's, and the person what they are now."""
        async with aclosing(watch.events(person.id, person.role is Role.STUDENT)) as stream:
            async for event in stream:
                still = await run_in_threadpool(service.whose, session)
                if still is None or still[0].role is not person.role:
                    return
                yield event

    async def events(request: Request) -> Response:
        session = request.cookies.get(service.session_cookie, "")
        found = await run_in_threadpool(service.whose, session)
        response: Response
        if not service.is_at(request.headers.get("host", "")):
            response = PlainTextResponse("421", 421)
        elif found is None:
            response = PlainTextResponse("403", 403)
        elif watch.streams[found[0].id] >= _STREAMS_EACH:
            response = PlainTextResponse("429", 429)
        else:
            response = StreamingResponse(of_session(session, found[0]), media_type="text/event-stream")
            # A proxy that collects what it passes on would pass it on too late.
            response.headers["X-Accel-Buffering"] = "no"
        secure(response, secrets.token_urlsafe(16))
        return response

    nowhere = endpoint(service, NOWHERE, limits)

    async def nothing_here(request: Request, _error: Exception) -> Response:
        return await nowhere(request)

    routes = [Route(each.path, endpoint(service, each, limits), methods=[each.method]) for each in ROUTES]
    missing = {404: nothing_here, 405: nothing_here}
    made = Starlette(routes=[*routes, Route("/events", events)], lifespan=lifespan, exception_handlers=missing)
    # It would send on to whatever host the request names.
    made.router.redirect_slashes = False
    return made

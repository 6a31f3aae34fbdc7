"""The stream of events: whoever watches learns that there is something new, and is asked for little."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from served import Served, hand_in

from grader.server import app
from grader.server.app import Watch


def watched(served: Served, doing: Callable[[Watch], Awaitable[None]]) -> None:
    async def run() -> None:
        watch = Watch(served.service)
        looking = asyncio.create_task(watch.run())
        try:
            await asyncio.wait_for(doing(watch), 20)
        finally:
            looking.cancel()

    asyncio.run(run())


def test_a_hand_in_is_an_event_for_everybody_who_watches(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_LOOK", 0.01)
    client = served.as_("s001")

    async def doing(watch: Watch) -> None:
        streams = [watch.events(1), watch.events(2)]
        assert [await anext(each) for each in streams] == ["retry: 3000\n\n"] * 2
        # What is there already is the first thing that is new.
        assert [await asyncio.gather(*map(anext, streams))] == [["event: changed\ndata:\n\n"] * 2]
        waiting = asyncio.gather(*map(anext, streams))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await asyncio.to_thread(hand_in, client, "4.5", program="x = 1")
        assert await waiting == ["event: changed\ndata:\n\n"] * 2
        for each in streams:
            await each.aclose()
        assert watch.streams.total() == 0

    watched(served, doing)


def test_where_nothing_is_new_there_is_a_sign_of_life(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_HEARTBEAT", 0.05)
    monkeypatch.setattr(app, "_LOOK", 60.0)

    async def doing(watch: Watch) -> None:
        stream = watch.events(1)
        assert [await anext(stream) for _ in range(3)][1:] == [": still here\n\n"] * 2
        await stream.aclose()

    watched(served, doing)


def test_nobody_watches_who_has_not_come_in(served: Served) -> None:
    assert served.browser().get("/events").status_code == 403

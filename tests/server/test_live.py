"""The stream of events: whoever watches learns that there is something new, and is asked for little."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from served import Served, hand_in

from grader.core.course.policies.showing import Showing
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


def test_when_work_is_judged_whose_feedback_is_held_back_students_are_told_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_LOOK", 0.01)
    hand_in(served.as_("s001"), "4.1", dloss_dw="-8")
    served.service.rules.set({"4.1": Showing.HELD}, 4)
    queue = served.service.queue

    async def doing(watch: Watch) -> None:
        student, teacher = streams = watch.events(1, True), watch.events(2)
        for _ in range(2):
            await asyncio.gather(*map(anext, streams))
        waits = asyncio.ensure_future(anext(student))
        await asyncio.to_thread(queue.publish, {"4.1": "d"})
        await asyncio.to_thread(queue.lease, "a", {"4.1": "d"})
        assert await anext(teacher) == "event: changed\ndata:\n\n"
        await asyncio.to_thread(queue.give_back, "a")
        assert await anext(teacher) == "event: changed\ndata:\n\n"
        await asyncio.sleep(0.1)
        assert not waits.done()
        await asyncio.to_thread(served.service.rules.set, {"4.1": Showing.AT_ONCE}, 4)
        assert await waits == "event: changed\ndata:\n\n"
        for each in streams:
            await each.aclose()

    watched(served, doing)


def test_what_is_new_while_a_stream_pauses_is_not_lost_to_it(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_LOOK", 0.01)
    monkeypatch.setattr(app, "_ASKED_EACH_SECOND", 1)
    client = served.as_("s001")

    async def doing(watch: Watch) -> None:
        stream = watch.events(1)
        for _ in range(2):
            await anext(stream)
        # Told once, it pauses a second.
        waits = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(hand_in, client, "4.5", program="x = 1")
        assert await waits == "event: changed\ndata:\n\n"
        await stream.aclose()

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

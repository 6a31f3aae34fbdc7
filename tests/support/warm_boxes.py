"""Boxes that begin as copies of a fork server that was started once, as those of a batch's workers do."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterable, Iterator

from grader.sandbox.linux import levels
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.port import SandboxUnavailable

_LARGEST = 1 << 16
# In the order in which they are imported; a box without one of them has to be without it.
_SLOW = ("torch", "torch.optim")
_start = ForkServer.started


def give(asked: socket.socket, originals: dict[bytes, ForkServer]) -> None:
    """Give who asks the control of a fork server of that level and with those imports; nothing where there is none."""
    message, (answer,), _, _ = socket.recv_fds(asked, _LARGEST, 1)
    with socket.socket(fileno=answer) as reply:
        level, preload = json.loads(message)
        try:
            if message not in originals:
                originals[message] = _original(level, preload, originals)
            socket.send_fds(reply, [b"original"], [originals[message].control.fileno()])
        except (OSError, SandboxUnavailable):
            originals.pop(message, None)


def _original(level: str, preload: list[str], originals: dict[bytes, ForkServer]) -> ForkServer:
    """Return a fork server with these imports. What takes seconds is imported once for a level, and shared."""
    slow = [name for name in _SLOW if name in preload]
    if not slow:
        return _start(preload, getattr(levels, level)())
    rest = [name for name in preload if name not in slow]
    return _with_more(_shared(level, slow, originals), rest, originals)


def _shared(level: str, slow: list[str], originals: dict[bytes, ForkServer]) -> ForkServer:
    key = json.dumps([level, "shared", slow]).encode()
    if key not in originals:
        *earlier, last = slow
        originals[key] = (
            _with_more(_shared(level, earlier, originals), [last], originals)
            if earlier
            else _start([last], getattr(levels, level)())
        )
    return originals[key]


def _with_more(original: ForkServer, more: list[str], originals: dict[bytes, ForkServer]) -> ForkServer:
    """Return a copy that imports more. The fork server that is asked imports it first, so that is a copy as well."""
    between = ForkServer.copied(original.control)
    originals[str(id(between)).encode()] = between
    return ForkServer.copied(between.control, more)


def copy_from(way: Callable[[], socket.socket]) -> None:
    """Let the fork servers that this process starts be copies.

    Args:
        way: to the process that calls `give`.
    """

    def started(preload: Iterable[str], level: levels.Level) -> ForkServer:
        preload = list(preload)
        name = {"none": "plain"}.get(level.isolation, level.isolation)
        # Those that are started here hide nothing; and tests change locks.
        if level is levels.PLAIN or _hides_nothing(level, name):
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    socket.send_fds(way(), [json.dumps([name, preload]).encode()], [theirs.fileno()])
                _, controls, _, _ = socket.recv_fds(ours, 100, 1)
            for control in controls:
                with socket.socket(fileno=control) as original, contextlib.suppress(OSError):
                    return ForkServer.copied(original)
        return _start(preload, level)

    ForkServer.started = started  # type: ignore[method-assign,assignment]


def _hides_nothing(level: levels.Level, name: str) -> bool:
    usual: levels.Level = getattr(levels, name)()
    return level.lock == usual.lock and level.jail(["x"]) == usual.jail(["x"])


@contextlib.contextmanager
def cold() -> Iterator[None]:
    """Start every fork server from nothing meanwhile."""
    warm, ForkServer.started = ForkServer.started, _start  # type: ignore[method-assign]
    try:
        yield
    finally:
        ForkServer.started = warm  # type: ignore[method-assign]

"""An event loop for what a program awaits: it only waits for time, since a locked child may open no sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

# Another thread can wake nobody here, so the loop looks again this often.
_NAP = 0.005


def wait_for(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(coroutine)


def without_sockets(module: Any) -> None:
    """Let `asyncio.run` and whatever else of asyncio makes a loop take this one.

    Args:
        module: asyncio.
    """
    type(module.get_event_loop_policy())._loop_factory = _Loop


class _Loop(asyncio.BaseEventLoop):
    """asyncio's own loop without files and sockets."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self

    def select(self, timeout: float | None) -> list[Any]:
        time.sleep(_NAP if timeout is None else max(min(timeout, _NAP), 0.0))
        return []

    def _process_events(self, events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

"""What every recording of a run has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.statements import Pass


class RunRecorder(ABC):
    """Records one thing of a script's run.

    Args:
        wanted: what the job says under the recording's name.
    """

    def __init__(self, wanted: Any) -> None:
        self.wanted = wanted

    def passes(self) -> tuple[Pass, ...]:
        """Return what instruments the syntax tree before it is compiled; each pass may change the tree in place."""
        return ()

    def start(self) -> None:  # noqa: B027 - most recordings need no start
        """Begin, immediately before the script's first statement."""

    def stop(self) -> None:  # noqa: B027
        """Give back what was taken over; called however the script ended."""

    @abstractmethod
    def as_sent(self, names: Mapping[str, Any], blocks: Blocks) -> Any:
        """Return what was recorded, as plain data; its numbers go to the end of `blocks`.

        Args:
            names: the program's top level after the run.
        """

"""Records what top-level names hold after the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.values import as_sent
from grader.sandbox.inside.recorders.recorder import RunRecorder


class FinalsRecorder(RunRecorder):
    """The values of the names wanted; a name that is not bound is left out."""

    def as_sent(self, names: Mapping[str, Any], blocks: Blocks) -> Any:
        return {name: as_sent(names[name], blocks) for name in self.wanted if name in names}

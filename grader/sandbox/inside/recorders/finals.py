"""Records what top-level names hold after the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.parts import parts_of
from grader.sandbox.inside.program.values import as_sent
from grader.sandbox.inside.recorders.recorder import RunRecorder
from grader.sandbox.inside.recorders.values import outputs_as_sent


class FinalsRecorder(RunRecorder):
    """The values of the names wanted; a name that is not bound is left out."""

    def as_sent(self, names: Mapping[str, Any], blocks: Blocks) -> Any:
        return {name: _final_as_sent(names[name], blocks) for name in self.wanted if name in names}


def _final_as_sent(thing: Any, blocks: Blocks) -> dict[str, Any]:
    """Describe what a name holds: one value where it is numbers in one shape, otherwise the parts that it has."""
    whole = as_sent(thing, blocks)
    if whole["kind"] != "other" or not isinstance(thing, dict | list | tuple):
        return whole
    return {**whole, "kind": "several", "parts": outputs_as_sent(parts_of(thing), blocks)}

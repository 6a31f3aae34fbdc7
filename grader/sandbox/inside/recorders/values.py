"""Records what a call returned."""

from __future__ import annotations

from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.values import as_sent


def outputs_as_sent(outputs: list[Any], blocks: Blocks) -> list[dict[str, Any]]:
    """Describe each output."""
    return [as_sent(output, blocks) for output in outputs]

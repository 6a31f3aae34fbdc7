"""Records what a call returned."""

from __future__ import annotations

from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.parts import Part
from grader.sandbox.inside.program.values import as_sent


def outputs_as_sent(outputs: list[Part], blocks: Blocks) -> list[dict[str, Any]]:
    """Describe each output, and where in the result it is."""
    return [
        {**as_sent(output.thing, blocks), "place": list(output.place), "within": output.within} for output in outputs
    ]

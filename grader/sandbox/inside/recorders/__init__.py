"""Records what a run does: one file for each recording, and the closed list of them by name.

The name is the key of the job that asks for a recording, and of the frame that brings it back. What a program prints is
read by the host, from the streams, so it has no file here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.parts import Part
from grader.sandbox.inside.recorders.finals import FinalsRecorder
from grader.sandbox.inside.recorders.recorder import RunRecorder
from grader.sandbox.inside.recorders.stores import StoreRecorder
from grader.sandbox.inside.recorders.trace import TraceRecorder
from grader.sandbox.inside.recorders.values import outputs_as_sent

OF_A_RUN: Mapping[str, type[RunRecorder]] = {
    "trace": TraceRecorder,
    "stores": StoreRecorder,
    "finals": FinalsRecorder,
}
# Of a call's outputs. Gradients are a conversation of their own, since the host first has to see the outputs.
OF_A_CALL: Mapping[str, Callable[[list[Part], Blocks], Any]] = {"values": outputs_as_sent}

"""Records a run's backward calls, and describes them as stretches of steps that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.environment.torch_import import when_torch_is_imported
from grader.sandbox.inside.program.values import Floats, put
from grader.sandbox.inside.recorders.autograd import EngineRecorder, Step
from grader.sandbox.inside.recorders.recorder import RunRecorder
from grader.sandbox.inside.recorders.stacks import Stacks, kind_of


class TraceRecorder(RunRecorder):
    """The calls into autograd's engine, from the moment that torch is there: a program may import it late."""

    def __init__(self, wanted: Any) -> None:
        super().__init__(wanted)
        self._engine: EngineRecorder | None = None
        self._running = False

    def start(self) -> None:
        self._running = True
        when_torch_is_imported(self._take_engine)

    def stop(self) -> None:
        self._running = False
        if self._engine is not None:
            self._engine.stop()

    def as_sent(self, _names: Mapping[str, Any], blocks: Blocks) -> Any:
        engine = self._engine
        return trace_as_sent(engine.steps, engine.count, engine.last(), blocks) if engine else _NO_STEPS

    def _take_engine(self, _torch: Any) -> None:
        if self._running:
            self._engine = EngineRecorder()


_NO_STEPS: dict[str, Any] = {"stretches": [], "count": 0, "last": []}


def trace_as_sent(steps: Sequence[Step], count: int, last: Sequence[Floats | None], blocks: Blocks) -> dict[str, Any]:
    """Describe a trace: the steps kept, how many there were, and what the last step's leaves hold now."""
    stacks = Stacks(blocks)
    stretches = [_stretch_as_sent(list(alike), stacks) for _, alike in groupby(steps, _kinds_in)]
    stacks.close()
    return {"stretches": stretches, "count": count, "last": [put(leaf, blocks) for leaf in last]}


def _kinds_in(step: Step) -> list[Any]:
    """Return what two steps have to have in common to be described together."""
    root, leaves = step
    return [kind_of(root), [tuple(map(kind_of, taken)) for _, *taken in leaves]]


def _stretch_as_sent(steps: list[Step], stacks: Stacks) -> dict[str, Any]:
    """Describe steps that are alike: what each of them holds lies row by row."""
    leaves = []
    for column in zip(*(leaves for _, leaves in steps), strict=True):
        ids, *taken = zip(*column, strict=True)
        before, fresh, after = map(stacks.put, taken)
        leaves.append({"ids": ids, "before": before, "fresh": fresh, "after": after})
    return {"count": len(steps), "root": stacks.put([root for root, _ in steps]), "leaves": leaves}

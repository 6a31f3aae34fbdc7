"""Trains a program that has been loaded: makes what the exercise calls so, before anything is asked of it."""

from __future__ import annotations

from typing import Any

from grader.sandbox.inside.asking.objects import Scope, reseed
from grader.sandbox.inside.channel import Blocks, Channel
from grader.sandbox.inside.program.inputs import argument
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.recorders.steps import StepCounter


def begin_training(training: dict[str, Any], script: bool) -> StepCounter:
    """Begin the random numbers of this training; count its steps if running the program is the training.

    Elsewhere no data are known before it is called. Whoever tries `train` in the same file spends nothing.
    """
    reseed(training["seed"])
    counter = StepCounter(training["most"])
    if script or not training["let"]:
        counter.begin()
    return counter


def train(channel: Channel, program: Program, training: dict[str, Any], counter: StepCounter) -> None:
    """Make what is trained, in the order in which the exercise says, and tell what came of it.

    Raises:
        HostGone: at the end of the stream.
    """
    missing = next((name for name in training["wanted"] if name not in program.names), None)
    raised = None
    if missing is None and training["let"]:
        # Loading may have drawn some.
        reseed(training["seed"])
        counter.begin()
        raised = _made(program, training)
    blocks: Blocks = []
    channel.send({"frame": "trained", "raised": raised, "missing": missing, **counter.as_sent(blocks)}, blocks)


def _made(program: Program, training: dict[str, Any]) -> dict[str, Any] | None:
    """Make what is trained; return the exception that ended it."""
    try:
        scope = Scope(program, program.helpers, {item["name"]: argument(item, False) for item in training["inputs"]})
        for name, expression in training["let"]:
            program.trained[name] = scope.made[name] = scope.value(expression)
    except BaseException as error:
        return program.raised(error)
    return None

"""What a child trains before it is asked anything, and what is seen of that."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.run.probe import Input
from grader.core.run.raised import Raised
from grader.core.run.trace import Floats


@dataclass(frozen=True)
class Training:
    """How a program is trained, once it has been loaded or while it runs.

    Attributes:
        inputs: what the expressions of `let` see beside the program's own names.
        let: what is made by training: names and expressions.
        wanted: the names that the program must have for it.
        seed: of torch's, NumPy's and Python's random numbers.
        most: how many backward calls it may make.
    """

    inputs: tuple[Input, ...]
    let: tuple[tuple[str, str], ...]
    wanted: tuple[str, ...]
    seed: int
    most: int


@dataclass(frozen=True)
class Trained:
    """What came of a training.

    Attributes:
        missing: a name that the program does not have, and the training asks for.
        steps: how many backward calls it made; none of a program that does without autograd.
        losses: what backward was called on at each of them, NaN where that was more than one number.
    """

    raised: Raised | None = None
    missing: str | None = None
    steps: int = 0
    losses: Floats | None = None

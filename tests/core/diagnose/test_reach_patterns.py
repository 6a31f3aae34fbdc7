"""What keeps a training from its goal shows in its losses before its scale: any line is right up to scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.core.compare.kinds.reach import CompareReach
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.call import Call
from grader.core.course.checks.training import Data
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.diagnose.reach_patterns import patterns_of_reach
from grader.core.run.observation import Called, Run, RunStatus, Value
from grader.core.run.trace import Floats
from grader.core.run.trained import Trained

X = np.linspace(0.0, 5.0, 12)
RIGHT = 3.0 * X + 1.0
CHECK = replace(
    Check("mse", 4, (CompareReach("mse"),), calls=(Call("predict", ("x",)),)),
    made=Data(right=Array((12,), tuple(RIGHT.tolist()))),
)


def trained(predictions: Floats, losses: Floats) -> Observation:
    values = (Value("tensor", "Tensor", "float32", data=predictions),)
    run = Run(RunStatus.COMPLETED, trained=Trained(steps=100, losses=losses if losses.size else None))
    return Observation(run, Called(values=values))


SOLVED = trained(RIGHT + 0.01, 9.0 * 0.9 ** np.arange(100.0) + 0.1)


@pytest.mark.parametrize(
    ("losses", "rescales", "name"),
    [
        (9.0 * 0.98 ** np.arange(40.0), True, "stopped-too-early"),
        (9.0 * 0.98 ** np.arange(40.0), False, "stopped-too-early"),
        (9.0 * 0.9 ** np.arange(100.0) / 25, True, "other-scale"),
        (9.0 * 0.9 ** np.arange(100.0) / 25, False, ""),
        (np.zeros(0), True, "other-scale"),
        (np.zeros(0), False, ""),
    ],
)
def test_a_line_is_only_called_right_up_to_scale_where_a_program_rescales_and_was_trained(
    losses: Floats, rescales: bool, name: str
) -> None:
    found = patterns_of_reach(CHECK, trained(RIGHT / 5, losses), Expected(SOLVED, {}, {}), rescales)
    assert [each.name for each in found] == ([name] if name else [])

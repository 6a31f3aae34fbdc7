"""What an author's data.py made: read from the run that made it, and kept with what was seen of the solution."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from grader.core.course.checks.training import MOST_NUMBERS, Data
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.explain import raised_finding, stop_finding
from grader.core.program.source import Source
from grader.core.run.observation import Run, RunStatus
from grader.core.run.trainings import data_of
from grader.core.words.errors import Fault, Position
from grader.core.words.message import Message, say

# As they are kept: whatever holds all numbers exactly, the smallest first.
_FORMATS = ("|u1", "<f4", "<f8")


class KeptArray(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Numbers as bytes, which JSON has in base64."""

    shape: Annotated[list[Annotated[int, Meta(ge=1, le=MOST_NUMBERS)]], Meta(min_length=1, max_length=8)]
    dtype: Annotated[str, Meta(pattern="^(?:int64|bool)?$")]
    format: str
    numbers: bytes


class KeptData(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """All that one function made."""

    train: dict[str, KeptArray]
    test: dict[str, KeptArray]
    right: KeptArray
    machine: Annotated[str, Meta(max_length=200)]


def made_data(check: Check, run: Run, shown: str, seed: bytes) -> Data | Fault:
    """Return what data.py made, or what is wrong with it.

    Args:
        shown: the file as messages show it.
        seed: what the order of what is asked about follows from.
    """
    assert check.data is not None
    source = Source(check.maker, shown)
    at = Position(shown)
    if run.status is not RunStatus.COMPLETED:
        return Fault(at, told(stop_finding(run, check.limits)))
    raised = next((called.raised for called in run.called if called.raised is not None), None)
    if raised is not None:
        return Fault(at, told(raised_finding(raised, source)))
    data = data_of(check.data, run.called, seed)
    if isinstance(data, Message):
        return Fault(at, data)
    count = sum(len(array.numbers) for _, array in (*data.train, *data.test)) + len(data.right.numbers)
    if count > MOST_NUMBERS:
        what = say("{count} numbers are more than data may have: {most}", count=count, most=MOST_NUMBERS)
        return Fault(at, what)
    return data


def kept(data: Data) -> KeptData:
    return KeptData(
        {name: _packed(array) for name, array in data.train},
        {name: _packed(array) for name, array in data.test},
        _packed(data.right),
        data.machine,
    )


def data_from(kept: KeptData) -> Data:
    """Return data as they were kept.

    Raises:
        ValueError: where they are not. In the students' copy anybody may have written them.
    """
    train = tuple((name, _unpacked(array)) for name, array in kept.train.items())
    test = tuple((name, _unpacked(array)) for name, array in kept.test.items())
    return Data(train, test, _unpacked(kept.right), kept.machine)


def _packed(array: Array) -> KeptArray:
    numbers = np.array(array.numbers, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        exact = next(each for each in _FORMATS if np.array_equal(numbers.astype(each).astype(np.float64), numbers))
    return KeptArray(list(array.shape), array.dtype, exact, numbers.astype(exact).tobytes())


def _unpacked(kept: KeptArray) -> Array:
    if kept.format not in _FORMATS or math.prod(kept.shape) > MOST_NUMBERS:
        raise ValueError("not numbers as they are kept")
    numbers = np.frombuffer(kept.numbers, dtype=kept.format).astype(np.float64)
    if numbers.size != math.prod(kept.shape) or not np.isfinite(numbers).all():
        raise ValueError("other numbers than there should be")
    flat = numbers.tolist()
    return Array(tuple(kept.shape), tuple(map(int, flat)) if kept.dtype == "int64" else tuple(flat), kept.dtype)

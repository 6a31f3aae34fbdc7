"""The author's named wrong programs, and what they were seen to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.tolerance import Observation
from grader.core.course.exercise import Check
from grader.core.diagnose.behaviour import Behaviour, behaviour_of
from grader.core.program.source import Source
from grader.core.run.trace import Floats
from grader.core.words.message import Text


@dataclass(frozen=True)
class WrongProgram:
    """A program with one wrong idea.

    Attributes:
        name: of the misconception; several programs may share it.
        also: other names that are as true of it.
        unnamed: why the grader gives it no name, where the author knows that; empty where it must.
    """

    name: str
    hint: Text
    also: tuple[str, ...]
    source: bytes
    shown: str
    unnamed: str = ""


@dataclass(frozen=True)
class Seen:
    """What a wrong program showed at one probe.

    Attributes:
        single: its float32 run, in which it raises what a submission raises.
        exact: its float64 run.
        noise: per comparison and name, how far the two are from each other at each number; infinite where they differ
            in more than that.
    """

    single: Behaviour
    exact: Behaviour
    noise: tuple[dict[str, Floats], ...]


@dataclass(frozen=True)
class KnownWrong:
    """A wrong program with what it showed at one check: per signature, per probe."""

    program: WrongProgram
    source: Source
    seen: tuple[tuple[Seen, ...], ...]


def seen_at(
    check: Check, exact: Sequence[Observation], single: Sequence[Observation], source: Source
) -> tuple[Seen, ...]:
    """Return what a wrong program showed, per probe, in its float64 and its float32 runs."""
    return tuple(
        _seen(behaviour_of(check, ours, source), behaviour_of(check, theirs, source))
        for ours, theirs in zip(exact, single, strict=True)
    )


def _seen(exact: Behaviour, single: Behaviour) -> Seen:
    noise = tuple(
        {key: _noise(array, others.get(key)) for key, array in arrays.items()}
        for arrays, others in zip(exact.arrays, single.arrays, strict=False)
    )
    return Seen(single, exact, noise)


def _noise(exact: Floats, single: Floats | None) -> Floats:
    if single is None or single.shape != exact.shape:
        return np.full(exact.shape, np.inf)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nan_to_num(np.abs(exact - single), nan=np.inf))

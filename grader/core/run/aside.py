"""Jobs of our own solution with numbers a little aside: what its noise is measured by, and where it jumps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check, Coded
from grader.core.run.jobs import ProgramJob
from grader.core.run.plan import free_names, indices, program_jobs
from grader.core.run.probe import Input, Probe

# How far aside a copy of a probe is, of the largest number of that name.
MOVE = 1e-6


_COPIES = 4


_GOLDEN = (math.sqrt(5) - 1) / 2


def twin_jobs(check: Check, source: str, filename: str, seed: bytes, work: Coded) -> tuple[ProgramJob, ...]:
    """Return the jobs whose differences from our own solution's in float64 are the noise of a check.

    They are in float32, as students' are. Where nothing is: in float64 with inputs that are a little aside.
    """
    doubled = check.dtype == "float64"
    sized = check.arrays == "torch" and any(draw.shape() for draw in check.args.values())
    if not doubled and (sized or "torch" in source):
        # What has a size comes as a tensor of the default dtype, whatever is computed with it.
        return program_jobs(check, source, filename, seed, work, ours=True)
    jobs = program_jobs(check, source, filename, seed, work, dtype="float64", ours=True)
    return tuple(_aside(job, _rounded if doubled else _moved) for job in jobs)


def copies_beside(check: Check, jobs: Sequence[ProgramJob]) -> list[tuple[ProgramJob, ...]]:
    """Return copies of our own solution's jobs whose drawn numbers are a little aside: two ways, there and back.

    No two numbers of an array are moved alike, so that those of a tie change sides. None where nothing is drawn.
    """
    places = range(len(indices(check)))
    free = [free_names(check, place) for place in places]
    if not any(free):
        return []
    inputs = [each for job in jobs for each in (*job.given, *(one for probe in job.probes for one in _inputs(probe)))]
    sizes: dict[str, float] = {}
    for item in inputs:
        if item.array is not None:
            sizes[item.name] = max([sizes.get(item.name, 0.0), *map(abs, item.array.numbers)])

    def of(items: tuple[Input, ...], place: int, way: int) -> tuple[Input, ...]:
        def move(where: int, number: float) -> float:
            return number + (-1 if way % 2 else 1) * MOVE * sizes[item.name] * _uneven(where, way // 2)

        found = []
        for item in items:
            moved = item.array if item.array is None or item.name not in free[place] else _each(item.array, move)
            found.append(replace(item, array=moved))
        return tuple(found)

    def copy(job: ProgramJob, nth: int, way: int) -> ProgramJob:
        probes = tuple(
            replace(probe, given=of(probe.given, place, way), args=of(probe.args, place, way))
            for place, probe in (enumerate(job.probes) if not check.alone else ((nth, probe) for probe in job.probes))
        )
        return replace(job, given=of(job.given, nth, way), probes=probes)

    return [tuple(copy(job, nth, way) for nth, job in enumerate(jobs)) for way in range(_COPIES)]


def _inputs(probe: Probe) -> tuple[Input, ...]:
    return (*probe.given, *probe.args)


def _uneven(place: int, way: int) -> float:
    """Return a number in ±[0.25, 1], another one for each place."""
    share = (place * _GOLDEN + way * 0.377) % 1
    return math.copysign(0.25 + 1.5 * min(share, 1 - share), share - 0.5)


def _aside(job: ProgramJob, move: Callable[[int, float], float]) -> ProgramJob:
    def of(inputs: tuple[Input, ...]) -> tuple[Input, ...]:
        return tuple(item if item.array is None else replace(item, array=_each(item.array, move)) for item in inputs)

    probes = (replace(probe, given=of(probe.given), args=of(probe.args)) for probe in job.probes)
    return replace(job, given=of(job.given), probes=tuple(probes))


def _each(array: Array, move: Callable[[int, float], float]) -> Array:
    # A whole number is what it is: a size, a class, a count of steps.
    numbers = (n if isinstance(n, int) else move(place, n) for place, n in enumerate(array.numbers))
    return replace(array, numbers=tuple(numbers))


def _moved(place: int, number: float) -> float:
    """Return a number one to four units of its last place aside, up and down in turn."""
    return number * (1 + (-1 if place % 2 else 1) * (1 + place % 4) * 2.0**-52)


def _rounded(_place: int, number: float) -> float:
    """Return a number as a student's function gets it, which computes in float64 from an input in float32."""
    return float(np.float32(number))

"""From a check to what goes into the box: probes drawn on the host, their jobs, and one run for jobs that are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from grader.core.course.draw import Array, draw_all
from grader.core.course.exercise import Call, Check, Coded, Stated
from grader.core.course.recording import asks, names_of
from grader.core.run.observation import GraphJob, Input, Probe, ProgramJob, Run

Numbers = Mapping[str, Array]
# By the word in a program's text.
# By a word of a program: what it imports by itself or by way of what it imports. matplotlib wants a folder to write to
# when it is imported, which a child need not have.
_SLOW: Mapping[str, Sequence[str]] = {
    "matplotlib": ("matplotlib.pyplot",),
    "pylab": ("matplotlib.pyplot",),
    "pandas": ("pandas",),
    ".plot": ("matplotlib.pyplot",),
    "seaborn": ("matplotlib.pyplot", "pandas"),
    "sklearn": ("matplotlib.pyplot",),
}


@lru_cache(maxsize=256)
def probe_numbers(check: Check, seed: bytes) -> tuple[Numbers, ...]:
    """Return the numbers of every probe of a check: the author's examples first, then the hidden draws."""
    draws = check.draws
    count = len(check.examples) + (check.repeat if draws else 0)
    probes = []
    for index in range(max(count, 1)):
        example = check.examples[index] if index < len(check.examples) else {}
        probes.append({**draw_all(draws, seed, index), **example})
    return tuple(probes)


def program_jobs(
    check: Check, source: str, filename: str, seed: bytes, work: Coded, *, dtype: str = "float32", ours: bool = False
) -> tuple[ProgramJob, ...]:
    """Return the jobs of one check: one per probe for a script, one in all for calls.

    Our own solution is called by the first signature only: the others are other ways to ask the same.
    """
    jobs = _jobs(first_signature(check) if ours else check, seed, work.without_autograd)
    packages = None if ours else work.packages
    return tuple(
        replace(job, source=source, filename=filename, dtype=dtype, trusted=ours, packages=packages) for job in jobs
    )


def twin_jobs(check: Check, source: str, filename: str, seed: bytes, work: Coded) -> tuple[ProgramJob, ...]:
    """Return the jobs whose differences from our own solution's in float64 are the noise of a check.

    They are in float32, as students' are. Where nothing is: in float64 with inputs that are a little aside.
    """
    doubled = check.dtype == "float64"
    sized = any(draw.shape() for draw in check.args.values())
    if not doubled and (sized or "torch" in source):
        # What has a size comes as a tensor of the default dtype, whatever is computed with it.
        return program_jobs(check, source, filename, seed, work, ours=True)
    jobs = program_jobs(check, source, filename, seed, work, dtype="float64", ours=True)
    return tuple(_aside(job, _rounded if doubled else _moved) for job in jobs)


def _aside(job: ProgramJob, move: Callable[[int, float], float]) -> ProgramJob:
    def of(inputs: tuple[Input, ...]) -> tuple[Input, ...]:
        return tuple(item if item.array is None else replace(item, array=_each(item.array, move)) for item in inputs)

    probes = (replace(probe, given=of(probe.given), args=of(probe.args)) for probe in job.probes)
    return replace(job, given=of(job.given), probes=tuple(probes))


def _each(array: Array, move: Callable[[int, float], float]) -> Array:
    # A whole number is what it is: a size, a class, a count of steps.
    numbers = (n if isinstance(n, int) else move(place, n) for place, n in enumerate(array.numbers))
    return Array(array.shape, tuple(numbers))


def _moved(place: int, number: float) -> float:
    """Return a number one to four units of its last place aside, up and down in turn."""
    return number * (1 + (-1 if place % 2 else 1) * (1 + place % 4) * 2.0**-52)


def _rounded(_place: int, number: float) -> float:
    """Return a number as a student's function gets it, which computes in float64 from an input in float32."""
    return float(np.float32(number))


@lru_cache(maxsize=256)
def first_signature(check: Check) -> Check:
    """Return the check with the first of its signatures alone."""
    return replace(check, calls=check.calls[:1])


@lru_cache(maxsize=256)
def _jobs(check: Check, seed: bytes, by_hand: bool) -> tuple[ProgramJob, ...]:
    """Return the jobs of one check, whatever program they are for."""
    numbers = probe_numbers(check, seed)
    job = ProgramJob(
        source="",
        filename="",
        script=check.script,
        stores=next(iter(names_of(check.compare, "stores")), None),
        trace=by_hand or asks(check.compare, "trace"),
        finals=names_of(check.compare, "final"),
        limits=check.limits,
    )
    if not check.script:
        probes = (_probe(check, call, each, seed, index) for call in check.calls for index, each in enumerate(numbers))
        return (replace(job, probes=tuple(probes)),)
    without_given = replace(check, given={})
    return tuple(
        replace(
            job,
            given=_given(check, each),
            probes=tuple(_probe(without_given, call, each, seed, index) for call in check.calls),
        )
        for index, each in enumerate(numbers)
    )


def graph_job(work: Stated) -> GraphJob:
    """Return the job that asks autograd for every stated value."""
    return GraphJob(work.graph, tuple(work.at.items()), tuple(ask.question for ask in work.asks))


def _probe(check: Check, call: Call, numbers: Numbers, seed: bytes, index: int) -> Probe:
    args = tuple(
        Input(
            name,
            numbers.get(name),
            None if name in numbers else draw.in_box(),
            like=check.like.get(name),
        )
        for name, draw in check.args.items()
    )
    return Probe(call, _given(check, numbers), args, names_of(check.compare, "gradient"), seed, index)


def _given(check: Check, numbers: Numbers) -> tuple[Input, ...]:
    return tuple(
        Input(name, numbers[name], parameter=given.parameter, optional=given.optional)
        for name, given in check.given.items()
    )


def preloads(work: Coded, *sources: str) -> list[str]:
    """Return the modules that an interpreter imports before it starts to count: those the sources will want.

    The sources are only searched for words. A program that hides its imports pays for them within its own limits.
    """
    sized = any(draw.shape() for check in work.checks for draw in check.args.values())
    modules = []
    if sized or any("torch" in source for source in sources):
        modules.append("torch")
    if any("optim" in source for source in sources):
        modules.append("torch.optim")
    return [*modules, *slow_imports(*sources)]


def slow_imports(*sources: str) -> list[str]:
    """Return the modules beside torch that take long to import, where sources speak of them."""
    spoken_of = (modules for word, modules in _SLOW.items() if any(word in source for source in sources))
    return list(dict.fromkeys(module for modules in spoken_of for module in modules))


@dataclass(frozen=True)
class Joined:
    """Jobs that serve others.

    Attributes:
        jobs: what is to be run.
    """

    jobs: tuple[ProgramJob, ...]
    _places: tuple[int, ...]

    def apart(self, runs: Sequence[Run]) -> list[Run | None]:
        """Return the run of each job that was joined, in their order; None where it has none.

        Args:
            runs: of `jobs`, in their order; there may be fewer.
        """
        return [runs[place] if place < len(runs) else None for place in self._places]

    def comes_first(self, place: int) -> bool:
        """Whether nothing ran before what the job at `place` asks."""
        return self._places[place] == 0


def joined(jobs: Iterable[ProgramJob]) -> Joined:
    """Join scripts that differ only in what is recorded and read; nothing else is joined.

    What is called afterwards keeps a run to itself: it could print, hang or fill memory where others are only read.
    """
    places: dict[ProgramJob, int] = {}
    found: list[ProgramJob] = []
    parts: list[int] = []
    for job in jobs:
        alike = replace(job, trace=False, finals=()) if job.script else job
        place = places.setdefault(alike, len(found))
        if place == len(found):
            found.append(alike)
        so_far = found[place]
        finals = tuple(dict.fromkeys((*so_far.finals, *job.finals)))
        found[place] = replace(so_far, trace=so_far.trace or job.trace, finals=finals)
        parts.append(place)
    return Joined(tuple(found), tuple(parts))

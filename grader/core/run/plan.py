"""From a check to what goes into the box: probes drawn on the host, their jobs, and one run for jobs that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from grader.core.course.checks.call import Call, helpers_in
from grader.core.course.checks.recording import asks, names_of
from grader.core.course.checks.rules import rules_at
from grader.core.course.draws.draw import Array, draw_all, seed_for, sizes_in
from grader.core.course.exercise import Check, Coded, Stated
from grader.core.course.given_files import GivenFile, main_of, with_others
from grader.core.run.jobs import FilesJob, GraphJob, ProgramJob
from grader.core.run.observation import Run
from grader.core.run.probe import Input, ModuleNumbers, Probe
from grader.core.run.trainings import training_jobs

Numbers = Mapping[str, Array]
# More than any check has probes.
_NEXT = 1000
# Seconds, and bytes.
_OPENING, _DRIVERS = 30.0, 8 * 2**30


@lru_cache(maxsize=256)
def probe_numbers(check: Check, seed: bytes) -> tuple[Numbers, ...]:
    """Return the numbers of every probe of a check: the author's examples first, then the hidden draws."""
    unlike = _sizes_shown(check)
    return tuple(
        {**draw_all(check.draws, seed, index, unlike), **_example(check, place)}
        for place, index in enumerate(indices(check))
    )


def _sizes_shown(check: Check) -> dict[str, frozenset[int]]:
    """Return what each name that is a size is in the examples, which students may know."""
    shown: dict[str, set[int]] = {name: set() for name in sizes_in(check.draws)}
    for example in check.examples:
        for name, array in example.items():
            for side, length in zip(check.draws[name].shape(), array.shape, strict=False):
                if isinstance(side, str):
                    shown[side].add(length)
            if name in shown:
                shown[name].add(int(array.numbers[0]))
    return {name: frozenset(sizes) for name, sizes in shown.items()}


def indices(check: Check) -> tuple[int, ...]:
    """Return the number of each probe's draw: its place, and a thousand more for each draw that is passed over."""
    count = max(len(check.examples) + (check.repeat if check.draws or check.varied else 0), 1)
    # With the files as students have them, too.
    count += check.varied and not check.examples
    return tuple(place + _NEXT * passed for place, passed in enumerate(check.passed_over or (0,) * count))


def free_names(check: Check, place: int) -> frozenset[str]:
    """Return what is drawn at a probe, and not to be equal to something: not the author's own numbers."""
    drawn = {name for name, draw in check.draws.items() if draw.varies and not draw.ties}
    return frozenset(drawn - {*_example(check, place)})


def _example(check: Check, place: int) -> Numbers:
    found = check.examples[place] if place < len(check.examples) else {}
    return {name: replace(array, dtype=check.draws[name].dtype()) for name, array in found.items()}


def program_jobs(
    check: Check, source: str, filename: str, seed: bytes, work: Coded, *, dtype: str = "float32", ours: bool = False
) -> tuple[ProgramJob, ...]:
    """Return the jobs of one check: one per probe for a script, one in all for calls, one per seed for a training.

    Our own solution is called by the first signature only: the others are other ways to ask the same. It is trained on
    more seeds.
    """
    if check.data is None:
        jobs = _jobs(_as_ours(check) if ours else check, seed, work.without_autograd)
    else:
        jobs = training_jobs(check, seed, ours)
    packages = None if ours else work.packages
    by_hand = work.without_autograd and not ours
    without = () if ours else tuple(rules_at(work, check).named.items())
    job = replace(jobs[0], source=source, filename=filename, dtype=dtype, trusted=ours)
    job = replace(job, packages=packages, by_hand=by_hand, without=without, main=main_of(work.submit))
    return tuple(
        replace(job, given=each.given, probes=each.probes, training=each.training, files=files_at(check, work, place))
        for place, each in enumerate(jobs)
    )


def device_jobs(check: Check, device: str, jobs: Sequence[ProgramJob]) -> tuple[ProgramJob, ...]:
    """Return the jobs of a check as they are put to a program on a device."""
    limits = check.limits
    # To open one takes seconds, and much memory of the host.
    wider = replace(limits, wall=limits.wall + _OPENING, cpu=limits.cpu + _OPENING, memory=limits.memory + _DRIVERS)
    return tuple(
        replace(job, device=device, limits=wider, probes=tuple(replace(each, device=device) for each in job.probes))
        for job in jobs
    )


def files_at(check: Check, work: Coded, place: int) -> tuple[GivenFile, ...]:
    """Return what a program finds where it works at a probe; at the first it is what students have."""
    made = check.made_files[place - 1] if 0 < place <= len(check.made_files) else ()
    return with_others(work.given_files, made)


def files_jobs(work: Coded, seed: bytes) -> tuple[FilesJob, ...]:
    """Return the jobs that make the other files of an exercise's probes, one job for each probe.

    They depend on the place of a probe and not on what else is drawn there: all checks are about the same files.
    """
    places = max((len(indices(check)) for check in work.checks if check.varied), default=1)
    seeds = (seed_for(seed, "files", str(place)) for place in range(1, places))
    return tuple(FilesJob(work.makes, int.from_bytes(each[:4], "big") % 2**31, work.varied) for each in seeds)


@lru_cache(maxsize=256)
def first_signature(check: Check) -> Check:
    """Return the check with the first of its signatures alone."""
    return replace(check, calls=check.calls[:1])


@lru_cache(maxsize=256)
def _as_ours(check: Check) -> Check:
    """Return the check as our own solution is asked: it is what the layouts of modules come from."""
    first = first_signature(check)
    return replace(first, layouts={}) if first.layouts else first


@lru_cache(maxsize=256)
def _jobs(check: Check, seed: bytes, by_hand: bool) -> tuple[ProgramJob, ...]:
    """Return the jobs of one check, whatever program they are for."""
    numbers = list(zip(indices(check), probe_numbers(check, seed), strict=True))
    job = ProgramJob(
        source="",
        filename="",
        script=check.script,
        stores=next(iter(names_of(check.compare, "stores")), None),
        trace=by_hand or asks(check.compare, "trace"),
        finals=names_of(check.compare, "final"),
        limits=check.limits,
        ask=check.ask,
    )
    if not check.alone:
        probes = (_probe(check, call, each, seed, index) for call in check.calls for index, each in numbers)
        return (replace(job, probes=tuple(probes)),)
    if not check.script:
        return tuple(
            replace(job, probes=tuple(_probe(check, call, each, seed, index) for call in check.calls))
            for index, each in numbers
        )
    # What goes into modules is put in after the run; what is given, before it.
    without_given = replace(check, given={name: each for name, each in check.given.items() if each.module})
    return tuple(
        replace(
            job,
            given=_given(check, each),
            probes=tuple(_probe(without_given, call, each, seed, index) for call in check.calls),
        )
        for index, each in numbers
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
            arrays=check.arrays,
        )
        for name, draw in check.args.items()
    )
    gradients = names_of(check.compare, "gradient")
    # A child that does several checks must not know from one what the next one's gradients are multiplied by.
    own = seed_for(seed, check.name) if gradients else seed
    modules = tuple(
        ModuleNumbers(name, drawn, seed_for(seed, check.name, "parameters", name, str(index)), check.layouts.get(name))
        for name, draw in check.modules.items()
        if (drawn := draw.distribution()) is not None
    )
    return Probe(
        call,
        _given(check, numbers),
        args,
        gradients,
        own,
        index,
        let=tuple(check.let.items()),
        modules=modules,
        after=names_of(check.compare, "after"),
        helpers=helpers_in(check.ask),
        draws=_draws(check, seed, index),
        cost=names_of(check.compare, "cost"),
        device="cpu" if check.device else "",
    )


def _draws(check: Check, seed: bytes, index: int) -> tuple[int, int]:
    """Return how often a call is made again, and the seed of the first time. It is the same for every submission."""
    count = max((int(each) for each in names_of(check.compare, "draws")), default=0)
    own = seed_for(seed, check.name, "draws", str(index)) if count else bytes(4)
    # What NumPy takes as a seed, with room for the calls.
    return count, int.from_bytes(own[:4], "big") % 2**31


def _given(check: Check, numbers: Numbers) -> tuple[Input, ...]:
    return tuple(
        Input(name, numbers[name], parameter=given.parameter, optional=given.optional)
        for name, given in check.given.items()
        if not given.module
    )


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

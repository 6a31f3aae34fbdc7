"""What was seen of a program at each probe of a check, and the reference that is made of what the solution did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.core.compare.comparison import Comparison, comparisons
from grader.core.compare.parts import results_of
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.call import Call
from grader.core.course.checks.given import Layout
from grader.core.course.checks.recording import asks
from grader.core.course.checks.training import Data
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.course.given_files import GivenFile
from grader.core.findings.telling import told
from grader.core.judge.explain import (
    about_call,
    about_cells,
    longer_finding,
    perhaps_named,
    raised_finding,
    skipped_findings,
    stop_finding,
    unusable_finding,
)
from grader.core.judge.noise import measured
from grader.core.judge.width import too_wide
from grader.core.program.features.code_features import lines_that_make
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.report.report import Verdict
from grader.core.run.observation import Called, Run, RunStatus
from grader.core.run.plan import probe_numbers
from grader.core.words.message import Message, say

# What is said of a name that the program does not make.
_WHERE_NOT_WRITTEN = ("not-at-top-level", "no-function", "no-function-of", "no-function-but")

Found = tuple[Verdict, tuple[Finding, ...]]


def observations_of(check: Check, runs: Sequence[Run], probes: int, calls: int) -> list[list[Observation]]:
    """Return what was seen, per signature and probe."""
    if not check.calls:
        return [[Observation(run) for run in runs]]
    if check.alone:
        return [[Observation(run, _nth(check, run, call)) for run in runs] for call in range(calls)]
    places = [[call * probes + i for i in range(probes)] for call in range(calls)]
    return [[Observation(runs[0], _nth(check, runs[0], place)) for place in each] for each in places]


def _nth(check: Check, run: Run, place: int) -> Called | None:
    called = run.called[place] if place < len(run.called) else None
    return results_of(called, len(check.returns)) if called and check.returns else called


def unusable(
    check: Check,
    source: Source,
    observation: Observation,
    call: Call | None = None,
    probe: Mapping[str, Array] | None = None,
) -> Found | None:
    """Return why there is nothing to compare: stopped, raised, a name or function missing, a wrong signature."""
    run, called = observation.run, observation.called

    def with_notes(found: Finding) -> tuple[Finding, ...]:
        # Only where there is something to tell: finding it out takes longer than judging what is right.
        return (found, *about_cells(call, called, source), *skipped_findings(run, source))

    def after_causes(found: Finding) -> tuple[Finding, ...]:
        # What is missing is mostly missing because of what was left out: advice to write it would be untrue then.
        causes = skipped_findings(run, source)
        written = lines_that_make(source, found.text("name"))
        advice = (
            ()
            if causes and written and found.kind in _WHERE_NOT_WRITTEN
            else (found, *perhaps_named(check, source, found))
        )
        return (*causes, *advice, *about_cells(call, called, source))

    if run.ran and run.ran.raised:
        return Verdict.ERROR, (*with_notes(raised_finding(run.ran.raised, source)), *longer_finding(run.ran))
    if run.ran and (run.ran.unbound or run.ran.odd):
        return Verdict.FAIL, after_causes(unusable_finding(run.ran))
    if run.stop is not None and (called is None or (called is run.called[-1] and _cut_off(check, called))):
        return Verdict.ERROR, with_notes(stop_finding(run, check.limits))
    if called is not None and called.raised is not None:
        subject = about_call(call, probe or {}) if call else {}
        return Verdict.ERROR, with_notes(raised_finding(called.raised, source, **subject))
    if called is not None and (called.missing or called.module or called.signature is not None or called.unbound):
        return Verdict.FAIL, after_causes(unusable_finding(called, run, call))
    return None


def _cut_off(check: Check, called: Called) -> bool:
    """Whether a call returned, and its gradients are asked for and never came."""
    came = called.gradients or called.not_required or called.backward_raised
    return bool(called.values) and not came and asks(check.compare, "gradient")


class ReferenceFault(Exception):
    """The solution itself cannot serve as reference: a fault of the course, told to its author."""

    def __init__(self, check: str, message: Message) -> None:
        super().__init__(check)
        self.check = check
        self.message = message


@dataclass(frozen=True)
class Reference:
    """The solution's observations of one check: per probe, per comparison.

    Attributes:
        wide: why what is allowed is no longer small somewhere; then nothing is held to the reference.
        apart: the files of right programs that the solution's own noise does not explain.
        passed_over: of each probe, how many draws were passed over.
        layouts: the parameters of the solution's modules, by name.
        made_files: the files that are in place of the exercise's, of each probe after the first.
        kinks: why no probe could be drawn at which the solution does not jump; then nothing is held to it either.
        missed: why nobody can be held to what the solution's trainings reach.
        made: the data of a check that trains.
    """

    expected: tuple[tuple[Expected, ...], ...]
    wide: tuple[Message, ...] = ()
    apart: tuple[str, ...] = ()
    kinks: tuple[Message, ...] = ()
    passed_over: tuple[int, ...] = ()
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    made_files: tuple[tuple[GivenFile, ...], ...] = ()
    missed: tuple[Message, ...] = ()
    made: Data | None = None

    @property
    def fault(self) -> Message | None:
        """Why nothing can be held to it; None where something can."""
        return next(iter((*self.wide, *self.kinks, *self.missed)), None)


def reference_of(
    check: Check,
    source: Source,
    seed: bytes,
    exact: Sequence[Run],
    twin: Sequence[Run],
    rights: Mapping[str, Sequence[Run]] | None = None,
) -> Reference:
    """Return the reference from the solution's runs: in float64, and in float32 or with inputs a little aside.

    Noise is the largest difference from the first that the second, or another right program, shows: over whole tensors
    or series, and over all probes.

    Args:
        rights: the runs of other right programs, as a student's would be run, by file.

    Raises:
        ReferenceFault: where a run did not complete, raised, or gave nothing to compare with.
    """
    numbers = probe_numbers(check, seed)
    for run in (*exact, *twin):
        require_complete(check, source, run)
    observations = observations_of(check, exact, len(numbers), 1)[0]
    others = observations_of(check, twin, len(numbers), 1)[0]
    _require_something(check, source, observations, others)
    compared = comparisons(check)
    for item in compared:
        _require_results(check, observations)
        held_to = others if item.as_run else observations
        why = next((why for observation in held_to if (why := item.incomparable(observation)) is not None), None)
        if why is not None:
            raise ReferenceFault(check.name, why)
        if not item.may_be_missing and not all(map(item.tells, observations)):
            raise ReferenceFault(check.name, say("the solution gives no value to compare with"))
        for pair in zip(observations, others, strict=True):
            _require_alike(check, item, *pair)
    seen = {shown: _usable(check, source, runs, len(numbers)) for shown, runs in (rights or {}).items()}
    right = {shown: each for shown, each in seen.items() if each}
    found_in = [measured(item, observations, others, tuple(right.values())) for item in compared]
    return Reference(
        tuple(zip(*(each.expected for each in found_in), strict=True)),
        tuple(too_wide(check.name, width, source) for each in found_in for width in each.wide),
        tuple(shown for place, shown in enumerate(right) if any(place in each.apart for each in found_in)),
        layouts=layouts_of(observations),
    )


def layouts_of(observations: Sequence[Observation]) -> Mapping[str, Layout]:
    """Return the parameters of the modules that numbers were put into, by name."""
    return observations[0].called.layouts if observations and observations[0].called else {}


def _usable(check: Check, source: Source, runs: Sequence[Run], probes: int) -> list[Observation]:
    """Return what was seen of a right program; nothing where there is nothing to compare, which is told elsewhere."""
    if not runs or any(run.status is not RunStatus.COMPLETED for run in runs):
        return []
    observations = observations_of(check, runs, probes, 1)[0]
    return [] if any(unusable(check, source, each) for each in observations) else observations


def require_complete(check: Check, source: Source, run: Run) -> None:
    """Hold a run of the solution to having come to its end.

    Raises:
        ReferenceFault: where it did not.
    """
    if run.stop is not None:
        raise ReferenceFault(check.name, told(stop_finding(run, check.limits)))
    if run.loaded and run.loaded.skipped:
        raise ReferenceFault(check.name, told(raised_finding(run.loaded.skipped[0], source)))


def _require_something(check: Check, source: Source, exact: Sequence[Observation], twin: Sequence[Observation]) -> None:
    """Hold the solution to showing what can be compared with, in either run."""
    for observation in exact:
        found = unusable(check, source, observation)
        if found is None:
            continue
        why = told(found[1][0])
        if any(unusable(check, source, each) for each in twin):
            raise ReferenceFault(check.name, why)
        raise ReferenceFault(
            check.name,
            say(
                "{why}\nIn float32 it is no error. The solution is run in float64, too, so neither it nor ask.py may "
                "fix a dtype: write a.to(x.dtype) in place of a.float().",
                why=why,
            ),
        )
    for observation in twin:
        if found := unusable(check, source, observation):
            raise ReferenceFault(check.name, told(found[1][0]))


def _require_results(check: Check, observations: Sequence[Observation]) -> None:
    """Hold the solution to giving as many results as the check names."""
    for called in (observation.called for observation in observations if check.returns):
        places = {value.place[0] for value in called.values if value.place} if called else set()
        if len(places) != len(check.returns):
            names = ", ".join(check.returns)
            what = say("the solution gives {count} results; returns names {names}", count=len(places) or 1, names=names)
            raise ReferenceFault(check.name, what)


def _require_alike(check: Check, item: Comparison, exact: Observation, twin: Observation) -> None:
    if item.by_chance:
        return
    ours, theirs = item.arrays(exact), item.arrays(twin)
    alike = all(key in theirs and theirs[key].shape == array.shape for key, array in ours.items())
    if not alike or item.facts(exact) != item.facts(twin):
        raise ReferenceFault(
            check.name, say("the solution behaves differently in float32 and float64; it must not fix a dtype")
        )

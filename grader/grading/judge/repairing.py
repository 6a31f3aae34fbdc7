"""Looks for one small change with which a check passes: each try is an untrusted job of its own, within a budget.

What is searched is a program of somebody else, and every change to it stays one: it runs in the box as the program did,
at the numbers that may be shown, under tighter limits. No verdict waits for it, and none depends on it.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.checks.recording import follows_run
from grader.core.course.exercise import Check, Coded
from grader.core.judge.judge import fails_at_once, judge_case
from grader.core.judge.reference import Reference
from grader.core.program.features.code_features import nodes_of
from grader.core.program.parsing import UNREADABLE, parsed
from grader.core.program.rewriting.edits import edits_of
from grader.core.program.rewriting.written import Edit
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.core.run.trace import Floats
from grader.grading.judge.steps import Alone, Look, Steps

# Tries, and seconds in the box, that one program is given.
_MOST_TRIES, _MOST_SECONDS = 60, 3.0
# The places of one change, or of two.
Places = tuple[int, ...]
# The name of the mistake that a change mends, and the changed program.
Try = tuple[str, str]
# Changes that may be the first of two.
_MOST_HALVES = 3
# Tries that are asked for at once.
_WIDTH = 6
# A changed program that takes many times as long as the program itself mends nothing.
_TIMES, _LEAST_SECONDS = 4.0, 0.5


@dataclass(frozen=True)
class Found:
    """The places of changes with which a check passes: each by itself, or `together`, where two are needed."""

    places: tuple[int, ...] = ()
    together: bool = False


@dataclass(frozen=True)
class Mend:
    """Changes with which a check passes: each by itself, or `together`, where two are needed."""

    edits: tuple[Edit, ...] = ()
    together: bool = False


@dataclass(frozen=True)
class Search:
    """Searches for changes: alike programs are searched once.

    Attributes:
        allowed: whether one student waits for it. A class does not: there a report is the same whoever came before.
    """

    allowed: bool
    found: dict[str, Found] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A check that a program does not pass, and what it is held to.

    Attributes:
        source: the program, its settings as they are asked.
        look: the check as it was judged.
    """

    check: Check
    work: Coded
    source: Source
    seed: bytes
    reference: Reference
    look: Look

    def jobs(self, text: str) -> tuple[ProgramJob, ...]:
        """Return the jobs of a changed program."""
        own = max((run.usage.wall for run in self.look.runs), default=0.0)
        limits = self.check.limits
        wall = min(limits.wall, max(_LEAST_SECONDS, _TIMES * own))
        jobs = program_jobs(self.check, text, self.source.filename, self.seed, self.work)
        return tuple(replace(job, limits=replace(limits, wall=wall, cpu=min(limits.cpu, wall))) for job in jobs)

    @property
    def by_first(self) -> bool:
        """Whether the first probe alone can tell that a change mends nothing."""
        return self.check.alone and len(self.check.calls) < 2 and self._fails_at_first(self.source, self.look.runs)

    @property
    def of_whole_numbers(self) -> bool:
        """Whether all that is asked for are whole numbers: labels, say, or counts."""
        arrays = [array for probe in self.reference.expected for each in probe for array in each.arrays.values()]
        return all(bool((np.round(array) == array).all()) for array in arrays)

    def may_pass(self, changed: Source, runs: Sequence[Run]) -> bool:
        """Whether the runs of a first try leave it open that the check passes."""
        if any(run.status is not RunStatus.COMPLETED for run in runs) or _left_out(runs) > _left_out(self.look.runs):
            # A statement that raises now and is left out is no mend.
            return False
        return not self._fails_at_first(changed, runs) if self.by_first else self.passes(changed, runs)

    def passes(self, changed: Source, runs: Sequence[Run]) -> bool:
        """Whether the check passes at all its probes."""
        result, _ = judge_case(self.check, self.work, changed, self.seed, runs, self.reference)
        return result.verdict is Verdict.PASS and all(map(self._as_long, runs))

    def steps_right(self, run: Run) -> int:
        """Return how many steps of a training of the first probe are right before one differs."""
        pairs = zip(comparisons(self.check), self.reference.expected[0], strict=True)
        for item, wanted in pairs:
            if follows_run(item):
                arrays = item.arrays(Observation(run))
                keys = [key for key in wanted.arrays if item.counts(key)]
                return min((_leading(arrays.get(key), wanted, key) for key in keys), default=0)
        return 0

    def gets_further(self, changed: Sequence[Run]) -> bool:
        """Whether the runs of a changed program are right for longer, or as long as they should be for the first time.

        Of a check that follows no run nothing shows it, and it is not denied.
        """
        if not changed or not self.look.runs or not any(map(follows_run, comparisons(self.check))):
            return True
        before, after = self.look.runs[0], changed[0]
        return self.steps_right(after) > self.steps_right(before) or (self._as_long(after) > self._as_long(before))

    def _as_long(self, run: Run) -> bool:
        """Whether a run trains as long as it should: not once in vain, and then as it should."""
        ours = self.reference.expected[0][0].observation.run.ran
        if run.ran is None or run.ran.trace is None or ours is None or ours.trace is None:
            return True
        return run.ran.trace.count == ours.trace.count

    def _fails_at_first(self, source: Source, runs: Sequence[Run]) -> bool:
        return fails_at_once(self.check, self.work, source, self.seed, runs[:1], self.reference)


def repaired(held: Held, search: Search, parameters: Sequence[str], functions: Sequence[str]) -> Steps[Mend]:
    """Return the changes with which a check passes; none where none was found, or nobody waits for it."""
    if not search.allowed:
        return Mend()
    raised = next((each.line for run in held.look.runs if (each := run.ran and run.ran.raised)), 0)
    edits = edits_of(held.source, parameters, functions, raised)
    if not edits:
        return Mend()
    key = _alike(held)
    after = _Derived(held.source, parameters, functions, edits)
    if key not in search.found:
        search.found[key] = yield from _searched(held, after)
    found = search.found[key]
    if found.together:
        half, other = found.places
        return Mend((edits[half], after.half(half)[other]), together=True)
    return Mend(tuple(edits[place] for place in found.places if place < len(edits)))


@dataclass(frozen=True)
class _Derived:
    """Changes to a program, and what may be changed once one of them is made: alike programs have the same."""

    source: Source
    parameters: Sequence[str]
    functions: Sequence[str]
    edits: Sequence[Edit]

    def changed(self, place: int) -> Source:
        """Return the program with one change."""
        return replace(self.source, text=self.edits[place].of(self.source))

    def half(self, place: int) -> Sequence[Edit]:
        """Return the changes to try beside one: two in one statement may be within each other."""
        return edits_of(self.changed(place), self.parameters, self.functions)


def _searched(held: Held, after: _Derived) -> Steps[Found]:
    """Return the changes with which the check passes, one at a time, and where none does, two that have names."""
    edits = after.edits
    tries: dict[Places, Try] = {
        (place,): (edits[place].name, edits[place].of(held.source)) for place in range(min(len(edits), _MOST_TRIES))
    }
    found, further, spent = yield from _tried(held, tries, 0.0)
    if found or not further:
        return Found(tuple(place for (place,) in found))
    # What lets a training go on rightly for longer is half of two changes.
    halves = sorted((place for (place,) in further if edits[place].name), key=lambda each: -further[(each,)])
    pairs: dict[Places, Try] = {
        (half, other): (edit.name, edit.of(after.changed(half)))
        for half in halves[:_MOST_HALVES]
        for other, edit in enumerate(after.half(half))
        if edit.name and edit.name != edits[half].name
    }
    found, _, _ = yield from _tried(held, dict(islice(pairs.items(), _MOST_TRIES)), spent)
    return Found(found[0], together=True) if found else Found()


def _tried(
    held: Held, tries: Mapping[Places, Try], spent: float
) -> Steps[tuple[list[Places], dict[Places, int], float]]:
    """Try changes; who finds a name looks no further.

    Returns: which pass, how far those come that do not pass but get further than the program, and the seconds spent.
    """
    found, tried = list[Places](), set[str]()
    begins = held.steps_right(held.look.runs[0])
    further: dict[Places, int] = {}
    places = list(tries)
    while places and spent < _MOST_SECONDS and not any(tries[each][0] for each in found):
        some, places = places[:_WIDTH], places[_WIDTH:]
        texts = {place: text for place in some if (text := tries[place][1]) not in tried and _is_program(text)}
        tried |= set(texts.values())
        jobs = {place: held.jobs(text) for place, text in texts.items()}
        first = {place: each[:1] if held.by_first else each for place, each in jobs.items()}
        runs = dict(zip(first, (yield [Alone(each) for each in first.values()]) if first else [], strict=True))
        spent += _seconds(runs.values())
        for place, own in runs.items():
            changed = replace(held.source, text=texts[place])
            if not held.may_pass(changed, own):
                came = held.steps_right(own[0])
                further |= {place: came} if came > begins else {}
                continue
            if held.by_first:
                (own,) = yield [Alone(jobs[place])]
                spent += _seconds([own])
            if held.passes(changed, own):
                found.append(place)
    return found, further, spent


def _leading(actual: Floats | None, expected: Expected, key: str) -> int:
    """Return how many steps of a quantity are right before one differs."""
    wanted = expected.arrays[key]
    if actual is None or not actual.size or actual.shape[1:] != wanted.shape[1:]:
        return 0
    both = min(len(actual), len(wanted))
    with np.errstate(all="ignore"):
        off = excess(actual[:both], wanted[:both], expected.allowed(key)[:both]).reshape(both, -1).max(axis=1) > 1
    return int(np.argmax(off)) if off.any() else both


def _left_out(runs: Sequence[Run]) -> int:
    """Return how many statements were left out of a run because they raised."""
    return max((len(run.loaded.skipped) for run in runs if run.loaded is not None), default=0)


def _seconds(runs: Iterable[Sequence[Run]]) -> float:
    """Return what runs took, without the time in which they waited for a core that others had."""
    return sum(run.usage.own or run.usage.wall for some in runs for run in some)


def _is_program(text: str) -> bool:
    try:
        parsed(text)
    except UNREADABLE:
        return False
    return True


def _alike(held: Held) -> str:
    """Return what programs share that differ in their comments and in the lengths of their lines only."""
    nodes = nodes_of(held.source)
    try:
        tree = ast.dump(nodes[0]) if nodes else held.source.text
    except RecursionError:
        tree = held.source.text
    return hashlib.sha256(f"{held.check.name} {tree}".encode("utf-8", "surrogatepass")).hexdigest()

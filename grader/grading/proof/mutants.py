"""Puts mutants of a solution to the checks: each until a check does not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from grader.core.course.checks.limits import Limits
from grader.core.course.exercise import Check
from grader.core.judge.judge import why_void
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.observation import Run
from grader.core.run.plan import program_jobs
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.grading.batch.task import in_warm_box, unpacked
from grader.grading.judge.answer_key import Known
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import judging, modules
from grader.grading.judge.on_devices import tried_on_devices
from grader.grading.judge.programs import KnownCoded, judging_program
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Judged, Ours, Steps, at_once, observed

# A mutant that takes much longer than the solution never ends, as a rule. A student's program is waited for longer.
_TIMES_THE_SOLUTION = 10
_LEAST = Limits(wall=5.0, cpu=1.0)


@dataclass(frozen=True)
class MutationTask:
    """Some mutants of one exercise.

    Attributes:
        keys: an AnswerKey for each seed, pickled by us.
        mutants: their numbers and sources.
        shown: how messages call the solution's file.
    """

    keys: tuple[bytes, ...]
    isolation: str
    mutants: tuple[tuple[int, str], ...]
    shown: str


@dataclass(frozen=True)
class Survivors:
    """The numbers of the mutants that got full marks on every seed."""

    numbers: frozenset[int]


def survivors(task: MutationTask) -> Survivors:
    """Put mutants to the checks.

    Raises:
        CourseInvalid: where the solution cannot serve as reference.
        CouldNotJudge: where the box fails.
    """
    draws = _draws(task.keys, task.isolation)
    alive, likely = [], ""
    for number, text in task.mutants:
        source = Source(text, task.shown)
        run = in_warm_box(task.isolation, modules(draws.first, source))
        lost = driven(_first_lost(draws, source, likely), run)
        if lost is not None:
            # The next one is a change to the same line, or to one close by.
            likely = lost
        elif driven(_survives(unpacked(task.keys[0]), draws, source), run):
            alive.append(number)
    return Survivors(frozenset(alive))


@dataclass(frozen=True)
class _Draws:
    """What mutants are held to on every seed: to tighter limits than a student's program.

    Attributes:
        checks: as they are on the first seed.
    """

    keys: tuple[bytes, ...]
    checks: tuple[Check, ...]

    @cached_property
    def first(self) -> KnownCoded:
        return self._on(self.keys[0])

    def at(self, name: str) -> KnownCoded | None:
        """Return what mutants are held to at one check on the first seed; None where there is none by itself."""
        checks = tuple(check for check in self.first.drawn.work.checks if check.name == name and not check.needs)
        return self.first.with_checks(checks) if checks else None

    @cached_property
    def others(self) -> list[KnownCoded]:
        """Only what gets full marks on the first needs them."""
        return [self._on(key) for key in self.keys[1:]]

    def _on(self, key: bytes) -> KnownCoded:
        return KnownCoded.of(unpacked(key)).with_checks(self.checks)


def _first_lost(draws: _Draws, source: Source, likely: str) -> Steps[str | None]:
    """Return a check that a mutant loses on the first numbers, which tell most; None where it has full marks there.

    Args:
        likely: the check that is tried first, by itself.
    """
    references = yield from reference(draws.first.observer)
    if any(each.fault is not None for each in references.values()):
        # Nothing is held to what everything passes; it is told of the solution.
        return ""
    for known in filter(None, (draws.at(likely), draws.first)):
        judged = yield from judging_program(known, source, diagnose=False, ours=False, whole=False)
        lost = _lost(judged)
        if lost is not None:
            return lost
    return _lost((yield from tried_on_devices(draws.first, source, judged)))


def _survives(whole: Known, draws: _Draws, source: Source) -> Steps[bool]:
    """Try all other numbers, and last what else there is beside checks."""
    on_others = yield from at_once([reference(known.observer) for known in draws.others])
    if any(each.fault is not None for references in on_others for each in references.values()):
        return False
    others = yield from at_once([judging(known, source, diagnose=False, ours=True) for known in draws.others])
    if not all(map(_full_marks, others)):
        return False
    return whole.held is whole or _full_marks((yield from judging(whole, source, diagnose=False)))


def _full_marks(judged: Judged) -> bool:
    return _lost(judged) is None


def _lost(judged: Judged) -> str | None:
    void = next((result for result in judged.checks if result.verdict is Verdict.VOID), None)
    if void is not None:
        raise CouldNotJudge(say("a mutant could not be run: {detail}", detail=why_void(void)))
    return next((result.name for result in judged.checks if result.verdict is not Verdict.PASS), None)


@lru_cache(maxsize=16)
def _draws(keys: tuple[bytes, ...], isolation: str) -> _Draws:
    known = KnownCoded.of(unpacked(keys[0]))
    return _Draws(keys, driven(_limited(known), in_warm_box(isolation, modules(known))))


def _limited(known: KnownCoded) -> Steps[tuple[Check, ...]]:
    """Return the checks with the limits of a mutant: what the solution takes, and a good deal more."""
    yield from reference(known.observer)
    work, solution = known.work, known.solution
    jobs = [
        program_jobs(check, solution.text, solution.filename, known.key.seed, work)[
            # Of a training the first seed shows how long it takes.
            : 1 if check.data is not None else None
        ]
        for check in known.drawn.work.checks
    ]
    runs = yield from observed([Ours(each) for each in jobs])
    return tuple(replace(check, limits=_limits(check, own)) for check, own in zip(work.checks, runs, strict=True))


def _limits(check: Check, runs: Sequence[Run]) -> Limits:
    wall, cpu = (max(getattr(run.usage, what) for run in runs) for what in ("wall", "cpu"))
    return replace(
        check.limits,
        wall=min(check.limits.wall, max(_LEAST.wall, _TIMES_THE_SOLUTION * wall)),
        cpu=min(check.limits.cpu, max(_LEAST.cpu, _TIMES_THE_SOLUTION * cpu)),
    )

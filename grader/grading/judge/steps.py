"""What judging asks for, and what it comes to: it yields needs as data, is sent their runs, and starts nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from grader.core.course.checks.author_tests import AuthorTest
from grader.core.course.exercise import Check
from grader.core.diagnose.diagnose import Case
from grader.core.judge.judge import skipped, void
from grader.core.program.features.passed_over import passed_over
from grader.core.program.source import Source
from grader.core.report.evidence import Drawing
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import Job
from grader.core.run.observation import Run, RunStatus

T = TypeVar("T")
U = TypeVar("U")
C = TypeVar("C", Check, AuthorTest)


@dataclass(frozen=True)
class Alone:
    """Jobs of one program, each in a child of its own.

    The answer is a run for each job. A run that was stopped stands for those after it: they would be stopped as well.
    """

    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Decided(Alone):
    """Nothing to run: the points are known, and what is wrong is looked for next. Who waits may be told.

    Attributes:
        earned: points; None where not all could be judged.
    """

    earned: float | None = None
    most: float = 0.0


@dataclass(frozen=True)
class Together:
    """Jobs of one submission, in turn in one child.

    The answer is the runs up to the first that did not complete; none from a box in which this would save nothing.

    Attributes:
        otherwise: what is likely to be needed next if this does not come to its end soon; who has idle cores may begin.
    """

    jobs: tuple[Job, ...]
    otherwise: tuple[Alone, ...] = ()


@dataclass(frozen=True)
class Ours:
    """Jobs of one program of the course itself, in turn in a child that it may share with other such programs.

    The answer is the runs up to the first that did not complete.

    Attributes:
        late: whether it imports what takes seconds; such programs share a child with each other.
    """

    jobs: tuple[Job, ...]
    late: bool = False


Need = Alone | Together | Ours
# How a run ends that would end so once more.
STOPPED = (RunStatus.TIMED_OUT, RunStatus.OUT_OF_MEMORY)
# Yields all that it can know at a moment to be needed, is sent the runs of each need, and returns what they come to.
Steps = Generator[Sequence[Need], Sequence[list[Run]], T]


def decided(results: Iterable[CheckResult]) -> Decided:
    """Return what is known when all checks are judged."""
    points = [(each.score, each.max_score) for each in results]
    earned = None if any(score is None for score, _ in points) else sum(score or 0.0 for score, _ in points)
    return Decided((), earned, sum(most for _, most in points))


def without_runs(value: T) -> Steps[T]:
    """Return what needs no run."""
    yield from ()
    return value


def observed(programs: Sequence[Ours]) -> Steps[list[list[Run]]]:
    """Return the runs of programs of the course, one for each job: what shared children leave out runs alone."""
    if not programs:
        return []
    found = [complete(runs) for runs in (yield programs)]
    left = [place for place, program in enumerate(programs) if len(found[place]) < len(program.jobs)]
    if left:
        alone = yield [Alone(programs[place].jobs[len(found[place]) :]) for place in left]
        for place, runs in zip(left, alone, strict=True):
            found[place] += runs
    return found


def complete(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that completed."""
    return [run for run in runs if run.status is RunStatus.COMPLETED]


def all_or_none(runs: Sequence[Run | None]) -> list[Run]:
    """Return the runs of one check, all of them or none. A first one that was stopped stands for those after it."""
    first = runs[0]
    if first is not None and first.status in STOPPED:
        return [first] * len(runs)
    found = complete([run for run in runs if run is not None])
    return found if len(found) == len(runs) else []


def both(one: Steps[T], other: Steps[U]) -> Steps[tuple[T, U]]:
    """Take two steps at once."""
    steps: list[Steps[Any]] = [one, other]
    first, second = yield from at_once(steps)
    return first, second


def at_once(steps: Sequence[Steps[T]]) -> Steps[list[T]]:
    """Take several steps at once: what they need at a moment is yielded together."""
    results: dict[int, T] = {}
    asked: dict[int, Sequence[Need]] = {}

    def go_on(place: int, runs: Sequence[list[Run]] | None) -> None:
        try:
            asked[place] = next(steps[place]) if runs is None else steps[place].send(runs)
        except StopIteration as done:
            asked.pop(place, None)
            results[place] = done.value

    try:
        for place in range(len(steps)):
            go_on(place, None)
        while asked:
            runs = iter((yield [need for needs in asked.values() for need in needs]))
            for place, needs in list(asked.items()):
                go_on(place, list(islice(runs, len(needs))))
    finally:
        for step in steps:
            step.close()
    return [results[place] for place in range(len(steps))]


@dataclass(frozen=True)
class Look:
    """One check of a program, as it was judged.

    Attributes:
        check: as it was asked: the first of its signatures alone, where that was enough.
        runs: what the result rests on.
        case: what there is to diagnose; None where no number counts.
    """

    check: Check
    runs: Sequence[Run]
    result: CheckResult
    case: Case | None


@dataclass(frozen=True)
class Judged:
    """The results of all checks, and the isolation under which they ran: not_run where nothing did.

    Attributes:
        notices: what is said of the program as a whole.
        looks: of a program's checks, those that were looked at.
        drawing: what there is to see of the exercise as a whole; None where there is nothing.
    """

    checks: tuple[CheckResult, ...]
    notices: tuple[Finding, ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
    isolation: str = "not_run"
    drawing: Drawing | None = None

    @property
    def ran(self) -> bool:
        """Whether any of it says what a run came to."""
        return any(check.status is not RunStatus.NOT_RUN for check in self.checks)


def in_order(
    checks: Sequence[C],
    certain: Mapping[str, CheckResult],
    alone: Callable[[Sequence[C]], Steps[Sequence[CheckResult]]],
    before: Iterable[CheckResult] = (),
) -> Steps[tuple[CheckResult, ...]]:
    """Return every check's result; those that need another one which did not pass are not looked at.

    Args:
        certain: results that are known.
        alone: judges checks that are not, all those at once whose needs have passed.
        before: results of checks of the exercise that are not among these, which may need them.
    """
    results = {result.name: result for result in before}
    while open_checks := _settle(checks, certain, results):
        found = yield from alone(open_checks)
        results |= {result.name: result for result in found}
    return tuple(results[check.name] for check in checks)


def until_lost(
    checks: Sequence[C],
    certain: Mapping[str, CheckResult],
    alone: Callable[[Sequence[C]], Steps[Sequence[CheckResult]]],
) -> Steps[tuple[CheckResult, ...]]:
    """Return results as `in_order` does, up to the first check that does not pass: one at a time is judged."""
    results: dict[str, CheckResult] = {}
    while True:
        open_checks = _settle(checks, certain, results)
        if not open_checks or any(each.verdict is not Verdict.PASS for each in results.values()):
            return tuple(results.values())
        results |= {result.name: result for result in (yield from alone(open_checks[:1]))}


def _settle(checks: Sequence[C], certain: Mapping[str, CheckResult], results: dict[str, CheckResult]) -> list[C]:
    """Add the results that follow from others, and return the checks that can be judged now."""
    to_judge: list[C] = []
    for check in checks:
        if check.name in results or any(name not in results for name in check.needs):
            continue
        needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
        if needed is not None and results[needed].verdict is Verdict.VOID:
            results[check.name] = void(check.name, check.points, finding("needs-judged", needed=needed))
        elif needed is not None:
            results[check.name] = skipped(check, needed)
        elif check.name in certain:
            results[check.name] = certain[check.name]
        else:
            to_judge.append(check)
    return to_judge


def notices(source: Source, results: Iterable[CheckResult]) -> tuple[Finding, ...]:
    """Return what is said of a program as a whole: its faults too, where no check had to tell of them."""
    told = any(fault in result.findings for _, fault in source.faults for result in results)
    faults = () if told else tuple(fault for _, fault in source.faults)
    return (*source.notices, *faults, *passed_over(source))


def unreadable(points: Mapping[str, float], fault: Finding) -> Judged:
    """Return every check as an error: the file cannot be read as a program.

    Args:
        points: by check.
    """
    return Judged(
        tuple(CheckResult(name, RunStatus.NOT_RUN, Verdict.ERROR, most, (fault,)) for name, most in points.items())
    )

"""Judges a program: one child for all checks first, and children of their own only for what that does not tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice

from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.settings import Asked, asked_settings
from grader.core.judge.judge import fails_at_once, held_finding, judge_case
from grader.core.judge.reference import Reference
from grader.core.program.rewriting.settings import Setting
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Joined, first_signature, joined, program_jobs
from grader.grading.judge.answer_key import Known
from grader.grading.judge.diagnosing import Diagnosing, diagnosed_results
from grader.grading.judge.more_draws import MoreDraws
from grader.grading.judge.observing import References
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.grading.judge.repairing import Search
from grader.grading.judge.settled import Late, late_findings, settled
from grader.grading.judge.shown import Shown
from grader.grading.judge.steps import (
    STOPPED,
    Alone,
    Judged,
    Look,
    Ours,
    Steps,
    Together,
    both,
    complete,
    decided,
    in_order,
    notices,
    until_lost,
)
from grader.grading.judge.trainings import Trainings
from grader.grading.judge.wrong_programs import WrongObserver


@dataclass(frozen=True)
class KnownCoded(Known):
    """What is kept of an exercise whose submissions are programs held to the solution.

    Attributes:
        solution: as it is read.
        observer: what observes the reference of every check, or remembers it.
        wrong: the same of the wrong programs.
        search: looks for changes that make a check pass.
        more: calls random programs more often, where chance may have decided.
        shown: the same with the numbers that may be shown; None where these may be.
    """

    work: Coded
    solution: Source
    observer: ReferenceObserver[References]
    wrong: WrongObserver
    search: Search
    more: MoreDraws
    shown: Shown[KnownCoded] | None = None

    @property
    def seconds(self) -> float:
        return self.observer.seconds

    @property
    def says(self) -> bool:
        """Whether somebody waits who may be told the points at once. Where a device comes after, they may fall."""
        return self.key.closely and all(check.device is None for check in self.work.checks)

    @cached_property
    def asked(self) -> Mapping[Setting, Asked]:
        """The settings of the training that is asked for; in the students' copy those that the prompt says."""
        released = self.key.released
        return asked_settings(self.key.exercise, self.work, self.solution) if released is None else released.settings

    @property
    def diagnosing(self) -> Diagnosing:
        """What naming a program's mistakes needs."""
        return Diagnosing(self.work, self.key.seed, self.wrong, self.asked, self.search)

    @classmethod
    def of(cls, known: Known) -> KnownCoded:
        """Return what is kept of an exercise that is one of these, or of that part of it which is."""
        held = known.held
        assert isinstance(held, cls)
        return held

    @cached_property
    def drawn(self) -> KnownCoded:
        """The same with the checks as they are drawn in the end; where nothing is missing of the reference."""
        seen = {
            name: (each.passed_over, each.layouts, each.made, each.made_files)
            for name, each in self.observer.reference.items()
        }
        settled = [(each.passed_over, each.layouts, each.made, each.made_files) for each in self.work.checks]
        if [seen[check.name] for check in self.work.checks] == settled:
            return self
        return self.with_checks(
            tuple(
                replace(check, passed_over=passed, layouts=layouts, made=made, made_files=files)
                for check in self.work.checks
                for passed, layouts, made, files in [seen[check.name]]
            )
        )

    def with_checks(self, checks: tuple[Check, ...]) -> KnownCoded:
        """Return the same with these checks in place of its own, and with what was observed."""
        work = replace(self.work, checks=checks)
        key = replace(self.key, exercise=replace(self.key.exercise, work=work))
        shown = self.shown and self.shown.changed(lambda known: known.with_checks(checks))
        return replace(self, key=key, work=work, shown=shown)


def judging_program(
    known: KnownCoded, source: Source, diagnose: bool, ours: bool, says: bool = False, whole: bool = True
) -> Steps[Judged]:
    """Judge a program whose syntax is right.

    Args:
        diagnose: whether what is wrong is named, and what there is to see collected.
        ours: whether it is a program of the course, and may share a child with others.
        says: whether these numbers decide the points, and somebody waits who may be told them.
        whole: whether every check is judged; otherwise no more than it takes to see that one does not pass.
    """
    known = known if known.observer.missing else known.drawn
    program = _Program(known, source, ours)
    references, runs = yield from both(reference(known.observer), _first_child(program))
    if known.drawn is not known:
        # The first who comes, and only where something is drawn again: with these numbers nobody is judged.
        known = known.drawn
        program = _Program(known, source, ours)
        runs = yield from _first_child(program)
    looks = program.certain(runs, references)
    late: list[Late] = []

    def settle(names: Iterable[str]) -> Steps[None]:
        seen = [looks[name] for name in names]
        found = yield from settled(seen, source, references, program.jobs, partial(program.look, references))
        for look, why in found:
            looks[why.check] = look
            late.append(why)
        for look in seen:
            looks[look.check.name] = yield from known.more.decided(source, looks[look.check.name])

    trainings = Trainings(source, program.jobs, references)

    def alone(checks: Sequence[Check]) -> Steps[list[CheckResult]]:
        drawn = [check for check in checks if check.data is None]
        found, trained = yield from both(_each(drawn, program), trainings.runs(known.work.checks, checks))
        for check in checks:
            own = trained[check.name] if check.data is not None else found[check.name]
            looks[check.name] = program.look(references, check, own)
        yield from settle([check.name for check in drawn])
        return [looks[check.name].result for check in checks]

    yield from settle(list(looks))
    certain = {**{name: look.result for name, look in looks.items()}, **program.not_run}
    results = yield from (in_order if whole else until_lost)(program.work.checks, certain, alone)
    looks = {result.name: looks[result.name] for result in results if _is_seen(result, looks)}
    if diagnose:
        if says:
            yield [decided(results)]
        results = yield from diagnosed_results(known.diagnosing, source, results, looks, references)
    return Judged(results, (*notices(source, results), *late_findings(late)), looks)


def _each(checks: Sequence[Check], program: _Program) -> Steps[dict[str, list[Run]]]:
    """Return the runs of checks, each by itself."""
    found = (yield [program.alone(check) for check in checks]) if checks else []
    return {check.name: own for check, own in zip(checks, found, strict=True)}


def _first_child(program: _Program) -> Steps[list[Run]]:
    jobs = program.joined.jobs
    if not jobs:
        return []
    (runs,) = yield [Ours(jobs) if program.ours else Together(jobs, program.otherwise)]
    return runs


def _is_seen(result: CheckResult, looks: Mapping[str, Look]) -> bool:
    return result.name in looks and looks[result.name].result is result


@dataclass(frozen=True)
class _Program:
    """A program that is judged: what is to be run for its checks, and what the runs of a check come to."""

    known: KnownCoded
    source: Source
    ours: bool
    # Of checks, by name and by how many of their signatures are asked.
    _jobs: dict[tuple[str, int], tuple[ProgramJob, ...]] = field(default_factory=dict)

    @property
    def work(self) -> Coded:
        return self.known.work

    @cached_property
    def not_run(self) -> dict[str, CheckResult]:
        """The results of checks that run the whole program, where Python cannot read a part of it."""
        if not self.source.faults:
            return {}
        faults = tuple(fault for _, fault in self.source.faults)
        return {
            check.name: CheckResult(check.name, RunStatus.NOT_RUN, Verdict.ERROR, check.points, faults)
            for check in self.work.checks
            if check.script
        }

    @cached_property
    def able(self) -> list[Check]:
        """The checks of the first child, whole runs first: their prints and stops are told of them only."""
        # A training is not joined with anything: what comes before it might have asked what it is asked after it.
        able = [check for check in self.work.checks if check.name not in self.not_run and check.data is None]
        return sorted(able, key=lambda check: not check.script)

    @cached_property
    def first_jobs(self) -> list[tuple[ProgramJob, ...]]:
        """What each check asks in the first child: of several signatures the first alone."""
        return [self.jobs(first_signature(check)) for check in self.able]

    @cached_property
    def joined(self) -> Joined:
        return joined(job for jobs in self.first_jobs for job in jobs)

    @property
    def otherwise(self) -> tuple[Alone, ...]:
        return tuple(
            self.alone(check)
            for check in self.work.checks
            if check.name not in self.not_run and not check.needs and check.data is None
        )

    def jobs(self, check: Check) -> tuple[ProgramJob, ...]:
        which = check.name, len(check.calls)
        if which not in self._jobs:
            at = self.source.text, self.source.filename, self.known.key.seed
            self._jobs[which] = program_jobs(check, *at, self.work)
        return self._jobs[which]

    def alone(self, check: Check) -> Alone:
        return Alone(self.jobs(check))

    def look(self, references: References, check: Check, runs: Sequence[Run]) -> Look:
        held_to = references[check.name]
        result, case = judge_case(check, self.work, self.source, self.known.key.seed, runs, held_to)
        return Look(check, runs, result, case)

    def certain(self, runs: Sequence[Run], references: References) -> dict[str, Look]:
        """Return what the first child's runs tell for certain.

        It costs one process instead of many, and one run where checks ask for the same one. Whatever one check does to
        the next, what comes out right was computed for unseen data. Of what does not, only the child's first run shows
        what a child of its own would show: a check that fails there fails. Any other that does not come out right
        proves nothing.
        """
        looks: dict[str, Look] = {}
        for check, own, seen, place in self._apart(runs):
            if self._fails(check, own, seen, place, references[check.name]):
                looks[check.name] = self.look(references, check, seen)
                continue
            look = self.look(references, first_signature(check), seen)
            if look.result.verdict is Verdict.PASS:
                looks[check.name] = replace(look, result=replace(look.result, findings=held_finding(check, 0)))
        return looks

    def _apart(self, runs: Sequence[Run]) -> Iterator[tuple[Check, tuple[ProgramJob, ...], list[Run], int]]:
        """Yield the checks of which the first child shows all, with their jobs, the runs of these, and their place."""
        place, each = 0, iter(self.joined.apart(runs))
        for check, own in zip(self.able, self.first_jobs, strict=True):
            seen = _all_or_none(list(islice(each, len(own))))
            if seen:
                yield check, own, seen, place
            place += len(own)

    def _fails(
        self, check: Check, own: Sequence[ProgramJob], seen: Sequence[Run], place: int, held_to: Reference
    ) -> bool:
        """Whether a check fails for certain: at the first run of the child, which was as it would be by itself."""
        if self.ours:
            # Another program may have been there before.
            return False
        first = self.joined.jobs[0]
        # The child is held to the widest of its jobs' limits on memory.
        narrow = len({job.limits.memory for job in self.joined.jobs}) == 1
        if not narrow or not self.joined.comes_first(place) or len(check.calls) > 1:
            return False
        if seen[0].status in STOPPED:
            # To read or record more takes time and memory that the check by itself would not.
            return first == own[0]
        alike = first.trace == own[0].trace
        return alike and fails_at_once(check, self.work, self.source, self.known.key.seed, seen, held_to)


def _all_or_none(runs: Sequence[Run | None]) -> list[Run]:
    """Return the runs of one check, all of them or none. A first one that was stopped stands for those after it."""
    first = runs[0]
    if first is not None and first.status in STOPPED:
        return [first] * len(runs)
    found = complete([run for run in runs if run is not None])
    return found if len(found) == len(runs) else []

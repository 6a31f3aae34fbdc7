"""Judges a program: one child for all checks first, and children of their own only for what that does not tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.settings import Asked, asked_settings
from grader.core.program.rewriting.settings import Setting
from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.core.run.observation import Run
from grader.grading.judge.answer_key import Known
from grader.grading.judge.diagnosing import Diagnosing, diagnosed_results
from grader.grading.judge.judged_program import JudgedProgram
from grader.grading.judge.more_draws import MoreDraws
from grader.grading.judge.observing import References
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.grading.judge.repairing import Search
from grader.grading.judge.settled import Late, late_findings, settled
from grader.grading.judge.shown import Shown
from grader.grading.judge.steps import (
    Judged,
    Ours,
    Steps,
    Together,
    both,
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
    known: KnownCoded,
    source: Source,
    diagnose: bool,
    ours: bool,
    says: bool = False,
    doubted: Collection[str] = (),
    whole: bool = True,
    passed: Callable[[], Iterable[Check]] = tuple,
) -> Steps[Judged]:
    """Judge a program whose syntax is right.

    Args:
        diagnose: whether what is wrong is named, and what there is to see collected.
        ours: whether it is a program of the course, and may share a child with others.
        says: whether these numbers decide the points, and somebody waits who may be told them.
        doubted: checks that will hardly pass: what a shared child shows of them would mostly prove nothing.
        passed: returns, once the reference is known, checks that it passes and that are not asked again.
        whole: whether every check is judged; otherwise no more than it takes to see that one does not pass.
    """
    known = known if known.observer.missing else known.drawn
    program = JudgedProgram(known.work, known.key.seed, source, ours, doubted)
    references, runs = yield from both(reference(known.observer), _first_child(program))
    if known.drawn is not known:
        # The first who comes, and only where something is drawn again: with these numbers nobody is judged.
        known = known.drawn
        program = JudgedProgram(known.work, known.key.seed, source, ours, doubted)
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
    looks = {each.name: looks[each.name] for each in results if each.name in looks and looks[each.name].result is each}
    if diagnose:
        if says:
            yield [decided(results)]
        results = yield from diagnosed_results(known.diagnosing, source, results, looks, references, passed())
    return Judged(results, (*notices(source, results), *late_findings(late)), looks)


def _each(checks: Sequence[Check], program: JudgedProgram) -> Steps[dict[str, list[Run]]]:
    """Return the runs of checks, each by itself."""
    found = (yield [program.alone(check) for check in checks]) if checks else []
    return {check.name: own for check, own in zip(checks, found, strict=True)}


def _first_child(program: JudgedProgram) -> Steps[list[Run]]:
    jobs = program.joined.jobs
    if not jobs:
        return []
    (runs,) = yield [Ours(jobs) if program.ours else Together(jobs, program.otherwise)]
    return runs

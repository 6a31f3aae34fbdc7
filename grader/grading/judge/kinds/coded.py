"""Exercises whose submissions are programs held to what the solution does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from grader.core.course.exercise import Check, Coded
from grader.core.judge.reference import ReferenceFault, reference_of
from grader.core.program.code_digest import Digest
from grader.core.program.source import Source
from grader.core.run.observation import ProgramJob, Run
from grader.core.run.plan import first_signature, preloads, program_jobs, twin_jobs
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.kinds.program import ProgramKind
from grader.grading.judge.programs import KnownCoded, References, judging_program, observe_wrong
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.grading.judge.shown import Shown
from grader.grading.judge.steps import Judged, Steps
from grader.grading.judge.two_sets import judging_by_two_sets
from grader.grading.judge.wrong_programs import WrongObserver
from grader.store.release.files import Released
from grader.store.students.programs import whole_program

# Seconds. What is not remembered runs again for everybody, and an optimizer alone takes seconds to import.
_PATIENT = 60.0


class CodedKind(ProgramKind[Coded, KnownCoded]):
    """Programs that are held to the solution, check by check."""

    def known(self, key: AnswerKey, work: Coded) -> KnownCoded:
        known = self._known(key, work)
        if key.shows_what_decides:
            return known
        shown = Shown(key.shown_seed, lambda seed: self._known(key.with_one_seed(seed), work))
        return replace(known, shown=shown)

    def _known(self, key: AnswerKey, work: Coded) -> KnownCoded:
        solution = Digest("", "solution.py") if key.released else key.read_solution()
        own = [(check, _exact(key, work, solution, check)) for check in work.checks]
        right = _right(key, sum(len(jobs) for _, jobs in own))
        jobs = [job for check, exact in own for job in (*exact, *_twin(key, work, solution, check))]
        jobs += [
            replace(job, trusted=True, limits=replace(job.limits, wall=_PATIENT, cpu=_PATIENT))
            for source in right.values()
            for check in work.checks
            for job in program_jobs(first_signature(check), source.text, source.filename, key.seed, work)
        ]
        observer = ReferenceObserver(key, tuple(jobs), partial(_references, key, work, solution, tuple(right)))
        wrong = WrongObserver(work, key.wrong, solution, key.seed, key.released)
        return KnownCoded(key, work, solution, observer, wrong)

    def modules(self, known: KnownCoded, texts: Sequence[str]) -> list[str]:
        return preloads(known.work, known.solution.text, *texts)

    def judging_source(self, known: KnownCoded, source: Source, diagnose: bool, ours: bool) -> Steps[Judged]:
        if known.shown is None:
            return judging_program(known, source, diagnose, ours)
        return judging_by_two_sets(known, known.shown, source, diagnose, ours)

    def released(self, known: KnownCoded, bare: Released) -> Steps[Released]:
        references = yield from reference(known.observer)
        wide = next((each.wide[0] for each in references.values() if each.wide), None)
        if wide is not None:
            raise known.key.invalid(wide)
        yield from observe_wrong(known.wrong, known.work.checks, references)
        return replace(
            bare,
            reference=known.observer.frames,
            wrong=tuple(known.wrong.digests()),
            observed={check.name: known.wrong.frames(check) for check in known.work.checks},
        )


def _right(key: AnswerKey, jobs: int) -> dict[str, Source]:
    """Return the other right programs, by the names of their files; what cannot be read is told by `course check`.

    Args:
        jobs: how many the solution has in float64.
    """
    if key.released is not None:
        # Of them the students' copy has only what they were seen to do.
        others = len(key.released.reference) // jobs - 2
        return {str(place): Source("", "") for place in range(others)}
    read = {shown: whole_program(content, shown) for shown, content in key.right}
    return {shown: source for shown, source in read.items() if isinstance(source, Source)}


def _exact(key: AnswerKey, work: Coded, solution: Source, check: Check) -> tuple[ProgramJob, ...]:
    return program_jobs(check, solution.text, solution.filename, key.seed, work, dtype="float64", ours=True)


def _twin(key: AnswerKey, work: Coded, solution: Source, check: Check) -> tuple[ProgramJob, ...]:
    return twin_jobs(check, solution.text, solution.filename, key.seed, work)


def _references(key: AnswerKey, work: Coded, solution: Source, right: Sequence[str], runs: Sequence[Run]) -> References:
    left = iter(runs)
    counts = {check: len(_exact(key, work, solution, check)) for check in work.checks}
    own = {check: [list(islice(left, count)) for _ in range(2)] for check, count in counts.items()}
    others = {shown: {check: list(islice(left, count)) for check, count in counts.items()} for shown in right}
    references = {}
    for check, (exact, twin) in own.items():
        rights = {shown: seen[check] for shown, seen in others.items()}
        try:
            references[check.name] = reference_of(check, solution, key.seed, exact, twin, rights)
        except ReferenceFault as fault:
            raise key.invalid(say("check {check}: {what}", check=fault.check, what=fault.message)) from None
    return references

"""Exercises whose submissions are programs held to what the solution does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from grader.core.course.exercise import Check, Coded
from grader.core.judge.reference import ReferenceFault, reference_of
from grader.core.program.code_digest import digest_of
from grader.core.program.source import Source
from grader.core.run.observation import ProgramJob, Run
from grader.core.run.plan import preloads, program_jobs
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


class CodedKind(ProgramKind[Coded, KnownCoded]):
    """Programs that are held to the solution, check by check."""

    def known(self, key: AnswerKey, work: Coded) -> KnownCoded:
        known = self._known(key, work)
        if key.shows_what_decides:
            return known
        shown = Shown(key.shown_seed, lambda seed: self._known(key.with_one_seed(seed), work))
        return replace(known, shown=shown)

    def _known(self, key: AnswerKey, work: Coded) -> KnownCoded:
        solution = key.released.solution if key.released else key.read_solution()
        jobs = tuple(
            job
            for check in work.checks
            for dtype in ("float64", "float32")
            for job in _jobs(key, work, solution, check, dtype)
        )
        observer = ReferenceObserver(key, jobs, partial(_references, key, work, solution))
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
        yield from observe_wrong(known.wrong, known.work.checks, references)
        return replace(
            bare,
            solution=digest_of(known.solution, ()),
            reference=known.observer.frames,
            wrong=tuple(known.wrong.digests()),
            observed={check.name: known.wrong.frames(check) for check in known.work.checks},
        )


def _jobs(key: AnswerKey, work: Coded, solution: Source, check: Check, dtype: str) -> tuple[ProgramJob, ...]:
    return program_jobs(check, solution.text, solution.filename, key.seed, work, dtype=dtype, ours=True)


def _references(key: AnswerKey, work: Coded, solution: Source, runs: Sequence[Run]) -> References:
    left = iter(runs)
    references = {}
    for check in work.checks:
        count = len(_jobs(key, work, solution, check, "float64"))
        exact, single = ([next(left) for _ in range(count)] for _ in range(2))
        try:
            references[check.name] = reference_of(check, solution, key.seed, exact, single)
        except ReferenceFault as fault:
            raise key.invalid(say("check {check}: {what}", check=fault.check, what=fault.message)) from None
    return references

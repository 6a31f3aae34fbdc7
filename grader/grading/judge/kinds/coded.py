"""Exercises whose submissions are programs held to what the solution does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.course.exercise import Coded
from grader.core.program.features.code_digest import Digest
from grader.core.program.source import Source
from grader.core.run.preloads import preloads
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.diagnosing import observe_wrong
from grader.grading.judge.kinds.kind import ProgramKind
from grader.grading.judge.more_draws import MoreDraws
from grader.grading.judge.observing import Observing
from grader.grading.judge.on_devices import tried_on_devices
from grader.grading.judge.programs import KnownCoded, judging_program
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.grading.judge.repairing import Search
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
        solution = Digest("", "solution.py") if key.released else key.read_solution()
        observer = ReferenceObserver(key, Observing(key, work, solution).plan)
        wrong = WrongObserver(work, key.wrong, solution, key.seed, key.released)
        return KnownCoded(key, work, solution, observer, wrong, Search(key.closely), MoreDraws(key, work, solution))

    def modules(self, key: AnswerKey, work: Coded, texts: Sequence[str]) -> list[str]:
        return preloads(work, key.solution.decode(errors="replace"), *texts)

    def judging_source(self, known: KnownCoded, source: Source, diagnose: bool, ours: bool) -> Steps[Judged]:
        if known.shown is None:
            judged = yield from judging_program(known, source, diagnose, ours, says=known.says)
        else:
            judged = yield from judging_by_two_sets(known, known.shown, source, diagnose, ours)
        return (yield from tried_on_devices(known, source, judged))

    def released(self, known: KnownCoded, bare: Released) -> Steps[Released]:
        references = yield from reference(known.observer)
        fault = next((fault for each in references.values() if (fault := each.fault) is not None), None)
        if fault is not None:
            raise known.key.invalid(fault)
        checks = known.drawn.work.checks
        yield from observe_wrong(known.wrong, checks, references)
        return replace(
            bare,
            reference=known.observer.frames,
            wrong=tuple(known.wrong.digests()),
            observed={check.name: known.wrong.frames(check) for check in checks},
            settings={setting: asked for setting, asked in known.asked.items() if asked.said},
        )

"""Calls a random program more often, where chance may be what decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.core.compare.comparison import Comparison, comparisons
from grader.core.course.exercise import Check, Coded
from grader.core.judge.judge import judge_case
from grader.core.program.source import Source
from grader.core.report.report import Verdict
from grader.core.run.observation import RunStatus
from grader.core.run.plan import program_jobs
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.observing import Observing, References
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.grading.judge.steps import Alone, Look, Steps


class MoreDraws:
    """Judges checks of an exercise with more draws; what the solution does then is observed when it is first asked."""

    def __init__(self, key: AnswerKey, work: Coded, solution: Source) -> None:
        self._key = key
        self._work = work
        self._solution = solution
        self._observers: dict[str, ReferenceObserver[References]] = {}

    def decided(self, source: Source, look: Look) -> Steps[Look]:
        """Return what more draws decide of a check, where the first ones leave it in doubt; otherwise what they do.

        What cannot be called so often, in time or by the solution itself, stays as it is. In the students' copy there
        is no solution that could be called again.
        """
        check = _with_more(look)
        if check is None or self._key.released is not None:
            return look
        work = replace(self._work, checks=(check,))
        key = self._key.with_work(work)
        if check.name not in self._observers:
            self._observers[check.name] = ReferenceObserver(key, Observing(key, work, self._solution).plan)
        try:
            held_to = (yield from reference(self._observers[check.name]))[check.name]
        except CourseInvalid:
            return look
        (runs,) = yield [Alone(program_jobs(check, source.text, source.filename, key.seed, work))]
        result, _ = judge_case(check, work, source, key.seed, runs, held_to)
        stopped = any(run.status is not RunStatus.COMPLETED for run in runs)
        if stopped or result.verdict is Verdict.VOID:
            return look
        # Where more draws have decided otherwise, the first ones show nothing of why.
        return replace(look, result=result, case=look.case if result.verdict is look.result.verdict else None)


def _with_more(look: Look) -> Check | None:
    """Return a check with the comparisons that are to decide; None where nothing is in doubt."""
    if look.case is None or look.result.verdict not in (Verdict.PASS, Verdict.FAIL):
        return None
    instead = dict(_in_doubt(look))
    if not instead:
        return None
    compare = tuple(instead.get(place, item) for place, item in enumerate(comparisons(look.check)))
    return replace(look.check, compare=compare, needs=())


def _in_doubt(look: Look) -> Iterator[tuple[int, Comparison]]:
    assert look.case is not None
    for seen, expected in zip(look.case.observations[look.case.best], look.case.expected, strict=True):
        for place, (item, wanted) in enumerate(zip(comparisons(look.check), expected, strict=True)):
            instead = item.in_doubt(seen, wanted) if item.by_chance and seen.called else None
            if instead is not None:
                yield place, instead

"""Exercises that are answered with numbers, which are held to autograd on the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from grader.core.course.exercise import Stated
from grader.core.run.observation import Run
from grader.core.run.plan import graph_job
from grader.core.stated.graph_view import drawn
from grader.core.stated.judge import judge_asks, not_judged
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.kinds.kind import Kind
from grader.grading.judge.reference import Plan, ReferenceObserver, reference
from grader.grading.judge.steps import Judged, Steps
from grader.store.release.files import Released
from grader.store.students.answers import Answers, read_answers


@dataclass(frozen=True)
class KnownStated(Known):
    """What is kept of an exercise that is answered with numbers.

    Attributes:
        observer: what observes autograd's answer to every ask, or remembers it.
    """

    work: Stated
    observer: ReferenceObserver[Mapping[str, float]]


class StatedKind(Kind[Stated, Answers, KnownStated]):
    """Numbers that are held to autograd's."""

    def read(self, work: Stated, content: bytes, filename: str) -> Answers:
        return read_answers(content, filename, [ask.name for ask in work.asks])

    def known(self, key: AnswerKey, work: Stated) -> KnownStated:
        return KnownStated(key, work, ReferenceObserver(key, Plan((graph_job(work),), partial(_answers, key, work))))

    def modules(self, _key: AnswerKey, _work: Stated, _texts: Sequence[str]) -> list[str]:
        return ["torch"]

    def judging(self, known: KnownStated, handed_in: Answers, _diagnose: bool, _ours: bool) -> Steps[Judged]:
        if known.key.released is not None and known.work.own:
            # The copy was released with an example's answers, and knows only how to draw.
            return Judged(not_judged(known.work, handed_in))
        answers = yield from reference(known.observer)
        reveal = known.key.exercise.reveal
        results = judge_asks(known.work, handed_in, answers, reveal)
        return Judged(results, drawing=drawn(known.work, handed_in, results, reveal))

    def released(self, known: KnownStated, bare: Released) -> Steps[Released]:
        yield from reference(known.observer)
        return replace(bare, reference=known.observer.frames)


def _answers(key: AnswerKey, work: Stated, runs: Sequence[Run]) -> Mapping[str, float]:
    (run,) = runs
    if len(run.answers) != len(work.asks):
        raise key.invalid(say("torch cannot compute this graph: {words}", words=run.stderr.strip()[-500:]))
    return {ask.name: answer for ask, answer in zip(work.asks, run.answers, strict=True)}

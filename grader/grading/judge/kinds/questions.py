"""Exercises that are answered in words, which are held to what the author wrote down. Nothing runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.core.course.draws.draw import PUBLIC_SEED, seed_for
from grader.core.course.questions import Questions
from grader.core.questions.judge import judge_questions
from grader.core.questions.written import Written
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.kinds.kind import Kind
from grader.grading.judge.steps import Judged, Steps, without_runs
from grader.store.release.files import Released
from grader.store.students.words import read_written


@dataclass(frozen=True)
class KnownQuestions(Known):
    """What is kept of an exercise that is answered in words: its questions, and what is right."""

    work: Questions


class QuestionsKind(Kind[Questions, Written, KnownQuestions]):
    """Words that are held to the author's."""

    def read(self, work: Questions, content: bytes, filename: str) -> Written:
        return read_written(work, content, filename)

    def after(self, work: Questions, handed_in: Written, earlier: Iterable[bytes]) -> Written:
        return handed_in.after([read_written(work, content, "") for content in earlier])

    def known(self, key: AnswerKey, work: Questions) -> KnownQuestions:
        if work.keys is None and key.released is None:
            raise key.invalid(
                say(
                    "solutions/{id}/answers.yaml is missing; submissions cannot be graded without it",
                    id=key.exercise.id,
                )
            )
        return KnownQuestions(key, work)

    def modules(self, _key: AnswerKey, _work: Questions, _texts: Sequence[str]) -> list[str]:
        return []

    def judging(self, known: KnownQuestions, handed_in: Written, _diagnose: bool, _ours: bool) -> Steps[Judged]:
        return without_runs(Judged(judge_questions(known.work, handed_in, known.key.seed)))

    def released(self, _known: KnownQuestions, bare: Released) -> Steps[Released]:
        # What is right stays with the teacher, and so does the seed: it follows from a digest of that, too.
        return without_runs(replace(bare, seed=seed_for(PUBLIC_SEED, bare.exercise)))

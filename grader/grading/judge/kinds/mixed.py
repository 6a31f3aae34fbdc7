"""Exercises whose submissions are programs held to what the solution does, and put to the author's tests as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.core.course.exercise import Mixed
from grader.core.program.source import Source
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.kinds.coded import CodedKind
from grader.grading.judge.kinds.kind import ProgramKind
from grader.grading.judge.kinds.tested import KnownTested, TestedKind, judging_tests
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.steps import Judged, Steps
from grader.store.release.files import Released

_CODED, _TESTED = CodedKind(), TestedKind()


@dataclass(frozen=True)
class KnownMixed(Known):
    """What is kept of both parts, each with a key of its own whose work is that part."""

    coded: KnownCoded
    tested: KnownTested

    @property
    def held(self) -> KnownCoded:
        return self.coded

    @property
    def seconds(self) -> float:
        return self.coded.seconds + self.tested.seconds


class MixedKind(ProgramKind[Mixed, KnownMixed]):
    """Programs that are held to the solution, then put to the author's tests."""

    def known(self, key: AnswerKey, work: Mixed) -> KnownMixed:
        coded = _CODED.known(key.with_work(work.coded), work.coded)
        return KnownMixed(key, coded, _TESTED.known(key.with_work(work.tested), work.tested))

    def modules(self, key: AnswerKey, work: Mixed, texts: Sequence[str]) -> list[str]:
        found = (*_CODED.modules(key, work.coded, texts), *_TESTED.modules(key, work.tested, texts))
        return list(dict.fromkeys(found))

    def judging_source(self, known: KnownMixed, source: Source, diagnose: bool, ours: bool) -> Steps[Judged]:
        coded = yield from _CODED.judging_source(known.coded, source, diagnose, ours)
        # Tests may need checks.
        tested = yield from judging_tests(known.tested, source, coded.checks)
        # What is said of the program as a whole is the same beside both.
        return Judged((*coded.checks, *tested.checks), coded.notices, coded.looks)

    def released(self, known: KnownMixed, bare: Released) -> Steps[Released]:
        return _CODED.released(known.coded, bare)

"""What judging asks of a kind of exercise, and what the kinds that are answered with a program have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Work
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_fault
from grader.core.questions.written import Written
from grader.core.report.finding import Finding
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.steps import Judged, Steps, unreadable
from grader.store.release.files import Released
from grader.store.students.answers import Answers
from grader.store.students.programs import read_program

# A program, why there is none, or answers.
HandedIn = Source | Finding | Answers | Written

W = TypeVar("W", bound=Work)
H = TypeVar("H", bound=HandedIn)
K = TypeVar("K", bound=Known)
P = TypeVar("P", bound=Coded | Tested | Mixed)


class Kind(ABC, Generic[W, H, K]):
    """How exercises of one kind are judged: their work, what is handed in for them, and what is kept of them."""

    @abstractmethod
    def read(self, work: W, content: bytes, filename: str) -> H:
        """Read what is handed in."""

    def after(self, _work: W, handed_in: H, _earlier: Iterable[bytes]) -> H:
        """Return what is handed in as what came after these, the oldest first: where attempts count, so do they."""
        return handed_in

    @abstractmethod
    def known(self, key: AnswerKey, work: W) -> K:
        """Return what is known of an exercise before anything has run.

        Raises:
            CourseInvalid: where its solution cannot be read.
            CouldNotJudge: where there is no torch, or what was released is damaged.
        """

    @abstractmethod
    def modules(self, key: AnswerKey, work: W, texts: Sequence[str]) -> list[str]:
        """Return what a box imports before it starts to count, where programs with these texts are judged."""

    @abstractmethod
    def judging(self, known: K, handed_in: H, diagnose: bool, ours: bool) -> Steps[Judged]:
        """Judge what is handed in; as `judge.judging` says."""

    @abstractmethod
    def released(self, known: K, bare: Released) -> Steps[Released]:
        """Return what goes into the students' copy: `bare` with all that submissions are held to there.

        Raises:
            CourseInvalid, CouldNotJudge: as `judging` does.
        """


class ProgramKind(Kind[P, Source | Finding, K]):
    """A kind whose submissions are programs."""

    @abstractmethod
    def judging_source(self, known: K, source: Source, diagnose: bool, ours: bool) -> Steps[Judged]:
        """Judge a program whose syntax is right."""

    def read(self, work: P, content: bytes, filename: str) -> Source | Finding:
        source = read_program(content, filename)
        return source.other_files(work.submit) or source if isinstance(source, Source) else source

    def judging(self, known: K, handed_in: Source | Finding, diagnose: bool, ours: bool) -> Steps[Judged]:
        points = known.key.exercise.points
        if isinstance(handed_in, Finding):
            return unreadable(points, handed_in)
        fault = syntax_fault(handed_in)
        if fault is not None:
            return unreadable(points, fault)
        return (yield from self.judging_source(known, handed_in, diagnose, ours))

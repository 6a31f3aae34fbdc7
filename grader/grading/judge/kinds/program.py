"""What kinds of exercise have in common that are answered with a program."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_fault
from grader.core.report.finding import Finding
from grader.grading.judge.answer_key import Known
from grader.grading.judge.kinds.kind import Kind
from grader.grading.judge.steps import Judged, Steps, unreadable
from grader.store.students.programs import read_program

W = TypeVar("W", bound=Coded | Tested | Mixed)
K = TypeVar("K", bound=Known)


class ProgramKind(Kind[W, Source | Finding, K]):
    """A kind whose submissions are programs."""

    @abstractmethod
    def judging_source(self, known: K, source: Source, diagnose: bool, ours: bool) -> Steps[Judged]:
        """Judge a program whose syntax is right."""

    def read(self, work: W, content: bytes, filename: str) -> Source | Finding:
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

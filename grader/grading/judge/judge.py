"""Judges what is handed in for an exercise: one way for a student, a class, and the course's own programs.

Judging starts nothing: its steps yield what they need to have run, and a driver decides where and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from grader.core.course.exercise import Coded, Stated, Tested
from grader.core.judge.author_tests import author_tests_preloads
from grader.core.program.source import Source, syntax_fault
from grader.core.report.finding import Finding
from grader.core.run.plan import preloads
from grader.core.stated.judge import judge_asks
from grader.grading.judge.answer_key import AnswerKey, Known, known_of
from grader.grading.judge.author_tests import judging_by_tests
from grader.grading.judge.drivers import InTurn, SideBySide, driven
from grader.grading.judge.programs import judging_program, observe
from grader.grading.judge.reference import ReferenceObserver
from grader.grading.judge.steps import Judged, Steps, unreadable
from grader.sandbox.port import Sandbox
from grader.store.students.answers import Answers, read_answers
from grader.store.students.programs import read_program

MakeBox = Callable[[Iterable[str]], Sandbox]
# A program, why there is none, or answers.
HandedIn = Source | Finding | Answers


def judging(known: Known, handed_in: HandedIn, *, diagnose: bool = True, ours: bool = False) -> Steps[Judged]:
    """Judge what is handed in.

    Args:
        diagnose: whether what is wrong is named.
        ours: whether it is a program of the course, and may share a child with others.

    Raises:
        CourseInvalid: where the solution cannot serve as reference.
        CouldNotJudge: where the box fails on the solution.
    """
    work = known.key.exercise.work
    if isinstance(work, Stated):
        assert isinstance(handed_in, Mapping)
        answers = yield from expected_answers(known.observer)
        return Judged(judge_asks(work, handed_in, answers, known.key.exercise.reveal))
    if isinstance(handed_in, Finding):
        return unreadable(work, handed_in)
    assert isinstance(handed_in, Source)
    fault = syntax_fault(handed_in)
    if fault is not None:
        return unreadable(work, fault)
    if isinstance(work, Tested):
        return (yield from judging_by_tests(known.key, work, handed_in))
    return (yield from judging_program(known, handed_in, diagnose, ours))


def expected_answers(observer: ReferenceObserver) -> Steps[Mapping[str, float]]:
    """Return autograd's answer to every ask.

    Raises:
        CourseInvalid, CouldNotJudge: as the observer does.
    """
    yield from observe(observer)
    return observer.answers


def read_handed_in(work: Coded | Tested | Stated, content: bytes, filename: str) -> HandedIn:
    """Read what is handed in, as its exercise asks for it."""
    if isinstance(work, Stated):
        return read_answers(content, filename, [ask.name for ask in work.asks])
    return read_program(content, filename)


def modules(known: Known, *programs: HandedIn) -> list[str]:
    """Return what a box imports before it starts to count, where these are judged."""
    work = known.key.exercise.work
    texts = [each.text for each in programs if isinstance(each, Source)]
    if isinstance(work, Tested):
        return author_tests_preloads(work, *texts)
    return ["torch"] if isinstance(work, Stated) else preloads(work, known.observer.source, *texts)


def judge(known: Known, handed_in: HandedIn, run: InTurn | SideBySide) -> Judged:
    """Judge what is handed in by one of the drivers."""
    judged = driven(judging(known, handed_in), run)
    return replace(judged, isolation=run.isolation) if judged.ran else judged


def judge_submission(key: AnswerKey, handed_in: HandedIn, make_box: MakeBox) -> Judged:
    """Judge one submission in a box of its own, on all cores."""
    known = known_of(key)
    with SideBySide(lambda: make_box(modules(known, handed_in))) as run:
        return judge(known, handed_in, run)

"""Judges what is handed in for an exercise: one way for a student, a class, and the course's own programs.

Judging starts nothing: its steps yield what they need to have run, and a driver decides where and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from grader.core.course.exercise import Work
from grader.core.program.source import Source
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.drivers import InTurn, SideBySide, driven
from grader.grading.judge.kinds import KINDS
from grader.grading.judge.kinds.kind import HandedIn
from grader.grading.judge.steps import Decided, Judged, Steps
from grader.sandbox.port import Sandbox

MakeBox = Callable[[Iterable[str]], Sandbox]


def known_of(key: AnswerKey) -> Known:
    """Return what is known of an exercise before anything has run.

    Raises:
        CourseInvalid, CouldNotJudge: where it cannot be judged at all.
    """
    work = key.exercise.work
    known: Known = KINDS.of(work).known(key, work)
    return known


def known_closely(key: AnswerKey) -> Known:
    """Return what is known of an exercise for one student, who is shown what passes, too.

    Raises:
        CourseInvalid, CouldNotJudge: as `known_of` does.
    """
    return known_of(replace(key, closely=True))


def judging(known: Known, handed_in: HandedIn, *, diagnose: bool = True, ours: bool = False) -> Steps[Judged]:
    """Judge what is handed in.

    Args:
        diagnose: whether what is wrong is named.
        ours: whether it is a program of the course, and may share a child with others.

    Raises:
        CourseInvalid: where the solution cannot serve as reference.
        CouldNotJudge: where the box fails on the solution.
    """
    return KINDS.of(known.key.exercise.work).judging(known, handed_in, diagnose, ours)


def read_handed_in(work: Work, content: bytes, filename: str) -> HandedIn:
    """Read what is handed in, as its exercise asks for it."""
    handed_in: HandedIn = KINDS.of(work).read(work, content, filename)
    return handed_in


def after(work: Work, handed_in: HandedIn, earlier: Iterable[bytes]) -> HandedIn:
    """Return what is handed in as what came after these, the oldest first, each as it was recorded."""
    later: HandedIn = KINDS.of(work).after(work, handed_in, earlier)
    return later


def modules(known: Known, *programs: HandedIn) -> list[str]:
    """Return what a box imports before it starts to count, where these are judged."""
    texts = [each.text for each in programs if isinstance(each, Source)]
    return _modules(known.key, texts)


def wants_torch(keys: Iterable[AnswerKey]) -> bool:
    """Whether boxes import torch before they start to count, whatever is handed in for these exercises."""
    return any("torch" in _modules(key, ()) for key in keys)


def _modules(key: AnswerKey, texts: Sequence[str]) -> list[str]:
    work = key.exercise.work
    return KINDS.of(work).modules(key, work, texts)


def judge(known: Known, handed_in: HandedIn, run: InTurn | SideBySide) -> Judged:
    """Judge what is handed in by one of the drivers."""
    judged = driven(judging(known, handed_in), run)
    return replace(judged, isolation=run.isolation) if judged.ran else judged


def judge_submission(
    known: Known, handed_in: HandedIn, make_box: MakeBox, told: Callable[[Decided], None] = lambda _: None
) -> Judged:
    """Judge one submission in a box of its own, on all cores.

    Args:
        told: is told the points as soon as they are known, before what is wrong is looked for.
    """
    with SideBySide(lambda: make_box(modules(known, handed_in)), told=told) as run:
        return judge(known, handed_in, run)

"""Exercises whose submissions are programs put to the author's tests, those of each check in children of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.core.course.exercise import AuthorTest, Tested
from grader.core.judge.author_tests import (
    author_tests_job,
    author_tests_preloads,
    broken,
    judge_author_tests,
    kept_back,
)
from grader.core.judge.hidden_tests import decided, public_part, told_of_hidden
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.kinds.program import ProgramKind
from grader.grading.judge.steps import Alone, Judged, Steps, in_order, notices, without_runs
from grader.store.release.files import Released


@dataclass(frozen=True)
class KnownTested(Known):
    """What is kept of an exercise with tests: there is nothing to observe, since the tests are what decides."""

    work: Tested


class TestedKind(ProgramKind[Tested, KnownTested]):
    """Programs that are put to the author's tests."""

    def known(self, key: AnswerKey, work: Tested) -> KnownTested:
        return KnownTested(key, work)

    def modules(self, known: KnownTested, texts: Sequence[str]) -> list[str]:
        return author_tests_preloads(known.work, *texts)

    def judging_source(self, known: KnownTested, source: Source, _diagnose: bool, _ours: bool) -> Steps[Judged]:
        return _judging(known.key, known.work, source)

    def released(self, _known: KnownTested, bare: Released) -> Steps[Released]:
        # The public tests themselves are copied, so there are no observations.
        return without_runs(bare)


def _judging(key: AnswerKey, work: Tested, source: Source) -> Steps[Judged]:
    """Judge a program whose syntax is right.

    Raises:
        CourseInvalid: where the tests cannot be read beside the solution either.
    """

    def alone(checks: Sequence[AuthorTest]) -> Steps[list[CheckResult]]:
        (runs,) = yield [Alone(tuple(author_tests_job(check, work, source) for check in checks))]
        unread = [check for check, run in zip(checks, runs, strict=True) if broken(run)]
        if unread and key.released is None:
            yield from _require_whole(key, work, unread)
        results = [
            judge_author_tests(check, work, source, run, key.exercise.reveal)
            for check, run in zip(checks, runs, strict=True)
        ]
        return results if key.shows_what_decides else (yield from _told(work, source, checks, results))

    absent = {check.name: skip for check in work.checks if (skip := kept_back(check, work))}
    results = yield from in_order(work.checks, absent, alone)
    return Judged(results, notices(source, results))


def _told(
    work: Tested, source: Source, checks: Sequence[AuthorTest], results: Sequence[CheckResult]
) -> Steps[list[CheckResult]]:
    """Return results as students may read them: of hidden tests whether they are passed, and nothing that they say."""
    hides = [public_part(check, work).tests != check.tests for check in checks]
    lost = [place for place, each in enumerate(results) if hides[place] and each.verdict is not Verdict.PASS]
    seen: dict[int, Run] = {}
    if lost:
        jobs = tuple(author_tests_job(public_part(checks[place], work), work, source) for place in lost)
        (found,) = yield [Alone(jobs)]
        seen = dict(zip(lost, found, strict=True))
    told = []
    for place, (check, result) in enumerate(zip(checks, results, strict=True)):
        if hides[place]:
            result = told_of_hidden(check, work, source, decided(result), seen.get(place, _NOT_RUN))
        told.append(result)
    return told


_NOT_RUN = Run(RunStatus.NOT_RUN)


def _require_whole(key: AnswerKey, work: Tested, checks: Sequence[AuthorTest]) -> Steps[None]:
    """Hold the author's tests to the author's solution before a student is told that they cannot be read."""
    solution = key.read_solution()
    free = replace(work, packages=None)
    (runs,) = yield [Alone(tuple(author_tests_job(check, free, solution) for check in checks))]
    unread = [(check, words) for check, run in zip(checks, runs, strict=True) if (words := broken(run))]
    if unread:
        faults = [say("check {check}: the tests cannot be read: {words}", check=c.name, words=w) for c, w in unread]
        raise CourseInvalid([Fault(Position(key.shown), each) for each in faults])

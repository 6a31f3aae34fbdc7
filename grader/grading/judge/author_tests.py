"""Judges a program by the author's tests, those of each check in children of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.course.exercise import AuthorTest, Tested
from grader.core.findings.telling import told
from grader.core.judge.author_tests import author_tests_job, broken, judge_author_tests, kept_back
from grader.core.program.source import Source, read_source, syntax_fault
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.judged import Judged, in_order, notices
from grader.grading.judge.needs import Alone, Steps


def judging_by_tests(key: AnswerKey, work: Tested, source: Source) -> Steps[Judged]:
    """Judge a program whose syntax is right.

    Raises:
        CourseInvalid: where the tests cannot be read beside the solution either.
    """

    def alone(checks: Sequence[AuthorTest]) -> Steps[list[CheckResult]]:
        (runs,) = yield [Alone(tuple(author_tests_job(check, work, source) for check in checks))]
        unread = [check for check, run in zip(checks, runs, strict=True) if broken(run)]
        if unread and key.released is None:
            yield from _require_whole(key, work, unread)
        return [
            judge_author_tests(check, work, source, run, key.exercise.reveal)
            for check, run in zip(checks, runs, strict=True)
        ]

    absent = {check.name: skip for check in work.checks if (skip := kept_back(check, work))}
    results = yield from in_order(work.checks, absent, alone)
    return Judged(results, notices(source, results))


def _require_whole(key: AnswerKey, work: Tested, checks: Sequence[AuthorTest]) -> Steps[None]:
    """Hold the author's tests to the author's solution before a student is told that they cannot be read."""
    solution = read_source(key.solution, key.shown)
    fault = solution if isinstance(solution, Finding) else syntax_fault(solution)
    if fault is not None:
        raise CourseInvalid([Fault(Position(key.shown), told(fault))])
    assert isinstance(solution, Source)
    free = replace(work, packages=None)
    (runs,) = yield [Alone(tuple(author_tests_job(check, free, solution) for check in checks))]
    unread = [(check, words) for check, run in zip(checks, runs, strict=True) if (words := broken(run))]
    if unread:
        faults = [say("check {check}: the tests cannot be read: {words}", check=c.name, words=w) for c, w in unread]
        raise CourseInvalid([Fault(Position(key.shown), each) for each in faults])

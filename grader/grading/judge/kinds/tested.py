"""Exercises whose submissions are programs put to the author's tests, those of each check in children of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.judge.author_tests import (
    author_tests_job,
    author_tests_preloads,
    broken,
    judge_author_tests,
    kept_back,
    ran_out,
)
from grader.core.judge.digests import JUDGING
from grader.core.judge.hidden_tests import decided, public_part, told_of_hidden
from grader.core.program.source import Source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import MOST_OF_TESTS, AuthorTestsJob
from grader.core.run.observation import Run, RunStatus
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.kinds.kind import ProgramKind
from grader.grading.judge.steps import Alone, Judged, Steps, in_order, notices, without_runs
from grader.store.machine.cache import content_key, keep_runs, load_runs
from grader.store.release.files import Released


@dataclass(frozen=True)
class KnownTested(Known):
    """What is kept of an exercise with tests.

    Attributes:
        of_tests: the seconds that the tests of each check take beside the solution, where that was seen.
    """

    work: Tested
    of_tests: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Return the seconds that all its tests take beside the solution; 0 where that was not seen yet."""
        return sum(self.of_tests.values())


class TestedKind(ProgramKind[Tested, KnownTested]):
    """Programs that are put to the author's tests."""

    def known(self, key: AnswerKey, work: Tested) -> KnownTested:
        return KnownTested(key, work)

    def modules(self, key: AnswerKey, work: Tested, texts: Sequence[str]) -> list[str]:
        # The solution is run, too, to see how long the tests take.
        return author_tests_preloads(work, key.solution.decode(errors="replace"), *texts)

    def judging_source(self, known: KnownTested, source: Source, _diagnose: bool, _ours: bool) -> Steps[Judged]:
        return judging_tests(known, source)

    def released(self, _known: KnownTested, bare: Released) -> Steps[Released]:
        # The public tests themselves are copied, so there are no observations.
        return without_runs(bare)


def judging_tests(known: KnownTested, source: Source, before: Sequence[CheckResult] = ()) -> Steps[Judged]:
    """Judge a program whose syntax is right.

    Args:
        before: results of other checks of the exercise, which these may need.

    Raises:
        CourseInvalid: where the tests cannot be read beside the solution either, or come to no end there.
    """
    key, work = known.key, known.work
    seconds = yield from seconds_beside_solution(known)

    def alone(checks: Sequence[AuthorTest]) -> Steps[list[CheckResult]]:
        (runs,) = yield [Alone(tuple(author_tests_job(c, work, source, seconds.get(c.name)) for c in checks))]
        unread = [check for check, run in zip(checks, runs, strict=True) if broken(run)]
        if unread and key.released is None:
            yield from _require_whole(key, work, unread)
        results = [
            judge_author_tests(check, work, source, run, key.exercise.reveal, check.name in seconds)
            for check, run in zip(checks, runs, strict=True)
        ]
        return results if key.shows_what_decides else (yield from _told(work, source, checks, results, seconds))

    absent = {check.name: skip for check in work.checks if (skip := kept_back(check, work))}
    results = yield from in_order(work.checks, absent, alone, before)
    return Judged(results, notices(source, results))


def seconds_beside_solution(known: KnownTested) -> Steps[Mapping[str, float]]:
    """Return how long the tests of each check take beside the solution; nothing in a students' copy, which has none.

    Raises:
        CourseInvalid: where they come to no end there.
    """
    if known.of_tests or known.key.released is not None:
        return known.of_tests
    place = content_key(["seconds of tests", str(JUDGING), known.key.judging])
    kept = load_runs(place)
    if kept is None:
        known.of_tests.update((yield from _measured(known)))
        if len(known.of_tests) == len(known.work.checks):
            keep_runs(place, [[json.dumps(known.of_tests).encode()]])
    else:
        known.of_tests.update(json.loads(kept[0][0]))
    return known.of_tests


def _measured(known: KnownTested) -> Steps[dict[str, float]]:
    solution, work = known.key.read_solution(), replace(known.work, packages=None)
    (runs,) = yield [Alone(tuple(_beside_solution(check, work, solution) for check in work.checks))]
    endless = [check for check, run in zip(work.checks, runs, strict=True) if ran_out(run)]
    if endless:
        faults = [
            say(
                "check {check}: beside the solution, too, the tests need more than {seconds} s or {most} MiB",
                check=check.name,
                seconds=MOST_OF_TESTS.wall,
                most=MOST_OF_TESTS.memory // 2**20,
            )
            for check in endless
        ]
        raise CourseInvalid([Fault(Position(known.key.shown), each) for each in faults])
    return {
        check.name: run.author_tests.seconds
        for check, run in zip(work.checks, runs, strict=True)
        if run.author_tests is not None and run.status is RunStatus.COMPLETED
    }


def _beside_solution(check: AuthorTest, work: Tested, solution: Source) -> AuthorTestsJob:
    return replace(author_tests_job(check, work, solution), trusted=True)


def _told(
    work: Tested,
    source: Source,
    checks: Sequence[AuthorTest],
    results: Sequence[CheckResult],
    seconds: Mapping[str, float],
) -> Steps[list[CheckResult]]:
    """Return results as students may read them: of hidden tests whether they are passed, and nothing that they say."""
    hides = [public_part(check, work).tests != check.tests for check in checks]
    lost = [place for place, each in enumerate(results) if hides[place] and each.verdict is not Verdict.PASS]
    seen: dict[int, Run] = {}
    if lost:
        public = [public_part(checks[place], work) for place in lost]
        (found,) = yield [Alone(tuple(author_tests_job(c, work, source, seconds.get(c.name)) for c in public))]
        seen = dict(zip(lost, found, strict=True))
    told = []
    for place, (check, result) in enumerate(zip(checks, results, strict=True)):
        if hides[place]:
            public_run = seen.get(place, _NOT_RUN)
            result = told_of_hidden(check, work, source, decided(result), public_run, check.name in seconds)
        told.append(result)
    return told


_NOT_RUN = Run(RunStatus.NOT_RUN)


def _require_whole(key: AnswerKey, work: Tested, checks: Sequence[AuthorTest]) -> Steps[None]:
    """Hold the author's tests to the author's solution before a student is told that they cannot be read."""
    solution = key.read_solution()
    free = replace(work, packages=None)
    (runs,) = yield [Alone(tuple(_beside_solution(check, free, solution) for check in checks))]
    unread = [(check, words) for check, run in zip(checks, runs, strict=True) if (words := broken(run))]
    if unread:
        faults = [say("check {check}: the tests cannot be read: {words}", check=c.name, words=w) for c, w in unread]
        raise CourseInvalid([Fault(Position(key.shown), each) for each in faults])

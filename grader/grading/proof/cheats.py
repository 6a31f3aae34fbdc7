"""Puts cheats to an author's tests: each in one run for all tests of an exercise."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.course.checks.limits import Limits
from grader.core.judge.author_tests import author_tests_job, case_share, limits_beside
from grader.core.judge.digests import JUDGING
from grader.core.judge.explain import why_failed
from grader.core.program.source import Source
from grader.core.proof.cheats import Cheat, cheating, cheats_for, noting, said_by_solution
from grader.core.proof.weak_tests import Passed
from grader.core.run.author_tests import AuthorTestsRun
from grader.core.run.jobs import AuthorTestsJob
from grader.core.run.observation import Run, RunStatus
from grader.core.words.errors import CouldNotJudge, Position
from grader.core.words.message import say
from grader.grading.judge.kinds.tested import KnownTested
from grader.grading.judge.steps import Alone, Steps, at_once
from grader.store.machine.cache import content_key, keep_runs, load_runs

_TIMES_THE_SOLUTION = 3
_LEAST_SECONDS = 1.0
# Raise it where another cheat is tried, or one is tried in another way.
_CHEATS = 2


def passed_by_cheats(known: KnownTested) -> Steps[list[Passed]]:
    """Return the tests that a program passes which knows nothing of the exercise, each with the cheats that do.

    It is remembered for as long as nothing changes that decides a mark.

    Raises:
        CouldNotJudge: where the box fails.
    """
    solution = known.key.read_solution()
    cheats = cheats_for(solution.text, *(file.text for file in known.work.files))
    place = content_key(["cheats", str(_CHEATS), str(JUDGING), known.key.judging])
    kept = load_runs(place)
    if kept is None:
        found = []
        for tests in _named_apart(known.work.checks):
            found += yield from _beside(known, solution, cheats, tests)
        keep_runs(place, [[json.dumps(found).encode()]])
    else:
        found = [(test, by) for test, by in json.loads(kept[0][0])]
    return [Passed(test, tuple(cheats[number] for number in by), len(by) == len(cheats)) for test, by in found if by]


def _named_apart(checks: Sequence[AuthorTest]) -> list[tuple[str, ...]]:
    """Return all tests, in as few groups as there are files with tests of one name: a case is told without its file."""
    groups: list[tuple[dict[str, str], list[str]]] = []
    for test in dict.fromkeys(test for check in checks for test in check.tests):
        file, name, *_ = test.split("::")
        files, tests = next((group for group in groups if group[0].get(name, file) == file), ({}, []))
        if not tests:
            groups.append((files, tests))
        files[name] = file
        tests.append(test)
    return [tuple(tests) for _, tests in groups]


def place_of_test(work: Tested, test: str) -> Position:
    """Return where a test, `file.py::test_name`, stands; its file alone where it is made in another way than by def."""
    name, *parts = test.split("::")
    file = next(each for each in work.files if each.name == name)
    nodes: list[ast.stmt] = ast.parse(file.text).body
    at = Position(file.shown)
    for part in parts:
        found = next((n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == part), None)
        if found is None:
            break
        at, nodes = Position(file.shown, found.lineno, found.col_offset + 1), found.body
    return at


def _beside(
    known: KnownTested, solution: Source, cheats: Sequence[Cheat], tests: tuple[str, ...]
) -> Steps[list[tuple[str, list[int]]]]:
    asked = _Asked(known, solution, tests)
    (run,) = yield from _runs([asked.job(noting(solution.text))])
    said = said_by_solution(run.stderr)
    limited = replace(asked, beside=run)
    programs = [cheating(solution.text, cheat, said) for cheat in cheats]
    by_cheat = yield from at_once([_passes(limited, program) for program in programs])
    return [
        (test, [number for number, passes in enumerate(by_cheat) if test in passes]) for test in _passing(run, tests)
    ]


@dataclass(frozen=True)
class _Asked:
    """Tests that are put to programs of ours.

    Attributes:
        beside: the solution's run, by which others are limited.
    """

    known: KnownTested
    solution: Source
    tests: tuple[str, ...]
    beside: Run | None = None

    def job(self, text: str) -> AuthorTestsJob:
        work, beside = replace(self.known.work, packages=None), self.beside
        check = AuthorTest("", 0, self.tests, limits=_most(work.checks))
        job = author_tests_job(check, work, replace(self.solution, text=text))
        if beside is None or beside.author_tests is None:
            return job
        limits = limits_beside(beside.author_tests.seconds, _TIMES_THE_SOLUTION, _LEAST_SECONDS)
        own = max(_LEAST_SECONDS, _TIMES_THE_SOLUTION * beside.usage.wall)
        return replace(job, limits=replace(check.limits, wall=own, cpu=own), limits_of_tests=limits)


def _most(checks: Sequence[AuthorTest]) -> Limits:
    """Return limits within which all checks have room, one after the other."""
    return replace(
        max((check.limits for check in checks), key=lambda limits: limits.memory),
        wall=sum(check.limits.wall for check in checks),
        cpu=sum(check.limits.cpu for check in checks),
    )


def _passes(asked: _Asked, program: str) -> Steps[set[str]]:
    """Return the tests that a program passes; after one that is stopped the rest is tried again."""
    passed: set[str] = set()
    tests = asked.tests
    while tests:
        (run,) = yield from _runs([replace(asked, tests=tests).job(program)])
        passed |= {*_passing(run, tests)}
        tests = _after_the_stop(run, tests)
    return passed


def _runs(jobs: Sequence[AuthorTestsJob]) -> Steps[list[Run]]:
    (runs,) = yield [Alone(tuple(jobs))]
    for run in runs:
        if run.status is RunStatus.SANDBOX_FAILED:
            raise CouldNotJudge(say("the program could not be run: {detail}", detail=why_failed(run)))
    return runs


def _passing(run: Run, tests: Sequence[str]) -> list[str]:
    """Return the tests of which every case gives points."""
    told = run.author_tests or AuthorTestsRun()
    came_to = {case.name: case for case in told.cases}
    shares: dict[str, list[float]] = {}
    for name in told.names:
        share = case_share(came_to[name]) if name in came_to else 0.0
        shares.setdefault(_test_of(name, tests), []).append(share)
    return [test for test, each in shares.items() if min(each) > 0]


def _after_the_stop(run: Run, tests: Sequence[str]) -> tuple[str, ...]:
    told = run.author_tests or AuthorTestsRun()
    if run.stop is None or not told.names:
        return ()
    done = {case.name for case in told.cases}
    left = [_test_of(name, tests) for name in told.names if name not in done]
    begun = {_test_of(name, tests) for name in done} | {*left[:1]}
    return tuple(test for test in dict.fromkeys(left) if test not in begun)


def _test_of(case: str, tests: Sequence[str]) -> str:
    """Return the full name of a case's test, `file.py::test_name`."""
    name = case.partition("[")[0]
    chosen = next(test for test in tests if f"{name}::".startswith(f"{test.partition('::')[2]}::"))
    return f"{chosen.partition('::')[0]}::{name}"

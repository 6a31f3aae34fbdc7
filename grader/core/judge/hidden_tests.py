"""What is told of a check whose tests students do not all have: nothing that a program could have said in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.judge.author_tests import judge_author_tests
from grader.core.judge.decision import WHY_VOID, Decision, decisions, passed
from grader.core.judge.explain import skipped_findings, stop_finding, why_failed
from grader.core.judge.judge import void
from grader.core.judge.rules import broken_beside_tests
from grader.core.program.features.code_features import lines_that_make
from grader.core.program.names.names_asked import names_asked
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Run, RunStatus

# Of the points, the share that was earned goes with it: with tests that give shares, it is the mark.
Decided = tuple[Decision, float]


def public_part(check: AuthorTest, work: Tested) -> AuthorTest:
    """Return the check with those of its tests that students have; it may have none."""
    public = {file.name for file in work.files if file.public}
    return replace(check, tests=tuple(test for test in check.tests if test.partition("::")[0] in public))


def decided(result: CheckResult) -> Decided:
    """Return what a run of hidden tests decides: whether they are passed, and the share of the points otherwise."""
    return decisions([result])[result.name], result.carried


def told_of_hidden(
    check: AuthorTest, work: Tested, source: Source, of_hidden: Decided, seen: Run, measured: bool = False
) -> CheckResult:
    """Return the result of a check some of whose tests are hidden.

    Args:
        seen: what the public ones came to, or the program alone where there are none.
        measured: whether they were held to what they take beside the solution.
    """
    decision, carried = of_hidden
    if decision is Decision.PASSED:
        return passed(check.name, check.points)
    if seen.status is RunStatus.SANDBOX_FAILED:
        return void(check.name, check.points, why_failed(seen))
    if decision is Decision.VOID:
        return void(check.name, check.points, WHY_VOID)
    broken = broken_beside_tests(check, work, source, seen)
    if broken:
        # The source tells it, and no run of a hidden test.
        return CheckResult(check.name, seen.status, Verdict.FAIL, check.points, broken, carried=carried)
    public = public_part(check, work)
    if public.tests:
        result = judge_author_tests(public, work, source, seen, True, measured)
        if result.verdict is not Verdict.PASS:
            return replace(result, carried=carried)
    if seen.stop is not None:
        stopped = (stop_finding(seen, check.limits),)
        return CheckResult(check.name, seen.status, Verdict.ERROR, check.points, stopped, carried=carried)
    missing = tuple(_missing(check, work, source, seen))
    why = (*(missing or (finding("hidden-test-fails"),)), *skipped_findings(seen, source))
    return CheckResult(check.name, RunStatus.COMPLETED, Verdict.FAIL, check.points, why, carried=carried)


def _missing(check: AuthorTest, work: Tested, source: Source, seen: Run) -> Iterator[Finding]:
    """Yield the names that tests of a check ask for and the program has not.

    They come from the text of the author's files, and from a run of the program without hidden tests.
    """
    if seen.loaded is None:
        return
    texts = {file.name: file.text for file in work.files}
    asked = dict.fromkeys(name for test in check.tests for name in names_asked(texts, test))
    for name in asked:
        if name not in seen.loaded.names and not lines_that_make(source, name):
            yield finding("test-misses-name", name=name)

"""What is told of a check whose tests students do not all have: nothing that a program could have said in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from grader.core.course.exercise import AuthorTest, Tested
from grader.core.judge.author_tests import NO_SUCH_NAME, judge_author_tests
from grader.core.judge.decision import WHY_VOID, Decision, decisions, passed
from grader.core.judge.explain import skipped_findings, stop_finding, why_failed
from grader.core.judge.judge import void
from grader.core.program.code_features import lines_that_make
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.author_tests import AuthorTestsRun, Outcome
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
    check: AuthorTest,
    work: Tested,
    source: Source,
    of_hidden: tuple[Decision, float],
    own: tuple[Finding, ...],
    seen: Run,
) -> CheckResult:
    """Return the result of a check some of whose tests are hidden.

    Args:
        own: what may be told of the hidden tests.
        seen: what the public ones came to, or the program alone where there are none.
    """
    decision, carried = of_hidden
    if decision is Decision.PASSED:
        return passed(check.name, check.points)
    if seen.status is RunStatus.SANDBOX_FAILED:
        return void(check.name, check.points, why_failed(seen))
    if decision is Decision.VOID:
        return void(check.name, check.points, WHY_VOID)
    public = public_part(check, work)
    if public.tests:
        result = judge_author_tests(public, work, source, seen, reveal=True)
        if result.verdict is not Verdict.PASS:
            return replace(result, carried=carried)
    if seen.stop is not None:
        stopped = (stop_finding(seen, check.limits),)
        return CheckResult(check.name, seen.status, Verdict.ERROR, check.points, stopped, carried=carried)
    why = (*(own or (finding("hidden-test-fails"),)), *skipped_findings(seen, source))
    return CheckResult(check.name, RunStatus.COMPLETED, Verdict.FAIL, check.points, why, carried=carried)


def own_words(work: Tested, source: Source, run: Run) -> tuple[Finding, ...]:
    """Return of what a run of hidden tests said all that was known before it.

    These are sentences that are in the author's files word for word, and a name that the program's text does not make.
    """
    return tuple(_own_words(work, source, run.author_tests or AuthorTestsRun()))


def _own_words(work: Tested, source: Source, tests: AuthorTestsRun) -> Iterator[Finding]:
    case = next((case for case in tests.cases if case.outcome is not Outcome.PASSED or (case.share or 1) < 1), None)
    if case is None:
        return
    if case.type_name == NO_SUCH_NAME and not lines_that_make(source, case.text):
        yield finding("test-misses-name", name=case.text)
        return
    written = _written(work)
    # pytest puts what was compared below the author's words.
    said = case.text.partition("\nassert ")[0].strip() if case.outcome is Outcome.FAILED else ""
    for words in (said, case.because.strip()):
        if words in written:
            yield finding("author-says", text=words)


def _written(work: Tested) -> set[str]:
    """Return the texts that are in the author's files, without those that are put together when they are run."""
    found: set[str] = set()
    for file in work.files:
        try:
            tree = ast.parse(file.text)
        except SyntaxError:
            continue
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                found.add(node.value.strip())
    return found - {""}

"""Judges what the author's tests came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.rules import rules_at
from grader.core.course.given_files import main_of, texts_of
from grader.core.judge.explain import raised_finding, skipped_findings, stop_finding, why_failed
from grader.core.judge.judge import void
from grader.core.judge.rules import broken_beside_tests
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.author_tests import AuthorTestsRun, Case, Outcome
from grader.core.run.jobs import MOST_OF_TESTS, AuthorTestsJob
from grader.core.run.observation import Raised, Run, RunStatus, Stop
from grader.core.run.preloads import slow_imports, torch_imports

# What the tests' child calls a failure for want of a name; its text is the name.
NO_SUCH_NAME = "NoSuchName"
_MOST_LINES = 12
# A program's values may keep the tests busy for longer than the solution's do, but not without end.
_TIMES_THE_SOLUTION = 10
_LEAST_SECONDS = 3.0
_USED_UP = (Stop.WALL, Stop.CPU, Stop.MEMORY)
_VERDICTS = {
    Outcome.RAISED: Verdict.ERROR,
    Outcome.ERROR: Verdict.ERROR,
    Outcome.SKIPPED: Verdict.SKIPPED,
}


def author_tests_job(check: AuthorTest, work: Tested, source: Source, seconds: float | None = None) -> AuthorTestsJob:
    """Return the job of one check: its tests, and all files that they may import.

    Args:
        seconds: that the tests take beside the solution; None where that is not known.
    """
    files = tuple((file.name, file.text) for file in work.files)
    of_tests = MOST_OF_TESTS if seconds is None else limits_beside(seconds, _TIMES_THE_SOLUTION, _LEAST_SECONDS)
    return AuthorTestsJob(
        source.text,
        source.filename,
        work.definitions,
        files,
        check.tests,
        check.limits,
        work.packages,
        of_tests,
        without=tuple(rules_at(work, check).named.items()),
        given_files=work.given_files,
        main=main_of(work.submit),
    )


def limits_beside(seconds: float, times: float, least: float) -> Limits:
    """Return what the tests' child may use where it takes so many seconds beside the solution."""
    most = min(max(times * seconds, least), MOST_OF_TESTS.wall)
    return replace(MOST_OF_TESTS, wall=most, cpu=most)


def ran_out(run: Run) -> bool:
    """Whether it is the tests that used up what they may."""
    return run.author_tests is not None and run.author_tests.in_tests and run.stop in _USED_UP


def author_tests_preloads(work: Tested, *sources: str) -> list[str]:
    """Return the modules that an interpreter imports before it starts to count."""
    texts = (*sources, *(file.text for file in work.files), *texts_of(work.given_files))
    return ["pytest", *torch_imports(*texts), *slow_imports(*texts)]


def kept_back(check: AuthorTest, work: Tested) -> CheckResult | None:
    """Return the result of a check whose tests are not all here: students have the public ones only."""
    here = {file.name for file in work.files}
    if all(test.partition("::")[0] in here for test in check.tests):
        return None
    message = finding("tests-not-here")
    return CheckResult(check.name, RunStatus.NOT_RUN, Verdict.SKIPPED, check.points, (message,))


def broken(run: Run) -> str:
    """Return why the tests could not be read beside a program; empty where they could."""
    tests = run.author_tests or AuthorTestsRun()
    if run.status is not RunStatus.COMPLETED or tests.names:
        return ""
    return tests.broken or "no test is found under the names of this check"


def judge_author_tests(
    check: AuthorTest, work: Tested, source: Source, run: Run, reveal: bool, measured: bool = False
) -> CheckResult:
    """Return the result of one check.

    Args:
        reveal: whether the values that an assertion compared are shown.
        measured: whether the tests were held to what they take beside the solution.
    """
    tests = run.author_tests or AuthorTestsRun()
    if run.status is RunStatus.SANDBOX_FAILED:
        return void(check.name, check.points, why_failed(run))
    broken = broken_beside_tests(check, work, source, run)
    if broken:
        return CheckResult(check.name, run.status, Verdict.FAIL, check.points, broken)
    share = _share(check, tests)
    if share >= 1 and run.stop is None:
        return CheckResult(check.name, run.status, Verdict.PASS, check.points)
    verdict, messages = _said(check, work, source, run, reveal, measured)
    notes = (*_counted(tests), *skipped_findings(run, source))
    return CheckResult(
        check.name, run.status, verdict, check.points, (*messages, *notes), carried=round(share * check.points, 6)
    )


def _share(check: AuthorTest, tests: AuthorTestsRun) -> float:
    """Return the share of the points: of all cases the mean, or where not the share counts, the least."""
    came_to = {case.name: case for case in tests.cases}
    shares = [case_share(came_to[name]) if name in came_to else 0.0 for name in tests.names]
    if not shares:
        return 0.0
    return sum(shares) / len(shares) if check.partial else min(shares)


def case_share(case: Case) -> float:
    """Return the share of the points that a case gives."""
    if case.share is not None:
        return case.share
    return 1.0 if case.outcome is Outcome.PASSED else 0.0


def _said(
    check: AuthorTest, work: Tested, source: Source, run: Run, reveal: bool, measured: bool
) -> tuple[Verdict, tuple[Finding, ...]]:
    tests = run.author_tests or AuthorTestsRun()
    failed = next((case for case in tests.cases if case_share(case) < 1 or case.outcome is not Outcome.PASSED), None)
    if run.stop is not None and tests.in_tests:
        kind = "test-ran-out" if measured and ran_out(run) else "test-did-not-end"
        return Verdict.ERROR, (finding(kind),)
    if run.stop is not None:
        return Verdict.ERROR, (stop_finding(run, check.limits),)
    if failed is None:
        words = broken(run) or tests.broken
        return Verdict.ERROR, (finding("tests-unreadable", words=words),)
    public = [file for file in work.files if file.public and any(t.startswith(f"{file.name}::") for t in check.tests)]
    shown = len({test.partition("::")[0] for test in check.tests}) == len(public)
    messages = list(_case_said(failed, source, reveal or shown, shown))
    if shown and failed.line and failed.outcome in (Outcome.FAILED, Outcome.ERROR) and len(public) == 1:
        lines = public[0].text.splitlines()
        code = lines[failed.line - 1].strip() if failed.line <= len(lines) else ""
        messages.append(finding("test-line", file=public[0].shown, line=failed.line, code=code))
    return _VERDICTS.get(failed.outcome, Verdict.FAIL), tuple(messages)


def _case_said(case: Case, source: Source, reveal: bool, shown: bool) -> Sequence[Finding]:
    because = [finding("author-says", text=case.because)] if case.because else []
    match case.outcome:
        case Outcome.RAISED:
            return [raised_finding(Raised(case.type_name, case.text, case.line), source)]
        case Outcome.ERROR:
            what = finding("test-could-not-go-on", type=case.type_name, words=_short(case.text))
            return [what, *because]
        case Outcome.SKIPPED:
            return [finding("test-not-done", words=_short(case.text))]
        case Outcome.PASSED:
            return because or [finding("test-gives-a-part")]
        case _ if case.type_name == NO_SUCH_NAME:
            return [finding("test-misses-name", name=case.text)]
        case _:
            return [*_assertion_said(case.text, reveal, shown), *because]


def _assertion_said(text: str, reveal: bool, shown: bool) -> list[Finding]:
    """Return the author's own words, and where it may be shown what was compared.

    The values are pytest's first line and what it says of their difference; with what they were called belongs to the
    test's source.
    """
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith("assert ")), len(lines))
    own = "\n".join(lines[:first]).strip()
    told = [line for line in lines[first:] if line.strip() != "Use -v to get more diff"]
    if not shown:
        told = [line for line in told if not line.lstrip().startswith("+ ") or line.startswith("  ")]
    compared = "\n".join(line for line in told if line.strip())[len("assert ") :]
    said = [finding("author-says", text=_short(own))] if own else []
    if compared and reveal:
        said.append(finding("assertion-compared", compared=_short(compared)))
    return said or [finding("assertion-failed")]


def _counted(tests: AuthorTestsRun) -> tuple[Finding, ...]:
    if len(tests.names) < 2:
        return ()
    passed = sum(case_share(case) >= 1 and case.outcome is Outcome.PASSED for case in tests.cases)
    return (finding("cases-held", passed=passed, all=len(tests.names)),)


def _short(text: str) -> str:
    lines = text.strip().splitlines()
    kept = [line[:300] for line in lines[:_MOST_LINES]]
    return "\n".join([*kept, "…"] if len(lines) > _MOST_LINES else kept)

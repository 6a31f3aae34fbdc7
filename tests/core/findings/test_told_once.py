"""What several checks have in common is told once."""

from __future__ import annotations

from grader.core.findings.told_once import told_once
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, NamedMisconception, Verdict
from grader.core.run.observation import RunStatus

MEANING = finding("matrix-shapes-differ")
CAUSE = (NamedMisconception("layer-sizes", finding("layer-of-other-size")),)


def stopped(line: int, words: str) -> Finding:
    place = {"file": "a.py", "line": line, "code": "self.fc(x)"}
    return finding("raised-in-call", type="RuntimeError", words=words, **place)


def check(name: str, *found: Finding, causes: tuple[NamedMisconception, ...] = ()) -> CheckResult:
    return CheckResult(name, RunStatus.COMPLETED, Verdict.ERROR, 1.0, found, causes)


def said(*checks: CheckResult) -> list[list[str]]:
    return [[each.said(str) for each in told] for told in told_once(checks)]


def test_the_same_end_at_other_sizes_is_told_once() -> None:
    first, second = said(
        check("forward", stopped(3, "2x24 and 54x3"), MEANING), check("single", stopped(3, "1x24 and 54x3"), MEANING)
    )
    assert len(first) == 2
    assert second == ["It stops where forward stops."]


def test_an_end_at_another_line_or_of_another_kind_is_told() -> None:
    both = said(check("forward", stopped(3, "2x24 and 54x3")), check("single", stopped(4, "2x24 and 54x3")))
    assert all("RuntimeError" in told[0] for told in both)
    other = said(check("forward", stopped(3, "2x24 and 54x3")), check("single", stopped(3, "no such dimension")))
    assert "no such dimension" in other[1][0]


def test_beside_a_cause_that_was_told_the_end_says_nothing_new() -> None:
    likely = finding("likely-cause")
    _, second = said(
        check("forward", stopped(3, "2x24 and 54x3"), likely, causes=CAUSE),
        check("single", stopped(3, "1x24 and 54x3"), likely, causes=CAUSE),
    )
    assert second == ["The cause is that of forward."]

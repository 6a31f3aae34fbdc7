"""Tells a cause once where several checks have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.core.findings.telling import CAUSES, MOST_CAUSES, causes_first, told_of
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, NamedMisconception
from grader.core.words.message import Message, say


def told_once(checks: Sequence[CheckResult]) -> Iterator[tuple[Message, ...]]:
    """Yield the sentences about each check; a cause that was told of an earlier one is not told again."""
    before: list[tuple[str, Finding, tuple[NamedMisconception, ...]]] = []
    for check in checks:
        sentences = []
        for found in causes_first(check):
            same = next((name for name, *cause in before if cause == [found, check.causes]), None)
            if same is None:
                sentences.append(told_of(check, found))
            elif found.kind in MOST_CAUSES:
                sentences.append(say("The cause is that of {check}.", check=same))
            if same is None and found.kind in CAUSES:
                before.append((check.name, found, check.causes))
        yield tuple(sentences)

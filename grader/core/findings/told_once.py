"""Tells a cause, or where a program stops, once where several checks have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.core.findings.telling import CAUSES, MOST_CAUSES, causes_first, told_of
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, NamedMisconception
from grader.core.words.message import Message, say

_STOPS = frozenset({"raised", "raised-in-call"})


def told_once(checks: Sequence[CheckResult]) -> Iterator[tuple[Message, ...]]:
    """Yield the sentences about each check; a cause or an end that was told of an earlier one is not told again."""
    before: list[tuple[str, Finding, tuple[NamedMisconception, ...]]] = []
    stops: dict[tuple[object, ...], str] = {}
    for check in checks:
        sentences = []
        earlier = _stopped_before(check, stops)
        for found in causes_first(check):
            same = next((name for name, *cause in before if cause == [found, check.causes]), None)
            if earlier and found.kind in _STOPS:
                sentences += [] if check.causes else [say("It stops where {check} stops.", check=earlier)]
            elif earlier and not check.causes and not found.fields:
                # What the exception means was told there.
                continue
            elif same is None:
                sentences.append(told_of(check, found))
            elif found.kind in MOST_CAUSES:
                sentences.append(say("The cause is that of {check}.", check=same))
            if same is None and found.kind in CAUSES:
                before.append((check.name, found, check.causes))
        yield tuple(sentences)


def _stopped_before(check: CheckResult, stops: dict[tuple[object, ...], str]) -> str:
    """Return the earlier check that ended with the same exception at the same line, "" where none did.

    Sizes and other numbers in its message belong to the inputs; where a check has causes of its own, these count, too.
    """
    found = next((each for each in check.findings if each.kind in _STOPS and each.line is not None), None)
    if found is None:
        return ""
    causes = tuple(each.name for each in check.causes)
    key = (found.file, found.cell, found.line, found.text("type"), re.sub(r"\d+", "#", found.text("words")), causes)
    earlier = stops.get(key, "")
    stops.setdefault(key, check.name)
    return earlier

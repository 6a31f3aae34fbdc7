"""What is said of single lines of a submission, so that a page can say it right there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.core.findings.telling import told, where
from grader.core.program.features.cause_lines import line_of_cause
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.message import Message, Translate
from grader.integrations.pages.source_code import Remark, line_of

# Who reads more than three causes of one fault reads none.
_MOST_CAUSES = 3


def remarks_of(check: CheckResult, source: Source, translate: Translate, language: str) -> tuple[Remark, ...]:
    """Return what is said of lines by a check that did not pass: the cause first, and then what shows it."""
    if check.verdict is Verdict.PASS:
        return ()
    found = dict.fromkeys([*_causes(check, source), *_findings(check, source)])
    return tuple(
        Remark(line, place, check.name, name, _without(place, told(each).said(translate, language)))
        for line, name, each in found
        for place in [_said(where(each.with_fields(**_place(source, line))), translate, language)]
    )


def place_of(source: Source, line: int, translate: Translate, language: str) -> str:
    """Return how messages call a line of a source: by its file, in a notebook by its cell."""
    return _said(where(finding("as-written", text="").with_fields(**_place(source, line))), translate, language)


def by_line(remarks: Iterable[Remark]) -> dict[int, tuple[Remark, ...]]:
    """Return the remarks of each line; what several checks say alike is said once."""
    found: dict[int, dict[tuple[str, str], Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.line, {}).setdefault((remark.name, remark.text), remark)
    return {line: tuple(each.values()) for line, each in found.items()}


def _causes(check: CheckResult, source: Source) -> Iterator[tuple[int, str, Finding]]:
    for cause in check.causes[:_MOST_CAUSES]:
        line = line_of(cause.hint, source) or line_of_cause(source, cause.name)
        if line:
            yield line, cause.name, cause.hint


def _findings(check: CheckResult, source: Source) -> Iterator[tuple[int, str, Finding]]:
    for found in check.findings:
        if line := line_of(found, source):
            yield line, "", found


def _place(source: Source, line: int) -> dict[str, object]:
    return {"file": None, "cell": None, "line": None, "column": None, **source.place(line)}


def _said(place: Message | str, translate: Translate, language: str) -> str:
    return place.said(translate, language) if isinstance(place, Message) else place


def _without(place: str, words: str) -> str:
    """Leave out where it is: it is said there."""
    return words.removeprefix(f"{place}: ")

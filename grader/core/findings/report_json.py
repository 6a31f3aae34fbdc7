"""Reports as JSON objects, format 2: what programs read, and what is kept. `recorded` reads them again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from grader.core.findings.telling import told, told_of
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Report
from grader.core.words.message import Message, Text, Translate, clean
from grader.core.words.numbers import written

FORMAT_VERSION = 2
MOST = 100
LONGEST = 4000


def as_json(report: Report, translate: Translate, language: str) -> dict[str, Any]:
    """Return a report with its messages in `language`."""
    return _Writer(translate, language, {language: translate}).report(report)


def as_kept(report: Report, translations: Mapping[str, Translate]) -> dict[str, Any]:
    """Return a report as it is kept: its messages, in English, are there for whoever no longer knows a kind.

    Args:
        translations: for sentences that are no findings of ours: they are kept in every language.
    """
    return _Writer(str, "en", translations).report(report)


class _Writer:
    def __init__(self, translate: Translate, language: str, translations: Mapping[str, Translate]) -> None:
        self._translate, self._language, self._translations = translate, language, translations

    def report(self, report: Report) -> dict[str, Any]:
        notices = {"notices": [self._said(told(notice)) for notice in report.notices]} if report.notices else {}
        found = {"notice_findings": list(map(self._finding, report.notices))} if report.notices else {}
        return {
            "format_version": FORMAT_VERSION,
            "exercise": report.exercise,
            "student": report.student,
            "status": report.status.value,
            "isolation": report.isolation,
            "practice": report.practice,
            "score": written(report.score),
            "max_score": written(report.max_score),
            "checks": list(map(self._check, report.checks)),
            **notices,
            **found,
        }

    def _check(self, check: CheckResult) -> dict[str, Any]:
        sentences = [told_of(check, found) for found in check.findings]
        return {
            "name": check.name,
            "status": check.status.value,
            "verdict": check.verdict.value,
            "score": written(check.score),
            "max_score": written(check.max_score),
            "message": "\n".join(map(self._said, sentences)),
            "misconceptions": [
                {
                    "name": cause.name,
                    "hint": self._said(told(cause.hint)),
                    "finding": self._finding(cause.hint),
                    **({"edges": [list(edge) for edge in cause.edges[:MOST]]} if cause.edges else {}),
                }
                for cause in check.causes[:MOST]
            ],
            "findings": [
                {**self._finding(found), "message": self._said(sentence)}
                for found, sentence in zip(check.findings[:MOST], sentences, strict=False)
            ],
        }

    def _finding(self, found: Finding) -> dict[str, Any]:
        return {"kind": found.kind, **{name: self._field(value) for name, value in found.fields.items()}}

    def _field(self, value: object) -> object:
        match value:
            case Finding():
                return self._finding(value)
            case Text():
                return {language: _short(text) for language, text in value.texts}
            case Message():
                return {language: _short(value.said(each, language)) for language, each in self._translations.items()}
            case tuple():
                return [self._field(each) for each in value[:MOST]]
            case float() if not math.isfinite(value):
                return {math.inf: "inf", -math.inf: "-inf"}.get(value, "NaN")
            case str():
                return _short(value)
            case _:
                return value

    def _said(self, message: Message) -> str:
        return message.said(self._translate, self._language)


def _short(text: str) -> str:
    return clean(text[:LONGEST])

"""One check as pages show it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from grader.core.findings.telling import told, told_of
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.message import Translate
from grader.integrations.pages.rendering import render


@dataclass(frozen=True)
class CheckPart:
    """One check of a report, its texts in one language."""

    name: str
    verdict: str
    word: str
    score: float | None
    max_score: float
    message: str
    misconceptions: tuple[tuple[str, str], ...]


def check_part(check: CheckResult, translate: Translate, language: str, drawn: Container[str] = ()) -> CheckPart:
    """Return what a page says of a check; `drawn` are the kinds of finding that it shows in another way."""
    # What names the causes is not told: they stand below with their hints.
    said = [found for found in check.findings if not found.causes and found.kind not in drawn]
    return CheckPart(
        check.name,
        check.verdict.value,
        verdict_word(check.verdict, translate),
        check.score,
        check.max_score,
        "\n".join(told_of(check, found).said(translate, language) for found in said),
        tuple((cause.name, told(cause.hint).said(translate, language)) for cause in check.causes),
    )


def verdict_word(verdict: Verdict, translate: Translate) -> str:
    """Return what a verdict is called."""
    return {
        Verdict.PASS: translate("right"),
        Verdict.FAIL: translate("not right"),
        Verdict.ERROR: translate("stopped by an error"),
        Verdict.SKIPPED: translate("not checked"),
        Verdict.VOID: translate("not judged"),
    }[verdict]


def check_fragment(check: CheckResult, translate: Translate, language: str) -> str:
    """Return HTML without scripts that says what became of a check of a report."""
    return render("fragment.html", translate, language, check=check_part(check, translate, language))

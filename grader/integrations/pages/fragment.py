"""One check as a piece of somebody else's page."""

from __future__ import annotations

from grader.core.report.report import CheckResult
from grader.core.words.message import Translate
from grader.integrations.pages.checks import check_part
from grader.integrations.pages.rendering import render


def check_fragment(check: CheckResult, translate: Translate, language: str) -> str:
    """Return HTML without scripts that says what became of a check of a report."""
    return render("fragment.html", translate, language, check=check_part(check, translate, language))

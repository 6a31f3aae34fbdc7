"""One check as a piece of somebody else's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.core.words.message import Translate
from grader.integrations.pages.checks import check_part
from grader.integrations.pages.rendering import render


def check_fragment(check: Mapping[str, Any], translate: Translate, language: str) -> str:
    """Return HTML without scripts that says what became of a check of a report."""
    return render("fragment.html", translate, language, check=check_part(check, translate, language))

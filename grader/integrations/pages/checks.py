"""One check as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.words.message import Translate
from grader.integrations.pages.rendering import said_in


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


def check_part(check: Mapping[str, Any], translate: Translate, language: str) -> CheckPart:
    """Return what a page says of a check of a report, kept or shown."""
    said = [said_in(language, check["message"])]
    if not check["misconceptions"]:
        # What has names stands below with them.
        said.append(said_in(language, check.get("cause", "")))
    return CheckPart(
        check["name"],
        check["verdict"],
        _verdict(check["verdict"], translate),
        check["score"],
        check["max_score"],
        "\n".join(filter(None, said)),
        tuple((named["name"], said_in(language, named["hint"])) for named in check["misconceptions"]),
    )


def _verdict(verdict: str, translate: Translate) -> str:
    return {
        "pass": translate("right"),
        "fail": translate("not right"),
        "error": translate("stopped by an error"),
        "skipped": translate("not looked at"),
        "void": translate("not judged"),
    }[verdict]

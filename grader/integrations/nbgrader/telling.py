"""What a report says, as it is put into a notebook and beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.core.words.message import Translate, say
from grader.core.words.numbers import show
from grader.integrations.nbgrader.part import Part

Check = Mapping[str, Any]
_SIGNS = {"pass": "✓", "fail": "✗", "error": "!", "skipped": "-", "void": "?"}


def told_checks(
    report: Mapping[str, Any], part: Part, filename: str, translate: Translate, language: str
) -> list[Check]:
    """Return the checks of a kept report in one language, with the places where the student wrote them."""

    def said(texts: Mapping[str, str]) -> str:
        text = texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
        return _placed(text, report["exercise"], part, filename, translate)

    return [
        {
            **check,
            "message": said(check["message"]),
            "cause": said(check.get("cause", {})),
            "misconceptions": [{**named, "hint": said(named["hint"])} for named in check["misconceptions"]],
        }
        for check in report["checks"]
    ]


def told_notices(report: Mapping[str, Any], language: str) -> list[str]:
    """Return what a kept report says of the program as a whole, in one language."""
    return [text.get(language) or text.get("en") or next(iter(text.values()), "") for text in report.get("notices", ())]


def check_text(check: Check) -> str:
    """Return the lines about one check."""
    score = "–" if check["score"] is None else show(check["score"])
    line = f"{_SIGNS[check['verdict']]} {check['name']}  {score}/{show(check['max_score'])}"
    words = "\n".join(filter(None, (check["message"], check["cause"])))
    return "\n".join([line, *(f"    {each}" for each in words.splitlines())])


def comment(exercise: str, checks: Sequence[Check], notes: Sequence[str], translate: Translate) -> str:
    """Return the comment on an answer; `notes` come before what is said of its checks.

    nbgrader shows it as plain text to the teacher and as Markdown to the student: indented, it is the same for both,
    and what a student's program said stays text.
    """
    scores = [check["score"] for check in checks]
    total = "–" if None in scores else show(sum(scores))
    most = show(sum(check["max_score"] for check in checks))
    lines = list(notes)
    if None in scores:
        lines.append(say("Not all could be judged; that is not your fault, and costs nothing.").said(translate))
    lines += [line for check in checks for line in check_text(check).splitlines()]
    return "\n".join([f"{exercise}: {total} / {most}", "", *(f"    {line}" for line in lines)])


def _placed(text: str, exercise: str, part: Part, filename: str, translate: Translate) -> str:
    """Name the student's notebook, and in it the cell, where a message names the part of it that was judged."""
    if part.suffix == ".ipynb":
        return text.replace(f"{exercise}.ipynb", filename)

    def place(found: re.Match[str]) -> str:
        line = int(found[1])
        if not 0 < line <= len(part.places):
            return filename
        cell, of = part.places[line - 1]
        return say("{file}, cell {cell}, line {line}", file=filename, cell=cell, line=of).said(translate)

    return re.sub(rf"{re.escape(exercise)}\.yaml(?::(\d+):\d+)", place, text)

"""A summary in Markdown, as GitHub shows it below a job and GitLab as a file.

Whatever a student can write stands in fenced blocks, and is text there; the rest is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from grader.actions.student.report_format import ReportFormat
from grader.core.report.flat_rows import Row, total
from grader.core.words.message import Translate, clean, say
from grader.core.words.numbers import show

_SIGNS = {"pass": "✅", "fail": "❌", "error": "❌", "skipped": "➖", "missing": "➖", "void": "❔"}
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_TICKS = re.compile("`+")


def markdown(rows: Sequence[Row], practice: bool, translate: Translate = str) -> str:
    """Return a table with a line for each check, below it what is said of those that are not right, and the score."""
    parts = [f"# {_inline(_score(rows, translate))}"]
    if practice:
        words = translate("This was practice: grades come from your teacher's copy of the course.")
        parts.append(_inline(words))
    for exercise, group in groupby(rows, lambda row: row.exercise):
        own = list(group)
        table = [f"| | {_inline(translate('check'))} | {_inline(translate('points'))} |", "|---|---|---:|"]
        table += [f"| {_SIGNS[row.verdict]} | {_inline(row.check)} | {_inline(_points(row))} |" for row in own]
        parts += [f"## {_inline(exercise)}", "\n".join(table)]
        # What fails all checks of a file for one reason is told once.
        told: dict[object, list[Row]] = {}
        for row in own:
            if row.verdict != "pass" and row.message:
                told.setdefault(row.findings or row.check, []).append(row)
        for alike in told.values():
            names = _inline(", ".join(row.check for row in alike))
            parts.append(f"**{names}**\n\n{_fenced(alike[0].message)}")
    return "\n\n".join(parts) + "\n"


def _score(rows: Sequence[Row], translate: Translate) -> str:
    score = total(rows)
    if score is None:
        return translate("Not all could be judged: no score is recorded. Try again; your attempt is not lost.")
    most = sum(row.max_score for row in rows)
    return translate("Score: {score} of {max_score}").format(score=show(score), max_score=show(most))


def _points(row: Row) -> str:
    return f"{'–' if row.score is None else show(row.score)}/{show(row.max_score)}"


def _inline(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(clean(text).split()))


def _fenced(text: str) -> str:
    text = clean(text)
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


REPORT = ReportFormat(
    word="markdown",
    summary=say("Write a summary of the results in Markdown."),
    write=lambda judged: markdown(judged.rows, judged.practice, judged.translate).encode(),
)

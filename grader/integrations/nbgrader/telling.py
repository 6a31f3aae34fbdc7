"""What a report says, as it is put into a notebook and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.actions.teacher.results.said import SaidOf
from grader.core.findings.telling import told_check
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Report
from grader.core.words.message import Translate, clean, say
from grader.core.words.numbers import show
from grader.integrations.nbgrader.part import Part

_SIGNS = {"pass": "✓", "fail": "✗", "error": "!", "skipped": "-", "void": "?"}


def placed(report: Report, part: Part, filename: str) -> Report:
    """Return a report whose findings are where the student wrote them: in the notebook, not in the judged part."""
    judged = f"{report.exercise}{part.suffix}"

    def there(found: Finding) -> Finding:
        inner = {
            name: there(value) if isinstance(value, Finding) else _each(value)
            for name, value in found.fields.items()
            if isinstance(value, Finding | tuple)
        }
        place = _place(found.line, part, filename) if found.file == judged else {}
        return found.with_fields(**inner, **place)

    def _each(value: object) -> object:
        if not isinstance(value, tuple):
            return value
        return tuple(there(each) if isinstance(each, Finding) else each for each in value)

    checks = tuple(replace(check, findings=tuple(map(there, check.findings))) for check in report.checks)
    return replace(report, checks=checks, notices=tuple(map(there, report.notices)))


def check_text(check: CheckResult, translate: Translate, language: str) -> str:
    """Return the lines about one check."""
    score = "–" if check.score is None else show(check.score)
    line = f"{_SIGNS[check.verdict.value]} {check.name}  {score}/{show(check.max_score)}"
    words = "\n".join(sentence.said(translate, language) for sentence in told_check(check))
    return "\n".join([line, *(f"    {each}" for each in words.splitlines())])


def comment(report: Report, notes: Sequence[str], said: SaidOf, translate: Translate, language: str) -> str:
    """Return the comment on an answer; `notes` come before what is said of its checks.

    Args:
        said: what teachers and assistants said; of each misconception it stands where that is told.

    nbgrader shows it as plain text to the teacher and as Markdown to the student: indented, it is the same for both,
    and what a student's program said stays text.
    """
    total = "–" if report.score is None else show(report.score)
    lines = list(notes)
    if report.void:
        lines.append(say("Not all could be judged; that is not your fault, and costs nothing.").said(translate))
    for check in report.checks:
        lines += check_text(check, translate, language).splitlines()
        if found := said.of(check):
            lines += [f"    {clean(line)}" for line in found.shown.splitlines()]
    return "\n".join([f"{report.exercise}: {total} / {show(report.max_score)}", "", *(f"    {line}" for line in lines)])


def _place(line: int | None, part: Part, filename: str) -> dict[str, object]:
    """Return where a line of the part is in the notebook: the cells of a program are the notebook's own."""
    if part.suffix == ".ipynb":
        return {"file": filename}
    known = line is not None and 0 < line <= len(part.places)
    cell, of = part.places[line - 1] if known and line else (None, None)
    return {"file": filename, "cell": cell, "line": of, "column": None}

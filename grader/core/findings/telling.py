"""Tells findings: the one place where a sentence is made of what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from grader.core.compare.mismatch import THE_RUN
from grader.core.compare.quantities import QUANTITIES
from grader.core.findings.table import placeholders, sentence_of
from grader.core.report.finding import Finding
from grader.core.report.flat_rows import Row
from grader.core.report.report import CheckResult, NamedMisconception, Report
from grader.core.words.message import Message, Translate, say
from grader.core.words.numbers import show, show_ends

_MOST_CAUSES = {"likely-cause": 3, "comes-out-when": 8}
_NOTHING = "–"
_WIDEST = 200


def told(found: Finding) -> Message:
    """Return the sentence of a finding; its stored English text where a later version wrote it."""
    sentence = sentence_of(found.kind)
    if sentence is None:
        return say("{text}", text=found.text("message"))
    return replace(sentence, arguments={name: _argument(found, name) for name in placeholders(sentence)})


def told_check(check: CheckResult) -> tuple[Message, ...]:
    """Return the sentences about a check, in order."""
    return tuple(told_of(check, found) for found in check.findings)


def told_of(check: CheckResult, found: Finding) -> Message:
    """Return the sentence of one finding of a check; where it names causes, with their hints."""
    return _told_causes(found, check.causes) if found.kind in _MOST_CAUSES and check.causes else told(found)


def rows_of(report: Report, translate: Translate, language: str) -> Iterator[Row]:
    """Yield a row for each check of a report, its message in `language`."""
    for check in report.checks:
        words = "\n".join(sentence.said(translate, language) for sentence in told_check(check))
        yield Row(report.exercise, check.name, check.verdict.value, check.score, check.max_score, words, check.findings)


def where(found: Finding) -> Message | str:
    """Return the place of a finding: file:line, or the cell and line of a notebook."""
    if found.cell is not None:
        return say("{file}, cell {cell}, line {line}", file=found.file, cell=found.cell, line=found.line or 1)
    column = found.number("column")
    parts = (found.file, found.line, None if column is None else int(column))
    return ":".join(str(part) for part in parts if part)


def _told_causes(found: Finding, causes: Sequence[NamedMisconception]) -> Message:
    named = causes[: _MOST_CAUSES[found.kind]]
    sentence = sentence_of(found.kind)
    assert sentence is not None
    first, *others = [{"name": cause.name, "hint": told(cause.hint)} for cause in named]
    sentence = replace(sentence, arguments={**first, "actual": _argument(found, "actual")})
    for other in others:
        if found.kind == "comes-out-when":
            sentence = say("{sentence}\n  Or: {idea}.", sentence=sentence, idea=other["hint"])
        else:
            sentence = say("{sentence}\n  Or ({name}): {hint}", sentence=sentence, **other)
    return sentence


def _argument(found: Finding, name: str) -> object:
    made = _MADE.get(name)
    return _shown(found.fields.get(name, "")) if made is None else made(found)


def _shown(value: object) -> object:
    match value:
        case Finding():
            return told(value)
        case tuple():
            return ", ".join(" = ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value)
        case _:
            return value


def _subject(found: Finding) -> object:
    """Return what was compared: `forward(x) at x = 4, w = 1`."""
    if "subject" in found.fields:
        return found.fields["subject"]
    if not found.text("call"):
        return THE_RUN
    inputs = _shown(found.fields.get("inputs", ()))
    if not inputs:
        return say("{call}", call=found.text("call"))
    return say("{call} at {inputs}", call=found.text("call"), inputs=inputs)


def _interval(found: Finding) -> str:
    ends = found.fields.get("accepted")
    return show_ends(*ends) if isinstance(ends, tuple) and len(ends) == 2 else ""


def _listed(found: Finding) -> Message | str:
    """Return the parts of a list, and how many more there are."""
    parts = [told(part) for part in found.inner]
    if not parts:
        return ""
    listed = reduce(lambda before, part: say("{before}; {part}", before=before, part=part), parts)
    more = found.number("count")
    return listed if more is None else say("{listed} and {count} more", listed=listed, count=int(more))


def _rows(found: Finding) -> Message | str:
    rows = [told(row) for row in found.inner]
    return reduce(lambda before, row: say("{rows}\n{row}", rows=before, row=row), rows) if rows else ""


def _data(found: Finding) -> str:
    return "".join(f"{name} = {value}, " for name, value in found.pairs("inputs").items())


def _number(name: str) -> Callable[[Finding], object]:
    """Return what tells a number; a run may lack a step that the other has."""
    return lambda found: _NOTHING if (value := found.number(name)) is None else show(value)


def _about(found: Finding) -> object:
    expected = found.number("expected")
    return found.fields.get("about", "") if expected is None else f"{expected:.4g}"


def _place(found: Finding) -> str:
    index = found.fields.get("index", ())
    return "[" + ", ".join(map(str, index)) + "]" if isinstance(index, tuple) else ""


def _quantity(found: Finding) -> object:
    return QUANTITIES.get(found.quantity, found.quantity)


_MADE: Mapping[str, Callable[[Finding], object]] = {
    "where": where,
    "subject": _subject,
    "interval": _interval,
    "place": _place,
    "previous": lambda found: (found.step or 1) - 1,
    "about": _about,
    "caret": lambda found: " " * min(int(found.number("caret") or 0), _WIDEST) + "^",
    "parts": _listed,
    "rows": _rows,
    "data": _data,
    "mark": lambda found: "  →" if found.kind == "step-that-differs" else "   ",
    "quantity": _quantity,
    "actual": _number("actual"),
    "expected": _number("expected"),
}

"""Tells findings: which kinds there are, and the one place where a sentence is made of what was found.

Kinds outlive the version that writes them: reports are kept for years. So a kind keeps its name and the meaning of its
fields for ever, and may gain fields; what has to mean something else gets a name of its own, and the old one stays for
what was kept. A kind that is not known comes from a later version, and is told by its English text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, reduce
from string import Formatter

from grader.core.compare.comparison import AT_A_STEP, QUANTITIES, Comparison
from grader.core.compare.kinds import COMPARISONS
from grader.core.compare.metrics import METRIC_NAMES
from grader.core.findings.columns import in_columns
from grader.core.findings.kinds import (
    answers,
    causes,
    exceptions,
    general,
    graphs,
    mistakes,
    patterns,
    programs,
    rules,
    runs,
    tests,
    words,
)
from grader.core.findings.syntax_words import first_sentence, in_words
from grader.core.report.finding import Finding
from grader.core.report.flat_rows import Row
from grader.core.report.report import CheckResult, NamedMisconception, Report
from grader.core.words.message import Message, Translate, say
from grader.core.words.numbers import show, show_ends, show_expected

_OURS: Mapping[str, Message] = {
    **general.SENTENCES,
    **runs.SENTENCES,
    **rules.SENTENCES,
    **programs.SENTENCES,
    **tests.SENTENCES,
    **answers.SENTENCES,
    **words.SENTENCES,
    **mistakes.SENTENCES,
    **patterns.SENTENCES,
    **exceptions.SENTENCES,
    **graphs.SENTENCES,
    **causes.SENTENCES,
}


def sentence_of(kind: str) -> Message | None:
    """Return the sentence of a kind; None for a kind that is not known. Comparisons bring kinds of their own."""
    return _OURS.get(kind) or _of_comparisons().get(kind)


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    return (*_OURS, *_of_comparisons())


def _of_comparisons() -> dict[str, Message]:
    return {reason: sentence for kind in COMPARISONS.kinds for reason, sentence in kind.reasons.items()}


# The fields that fill a placeholder of a sentence, where it is not the field of the same name.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "where": ("file", "cell", "line", "column"),
    "subject": ("quantity", "name", "call", "inputs", "result", "called", "part"),
    "interval": ("accepted",),
    "place": ("index",),
    "previous": ("step",),
    "parts": ("parts", "count"),
    "data": ("inputs",),
    "about": ("about", "expected"),
    "mark": (),
    "columns": ("rows",),
}
# Kinds whose sentence is put together from what the finding holds, or the check.
_WHOLE: Mapping[str, frozenset[str]] = {
    "likely-cause": frozenset({"causes"}),
    "causes-together": frozenset({"causes"}),
    "comes-out-when": frozenset({"actual", "causes"}),
    "first-difference": frozenset({"quantity", "step", "rows"}),
    # Words change, and the name says that it is the same option all the same.
    "option-chosen": frozenset({"name", "text"}),
}


@cache
def placeholders(kind: str) -> tuple[str, ...]:
    """Return the names in the sentence of a kind; none for a kind that is not known."""
    sentence = sentence_of(kind)
    template = "" if sentence is None else sentence.template
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


@cache
def fields_of(kind: str) -> frozenset[str]:
    """Return the fields that the sentence of a kind is made of: a finding says nothing that its sentence does not."""
    if kind in _WHOLE:
        return _WHOLE[kind]
    named = (_MADE_OF.get(name, (name,)) for name in placeholders(kind))
    return frozenset(field for fields in named for field in fields)


# What says why: it is told before what shows it.
CAUSES = frozenset(
    {"likely-cause", "causes-together", *(kind for kind in causes.SENTENCES if kind.startswith(("other-", "passes-")))}
)
MOST_CAUSES = {"likely-cause": 3, "causes-together": 3, "comes-out-when": 2}
_NOTHING = "–"
_WIDEST = 200


def told(found: Finding) -> Message:
    """Return the sentence of a finding; its stored English text where a later version wrote it."""
    sentence = sentence_of(found.kind)
    if sentence is None:
        return say("{text}", text=found.text("message"))
    return replace(sentence, arguments={name: _argument(found, name) for name in placeholders(found.kind)})


def told_check(check: CheckResult) -> tuple[Message, ...]:
    """Return the sentences about a check: what causes it first, and then what shows that."""
    return tuple(told_of(check, found) for found in causes_first(check))


def causes_first(check: CheckResult) -> list[Finding]:
    """Return the findings of a check in the order in which they are told."""
    return sorted(check.findings, key=lambda each: each.kind not in CAUSES)


def told_of(check: CheckResult, found: Finding) -> Message:
    """Return the sentence of one finding of a check; where it names causes, with their hints."""
    return _told_causes(found, check.causes) if found.kind in MOST_CAUSES and check.causes else told(found)


def rows_of(report: Report, translate: Translate, language: str) -> Iterator[Row]:
    """Yield a row for each check of a report, its message in `language`."""
    for check in report.checks:
        words = "\n".join(sentence.said(translate, language) for sentence in told_check(check))
        yield Row(report.exercise, check.name, check.verdict.value, check.score, check.max_score, words, check.findings)


def where(found: Finding) -> Message | str:
    """Return the place of a finding: file:line, or the cell and line of a notebook."""
    if found.cell is not None:
        return say("{file}, cell {cell}, line {line}", file=found.file, cell=found.cell, line=found.line or 1)
    parts = (found.file, found.line, _whole(found, "column"))
    return ":".join(str(part) for part in parts if part)


def _told_causes(found: Finding, causes: Sequence[NamedMisconception]) -> Message:
    if found.kind == "comes-out-when":
        first, *others = [told(cause.hint) for cause in causes[: MOST_CAUSES[found.kind]]]
        actual = _argument(found, "actual")
        sentence = replace(_OURS[found.kind], arguments={"actual": actual, "hint": first})
        return reduce(lambda all, one: say("{sentence}\n  Or: {idea}.", sentence=all, idea=one), others, sentence)
    sentence = _OURS[found.kind]
    for place, cause in enumerate(causes[: MOST_CAUSES[found.kind]]):
        fields = {"name": cause.name, "hint": told(cause.hint)}
        if place and (found.kind == "causes-together" or cause.is_beside(causes[0])):
            sentence = say("{sentence}\n  Also ({name}): {hint}", sentence=sentence, **fields)
        elif place:
            sentence = say("{sentence}\n  Or ({name}): {hint}", sentence=sentence, **fields)
        else:
            sentence = replace(sentence, arguments=fields)
    return sentence


def _argument(found: Finding, name: str) -> object:
    if found.kind == "syntax" and name == "words":
        return in_words(found.text("words"))
    if name == "words":
        return first_sentence(found.text("words"))
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


def _subject(found: Finding) -> Message:
    """Return what was compared: `forward(x) at x = 4, w = 1`."""
    if found.quantity in AT_A_STEP and not found.text("call") and not found.text("name"):
        return AT_A_STEP[found.quantity]
    kind = COMPARISONS.get(found.quantity) or Comparison
    call = _call(found)
    if call is None:
        return _part(kind.subject(None, found.text("name")), found)
    return kind.subject(_part(call, found), found.text("name"))


def _part(whole: Message, found: Finding) -> Message:
    """Return which of several values it is, where there are several: `forward(x) at x = 4, result 2['x']`."""
    part, result = found.text("part"), found.fields.get("result")
    called = found.text("called")
    if isinstance(result, int) and called:
        return say("{whole}, result {number} ({name}){part}", whole=whole, number=result, name=called, part=part)
    if isinstance(result, int):
        return say("{whole}, result {number}{part}", whole=whole, number=result, part=part)
    return say("{whole}, {part}", whole=whole, part=part) if part else whole


def _call(found: Finding) -> Message | None:
    call, inputs = found.text("call"), _shown(found.fields.get("inputs", ()))
    if not call:
        return None
    return say("{call} at {inputs}", call=call, inputs=inputs) if inputs else say("{call}", call=call)


def _interval(found: Finding) -> str:
    ends = found.fields.get("accepted")
    if not isinstance(ends, tuple) or len(ends) != 2:
        return ""
    # What is drawn at random is held to an interval; the middle of it is no answer.
    by_chance = found.kind.startswith("distribution-") or found.kind == "answer-accepted"
    return show_ends(*ends) if by_chance else show_expected(*ends, found.number("actual"))


def _listed(found: Finding) -> Message | str:
    """Return the parts of a list, and how many more there are."""
    parts = [told(part) for part in found.inner]
    if not parts:
        return ""
    listed = reduce(lambda before, part: say("{before}; {part}", before=before, part=part), parts)
    more = _whole(found, "count")
    return listed if more is None else say("{listed} and {count} more", listed=listed, count=more)


def _whole(found: Finding, name: str) -> int | None:
    """Return a field that is a whole number; a kept report can hold anything there."""
    value = found.fields.get(name)
    return value if isinstance(value, int) else None


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
    return {**QUANTITIES, **METRIC_NAMES}.get(found.quantity, found.quantity)


_MADE: Mapping[str, Callable[[Finding], object]] = {
    "where": where,
    "subject": _subject,
    "interval": _interval,
    "place": _place,
    "previous": lambda found: (found.step or 1) - 1,
    "about": _about,
    "caret": lambda found: " " * min(_whole(found, "caret") or 0, _WIDEST) + "^",
    "parts": _listed,
    "rows": _rows,
    "columns": lambda found: _rows(in_columns(found)),
    "data": _data,
    "mark": lambda found: "  →" if found.kind.endswith("-that-differs") else "   ",
    "quantity": _quantity,
    "actual": _number("actual"),
    "expected": _number("expected"),
}

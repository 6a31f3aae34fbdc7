"""What is said of a small change with which a check passes: where it is, and what it mends; never the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.core.diagnose.diagnose import AnswerSide
from grader.core.program.features.slips import accumulated_loss, uncalled
from grader.core.program.rewriting.written import Edit
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import NamedMisconception

_MOST_NAMES = 2
_HINTS: Mapping[str, Finding] = {
    "update-sign": finding("update-up-the-slope"),
    "operand-order": finding("all-signs-flipped"),
    "sign-flipped": finding("all-signs-flipped"),
    "parentheses-forgotten": finding("difference-not-squared"),
    "caret-for-power": finding("difference-not-squared"),
    "loss-absolute": finding("absolute-for-square"),
    "loss-not-squared": finding("difference-not-squared"),
    "item-too-early": finding("plain-number-has-no-backward"),
    "graph-cut": finding("nothing-leads-back"),
    "leaf-updated-in-place": finding("leaf-changed-in-place"),
    "leaf-rebound": finding("gradient-none-after-update"),
    "backward-twice": finding("graph-walked-already"),
    "updated-twice": finding("updated-more-than-once"),
    "returned-in-loop": finding("loop-left-at-once"),
    "wrong-arguments": finding("arguments-of-call"),
    "backward-from-another": finding("backward-from-another"),
    "bias-added": finding("constant-added"),
    "data-swapped": finding("lists-exchanged"),
    "factor-two-missing": finding("off-by-factor", factor=0.5),
    "scaled": finding("off-by-factor", factor=2.0),
    "gradient-not-zeroed": finding("not-zeroed-each-step"),
}


def told_of(
    edits: Sequence[Edit], source: Source, known: AnswerSide, with_others: bool
) -> tuple[tuple[NamedMisconception, ...], tuple[Finding, ...]]:
    """Return the mistakes that changes mend with which a check passes, and where they are.

    Nothing is said where there are too many to be true.

    Args:
        with_others: whether the check passes only with all of them, or with settings changed beside them.
    """
    places = dict.fromkeys((each.line, each.after) for each in edits)
    if len(places) > _MOST_NAMES:
        return (), ()
    lines = {each.name: each.line for each in edits if each.name}
    authors = {wrong.program.name: finding("author-hint", text=wrong.program.hint) for wrong in known.wrong}
    causes = tuple(
        NamedMisconception(
            name, authors.get(name) or _at_its_line(name, line, source) or _hint(name, line, source, with_others)
        )
        for name, line in lines.items()
        if len(lines) <= _MOST_NAMES
    )
    said = {source.line_at(each.hint.file, each.hint.cell, each.hint.line) for each in causes}
    where = tuple(_place(line, after, source, with_others) for line, after in places if line not in said)
    return causes, where


def _at_its_line(name: str, line: int, source: Source) -> Finding | None:
    """Return what is said of a slip at this line."""
    found = {"never-called": uncalled, "loss-accumulated": accumulated_loss}.get(name, lambda _: None)(source)
    if found is None or found.line != line:
        return None
    return finding(f"slip-{name}", **source.place(line), name=found.name)


def _hint(name: str, line: int, source: Source, with_others: bool) -> Finding:
    return _HINTS.get(name) or _place(line, False, source, with_others)


def _place(line: int, after: bool, source: Source, with_others: bool) -> Finding:
    kind = "passes-with-more" if after else "passes-with-this-line"
    return finding(f"{kind}-and-others" if with_others else kind, **source.place(line), code=source.line(line))

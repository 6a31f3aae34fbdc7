"""Rows of two columns, in a font of one width."""

from __future__ import annotations

from dataclasses import replace

from grader.core.report.finding import Finding
from grader.core.words.message import clean

_NOTHING, _WIDEST = "–", 120


def in_columns(found: Finding) -> Finding:
    """Return a finding of printed lines, filled up to the longest; a kept report can hold anything there."""
    rows = [(row, clean(row.text("printed"))[:_WIDEST] or _NOTHING) for row in found.inner]
    width = max((len(line) for _, line in rows), default=0)
    padded = tuple(replace(row, fields={**row.fields, "printed": line.ljust(width)}) for row, line in rows)
    return replace(found, fields={**found.fields, "rows": padded})

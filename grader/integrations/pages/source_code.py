"""What somebody handed in, as pages show it: its lines with their numbers, those marked that something is said of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from grader.core.program.source import MOST_BYTES, Source
from grader.core.report.finding import Finding
from grader.core.words.message import Translate, clean
from grader.store.students.programs import NOTEBOOK, read_program

# No program has as many, and a browser takes half a minute over a file of newlines alone.
_MOST_LINES = 20_000


@dataclass(frozen=True)
class SourceBlock:
    """Lines that stand together, with their numbers in the whole: a file, or a cell under a title of its own."""

    title: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SourcePart:
    """The submission's text; `cut` where there is more of it than a page shows."""

    name: str
    blocks: tuple[SourceBlock, ...]
    marked: frozenset[int]
    cut: bool


def shown_source(content: bytes, name: str, suffix: str) -> Source:
    """Return the text that was judged; of bytes that are no program, what can be shown of them."""
    found = read_program(content, name)
    if isinstance(found, Source):
        return found
    if suffix == NOTEBOOK:
        # Nobody writes a notebook's JSON by hand, so nobody knows it again.
        return Source("", name)
    return Source(content[:MOST_BYTES].decode("utf-8", "replace"), name)


def line_of(found: Finding, source: Source) -> int:
    """Return the line of the source that a finding is about; 0 where it is about none, or one that is not shown."""
    line = source.line_at(found.file or "", found.cell, found.line)
    return line if 0 < line <= min(source.text.count("\n") + 1, _MOST_LINES) else 0


def source_part(
    source: Source, size: int, suffix: str, marked: Collection[int], translate: Translate
) -> SourcePart | None:
    """Return what a page shows of a source; None of a notebook without code.

    Args:
        size: of the file in bytes.
        marked: the lines that something is said of.
    """
    every = source.shown.removesuffix("\n").split("\n")
    lines = [(number, clean(line)) for number, line in enumerate(every[:_MOST_LINES], 1)]
    cut = len(lines) < len(every)
    if suffix == NOTEBOOK:
        blocks = tuple(
            SourceBlock(translate("Cell {number}").format(number=number), tuple(lines[first - 1 : last]))
            for number, first, last in source.spans()
            if first <= len(lines)
        )
        return SourcePart(source.filename, blocks, frozenset(marked), cut) if blocks else None
    cut = cut or size > MOST_BYTES
    if source.parts:
        files = tuple(SourceBlock(part.name, tuple(lines[part.above : part.last])) for part in source.parts)
        return SourcePart(source.filename, files, frozenset(marked), cut)
    return SourcePart(source.filename, (SourceBlock("", tuple(lines)),), frozenset(marked), cut)

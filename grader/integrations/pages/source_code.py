"""What somebody handed in, as pages show it: lines in colours, with their numbers and with what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.core.program.source import MOST_BYTES, Source
from grader.core.report.finding import Finding
from grader.core.words.message import Translate, clean
from grader.integrations.pages.colours import coloured
from grader.store.students.programs import NOTEBOOK, read_program

# No program has as many, and a browser takes half a minute over a file of newlines alone.
_MOST_LINES = 20_000


@dataclass(frozen=True)
class Remark:
    """What is said of a line.

    Attributes:
        line: of the text that is shown, counted from 1.
        where: the same line as messages call it.
        check: whose result it is.
        name: of the misconception; "" where it is not one.
    """

    line: int
    where: str
    check: str
    name: str
    text: str


@dataclass(frozen=True)
class SourceBlock:
    """Lines that stand together, with their numbers in the whole: a file, or a cell under a title of its own."""

    title: str
    lines: tuple[tuple[int, Markup], ...]


@dataclass(frozen=True)
class SourcePart:
    """The submission's text; `cut` where there is more of it than a page shows.

    Attributes:
        remarks: what is said of a line, by its number.
    """

    name: str
    blocks: tuple[SourceBlock, ...]
    remarks: Mapping[int, Sequence[Remark]]
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
    source: Source, size: int, suffix: str, remarks: Mapping[int, Sequence[Remark]], translate: Translate
) -> SourcePart | None:
    """Return what a page shows of a source; None of a notebook without code.

    Args:
        size: of the file in bytes.
        remarks: what is said of a line, by its number.
    """
    every = source.shown.removesuffix("\n").split("\n")
    lines = list(enumerate(coloured([clean(line) for line in every[:_MOST_LINES]]), 1))
    cut = len(lines) < len(every)
    if suffix == NOTEBOOK:
        blocks = tuple(
            SourceBlock(translate("Cell {number}").format(number=number), tuple(lines[first - 1 : last]))
            for number, first, last in source.spans()
            if first <= len(lines)
        )
        return SourcePart(source.filename, blocks, remarks, cut) if blocks else None
    cut = cut or size > MOST_BYTES
    if source.parts:
        files = tuple(SourceBlock(part.name, tuple(lines[part.above : part.last])) for part in source.parts)
        return SourcePart(source.filename, files, remarks, cut)
    return SourcePart(source.filename, (SourceBlock("", tuple(lines)),), remarks, cut)

"""A notebook as a program: its code cells in order, without what only Jupyter understands.

What the cells are called by, and what their metadata says, decides nothing: functions are found by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.core.program.notebooks.ipython_syntax import Plain, commented, plain_python
from grader.core.program.source import MOST_BYTES, Source, too_large
from grader.core.program.syntax import syntax_error
from grader.core.report.finding import Finding, finding

_MOST_CELLS = 5000
_MOST_TOLD = 5
_FUTURE = re.compile(r"(?P<words>from[ \t]+__future__[ \t]+import[ \t]+\w+(?:[ \t]*,[ \t]*\w+)*)[ \t;]*(?:\#.*)?")


@dataclass(frozen=True)
class Cell:
    """A code cell: its number, counted as a reader counts, texts included; None where it cannot be read as a cell."""

    number: int
    text: str | None


def notebook_program(cells: Sequence[Cell], filename: str, language: str = "") -> Source | Finding:
    """Return code cells as one program, or say why they are none.

    A cell that Python cannot read is left out and reported in `faults`; lines for Jupyter alone (magics, shell
    commands, questions) become comments, whole cells in other languages too.

    Args:
        language: in which the notebook says that it is written, where that is not Python.
    """
    notices = [_no_cell(filename, cell) for cell in cells if cell.text is None][:_MOST_TOLD]
    texts = {cell.number: _clean(cell.text or "") for cell in cells[:_MOST_CELLS]}
    # Outputs, of which a notebook may hold megabytes, do not count.
    if sum(len(text.encode()) + 1 for text in texts.values()) > MOST_BYTES:
        return too_large(filename)
    if len(cells) > _MOST_CELLS:
        notices.append(finding("too-many-cells", file=filename, most=_MOST_CELLS))
    if not any(text.strip() for text in texts.values()):
        notices.append(finding("no-code", file=filename))
    joined = _joined(filename, texts, texts)
    if syntax_error(joined) is not None:
        joined = _mended(joined, texts, language)
    if len(joined.text.encode()) > MOST_BYTES:
        return too_large(filename)
    return replace(joined, notices=(*notices, *joined.notices))


def _mended(raw: Source, texts: dict[int, str], language: str) -> Source:
    """Return the program without what Python cannot read in it, as far as single cells are to blame for that."""
    filename = raw.filename
    # Cells that are Python already are not searched for magics.
    alone = {number: _alone(number, text, filename) for number, text in texts.items()}
    cells = {number: plain_python(text) if alone[number] else Plain(text) for number, text in texts.items()}
    plain = {number: cell.text for number, cell in cells.items()}
    notices = (*_left_out(filename, cells), *_foreign(filename, cells))
    joined = replace(_joined(filename, plain, texts), notices=notices)
    if syntax_error(joined) is None:
        return joined
    faults: list[tuple[int, Finding]] = []
    for first, number in joined.cells:
        fault = alone[number] and _alone(number, plain[number], filename)
        if fault is not None:
            line, told = fault
            faults.append((first + max(line, 1) - 1, _of_other_language(told, filename, language)))
            plain[number] = commented(plain[number].split("\n"))
    found = replace(_joined(filename, plain, texts), faults=tuple(faults), notices=notices)
    return found if syntax_error(found) is None else _future_first(found)


def _alone(number: int, text: str, filename: str) -> tuple[int, Finding] | None:
    """Return the line and the fault of a cell by itself; None where it is a program."""
    return syntax_error(Source(text, filename, ((1, number),)))


def _future_first(joined: Source) -> Source:
    """Return the program with its imports from __future__ in a line above all cells: in Jupyter each may have some."""
    lines = joined.text.split("\n")
    found = [(i, match["words"]) for i, line in enumerate(lines) if (match := _FUTURE.fullmatch(line))]
    if not found:
        return joined
    for i, _ in found:
        lines[i] = "pass"
    return replace(
        joined,
        text="\n".join(["; ".join(dict.fromkeys(words for _, words in found)), *lines]),
        own=f"\n{joined.shown}",
        cells=tuple((first + 1, number) for first, number in joined.cells),
        faults=tuple((line + 1, told) for line, told in joined.faults),
    )


def _joined(filename: str, texts: dict[int, str], own: dict[int, str]) -> Source:
    starts: list[tuple[int, int]] = []
    line = 1
    for number, text in texts.items():
        starts.append((line, number))
        line += text.count("\n") + 1
    joined, shown = "\n".join(texts.values()), "\n".join(own.values())
    return Source(joined, filename, tuple(starts), "" if shown == joined else shown)


def _clean(text: str) -> str:
    """Return a cell's text with one kind of line end, and without what is in no text that Python reads."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")
    return text.encode("utf-8", "replace").decode()


def _no_cell(filename: str, cell: Cell) -> Finding:
    return finding("cell-unreadable", file=filename, cell=cell.number)


def _left_out(filename: str, cells: dict[int, Plain]) -> Iterable[Finding]:
    lines = [
        finding("line-of-cell", cell=number, line=place + 1, code=code[:80])
        for number, cell in cells.items()
        for place, code in cell.left_out
    ]
    if lines:
        yield finding("jupyter-only", file=filename, **_listed(lines))


def _foreign(filename: str, cells: dict[int, Plain]) -> Iterable[Finding]:
    found = [
        finding("start-of-cell", cell=number, code=cell.foreign[:80]) for number, cell in cells.items() if cell.foreign
    ]
    if found:
        yield finding("foreign-cells", file=filename, **_listed(found))


def _listed(parts: Sequence[Finding]) -> dict[str, object]:
    """Return the first parts, and how many more there are."""
    more = len(parts) - _MOST_TOLD
    return {"parts": tuple(parts[:_MOST_TOLD]), "count": more if more > 0 else None}


def _of_other_language(fault: Finding, filename: str, language: str) -> Finding:
    if not language:
        return fault
    return finding("other-language", file=filename, language=language, fault=fault)

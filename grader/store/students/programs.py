"""Programs as they are handed in: Python files, and notebooks of any age (format 3 or 4).

A notebook is whatever somebody sent. Of its JSON only the cells' types and texts are made into objects, so that
outputs of megabytes cost nothing, and what can be built of a small file is small.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from grader.core.program.notebooks.exported import read_as_notebook
from grader.core.program.notebooks.notebook import Cell, notebook_program
from grader.core.program.source import MOST_BYTES, Source, read_source, too_large
from grader.core.program.syntax import conflict_line, syntax_fault
from grader.core.report.finding import Finding, finding

NOTEBOOK = ".ipynb"
PROGRAMS = (".py", NOTEBOOK)
MOST_NOTEBOOK_BYTES = 32 * 2**20
# Up to here every cell is looked at by itself where one of them is none; above, such a notebook is refused.
_TOLERATED = 2**20
# Larger ones are refused where they are not JSON to the letter: to look through one takes a second for each few MiB.
_MENDED = 8 * 2**20
_NOTHING = msgspec.Raw(b'""')
_BLANKS = b" \t\r\n"
_PYTHON = ("python", "ipython")
# What json.dumps writes and JSON does not have; texts are passed over.
_NO_JSON = re.compile(r'"(?:[^"\\]++|\\.)*+"?|-?\bInfinity\b|\bNaN\b', re.DOTALL)
# In a text: any escape, so that the second half of `\\ud800` is not taken for one.
_ESCAPE = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u(d[89a-f][0-9a-f]{2})|\\.", re.I | re.DOTALL)


class _Cell(msgspec.Struct, frozen=True):
    cell_type: str
    source: msgspec.Raw = _NOTHING
    input: msgspec.Raw = _NOTHING
    metadata: msgspec.Raw = _NOTHING


class _Sheet(msgspec.Struct, frozen=True):
    cells: list[_Cell]


class _Notebook(msgspec.Struct, frozen=True):
    """What is read of a notebook; format 3 has its cells on worksheets."""

    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None
    metadata: msgspec.Raw = _NOTHING


@dataclass(frozen=True)
class _Opened:
    """A notebook's cells, wherever its format has them."""

    cells: list[_Cell]
    metadata: msgspec.Raw


class _LooseSheet(msgspec.Struct, frozen=True):
    cells: list[msgspec.Raw]


class _LooseNotebook(msgspec.Struct, frozen=True):
    cells: list[msgspec.Raw] | None = None
    worksheets: list[_LooseSheet] | None = None
    metadata: msgspec.Raw = _NOTHING


class _Kernel(msgspec.Struct, frozen=True):
    language: str = ""


class _Language(msgspec.Struct, frozen=True):
    name: str = ""


class _Metadata(msgspec.Struct, frozen=True):
    kernelspec: _Kernel = _Kernel()
    language_info: _Language = _Language()


class _About(msgspec.Struct, frozen=True):
    grade_id: str = ""


class _CellMetadata(msgspec.Struct, frozen=True):
    nbgrader: _About = _About()


_STRICT = msgspec.json.Decoder(_Notebook)
_LOOSE = msgspec.json.Decoder(_LooseNotebook)
_CELL = msgspec.json.Decoder(_Cell)
_TEXT: msgspec.json.Decoder[str | list[str]] = msgspec.json.Decoder(str | list[str])
_METADATA = msgspec.json.Decoder(_Metadata)
_CELL_METADATA = msgspec.json.Decoder(_CellMetadata)


@dataclass(frozen=True)
class NotebookCell:
    """A cell of any type; `grade_id` is nbgrader's or empty, `number` counts from 1."""

    number: int
    kind: str
    text: str
    grade_id: str = ""


def read_program(content: bytes, filename: str) -> Source | Finding:
    """Return what was handed in as a program, or say why it cannot be read; a notebook is known by its file's name."""
    if filename.endswith(NOTEBOOK):
        return _read_notebook(content, filename)
    if content.lstrip(codecs.BOM_UTF8 + _BLANKS).startswith(b"{") and isinstance(_opened(content, filename), _Opened):
        return finding("notebook-as-program", file=filename)
    source = read_source(content, filename)
    return read_as_notebook(source) if isinstance(source, Source) else source


def whole_program(content: bytes, filename: str) -> Source | Finding:
    """Return a program of which Python can read every part, or say what it cannot read."""
    source = read_program(content, filename)
    if isinstance(source, Finding):
        return source
    return syntax_fault(source) or next((fault for _, fault in source.faults), source)


@lru_cache(maxsize=1024)
def program_of_ours(content: bytes, shown: str) -> Source | Finding:
    """Return a whole program of the course itself, read once: on every draw it is the same."""
    return whole_program(content, shown)


def read_cells(content: bytes, filename: str, most: int) -> list[NotebookCell] | Finding:
    """Return the first cells of a notebook, at most `most`, or say why it cannot be read.

    A text that is none is empty.
    """
    notebook = _opened(content, filename)
    if isinstance(notebook, Finding):
        return notebook
    return [
        NotebookCell(number, cell.cell_type, _source(cell) or "", _grade_id(cell.metadata))
        for number, cell in enumerate(notebook.cells[:most], 1)
    ]


def _read_notebook(content: bytes, filename: str) -> Source | Finding:
    notebook = _opened(content, filename)
    if isinstance(notebook, Finding):
        return notebook
    cells = notebook.cells
    if sum(len(memoryview(cell.source)) + len(memoryview(cell.input)) for cell in _code(cells)) > 8 * MOST_BYTES:
        return too_large(filename)
    return notebook_program(tuple(_cells(cells)), filename, _language(notebook.metadata))


def _opened(content: bytes, filename: str) -> _Opened | Finding:
    if len(content) >= MOST_NOTEBOOK_BYTES:
        return finding("notebook-too-large", file=filename, most=MOST_NOTEBOOK_BYTES // 2**20)
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        return finding("file-empty", file=filename)
    try:
        notebook = _decoded(content)
    except RecursionError:
        return finding("notebook-nested-too-deeply", file=filename)
    except msgspec.ValidationError:
        return finding("notebook-without-cells", file=filename)
    except (msgspec.MsgspecError, ValueError):
        line = conflict_line(content.decode("utf-8", "replace")) if len(content) <= _MENDED else None
        if line is not None:
            return finding("conflict-marks", file=filename, line=line)
        return finding("notebook-not-json", file=filename)
    cells = notebook.cells
    if cells is None and notebook.worksheets:
        cells = [cell for sheet in notebook.worksheets for cell in sheet.cells]
    if cells is None:
        return finding("notebook-without-cells", file=filename)
    return _Opened(cells, notebook.metadata)


def _decoded(content: bytes) -> _Notebook:
    """Return what a notebook holds. What browsers read and JSON does not allow is mended first.

    Raises:
        msgspec.MsgspecError, ValueError, RecursionError: where it cannot be read.
    """
    try:
        return _tolerant(content)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        if len(content) > _MENDED:
            raise
        text = content.decode(json.detect_encoding(content), "replace").removeprefix("\ufeff")
        return _tolerant(_NO_JSON.sub(_mended, text).encode("utf-8", "replace"))


def _tolerant(content: bytes) -> _Notebook:
    try:
        return _STRICT.decode(content)
    except msgspec.ValidationError:
        if len(content) > _TOLERATED:
            raise
    loose = _LOOSE.decode(content)
    sheets = [_Sheet(list(map(_cell, sheet.cells))) for sheet in loose.worksheets or ()]
    cells = None if loose.cells is None else list(map(_cell, loose.cells))
    return _Notebook(cells, sheets, loose.metadata)


def _cell(raw: msgspec.Raw) -> _Cell:
    """Return a cell; something that is not a cell becomes a code cell without text, which is reported."""
    try:
        return _CELL.decode(raw)
    except msgspec.DecodeError:
        return _Cell("code", source=msgspec.Raw(b"null"))


def _mended(found: re.Match[str]) -> str:
    token = found[0]
    if token[0] != '"':
        return "null"
    return _ESCAPE.sub(lambda escape: "?" if escape[3] else escape[0], token) if "\\u" in token else token


def _code(cells: Iterable[_Cell]) -> Iterator[_Cell]:
    return (cell for cell in cells if cell.cell_type == "code")


def _cells(cells: Iterable[_Cell]) -> Iterator[Cell]:
    """Yield the code cells with their numbers among all cells; format 3 calls a source an input."""
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code":
            yield Cell(number, _source(cell))


def _source(cell: _Cell) -> str | None:
    return _text(cell.input if cell.source is _NOTHING else cell.source)


def _text(raw: msgspec.Raw) -> str | None:
    try:
        # Other encodings than UTF-8 have not been tried yet.
        found = _TEXT.decode(bytes(raw).decode("utf-8", "replace").encode())
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, str) else "".join(found)


def _language(raw: msgspec.Raw) -> str:
    """Return the language that a notebook names, "" for Python or none."""
    try:
        metadata = _METADATA.decode(raw)
    except msgspec.DecodeError:
        return ""
    named = (metadata.kernelspec.language or metadata.language_info.name)[:40]
    return "" if named.lower().startswith(_PYTHON) else named


def _grade_id(raw: msgspec.Raw) -> str:
    if raw is _NOTHING:
        return ""
    try:
        return _CELL_METADATA.decode(raw).nbgrader.grade_id
    except msgspec.DecodeError:
        return ""

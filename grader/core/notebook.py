"""A notebook as a program: its code cells in order, without what only Jupyter understands."""

from __future__ import annotations

import ast
import json
import re
import warnings
from typing import Any

from grader.core.message import Message, say
from grader.core.source import Source, read_source

# Outputs, of which a notebook may hold megabytes, are dropped before the program is measured.
_MOST_CELLS = 5000
_MAGIC = re.compile(r"\s*(%|!|\?)|\s*[\w.]+\?{1,2}\s*$")
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!time\b|timeit\b|capture\b|prun\b)")


def notebook_source(content: bytes, filename: str) -> Source | Message:
    """Return the code cells of a notebook (format 3 or 4) as one program, or say why it cannot be read.

    Lines for Jupyter alone (magics, shell commands, questions) become comments, whole cells in other languages too.
    """
    try:
        cells = _code_cells(json.loads(content))
    except (ValueError, RecursionError):
        return say("{file} is no notebook: it is not JSON. Save it again in Jupyter.", file=filename)
    except (KeyError, TypeError, AttributeError):
        return say("{file} is no notebook: it has no cells. Save it again in Jupyter.", file=filename)
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    for number, text in cells[:_MOST_CELLS]:
        starts.append((len(lines) + 1, number))
        lines += _neutralised(text).split("\n")
    joined = read_source("\n".join(lines).encode("utf-8", "replace"), filename)
    return Source(joined.text, filename, tuple(starts)) if isinstance(joined, Source) else joined


def _code_cells(notebook: Any) -> list[tuple[int, str]]:
    """Return number and text of each code cell; cells are numbered as a reader counts them, texts included."""
    cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
    found = []
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            found.append((number, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")))
    return found


def _neutralised(text: str) -> str:
    if _is_python(text):
        return text
    lines = text.split("\n")
    if _OTHER_LANGUAGE.match(text.lstrip("\n")):
        return "\n".join(f"# {line}" for line in lines)
    return "\n".join(_without_magic(line) for line in lines)


def _without_magic(line: str) -> str:
    """Return the line as a statement that does nothing: a comment alone would leave an `if` without a body."""
    if not _MAGIC.match(line) or line.lstrip().startswith("#"):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # {line.strip()}"


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True

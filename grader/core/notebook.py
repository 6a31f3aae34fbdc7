"""A notebook as a program: its code cells in order, without what only Jupyter understands."""

from __future__ import annotations

import ast
import json
import re
import warnings
from typing import Any

from grader.core.message import Message, say
from grader.core.source import MOST_BYTES, Source, too_large

_MOST_CELLS = 5000
_MAGIC = re.compile(r"\s*(%|!|\?)|\s*[\w.]+\?{1,2}\s*$")
_TOKEN = re.compile(
    r"""\#.* | (?P<quote>'{3}|"{3}) | '(?:\\.|[^'\\])*'? | "(?:\\.|[^"\\])*"?
    | (?P<open>[(\[{]) | (?P<close>[)\]}])""",
    re.VERBOSE,
)
_UNTIL = {quote: re.compile(rf"(?:\\.|[^\\])*?{quote}") for quote in ("'''", '"""')}
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!time\b|timeit\b|capture\b|prun\b)")


def notebook_source(content: bytes, filename: str) -> Source | Message:
    """Return the code cells of a notebook (format 3 or 4) as one program, or say why it cannot be read.

    Lines for Jupyter alone (magics, shell commands, questions) become comments, whole cells in other languages too.
    """
    try:
        cells = _code_cells(json.loads(content))
    except (ValueError, RecursionError):
        return say("{file} is no notebook: it is not JSON. Save it again in Jupyter.", file=filename)
    except (LookupError, TypeError):
        return say("{file} is no notebook: it has no cells. Save it again in Jupyter.", file=filename)
    # Outputs, of which a notebook may hold megabytes, do not count.
    if sum(len(text.encode("utf-8", "replace")) + 1 for _, text in cells) > MOST_BYTES:
        return too_large(filename)
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    for number, text in cells[:_MOST_CELLS]:
        starts.append((len(lines) + 1, number))
        lines += _neutralised(text).split("\n")
    # Halves of characters are in no text that Python reads.
    joined = "\n".join(lines).encode("utf-8", "replace")
    return Source(joined.decode(), filename, tuple(starts)) if len(joined) <= MOST_BYTES else too_large(filename)


def _code_cells(notebook: Any) -> list[tuple[int, str]]:
    """Return number and text of each code cell; cells are numbered as a reader counts them, texts included."""
    cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
    found = []
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            found.append((number, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").lstrip("\ufeff")))
    return found


def _neutralised(text: str) -> str:
    if _is_python(text):
        return text
    lines = text.split("\n")
    if _OTHER_LANGUAGE.match(text.lstrip("\n")):
        return "\n".join(f"# {line}" for line in lines)
    place = _Place()
    return "\n".join(place.without_magic(line) for line in lines)


class _Place:
    """Where in a cell a line stands: what looks like a magic inside an expression or a text is none."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._joined = self._in_magic = False

    def without_magic(self, line: str) -> str:
        """Return the line; one for Jupyter as a statement that does nothing, so that an `if` keeps its body."""
        joined = line.endswith("\\")
        if self._in_magic:
            self._in_magic = joined
            return f"# {line}"
        if not (self._quote or self._depth or self._joined) and _MAGIC.match(line):
            self._in_magic = joined
            indent = line[: len(line) - len(line.lstrip())]
            return f"{indent}pass  # {line.strip()}"
        self._follow(line)
        self._joined = joined
        return line

    def _follow(self, line: str) -> None:
        at = 0
        while found := (_UNTIL[self._quote].match if self._quote else _TOKEN.search)(line, at):
            at = found.end()
            if self._quote:
                self._quote = ""
            else:
                self._quote = found["quote"] or ""
                self._depth = max(self._depth + bool(found["open"]) - bool(found["close"]), 0)


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True

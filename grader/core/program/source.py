"""What a program's source shows before anything runs: its text, its syntax, its rules, and the code that decides."""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from grader.core.report.finding import Finding, finding
from grader.core.words.message import clean

MOST_BYTES = 256 * 1024
_AUTOGRAD_NAMES = frozenset({"backward", "autograd", "requires_grad", "requires_grad_"})
_BEGIN = frozenset({"FSTRING_START", "TSTRING_START"})
_END = frozenset({"FSTRING_END", "TSTRING_END"})


@dataclass(frozen=True)
class Source:
    """A program's text under the name by which messages call it.

    Attributes:
        cells: of a notebook, the line at which each code cell begins and the cell's number, both counted from 1.
        own: the text as it was handed in, line for line, where that is not what runs.
        faults: of a notebook, the line and the fault of each cell that Python cannot read; they are comments in `text`.
        notices: what was left out, and why.
        exported: whether it is a notebook that Jupyter or Colab saved as a Python file.
        lines: of such a file, the line of the file that each line was.
    """

    text: str
    filename: str
    cells: tuple[tuple[int, int], ...] = ()
    own: str = ""
    faults: tuple[tuple[int, Finding], ...] = ()
    notices: tuple[Finding, ...] = ()
    exported: bool = False
    lines: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        """The text as its author knows it."""
        return self.own or self.text

    def cell_of(self, line: int) -> tuple[int, int] | None:
        """Return where the cell with line `line` begins, and its number; None outside of cells."""
        return next((cell for cell in reversed(self.cells) if cell[0] <= line), None)

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield each cell's number and its first and last line."""
        for (first, number), (after, _) in pairwise([*self.cells, (self.text.count("\n") + 2, 0)]):
            yield number, first, after - 1

    def empty_cells(self) -> tuple[int, ...]:
        """Return the cells before the last one with code that hold nothing but comments."""
        lines = self.shown.split("\n")
        codeless = {
            number: all(not line.strip() or line.lstrip().startswith("#") for line in lines[first - 1 : last])
            for number, first, last in self.spans()
        }
        last = max((number for number, empty in codeless.items() if not empty), default=0)
        return tuple(number for number, empty in codeless.items() if empty and number < last)

    def place(self, line: int) -> dict[str, object]:
        """Return the fields of a finding about line `line`: file and line, in a notebook also the cell, 0 for none."""
        found = self.cell_of(line)
        if found is None:
            of_file = self.lines[line - 1] if 0 < line <= len(self.lines) else line
            return {"file": self.filename, "line": of_file or None}
        first, cell = found
        return {"file": self.filename, "cell": cell, "line": line - first + 1}

    def line_at(self, cell: int | None, line: int | None) -> int:
        """Return the line of the whole text that a finding's cell and line are; 0 where there is no such line."""
        if cell is None and self.lines:
            return self.lines.index(line) + 1 if line in self.lines else 0
        if cell is None:
            return line or 0
        first = next((first for first, number in self.cells if number == cell), None)
        return first + line - 1 if first is not None and line else 0

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1, without its indent; empty if there is no such line."""
        lines = self.shown.split("\n")
        return clean(lines[number - 1].strip())[:200] if 0 < number <= len(lines) else ""


def read_source(content: bytes, filename: str) -> Source | Finding:
    """Decode a program as Python does (BOM and coding line honoured), or say why it cannot be read."""
    if len(content) > MOST_BYTES:
        return too_large(filename)
    try:
        first_lines = iter(content.split(b"\n", 2)[:2])
        encoding, _ = tokenize.detect_encoding(lambda: next(first_lines, b""))
        text = content.decode(encoding)
        text.encode()  # UTF-7 can smuggle in halves of characters
    except (SyntaxError, UnicodeError, LookupError):
        return finding("not-utf8", file=filename)
    if "\0" in text:
        return finding("null-bytes", file=filename)
    return Source(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), filename)


def too_large(filename: str) -> Finding:
    """Return what is said of a program that no exercise needs."""
    return finding("too-large", file=filename, most=MOST_BYTES // 1024)


def syntax_fault(source: Source) -> Finding | None:
    """Return what Python's parser says against `source`, with the line and a caret under the place."""
    found = syntax_error(source)
    return None if found is None else found[1]


def syntax_error(source: Source) -> tuple[int, Finding] | None:
    """Return the line that Python's parser stops at, 0 where it names none, and what it says."""
    # In a notebook one may await outside of functions.
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if source.cells or source.exported else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.text, source.filename, "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, _syntax_finding(source, error)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return 0, finding("nested-too-deeply", file=source.filename)
    return None


def autograd_used(source: Source) -> int | None:
    """Return the first line that names autograd's tools, or None. A reading of the source, not a proof."""
    tree = ast.parse(source.text)
    # A function of one's own may be called backward: by hand is what is asked.
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)} & {"backward"}
    if "torch" in source.text:
        own = set()
    lines = [line for node in ast.walk(tree) if (line := _autograd_line(node, _AUTOGRAD_NAMES - own)) is not None]
    return min(lines, default=None)


def _autograd_line(node: ast.AST, telling: frozenset[str]) -> int | None:
    match node:
        case ast.Attribute(attr=name, lineno=line) if name in telling:
            return line
        case ast.keyword(arg=name, lineno=line) if name in telling:
            return line
        case ast.Attribute(value=ast.Name(id="torch"), attr="func", lineno=line):
            return line
        case ast.ImportFrom(module=module, names=names, lineno=line):
            return line if any(_is_autograd(f"{module}.{alias.name}") for alias in names) else None
        case ast.Import(names=names, lineno=line):
            return line if any(_is_autograd(alias.name) for alias in names) else None
        case _:
            return None


def _is_autograd(module: str) -> bool:
    return bool({"autograd", "functorch"} & set(module.split("."))) or f"{module}.".startswith("torch.func.")


def _syntax_finding(source: Source, error: SyntaxError) -> Finding:
    line = error.lineno or 1
    text = source.text.split("\n")[line - 1] if line <= source.text.count("\n") + 1 else ""
    indent = len(text) - len(text.lstrip())
    column = max((error.offset or 1) - 1 - indent, 0)
    return finding(
        "syntax",
        **source.place(line),
        words=error.msg or "",
        code=text.strip().replace("\t", " ")[:200],
        caret=min(column, 200),
    )


def bare_code(content: bytes) -> str:
    """Return the code of a Python file, without comments, blank lines and trailing blanks; all of an unreadable one.

    The same text gives the same result on every version of Python that can read it.
    """
    source = read_source(content, "")
    if not isinstance(source, Source):
        # One character for each byte: what is not text counts byte for byte.
        return content.decode("latin-1")
    return bare_text(source.text)


def bare_text(text: str) -> str:
    """Return the code in `text`; `text` itself where Python cannot read it."""
    lines = _cut_quickly(text)
    if lines is not None:
        return _joined(lines)
    if syntax_error(Source(text, "")) is not None:
        return text
    try:
        return _joined(_cut(text))
    except (tokenize.TokenError, SyntaxError):
        return text


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


def _cut_quickly(text: str) -> list[str] | None:
    """Return the lines of `text` without comments where no string has more than one line and no # is near a string."""
    if any(mark in text for mark in ('"""', "'''", "\\\n")):
        return None
    cut = []
    for line in text.split("\n"):
        code, comment, _ = line.partition("#")
        if comment and ('"' in code or "'" in code):
            return None
        cut.append(code.rstrip())
    return cut


def _cut(text: str) -> Iterator[str]:
    """Yield the lines of `text` without comments, each with what it holds of a longer string."""
    lines = text.split("\n")
    whole: set[int] = set()
    comments: dict[int, int] = {}
    begun: list[int] = []
    reading = iter(f"{line}\n" for line in lines)
    for token in tokenize.generate_tokens(lambda: next(reading, "")):
        (row, column), (last, _) = token.start, token.end
        name = tokenize.tok_name[token.type]
        if name == "STRING":
            whole.update(range(row, last))
        elif name in _BEGIN:
            begun.append(row)
        elif name in _END:
            whole.update(range(begun.pop(), last))
        elif name == "COMMENT" and not begun:
            # Older versions of Python take all of an f-string for one token: what is in it stays.
            comments[row] = column
    for row, line in enumerate(lines, 1):
        # A blank line in a string is a line of the string.
        yield f"{line}\n" if row in whole else line[: comments.get(row)].rstrip()

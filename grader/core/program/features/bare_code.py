"""The code of a program without what changes nothing: comments, blank lines, trailing blanks."""

from __future__ import annotations

import tokenize
from collections.abc import Iterable, Iterator

from grader.core.program.several import has_parts, texts_by_name
from grader.core.program.source import Source, read_source
from grader.core.program.syntax import syntax_error

_BEGIN = frozenset({"FSTRING_START", "TSTRING_START"})
_END = frozenset({"FSTRING_END", "TSTRING_END"})


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
    """Return the code in `text`, of several files each by its name; `text` itself where Python cannot read it."""
    if has_parts(text):
        return "\n".join(f"# {name}\n{bare_text(own)}" for name, own in texts_by_name(text).items())
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

"""What only Jupyter understands in a cell: magics, shell lines, questions, whole cells in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MAGIC = re.compile(r"\s*(%|!|\?)|\s*[\w.]+\?{1,2}\s*$")
# What runs a statement and only looks at it meanwhile.
_LOOKING_ON = re.compile(r"(?P<indent>\s*)%time[ \t]+(?P<statement>\S.*)")
_ASSIGNED = re.compile(r"(?P<name>[ \t]*+[\w., ]*\w[ \t]*=[ \t]*)(?P<kind>[!%])(?=[\w!.{/~$-])")
# A magic's result is anything, a shell line's result a list of lines.
_IN_PLACE = {"!": "[]", "%": "None"}
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)")
# Cells that are Python all the same.
_PYTHON = frozenset({"time", "timeit", "capture", "prun", "check"})
# No notice for these: leaving them out changes nothing that counts.
_UNTOLD = re.compile(r"\s*(%%(time|timeit|capture|prun|check)|%(load_ext|check|matplotlib|config|autoreload))\b")
_TOKEN = re.compile(
    r"""\#.* | (?P<quote>'{3}|"{3}) | '(?:\\.|[^'\\])*'? | "(?:\\.|[^"\\])*"?
    | (?P<open>[(\[{]) | (?P<close>[)\]}])""",
    re.VERBOSE,
)
_UNTIL = {quote: re.compile(rf"(?:\\.|[^\\])*?{quote}") for quote in ("'''", '"""')}


@dataclass(frozen=True)
class Plain:
    """A cell as Python alone can read it, with as many lines as it had.

    Attributes:
        left_out: place of each line that is not run, from 0, and the line.
        foreign: the first line of a cell in another language, none of which is run; "" for Python.
    """

    text: str
    left_out: tuple[tuple[int, str], ...] = ()
    foreign: str = ""


def changes_nothing(line: str) -> bool:
    """Whether leaving out a line for Jupyter alone changes nothing that counts."""
    return _UNTOLD.match(line) is not None


def plain_python(text: str, tell_all: bool = False) -> Plain:
    """Return a cell without what only Jupyter understands, and without an indent that all of it has.

    Args:
        tell_all: list lines, too, that change nothing.
    """
    lines = _dedented(text.split("\n"))
    magic = _CELL_MAGIC.match(text)
    if magic and magic["name"] not in _PYTHON:
        return Plain(commented(lines), foreign=text.strip().partition("\n")[0].strip())
    place = _Place()
    plain = "\n".join([place.without_magic(line) for line in lines])
    told = (i for i in place.left_out if tell_all or not changes_nothing(lines[i]))
    return Plain(plain, tuple((i, lines[i].strip()) for i in told))


def commented(lines: Iterable[str]) -> str:
    """Return lines as comments."""
    return "\n".join(f"# {line}" for line in lines)


def _dedented(lines: list[str]) -> list[str]:
    """Return the lines without the indent of the first one that says something, as IPython reads them."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(indent) for line in lines]


class _Place:
    """Where in a cell a line is: what looks like a magic inside an expression or a string is not one.

    Attributes:
        left_out: the places of the lines that begin something for Jupyter alone.
    """

    def __init__(self) -> None:
        self.left_out: list[int] = []
        self._at = -1
        self._quote = ""
        self._depth = 0
        self._joined = self._in_magic = False

    def without_magic(self, line: str) -> str:
        """Return the line; one for Jupyter as a statement that does nothing, so that an `if` keeps its body."""
        self._at += 1
        joined = line.endswith("\\")
        if self._in_magic:
            self._in_magic = joined
            return f"# {line}"
        if not (self._quote or self._depth or self._joined):
            looked = _LOOKING_ON.fullmatch(line)
            line = looked["indent"] + looked["statement"] if looked else line
            if plain := _instead(line):
                self._in_magic = joined
                self.left_out.append(self._at)
                return plain
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


def _instead(line: str) -> str:
    """Return the Python that replaces a line for Jupyter alone; "" for every other line."""
    if _MAGIC.match(line):
        indent = line[: len(line) - len(line.lstrip())]
        return f"{indent}pass  # {line.strip()}"
    assigned = _ASSIGNED.match(line)
    if assigned:
        return f"{assigned['name']}{_IN_PLACE[assigned['kind']]}  # {line[assigned.start('kind') :]}"
    return ""

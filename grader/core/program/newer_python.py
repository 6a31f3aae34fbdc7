"""Syntax that a newer Python reads and this one does not.

Each is rewritten as this Python reads it. Only where that makes the line readable is a newer Python what is missing: a
bracket left open in an f-string is wrong in every version.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.core.program.f_strings import newer_strings
from grader.core.program.parsing import UNREADABLE, parsed

_Version = tuple[int, int]
# No part of a pattern gives spaces back to another that takes them as well: a line of spaces would cost their square.
# What stands in brackets, themselves within brackets at most.
_BRACKETS = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"
_NAME = r"[^\W\d]\w*"
_MOST_REWRITES = 8


@dataclass(frozen=True)
class Newer:
    """What a program is written in.

    Attributes:
        since: the first version of Python that reads it.
        instead: the kind of finding that says what to write.
    """

    since: _Version
    instead: str


@dataclass(frozen=True)
class _Rewritten:
    newer: Newer
    text: str
    last: int


def newer_syntax(text: str, error: SyntaxError) -> Newer | None:
    """Return what only a newer Python reads at the line where this one stopped; None where that is not the mistake."""
    if "unpacking cannot be used in" in (error.msg or ""):
        return Newer((3, 15), "newer-unpacking")
    found: list[Newer] = []
    last = error.lineno or 1
    stopped: int | None = error.lineno or 1
    for _ in range(_MOST_REWRITES):
        # Where it stops further down, that is another mistake, told when this one is mended.
        if stopped is None or stopped > last:
            return max(found, key=lambda each: each.since)
        newer = (each for each in _rewritten(text, stopped) if each.newer.since > sys.version_info[:2])
        rewritten = next(newer, None)
        if rewritten is None:
            return None
        found.append(rewritten.newer)
        text, last = rewritten.text, max(last, rewritten.last)
        stopped = _stops_at(text)
    return None


def _stops_at(text: str) -> int | None:
    """Return the line at which Python stops reading; None where it reads all."""
    try:
        parsed(text)
    except SyntaxError as error:
        return error.lineno or 1
    except UNREADABLE:
        return 1
    return None


def _rewritten(text: str, line: int) -> Iterator[_Rewritten]:
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return
    for pattern, rewrite, newer in _STATEMENTS:
        if match := pattern.match(lines[line - 1]):
            since = max(newer.since, (3, 13)) if "=" in (match.groupdict().get("types") or "") else newer.since
            own = rewrite(match) + lines[line - 1][match.end() :]
            whole = "\n".join((*lines[: line - 1], own, *lines[line:]))
            yield _Rewritten(Newer(since, newer.instead), whole, line)
    for span in newer_strings(text):
        if span.first <= line <= span.last:
            newer = Newer((3, 14), "newer-template") if span.is_template else Newer((3, 12), "newer-f-string")
            # As many lines as it had, so that what stands below keeps its number.
            plain = '"""' + "\n" * (span.last - span.first) + '"""'
            yield _Rewritten(newer, text[: span.start] + plain + text[span.end :], span.last)


_STATEMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str], Newer], ...] = (
    (
        re.compile(rf"(?P<head>\s*(?:async\s+)?(?:def|class)\s+{_NAME})\s*(?P<types>{_BRACKETS})"),
        lambda match: match["head"],
        Newer((3, 12), "newer-generics"),
    ),
    (
        re.compile(rf"(?P<head>\s*)type\s+(?P<name>{_NAME})\s*+(?P<types>{_BRACKETS})?\s*+(?==[^=])"),
        lambda match: match["head"] + match["name"],
        Newer((3, 12), "newer-type"),
    ),
    (
        # A second name in small letters is what an exception was called in Python 2.
        re.compile(
            r"(?P<head>\s*except(?:\s*+\*)?)\s++(?P<names>(?:\w+\.)*[A-Z]\w*(?:\s*+,\s*+(?:\w+\.)*[A-Z]\w*)+)\s*(?=:)"
        ),
        lambda match: f"{match['head']} ({match['names']})",
        Newer((3, 14), "newer-except"),
    ),
    (
        re.compile(r"(?P<head>\s*)lazy\s+(?=(?:import|from)\s)"),
        lambda match: match["head"],
        Newer((3, 15), "newer-lazy"),
    ),
)

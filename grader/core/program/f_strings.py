"""f-strings and t-strings as Python 3.12 and 3.14 read them, on any version.

From 3.12 on, what stands in the braces is code like any other: with the quotes of the string itself, backslashes,
comments and line breaks (PEP 701). Before, all of an f-string was one token.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from grader.core.program.parsing import UNREADABLE, parsed

# Strings in strings in strings are read at most so deep.
_DEEPEST = 8
# Formats in formats in formats, by every Python: {x:{y:{z}}}.
_MOST_FORMATS = 3
_CODE = re.compile(r"#[^\n]*|(?<!\w)(?P<prefix>[A-Za-z]{1,2})?(?P<quote>'''|\"\"\"|'|\")|[\[({\])}]|!=|[!:\n]")
_BODY = re.compile(r"\{\{|\}\}|[{}\n]|\\.|'''|\"\"\"|'|\"", re.DOTALL)
_PLAIN = {
    "'": re.compile(r"(?:[^'\\\n]|\\.)*'", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*"', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*'''", re.DOTALL),
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL),
}
_CONVERSION = re.compile(r"[rsa]\s*(?=[:}])")


@dataclass(frozen=True)
class Span:
    """An f-string or t-string: where it starts and ends in the text, and its first and last line, counted from 1."""

    start: int
    end: int
    first: int
    last: int
    is_template: bool


class _NoStringError(Exception):
    """No version reads it."""


def newer_strings(text: str) -> Iterator[Span]:
    """Yield the outermost f-strings and t-strings of a program that a newer Python reads, up to one that none reads."""
    breaks = [place for place, sign in enumerate(text) if sign == "\n"]
    place = 0
    try:
        while match := _CODE.search(text, place):
            place = match.end()
            if match["quote"]:
                place = _after_string(text, match, 0)
                if _is_read(match):
                    first, last = (bisect_right(breaks, each - 1) + 1 for each in (match.start(), place))
                    yield Span(match.start(), place, first, last, "t" in match["prefix"].lower())
    except _NoStringError:
        return


def _is_read(match: re.Match[str]) -> bool:
    """Whether the braces of a string hold code."""
    return bool(set((match["prefix"] or "").lower()) & {"f", "t"})


def _after_string(text: str, match: re.Match[str], depth: int) -> int:
    """Return the place behind a string whose prefix and opening quotes were found."""
    if _is_read(match):
        return _after_body(text, match.end(), match["quote"], "r" in match["prefix"].lower(), depth)
    plain = _PLAIN[match["quote"]].match(text, match.end())
    if plain is None:
        raise _NoStringError
    return plain.end()


def _after_body(text: str, place: int, quote: str, is_raw: bool, depth: int) -> int:
    if depth > _DEEPEST:
        raise _NoStringError
    while match := _BODY.search(text, place):
        sign, place = match[0], match.end()
        if sign == "{":
            place = _after_field(text, place, quote, depth)
        elif text.startswith(quote, match.start()):
            return match.start() + len(quote)
        elif sign == "}" or (sign == "\n" and len(quote) == 1):
            raise _NoStringError
        elif sign[0] == "\\" and is_raw and sign[1] in "{}":
            place -= 1
        elif sign[0] in "'\"":
            # Three quotes of the other kind, or one in a string of three.
            place = match.start() + 1
    raise _NoStringError


def _after_field(text: str, place: int, quote: str, depth: int, formats: int = 1) -> int:
    """Return the place behind the closing brace of a field whose code begins at `place`."""
    if formats > _MOST_FORMATS:
        raise _NoStringError
    begun, opened, plain = place, 0, []
    while match := _CODE.search(text, place):
        sign, place = match[0], match.end()
        if match["quote"]:
            end = _after_string(text, match, depth + 1)
            if _is_read(match):
                plain.append((match.start(), end))
            place = end
        elif sign in "[({":
            opened += 1
        elif opened and sign in "])}":
            opened -= 1
        elif sign in "])" and not opened:
            raise _NoStringError
        elif not opened and sign in "!:}":
            _must_be_code(text, begun, match.start(), plain)
            return _after_format(text, match, quote, depth, formats)
    raise _NoStringError


def _after_format(text: str, match: re.Match[str], quote: str, depth: int, formats: int) -> int:
    sign, place = match[0], match.end()
    if sign == "!":
        conversion = _CONVERSION.match(text, place)
        if conversion is None:
            raise _NoStringError
        sign, place = text[conversion.end()], conversion.end() + 1
    while sign != "}":
        found = _BODY.search(text, place)
        if found is None or text.startswith(quote, found.start()) or (found[0] == "\n" and len(quote) == 1):
            raise _NoStringError
        sign, place = found[0], found.end()
        if sign[0] == "{":
            place = _after_field(text, found.start() + 1, quote, depth, formats + 1)
        elif sign[0] == "}":
            return found.start() + 1
    return place


def _must_be_code(text: str, start: int, end: int, strings: list[tuple[int, int]]) -> None:
    """Raise unless what stands in the braces is an expression, its own f-strings taken as strings."""
    parts, place = [], start
    for first, behind in strings:
        parts += [text[place:first], "''"]
        place = behind
    code = ("".join(parts) + text[place:end]).rstrip().removesuffix("=")
    try:
        read = parsed(f"(\n{code}\n)").body
    except UNREADABLE:
        raise _NoStringError from None
    if len(read) != 1 or not isinstance(read[0], ast.Expr):
        raise _NoStringError

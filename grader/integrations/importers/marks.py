"""Marks between which an assignment keeps what students must not see, and what is wrong with them.

A mark that is misspelt is a comment to the system that the assignment was made for, and what it was to hide is seen. So
whatever looks like a mark and is none, or has no partner, is a fault: it is told, and nothing near it is published.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from grader.core.words.message import Message, say

_COMMENT = re.compile(r"(?P<before>.*?)(?P<hashes>#+)\s*(?P<words>[^#]*)$")
_SIDES = ("BEGIN", "END")
_ALIKE, _ALIKE_WORD, _ALIKE_ALONE, _NEARLY_THE_SAME = 0.78, 0.75, 0.86, 0.95
_MOST_WORDS = 4


@dataclass(frozen=True)
class Mark:
    """A mark in its own line: where a region called `name` begins or ends."""

    line: int
    begins: bool
    name: str
    text: str


@dataclass(frozen=True)
class MarkFault:
    """Something that looks like a mark and is none, or a mark without its partner.

    Attributes:
        line: counted from 1.
    """

    line: int
    text: str
    what: Message

    def told(self, cell: int, then: Message) -> Message:
        """Return what is said of it, with its cell and with what was done."""
        return say("cell {cell}, line {line}: {what}; {then}", cell=cell, line=self.line, what=self.what, then=then)


def marks_in(
    text: str,
    names: Mapping[str, re.Pattern[str]],
    others: Collection[str] = (),
    prose: bool = False,
    alright: re.Pattern[str] | None = None,
) -> Iterator[Mark | MarkFault]:
    """Yield the marks of a cell, and what only looks like one, line by line.

    Args:
        names: each kind of region by its name as it is written, and what a line with its mark matches; the group `side`
            is BEGIN or END.
        others: as in `looks_like_mark`, and so `prose`.
        alright: what other lines match that have a mark of their own.
    """
    for number, line in enumerate(text.split("\n"), 1):
        found = next(((name, match) for name, pattern in names.items() if (match := pattern.fullmatch(line))), None)
        if found is not None:
            name, match = found
            yield Mark(number, match["side"].upper() == "BEGIN", name, line.strip())
        elif not (alright and alright.fullmatch(line)) and looks_like_mark(line, names, others, prose):
            shown = line.strip()[:80]
            yield MarkFault(number, shown, say("{mark} has no known meaning", mark=shown))


def looks_like_mark(line: str, names: Collection[str], others: Collection[str] = (), prose: bool = False) -> bool:
    """Return whether a line has a comment that was probably meant as a mark.

    A comment that is meant for people may be taken for one: that is told, and costs nothing but a look.

    Args:
        names: of the regions.
        others: marks that begin and end nothing.
        prose: whether this is Markdown, where the sign of a comment is that of a heading.
    """
    comment = _COMMENT.match(line)
    words = re.findall(r"[^\W_]+", comment["words"]) if comment else []
    if comment is None or not words:
        return False
    if words[0] in _SIDES or (not prose and len(comment["hashes"]) >= 3 and words[0].upper() in _SIDES):
        return True
    known = [f"{side} {name}" for side in _SIDES for name in names]
    written = " ".join(words)
    if (
        _like(written.upper(), others, _ALIKE_ALONE)
        or _like(written if prose else written.upper(), known, _ALIKE)
        or _like(written.upper(), known, _NEARLY_THE_SAME)
    ):
        return True
    inner = {part for name in names for part in name.split()}
    few = not prose and len(words) <= _MOST_WORDS
    return few and any(_near(word, _SIDES) for word in words) and any(_near(word, inner) for word in words)


def _like(words: str, known: Collection[str], enough: float) -> bool:
    return any(SequenceMatcher(None, words, each).ratio() >= enough for each in known)


def _near(word: str, known: Collection[str]) -> bool:
    return bool(get_close_matches(word.upper(), known, 1, _ALIKE_WORD))


def faults_of(found: Collection[Mark | MarkFault], nested: bool = False) -> list[MarkFault]:
    """Return what is wrong with the marks of a cell, in their order.

    Args:
        nested: whether a region may be inside of one with another name.
    """
    faults = [each for each in found if isinstance(each, MarkFault)]
    opened: list[Mark] = []
    for mark in (each for each in found if isinstance(each, Mark)):
        if mark.begins:
            if opened and (not nested or any(each.name == mark.name for each in opened)):
                faults.append(_fault(mark, say("{mark} is inside of {outer}", mark=mark.text, outer=opened[-1].text)))
            else:
                opened.append(mark)
        elif any(each.name == mark.name for each in opened):
            while (inner := opened.pop()).name != mark.name:
                faults.append(_fault(inner, say("{mark} has no END after it", mark=inner.text)))
        else:
            faults.append(_fault(mark, say("{mark} has no BEGIN before it", mark=mark.text)))
    faults += [_fault(mark, say("{mark} has no END after it", mark=mark.text)) for mark in opened]
    return sorted(faults, key=lambda fault: fault.line)


def _fault(mark: Mark, what: Message) -> MarkFault:
    return MarkFault(mark.line, mark.text, what)

"""When two short texts are the same answer."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼ’‘`´ʹ′＇"), "'")
_DASHES = dict.fromkeys(map(ord, "−–‐‑"), "-")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
# Where no meaning hangs on a blank. Commas are signs only once decimal commas are points, so 1, 5 stays two numbers.
_SIGN = r"[^\w\s'.\"]"
_IDLE_BLANK = re.compile(rf"(?<={_SIGN}) | (?={_SIGN})|(?<=\d) (?=[^\W\d])|(?<=[^\W\d]) (?=\d)")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def plain(text: str) -> str:
    """Return a text without what is no part of an answer: case, kinds of apostrophe and dash, blanks, decimal commas.

    Characters that cannot be seen are left out. Letters of another alphabet stay what they are, however they look.
    """
    # Some apostrophes fall apart into a blank and an accent.
    one = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold().translate(_APOSTROPHES | _DASHES)
    seen = "".join(each for each in one if unicodedata.category(each) != "Cf")
    return _DECIMAL_COMMA.sub(".", " ".join(seen.split()))


def compact(text: str) -> str:
    """Return `plain` without blanks beside signs and between a digit and a letter: two answers that are one are equal.

    Blanks between words, and between digits, stay.
    """
    return _IDLE_BLANK.sub("", plain(text))


def mixes_alphabets(text: str) -> bool:
    """Return whether one word has letters of two alphabets: they look alike, and are others."""
    return any(sum(alphabet in found for alphabet in _ALPHABETS) > 1 for found in map(_alphabets, text.split()))


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(each, "").partition(" ")[0] for each in word if each.isalpha()}

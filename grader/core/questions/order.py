"""The order in which a student sees the options of a choice, and the letters that they have there."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from string import ascii_lowercase

from grader.core.course.questions import Choice, Option

# Where nobody in particular reads them: in a notebook for all, or where no one has said who reads.
NOBODY = ""
MOST_OPTIONS = len(ascii_lowercase)


def in_order(choice: Choice, exercise: str, student: str) -> tuple[Option, ...]:
    """Return the options in this student's order. It follows from names alone, so every machine shows the same."""
    who = unicodedata.normalize("NFC", student).strip()

    def place(option: Option) -> bytes:
        return hashlib.sha256("\0".join((who, exercise, choice.name, option.name)).encode("utf-8", "replace")).digest()

    return tuple(sorted(choice.options, key=place))


def letters(choice: Choice, exercise: str, student: str) -> Mapping[str, Option]:
    """Return the options by the letter that each has in this student's list, in its order."""
    return dict(zip(ascii_lowercase, in_order(choice, exercise, student), strict=False))

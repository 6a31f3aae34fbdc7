"""Whose line it is: lines of somebody else's table and students of the roster, by whatever both of them show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from grader.store.students.roster import Student

# People type the Uzbek letters oʻ and gʻ with whatever apostrophe their keyboard has.
_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼ‘’`´"), "'")


@dataclass(frozen=True)
class Clue:
    """What lines and students show of one kind, such as e-mail addresses.

    Attributes:
        rows: by the number of the line.
        students: by the student's id.
    """

    rows: Mapping[int, Set[str]]
    students: Mapping[str, Set[str]]


def pair(clues: Iterable[Clue]) -> dict[int, str]:
    """Return whose each line is, by its number. Earlier clues are believed before later ones.

    What two students or two lines share says nothing about either: a grade must not go to a namesake.
    """
    paired: dict[int, str] = {}
    taken: set[str] = set()
    for clue in clues:
        found = {row: student for row, student in _certain(clue).items() if row not in paired and student not in taken}
        paired.update(found)
        taken.update(found.values())
    return paired


def plain(text: str) -> str:
    """Return text as it is compared: without case, kinds of apostrophe, invisible marks and doubled spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    # Case folding can leave what is not normal any more.
    return unicodedata.normalize("NFKC", " ".join(text.split()).casefold())


def name_clues(names: Mapping[int, str], students: Iterable[Student]) -> tuple[Clue, Clue]:
    """Return two clues: names as they are, also `Last, First`, and names whose parts stand in another order."""
    ours = {student.id: student.name for student in students}
    return (
        Clue({row: _orders(name) for row, name in names.items()}, {id: _orders(name) for id, name in ours.items()}),
        Clue({row: _parts(name) for row, name in names.items()}, {id: _parts(name) for id, name in ours.items()}),
    )


def name_keys(name: str) -> Set[str]:
    """Return all spellings of a name that are compared."""
    return _orders(name) | _parts(name)


def email_key(address: str) -> Set[str]:
    """Return an e-mail address as it is compared; nothing for what is none."""
    return {plain(address)} if "@" in address else set()


def id_key(text: str) -> Set[str]:
    """Return an id as it is compared: exactly."""
    return {text.strip()} - {""}


def _certain(clue: Clue) -> dict[int, str]:
    holders: dict[str, set[str]] = {}
    for student, keys in clue.students.items():
        for key in keys:
            holders.setdefault(key, set()).add(student)
    candidates = {row: {who for key in keys for who in holders.get(key, ())} for row, keys in clue.rows.items()}
    rows_of: dict[str, int] = {}
    for students in candidates.values():
        for student in students:
            rows_of[student] = rows_of.get(student, 0) + 1
    only = {row: next(iter(students)) for row, students in candidates.items() if len(students) == 1}
    return {row: student for row, student in only.items() if rows_of[student] == 1}


def _orders(name: str) -> set[str]:
    last, _, first = plain(name).partition(",")
    return {plain(name), plain(f"{first} {last}")} - {""}


def _parts(name: str) -> set[str]:
    return {" ".join(sorted(re.split(r"[\s,]+", plain(name).strip(", "))))} - {""}

"""Whose is it: lines of a table, or people in a download, and students of the roster.

One rule for all roads. A line is a student's if and only if

(a) something strong on it, or the full name, fits this student and nobody else;
(b) everything on it that fits anybody fits this student, too;
(c) nothing strong on it differs from what the roster says of this student;
(d) no other line is this student's by the same rule: else none is.

Otherwise it is nobody's, and a person decides. Parts of names and of e-mail addresses only confirm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

Keys = Mapping[str, Set[str]]


@dataclass(frozen=True)
class Clue:
    """What lines and students show of one kind, such as e-mail addresses.

    Attributes:
        spellings: keys of lines and keys of students, by line and by student; the later ones, which are looser, are
            asked for lines of which the earlier ones know nobody.
        decides: whether it says alone whose a line is, where it fits one student only.
        denies: whether a line that shows another value than the student's cannot be theirs. None: where the lines
            show it of any student at all; numbers of a register that the roster does not know deny nothing.
    """

    spellings: Sequence[tuple[Keys, Keys]]
    decides: bool = False
    denies: bool | None = False


@dataclass(frozen=True)
class Matched:
    """Whose lines are.

    Attributes:
        sure: the student of each line that is somebody's.
        unclear: the students that speak for a line which is nobody's, the likeliest first; lines of which nothing fits
            anybody are not here.
    """

    sure: Mapping[str, str]
    unclear: Mapping[str, tuple[str, ...]]


def match(clues: Sequence[Clue], decided: Mapping[str, str | None]) -> Matched:
    """Return whose each line is, by the rule above.

    Args:
        decided: what a person said of lines before: the student, or None for nobody of the roster.
    """
    seen = [_fitting(clue) for clue in clues]
    denied = [_denying(clue, fits) for clue, fits in zip(clues, seen, strict=True)]
    lines = dict.fromkeys(line for clue in clues for rows, _ in clue.spellings for line in rows if line not in decided)
    candidate: dict[str, str] = {}
    for line in lines:
        all_fit = [fits[line] for fits in seen if fits.get(line)]
        certain = {
            next(iter(who))
            for clue, fits in zip(clues, seen, strict=True)
            if clue.decides and len(who := fits.get(line, frozenset[str]())) == 1
        }
        for student in certain:
            if all(student in who for who in all_fit) and not any(_denies(each, line, student) for each in denied):
                candidate[line] = student
    said = {line: student for line, student in decided.items() if student is not None}
    claims = Counter([*candidate.values(), *said.values()])
    sure = {line: student for line, student in candidate.items() if claims[student] == 1} | said
    votes = {
        line: Counter(who for fits in seen for who in sorted(fits.get(line, ()))) for line in lines if line not in sure
    }
    unclear = {line: tuple(who for who, _ in vote.most_common()) for line, vote in votes.items() if vote}
    return Matched(sure, unclear)


def _fitting(clue: Clue) -> dict[str, frozenset[str]]:
    """Return the students who share a key with each line."""
    fits: dict[str, frozenset[str]] = {}
    for rows, students in clue.spellings:
        holders: dict[str, set[str]] = {}
        for student, keys in students.items():
            for key in keys:
                holders.setdefault(key, set()).add(student)
        for line, keys in rows.items():
            if not fits.get(line):
                fits[line] = frozenset(who for key in keys for who in holders.get(key, ()))
    return fits


def _denying(clue: Clue, fits: Mapping[str, Iterable[str]]) -> tuple[Keys, Keys] | None:
    denies = clue.denies if clue.denies is not None else any(map(bool, fits.values()))
    return clue.spellings[0] if denies else None


def _denies(values: tuple[Keys, Keys] | None, line: str, student: str) -> bool:
    if values is None:
        return False
    shown, own = values[0].get(line, frozenset()), values[1].get(student, frozenset())
    return bool(shown) and bool(own) and shown.isdisjoint(own)

"""Moodle: "Download all submissions" of an assignment.

Folders `Full Name_12345_assignsubmission_file_`, where 12345 is the participant's number in the worksheet; or, with
"Download submissions in folders" off, files whose names begin so. `_onlinetext_` holds what was typed into Moodle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, Tree

_TOP = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<rest>.*))?", re.DOTALL
)


def _recognises(tree: Tree) -> bool:
    tops = tree.tops()
    return mostly(sum(_TOP.fullmatch(top) is not None for top in tops), len(tops))


def _read(tree: Tree, _: Hints) -> Download:
    handed_in: list[HandedIn] = []
    left: list[Left] = []
    for file in tree.files:
        match = _TOP.fullmatch(file.path[0])
        if match is None:
            left.append(Left(file.shown(), say("no name of a participant is in front of it")))
        elif match["kind"] == "onlinetext":
            left.append(Left(file.shown(), say("this was typed into Moodle; only files are graded")))
        else:
            handed_in.append(_handed_in(file, match))
    return Download("moodle", tree.shown, tuple(handed_in), (*tree.left, *left))


def _handed_in(file: File, match: re.Match[str]) -> HandedIn:
    # Flat, the file's own name follows in the same one.
    path = file.path[1:] or (match["rest"] or "",)
    person = Person(tuple(_names(match["name"])), known_as={"moodle": (match["number"],)})
    return HandedIn(match["number"], person, path, file, file.changed, file.trust)


def _names(shown: str) -> Iterator[str]:
    """Yield what may be the name: with groups, Moodle writes the group's in front."""
    yield shown
    if "-" in shown:
        yield shown.partition("-")[2]


SYSTEM = System("moodle", say("Moodle"), _recognises, _read)

"""Moodle: "Download all submissions" of an assignment.

Folders `Full Name_12345_assignsubmission_file_`, where 12345 is the participant's number in the worksheet; or, with
"Download submissions in folders" off, files whose names begin so. `_onlinetext_` holds what was typed into Moodle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.core.people.clues import Person
from grader.core.words.message import Message, say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, Tree
from grader.store.downloads.typed import typed

_KIND = r"_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)"
# Students choose their files' names, and sometimes their own. So Moodle's mark is the last one in a folder's name, and
# in a file's the first.
_FOLDER = re.compile(rf"(?P<name>.+){_KIND}_?(?P<rest>)", re.DOTALL)
_FLAT = re.compile(rf"(?P<name>.+?){_KIND}_(?P<rest>.+)", re.DOTALL)


def _match(file: File) -> re.Match[str] | None:
    return (_FLAT if len(file.path) == 1 else _FOLDER).fullmatch(file.path[0])


def _recognises(tree: Tree) -> bool:
    found = {file.path[0]: _match(file) is not None for file in tree.files}
    return mostly(sum(found.values()), len(found))


def _read(tree: Tree, _: Hints) -> Download:
    handed_in: list[HandedIn] = []
    left: list[Left] = []
    for file in tree.files:
        match = _match(file)
        if match is None:
            left.append(Left(file.shown(), say("no name of a participant is in front of it")))
        elif match["kind"] == "onlinetext":
            found = typed(file)
            if isinstance(found, Message):
                left.append(Left(file.shown(), found))
            else:
                handed_in.append(replace(_handed_in(found[0], match), path=(found[1],)))
        else:
            handed_in.append(_handed_in(file, match))
    return Download("moodle", tree.shown, tuple(handed_in), (*tree.left, *left))


def _handed_in(file: File, match: re.Match[str]) -> HandedIn:
    # Flat, the file's own name follows in the same one.
    path = file.path[1:] or (match["rest"],)
    person = Person(tuple(_names(match["name"])), known_as={"moodle": (match["number"],)})
    return HandedIn(match["number"], person, path, file, file.changed, file.trust)


def _names(shown: str) -> Iterator[str]:
    """Yield what may be the name: with groups, Moodle writes the group's in front."""
    yield shown
    if "-" in shown:
        yield shown.partition("-")[2]


SYSTEM = System("moodle", say("Moodle"), _recognises, _read)

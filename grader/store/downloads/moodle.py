"""Moodle: "Download all submissions" of an assignment.

Folders `Full Name_12345_assignsubmission_file_`, where 12345 is the participant's number in the worksheet; or, with
"Download submissions in folders" off, files whose names begin so. `_onlinetext_` holds what was typed into Moodle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
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
    matches = {file: _match(file) for file in tree.files}
    groups = _groups({match["number"]: match["name"] for match in matches.values() if match is not None})
    for file, match in matches.items():
        if match is None:
            left.append(Left(file.shown(), say("no name of a participant is in front of it")))
        elif match["kind"] == "onlinetext":
            found = typed(file)
            if isinstance(found, Message):
                left.append(Left(file.shown(), found))
            else:
                handed_in.append(replace(_handed_in(found[0], match, groups), path=(found[1],)))
        else:
            handed_in.append(_handed_in(file, match, groups))
    return Download("moodle", tree.shown, tuple(handed_in), (*tree.left, *left))


def _handed_in(file: File, match: re.Match[str], groups: Collection[str]) -> HandedIn:
    # Flat, the file's own name follows in the same one.
    path = file.path[1:] or (match["rest"],)
    person = Person(tuple(_names(match["name"], groups)), known_as={"participant": (match["number"],)})
    return HandedIn(match["number"], person, path, file, file.changed, file.trust)


def _groups(people: Mapping[str, str]) -> frozenset[str]:
    """Return what stands before a hyphen in several names: with groups, Moodle writes the group's in front.

    Abdul-Aziz is no Aziz in a group called Abdul. So one name alone does not tell a group, nor do few among many.
    """
    fronts = Counter(front for name in people.values() for front, hyphen, _ in (name.partition("-"),) if hyphen)
    several = {front: times for front, times in fronts.items() if times > 1}
    return frozenset(several) if mostly(sum(several.values()), len(people)) else frozenset()


def _names(shown: str, groups: Collection[str]) -> Iterator[str]:
    yield shown
    front, _, name = shown.partition("-")
    if front in groups:
        yield name


SYSTEM = System("moodle", say("Moodle"), _recognises, _read)

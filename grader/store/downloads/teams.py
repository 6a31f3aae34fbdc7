"""Teams: the folder `Submitted files` of a class's SharePoint site.

`Ali Valiyev/HW 4/Version 2/4.5.py`: the person, the assignment, and each time that it was handed in.
"""

from __future__ import annotations

import re

from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, Tree

# In the language of the class.
_VERSION = re.compile(r"(?:Version|Versiya|Версия)\s*(\d{1,4})", re.IGNORECASE)
_PERSON, _VERSIONS = 0, 2


def _is_version(file: File) -> bool:
    return len(file.path) > _VERSIONS + 1 and _VERSION.fullmatch(file.path[_VERSIONS]) is not None


def _recognises(tree: Tree) -> bool:
    return mostly(sum(map(_is_version, tree.files)), len(tree.files))


def _read(tree: Tree, _: Hints) -> Download:
    newest: dict[tuple[str, ...], int] = {}
    for file in filter(_is_version, tree.files):
        newest[file.path[:_VERSIONS]] = max(newest.get(file.path[:_VERSIONS], 0), _number(file))
    handed_in = tuple(
        HandedIn(
            file.path[_PERSON],
            Person(unsure=(file.path[_PERSON],)),
            file.path[1:_VERSIONS] + file.path[_VERSIONS + 1 :],
            file,
            file.changed,
            file.trust,
        )
        for file in tree.files
        if _is_version(file) and _number(file) == newest[file.path[:_VERSIONS]]
    )
    strange = (file for file in tree.files if not _is_version(file))
    left = (Left(file.shown(), say("it lies in no folder of a version")) for file in strange)
    return Download("teams", tree.shown, handed_in, (*tree.left, *left))


def _number(file: File) -> int:
    match = _VERSION.fullmatch(file.path[_VERSIONS])
    return int(match[1]) if match else 0


SYSTEM = System("teams", say("Teams"), _recognises, _read)

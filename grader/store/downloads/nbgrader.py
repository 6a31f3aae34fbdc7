"""nbgrader: the folder `submitted`, `ali/ps1/problem1.ipynb` with the time in `timestamp.txt`."""

from __future__ import annotations

from datetime import datetime

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System
from grader.store.downloads.tree import File, TooMuch, Tree
from grader.store.students.records import TIMESTAMP, stated_moment

_STEP = "submitted"
_DEEP = 3


def _submitted(tree: Tree) -> tuple[File, ...]:
    return tuple(file for file in tree.files if file.path[0] == _STEP and len(file.path) > _DEEP)


def _recognises(tree: Tree) -> bool:
    return bool(_submitted(tree)) or any(file.name == TIMESTAMP and len(file.path) == _DEEP for file in tree.files)


def _read(tree: Tree, _: Hints) -> Download:
    # The whole course may be given, or only this folder of it.
    inner = [(file.path[1:], file) for file in _submitted(tree)] or [(file.path, file) for file in tree.files]
    stamps = {path[:2]: _moment(file) for path, file in inner if path[2:] == (TIMESTAMP,)}
    handed_in = []
    for path, file in inner:
        if len(path) >= _DEEP and path[2:] != (TIMESTAMP,):
            moment = stamps.get(path[:2])
            trust = Trust.SYSTEM if moment else file.trust
            person = Person(unsure=(path[0],))
            handed_in.append(HandedIn(path[0], person, path[1:], file, moment or file.changed, trust))
    return Download("nbgrader", tree.shown, tuple(handed_in), tree.left)


def _moment(file: File) -> datetime | None:
    try:
        return stated_moment(file.read())
    except (OSError, TooMuch):
        return None


SYSTEM = System("nbgrader", say("nbgrader"), _recognises, _read)

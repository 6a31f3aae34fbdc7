"""nbgrader: the folder `submitted`, `ali/ps1/problem1.ipynb` with the time in `timestamp.txt`."""

from __future__ import annotations

from datetime import datetime

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, TooMuch, Tree
from grader.store.students.records import TIMESTAMP, stated_moment

_STEP = "submitted"
_DEEP = 3


def _submitted(tree: Tree) -> tuple[File, ...]:
    return tuple(file for file in tree.files if file.path[0] == _STEP and len(file.path) > _DEEP)


def _recognises(tree: Tree) -> bool:
    # One student's timestamp.txt must not make of everybody's folders what nbgrader would have written.
    stamped = {file.path[0] for file in tree.files if file.name == TIMESTAMP and len(file.path) == _DEEP}
    return bool(_submitted(tree)) or mostly(len(stamped), len(tree.tops()))


def _read(tree: Tree, _: Hints) -> Download:
    # The whole course may be given, or only this folder of it.
    whole = bool(_submitted(tree))
    inner = [(file.path[whole:], file) for file in tree.files if not whole or file.path[0] == _STEP]
    stamps = {path[:2]: _moment(file) for path, file in inner if path[2:] == (TIMESTAMP,)}
    handed_in = []
    left = list(tree.left)
    for path, file in inner:
        if len(path) < _DEEP:
            left.append(Left(file.shown(), say("it lies in no student's folder of an assignment")))
        elif path[2:] != (TIMESTAMP,):
            moment = stamps.get(path[:2])
            trust = Trust.SYSTEM if moment else file.trust
            person = Person(unsure=(path[0],))
            handed_in.append(HandedIn(path[0], person, path[1:], file, moment or file.changed, trust))
    return Download("nbgrader", tree.shown, tuple(handed_in), tuple(left))


def _moment(file: File) -> datetime | None:
    try:
        return stated_moment(file.read())
    except (OSError, TooMuch):
        return None


SYSTEM = System("nbgrader", say("nbgrader"), _recognises, _read)

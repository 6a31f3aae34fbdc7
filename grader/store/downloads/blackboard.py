"""Blackboard: "Assignment File Download" of the grade centre.

Files `HW 4_ali.v_attempt_2026-03-01-10-20-30_4.5.py`, each attempt with a text of the same name without a file, which
says the name: `Name: Ali Valiyev (ali.v)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, TooMuch, Tree

# Students choose their files' names, so Blackboard's mark is the first one.
_NAME = re.compile(r"(?P<front>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:\.txt|_(?P<file>.+))", re.DOTALL)
_TOLD = re.compile(r"^[^:\n]+:\s*(?P<name>[^\n(]+?)\s*\((?P<login>[^)\n]+)\)\s*$", re.MULTILINE)
_MOST_TOLD = 64 * 2**10


def _recognises(tree: Tree) -> bool:
    tops = tree.tops()
    return mostly(sum(_NAME.fullmatch(top) is not None for top in tops), len(tops))


def _read(tree: Tree, hints: Hints) -> Download:
    matches = {file: _NAME.fullmatch(file.path[0]) for file in tree.files}
    names: dict[str, str] = {}
    for file, match in matches.items():
        if match is not None and match["file"] is None:
            names.update(_told(file))
    handed_in = [
        _handed_in(file, match, names, hints.zone)
        for file, match in matches.items()
        if match is not None and match["file"] is not None
    ]
    strange = [file for file, match in matches.items() if match is None]
    left = [Left(file.shown(), say("it is not named as Blackboard names submissions")) for file in strange]
    return Download("blackboard", tree.shown, tuple(handed_in), (*tree.left, *left))


def _told(file: File) -> Mapping[str, str]:
    """Return the name by login; the line's title is in the language of whoever downloaded it."""
    try:
        match = _TOLD.search(file.read()[:_MOST_TOLD].decode("utf-8-sig", "replace"))
    except (OSError, TooMuch):
        return {}
    return {match["login"]: match["name"]} if match else {}


def _handed_in(file: File, match: re.Match[str], names: Mapping[str, str], zone: tzinfo) -> HandedIn:
    login = _login(match["front"], names)
    try:
        moment, trust = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone), Trust.SYSTEM
    except ValueError:
        moment, trust = file.changed, file.trust  # type: ignore[assignment]
    person = Person((names.get(login, ""),), login=login, known_as={"blackboard": (login,)})
    return HandedIn(login, person, file.path[1:] or (match["file"],), file, moment, trust)


def _login(front: str, names: Mapping[str, str]) -> str:
    """Return the login behind the assignment's name: one that the texts name, since both may hold underlines."""
    known = [login for login in names if front.endswith(f"_{login}")]
    return max(known, key=len, default=front.rpartition("_")[2])


SYSTEM = System("blackboard", say("Blackboard"), _recognises, _read)

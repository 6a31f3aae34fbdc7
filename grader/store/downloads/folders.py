"""A folder for each person, however they are called; or files with names of people in theirs.

So come attachments that a mail program saved, folders on a shared drive, Google Classroom's folder of an assignment,
zips that people sent, and copies of the course. A folder that is called as an exercise holds the files of many.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePath

from grader.core.course.file_names import exercises_named, parted
from grader.core.people.clues import Person
from grader.core.words.message import say
from grader.store.downloads.copies import own_work
from grader.store.downloads.download import Download, HandedIn, Hints, System
from grader.store.downloads.tree import File, Left, Tree

_ROSTER = ("roster.csv",)
_BRACKETS = re.compile(r"[<(\[]([^<>()\[\]]+)[>)\]]")
_COPY = re.compile(r"\d{1,2}")
_BETWEEN = re.compile(r"\s+[-–—]\s+|_{2,}|\s*[,;]\s*")
_NO_NAMES = re.compile(
    r"\b(?:hw|homework|home|work|lecture|exercise|assignment|task|lab|final|copy|solution|submission|uy|ishi|vazifa|"
    r"maʼruza|mashq|topshiriq|лекция|задание|домашка|v)\d*\b|\(\d+\)|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
# Of a lecture, or of a second copy; a longer number, or one in a word, is a student's.
_NUMBER = re.compile(r"(?<![^\s(-])\d{1,3}(?![^\s)-])")


def _read(tree: Tree, hints: Hints) -> Download:
    if any(file.path == ("course.yaml",) for file in tree.files):
        # One person's copy: only the download's own name says whose.
        top = PurePath(tree.shown).name
        return _of_people({top: [(file, file.path) for file in tree.files]}, tree)
    people: dict[str, list[tuple[File, tuple[str, ...]]]] = {}
    nameless: set[str] = set()
    left: list[Left] = []
    for file in tree.files:
        if file.path == _ROSTER:
            continue
        holds_many = len(file.path) <= 2 and (len(file.path) == 1 or file.path[0] in hints.exercises)
        if not holds_many:
            people.setdefault(file.path[0], []).append((file, file.path[1:]))
        elif parted(file.name) is not None:
            who = _who(file.name, hints.exercises)
            nameless |= set() if who else {file.name}
            people.setdefault(who or file.name, []).append((file, file.path))
        else:
            left.append(Left(file.shown(), say("its name says neither a person nor an exercise")))
    return _of_people(people, tree, left, nameless)


def _of_people(
    people: dict[str, list[tuple[File, tuple[str, ...]]]],
    tree: Tree,
    left: Collection[Left] = (),
    nameless: Collection[str] = (),
) -> Download:
    handed_in: list[HandedIn] = []
    for top, files in people.items():
        own = set(own_work(path for _, path in files))
        person = Person(unsure=() if top in nameless else tuple(dict.fromkeys(_meanings(top))))
        for file, path in files:
            if path in own:
                handed_in.append(HandedIn(top, person, path, file, file.changed, file.trust))
    return Download("folders", tree.shown, tuple(handed_in), (*tree.left, *left))


def _who(name: str, exercises: Collection[str]) -> str:
    """Return what a name holds beside the exercise and the words around it; nothing where that says nobody."""
    stem = (parted(name) or (name, ""))[0]
    for id in exercises_named((name,), exercises):
        stem = re.sub(r"[._\-,\s]".join(map(re.escape, id.split("."))), " ", stem)
    words = (word if "@" in word else word.replace(".", " ") for word in stem.replace("_", " ").split())
    named = _tidy(_NO_NAMES.sub(" ", " ".join(words)))
    return _tidy(_NUMBER.sub(" ", named)) or named


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" -–—,")


def _meanings(shown: str) -> Iterator[str]:
    """Yield what may be an id, an address or a name in what a folder is called: s001 - Ali Valiyev (ali@x.uz)."""
    shown = re.sub(r"\.zip$", "", shown, flags=re.IGNORECASE).strip()
    yield shown
    # What is called "Ali (2)" is the second copy of something, and nothing of student 2.
    yield from (each.strip() for each in _BRACKETS.findall(shown) if not _COPY.fullmatch(each.strip()))
    bare = _BRACKETS.sub(" ", shown).strip()
    yield bare
    yield bare.replace("_", " ")
    parts = [part for part in _BETWEEN.split(bare) if part]
    if len(parts) > 1:
        yield from parts
    number, _, name = bare.replace("_", " ").partition(" ")
    if any(map(str.isdigit, number)):
        yield number
        yield name


SYSTEM = System("folders", say("folders by person"), lambda _: True, _read)

"""Gradescope: "Export submissions" of a programming assignment.

Folders `submission_123` beside `submission_metadata.yml`, which says of each who handed it in (a group's submission
is everybody's) and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.downloads.download import Download, HandedIn, Hints, System
from grader.store.downloads.tree import File, Left, TooMuch, Tree

_ABOUT = "submission_metadata.yml"
# A class's metadata hold all results of the autograder, too.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _recognises(tree: Tree) -> bool:
    return any(file.path == (_ABOUT,) for file in tree.files)


def _read(tree: Tree, _: Hints) -> Download:
    about = next(file for file in tree.files if file.path == (_ABOUT,))
    told = _about(about, tree.shown)
    handed_in: list[HandedIn] = []
    left: list[Left] = []
    for file in tree.files:
        if file == about:
            continue
        people, moment = told.get(file.path[0], ((), None))
        if not people or len(file.path) == 1:
            left.append(Left(file.shown(), say("{file} does not say whose it is", file=_ABOUT)))
        handed_in += [
            HandedIn(key, person, file.path[1:], file, moment or file.changed, Trust.SYSTEM if moment else file.trust)
            for key, person in people
            if len(file.path) > 1
        ]
    return Download("gradescope", tree.shown, tuple(handed_in), (*tree.left, *left))


def _about(file: File, shown: str) -> dict[str, tuple[tuple[tuple[str, Person], ...], datetime | None]]:
    try:
        content = yaml.load(file.read(), Loader=_Loader)  # noqa: S506 - a safe one, in C
        if not isinstance(content, dict):
            raise ValueError("no mapping")
    except (yaml.YAMLError, ValueError, OSError, TooMuch, RecursionError) as error:
        words = str(error).partition("\n")[0]
        raise UsageFault(say("{file} cannot be read: {words}", file=f"{shown}: {_ABOUT}", words=words)) from None
    return {
        str(name): (tuple(_people(about)), _moment(about.get(":created_at")))
        for name, about in content.items()
        if isinstance(about, dict)
    }


def _people(about: Mapping[str, Any]) -> Iterator[tuple[str, Person]]:
    submitters = about.get(":submitters")
    for each in submitters if isinstance(submitters, list) else ():
        if isinstance(each, dict):
            name, number, email = (str(each.get(key) or "") for key in (":name", ":sid", ":email"))
            if name or number or email:
                yield email or number or name, Person((name,), email, number=number)


def _moment(found: object) -> datetime | None:
    """Return when it was handed in. Ruby writes a zone; without one it is UTC."""
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


SYSTEM = System("gradescope", say("Gradescope"), _recognises, _read)

"""Canvas: "Download Submissions" of an assignment.

Files `valiyevali_LATE_77_1234_4.5.py`: the sortable name in small letters without anything between its parts, LATE
where Canvas counts it so, the number of the user, that of the attachment, and the file's own name. A file that is
handed in again gets -1, -2, … `_text.html` was typed into Canvas, `_link.html` is an address.
"""

from __future__ import annotations

import re
from dataclasses import replace

from grader.core.people.clues import Person
from grader.core.words.message import Message, say
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.tree import File, Left, Tree
from grader.store.downloads.typed import typed

_NAME = re.compile(
    r"(?P<name>[^_/]*)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?:(?P<typed>text|link)\.html|(?P<attachment>\d+)_(?P<file>.+))",
    re.DOTALL,
)


def _recognises(tree: Tree) -> bool:
    tops = tree.tops()
    return mostly(sum(_NAME.fullmatch(top) is not None for top in tops), len(tops))


def _read(tree: Tree, _: Hints) -> Download:
    handed_in: list[HandedIn] = []
    left: list[Left] = []
    for file in tree.files:
        match = _NAME.fullmatch(file.path[0])
        if match is None:
            left.append(Left(file.shown(), say("it is not named as Canvas names submissions")))
        elif match["typed"] == "link" or match["file"] == "link.html":
            left.append(Left(file.shown(), say("this is an address; nothing is fetched from there")))
        elif match["typed"] or match["file"] == "text.html":
            found = typed(file)
            if isinstance(found, Message):
                left.append(Left(file.shown(), found))
            else:
                handed_in.append(replace(_handed_in(found[0], match), path=(found[1],)))
        else:
            handed_in.append(_handed_in(file, match))
    return Download("canvas", tree.shown, tuple(handed_in), (*tree.left, *left))


def _handed_in(file: File, match: re.Match[str]) -> HandedIn:
    anonymous = match["name"] == "anon"
    person = Person(joined="" if anonymous else match["name"], known_as={"canvas": (match["user"],)})
    # What was in a zip keeps its own folders.
    path = file.path[1:] or (match["file"] or file.name,)
    return HandedIn(match["user"], person, path, file, file.changed, file.trust, match["late"] is not None)


def comment_name(file: File) -> str | None:
    """Return the name under which Canvas takes a page back as a comment on this file's submission."""
    match = _NAME.fullmatch(file.path[0])
    if match is None or match["attachment"] is None:
        return None
    return f"{file.path[0][: match.start('file')]}feedback.html"


SYSTEM = System("canvas", say("Canvas"), _recognises, _read)

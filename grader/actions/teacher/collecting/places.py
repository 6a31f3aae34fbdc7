"""Where a download of folders by person lies: a folder's *Ali* is somebody in that download alone.

Groups' downloads are often called the same, so a name says too little.
"""

from __future__ import annotations

import json
from pathlib import Path

from grader.store.downloads.folders import SYSTEM as FOLDERS
from grader.store.students.submissions import ABOUT


def place_of(root: Path, source: Path) -> str:
    """Return what a download is called in matches.csv and in records: below the course from there, else in full."""
    path, course = source.resolve(), root.resolve()
    return f"./{path.relative_to(course).as_posix()}" if path.is_relative_to(course) else path.as_posix()


def lay_elsewhere(root: Path, name: str, place: str) -> bool:
    """Return whether work was recorded from another download of folders of this name.

    Lines of matches.csv that say the name only, from before places were told apart, are then said of that one.
    """
    for path in (root / "submissions").glob(f"*/*/*/{ABOUT}"):
        try:
            told = json.loads(path.read_bytes())["from"]
            its = (told["system"], told["download"], told["place"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if its[:2] == (FOLDERS.word, name) and its[2] != place:
            return True
    return False

"""What lies beside submissions: the records that say whose they are, and timestamps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from grader.core.course.policies.trust import Trust
from grader.store.students.plain_files import read_plain_file
from grader.store.students.submissions import ABOUT, trust_of

SUFFIXES = (".py", ".ipynb", ".yaml")
TIMESTAMP = "timestamp.txt"
# A record of `course submit` and a timestamp are short; a long one is somebody's trick.
_MOST_ABOUT = 64 * 2**10


def is_text(name: str) -> bool:
    """Return whether databases and files take this name: no null bytes, no halves of characters."""
    try:
        return "\0" not in name and bool(name.encode())
    except UnicodeEncodeError:
        return False


def stated_time(folder: Path) -> datetime | None:
    try:
        content, _ = read_plain_file(folder / TIMESTAMP, _MOST_ABOUT)
    except OSError:
        return None
    return stated_moment(content)


def stated_moment(content: bytes) -> datetime | None:
    """Return what timestamp.txt says, as nbgrader writes it: "2026-11-20 18:03:11 UTC"; None where that is no time."""
    try:
        moment = datetime.fromisoformat(content[:_MOST_ABOUT].decode().strip().removesuffix("UTC").strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def about_record(folder: Path, exercise: str) -> tuple[str, str, datetime, Trust | None] | None:
    """Return the student, the file's name and the time from a record; and, of work collected, the trust in it."""
    try:
        content, _ = read_plain_file(folder / ABOUT, _MOST_ABOUT)
        about = json.loads(content)
        student, name, moment = about["student"], about["file"], datetime.fromisoformat(about["time"])
        if not (isinstance(student, str) and is_text(student) and moment.tzinfo):
            return None
        if name not in {exercise + end for end in SUFFIXES}:
            return None
        return student, name, moment.astimezone(UTC), trust_of(about) if "trust" in about else None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None

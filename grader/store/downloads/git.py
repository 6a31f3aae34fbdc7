"""Who committed to a repository that a student made, and when: asked of git without believing the repository.

A repository's own configuration can name programs that git then runs. So git is given an empty repository of ours,
and theirs only as a store of objects.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.store.students.plain_files import read_plain_file

_COMMITS = 50
_SECONDS = 20
_MOST_READ = 4 * 2**20
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"refs/heads/[\w./@+-]{1,200}")


@dataclass(frozen=True)
class History:
    """What the last commits say; students can write anything into them.

    Attributes:
        authors: names and addresses.
        last: when the last one was made, by the clock of whoever made it.
    """

    authors: tuple[str, ...] = ()
    last: datetime | None = None


def is_repository(folder: Path) -> bool:
    """Return whether a folder is a checkout with its own history."""
    git = folder / ".git"
    return git.is_dir() and not git.is_symlink() and not folder.is_symlink()


class Git:
    """Reads histories. Where this machine has no git, nothing is known of any."""

    def __init__(self, empty: Path | None) -> None:
        self._empty = empty

    def history(self, folder: Path) -> History:
        """Return what the last commits of a checkout say."""
        git = folder.absolute() / ".git"
        objects, head = git / "objects", _head(git)
        if self._empty is None or head is None or objects.is_symlink() or not objects.is_dir():
            return History()
        shown = ("log", f"--max-count={_COMMITS}", "--no-show-signature", "--format=%an%x00%ae%x00%ct", head, "--")
        told = _git(self._empty, *shown, objects=objects)
        rows = [line.split("\0") for line in (told or "").splitlines()]
        rows = [row for row in rows if len(row) == 3]
        authors = dict.fromkeys(text for name, email, _ in rows for text in (email, name) if text)
        return History(tuple(authors), _moment(rows[0][2]) if rows else None)


@contextmanager
def reading_histories() -> Iterator[Git]:
    """Yield what reads histories."""
    with tempfile.TemporaryDirectory(prefix="course-git-") as folder:
        empty = Path(folder)
        made = _git(empty, "init", "--quiet", "--bare", ".") is not None
        yield Git(empty if made else None)


def _git(repository: Path, *arguments: str, objects: Path | None = None) -> str | None:
    own = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    if objects is not None:
        own |= {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects), "GIT_DIR": str(repository)}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            env={**inherited, **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout[:_MOST_READ].decode("utf-8", "replace") if done.returncode == 0 else None


def _head(git: Path) -> str | None:
    """Return the commit that is checked out, read without git."""
    text = _text(git / "HEAD").strip()
    if not text.startswith("ref: "):
        return text if _HASH.fullmatch(text) else None
    name = text.removeprefix("ref: ")
    if not _REF.fullmatch(name) or ".." in name:
        return None
    loose = _text(git / name).strip()
    if _HASH.fullmatch(loose):
        return loose
    packed = (line.partition(" ") for line in _text(git / "packed-refs").splitlines())
    return next((hash for hash, _, each in packed if each == name and _HASH.fullmatch(hash)), None)


def _text(path: Path) -> str:
    try:
        return read_plain_file(path, _MOST_READ)[0].decode("utf-8", "replace")
    except OSError:
        return ""


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None

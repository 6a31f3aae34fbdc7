"""Finds the submissions of a class on disk.

Two layouts, which may be mixed: `<student>/<id>.py` (or .ipynb, .yaml), as people collect them, and what
`course submit` records, `<student>/<id>/<time>-<hash>/`. Students made these trees: links are not followed, and
whatever is not understood is listed.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.store.students.submissions import DRAFT, folder_name

SUFFIXES = (".py", ".ipynb", ".yaml")
MOST_BYTES = 32 * 2**20
# A record of `course submit` and a timestamp are short; a long one is somebody's trick.
_MOST_ABOUT = 64 * 2**10
# What operating systems and editors leave behind, and what this tool keeps in the same place.
TIMESTAMP = "timestamp.txt"
# Among the records of an exercise: how many hints were given.
HINTS = "hints.json"
_NOT_WORK = frozenset({"roster.csv", TIMESTAMP, ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".gitignore"})
_LINK = say("links are not followed")
_NOT_WORK_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints", "__MACOSX", ".git"})


@dataclass(frozen=True)
class FoundSubmission:
    """One submission on disk. `sha256` is of its bytes when it was found."""

    student: str
    exercise: str
    path: Path
    submitted: datetime
    sha256: str


@dataclass(frozen=True)
class Unknown:
    """Something in the tree that is not a submission, and why."""

    path: Path
    why: Message


class ClassFiles:
    """The submissions below `folder`; `exercise_ids` are those that the course has."""

    def __init__(self, folder: Path, exercise_ids: Collection[str]) -> None:
        self._folder = folder
        self._ids = frozenset(exercise_ids)
        self.unknown: list[Unknown] = []
        self.students: list[str] = []
        self.submissions: list[FoundSubmission] = []

    def read(self) -> ClassFiles:
        """Walk the tree once.

        Raises:
            UsageFault: where the folder cannot be read.
        """
        try:
            entries = _entries(self._folder)
        except OSError as error:
            words = error.strerror or ""
            raise UsageFault(say("{file} cannot be read: {words}", file=self._folder, words=words)) from None
        for entry in entries:
            if entry.name in _NOT_WORK or entry.name in _NOT_WORK_FOLDERS:
                continue
            if entry.is_dir(follow_symlinks=False):
                self._read_student(entry)
            elif entry.is_symlink():
                self._note(entry, _LINK)
            else:
                self._note(entry, say("expected one folder per student"))
        self._refuse_twins()
        self.students = list(dict.fromkeys(self.students))
        self.submissions.sort(key=lambda found: (found.student, found.exercise, found.submitted))
        return self

    def _read_student(self, owner: os.DirEntry[str]) -> None:
        folder, student = Path(owner.path), _student_of(owner.name)
        if not is_text(student):
            self._note(owner, say("its name is not valid UTF-8"))
            return
        before = len(self.submissions)
        self._read_work(folder, student)
        # A folder's name is cut where the student's is long; the records in it hold all of it.
        self.students += dict.fromkeys(found.student for found in self.submissions[before:]) or [
            unicodedata.normalize("NFC", student)
        ]

    def _refuse_twins(self) -> None:
        """Leave out work in two folders of one student, and tell which students' names can be confused."""
        folders: dict[str, list[Path]] = {}
        for found in self.submissions:
            if found.path.parent.parent == self._folder:
                folders.setdefault(found.student, []).append(found.path.parent)
        for twins in [list(dict.fromkeys(each)) for each in folders.values() if len(set(each)) > 1]:
            for folder in twins:
                others = ", ".join(twin.name for twin in twins if twin != folder)
                why = say("{others} is the same student; keep the work of one student in one folder", others=others)
                self.unknown.append(Unknown(folder, why))
            self.submissions = [each for each in self.submissions if each.path.parent not in twins]
        by_look: dict[str, list[str]] = {}
        for student in dict.fromkeys(self.students):
            by_look.setdefault(_look(student), []).append(student)
        for alike in by_look.values():
            for student in alike[1:]:
                why = say(
                    "graded as a student other than {other}: the names differ in what is hard to see", other=alike[0]
                )
                self.unknown.append(Unknown(self._folder / student, why))

    def _read_work(self, folder: Path, student: str) -> None:
        entries = self._inside(folder)
        stamp = next((entry for entry in entries if entry.name == TIMESTAMP), None)
        told = _stated_time(folder) if stamp is not None else None
        if stamp is not None and told is None:
            example = "2026-11-20 18:03:11 UTC"
            self._note(
                stamp, say("not a time such as {example}; the times of the files are used instead", example=example)
            )
        for entry in entries:
            if entry.name in _NOT_WORK or entry.name in _NOT_WORK_FOLDERS:
                continue
            name = Path(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name in self._ids:
                    self._read_recorded(Path(entry.path), folder.name, entry.name)
                else:
                    self._note(entry, say("this course has no exercise {name}", name=entry.name))
            elif entry.is_symlink() and entry.name in self._ids:
                self._note(entry, _LINK)
            elif name.suffix not in SUFFIXES:
                self._note(entry, say("a submission must end in {suffixes}", suffixes=", ".join(SUFFIXES)))
            elif name.stem not in self._ids:
                self._note(entry, say("this course has no exercise {name}", name=name.stem))
            else:
                self._add(entry, student, name.stem, told)

    def _read_recorded(self, folder: Path, owner: str, exercise: str) -> None:
        for entry in self._inside(folder):
            if entry.name == HINTS or entry.name.startswith(DRAFT):
                continue
            about = _about(Path(entry.path), exercise) if entry.is_dir(follow_symlinks=False) else None
            if about is None:
                self._note(entry, say("not a record of course submit"))
                continue
            student, name, submitted = about
            if folder_name(student) != owner:
                self._note(entry, say("it belongs to another student: {student}", student=student))
                continue
            works = [each for each in self._inside(Path(entry.path)) if each.name == name]
            for work in works:
                self._add(work, student, exercise, submitted)
            if not works:
                self._note(entry, say("{file} is missing", file=name))

    def _add(self, entry: os.DirEntry[str], student: str, exercise: str, submitted: datetime | None) -> None:
        if entry.is_symlink():
            self._note(entry, _LINK)
            return
        try:
            content, changed = read_plain_file(entry.path)
        except OSError as error:
            self._note(entry, say("it cannot be read: {words}", words=error.strerror or str(error)))
            return
        # macOS takes letters and their accents apart; in the roster they are one.
        student = unicodedata.normalize("NFC", student)
        digest = hashlib.sha256(content).hexdigest()
        self.submissions.append(FoundSubmission(student, exercise, Path(entry.path), submitted or changed, digest))

    def _inside(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            return _entries(folder)
        except OSError as error:
            self.unknown.append(Unknown(folder, say("it cannot be read: {words}", words=error.strerror or "")))
            return []

    def _note(self, entry: os.DirEntry[str], why: Message) -> None:
        self.unknown.append(Unknown(Path(entry.path), why))


def _student_of(folder: str) -> str:
    """Return whose folder it is: its name, unless that is how `folder_name` writes another one."""
    student = unquote(folder, errors="surrogateescape")
    return student if is_text(student) and folder_name(student) == folder else folder


def _look(student: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", student).casefold().split())


def read_plain_file(path: str | Path, most: int = MOST_BYTES) -> tuple[bytes, datetime]:
    """Return a file's first bytes, up to more than any submission may have, and when it was changed.

    Raises:
        OSError: where it is unreadable or no plain file: a link could lead to another's work, a pipe never ends.
    """
    # On Windows, such links need a privilege that students' machines do not grant.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(0, "no plain file")
        return _read(descriptor, about.st_size, most), datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError):
        raise OSError(0, "its time is out of range") from None
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, most: int) -> bytes:
    """Return what is there, also where it grows meanwhile; room for the most that is allowed would cost more."""
    parts = [os.read(descriptor, min(size + 1, most))]
    while parts[-1] and (left := most - sum(map(len, parts))):
        parts.append(os.read(descriptor, min(1 << 20, left)))
    return b"".join(parts)


def is_text(name: str) -> bool:
    """Return whether databases and files take this name: no null bytes, no halves of characters."""
    try:
        return "\0" not in name and bool(name.encode())
    except UnicodeEncodeError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _stated_time(folder: Path) -> datetime | None:
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


def _about(folder: Path, exercise: str) -> tuple[str, str, datetime] | None:
    """Return the student, the file's name and the time from the record that `course submit` wrote."""
    try:
        content, _ = read_plain_file(folder / "submission.json", _MOST_ABOUT)
        about = json.loads(content)
        student, name, moment = about["student"], about["file"], datetime.fromisoformat(about["time"])
        if not (isinstance(student, str) and is_text(student) and moment.tzinfo):
            return None
        return (student, name, moment.astimezone(UTC)) if name in {exercise + end for end in SUFFIXES} else None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None

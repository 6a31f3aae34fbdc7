"""The files of a download: a folder, a zip, or zips in these, read without unpacking anything.

Students made what is in them, so reading is bounded in every way: entries, bytes, archives in archives. Names are
labels and never paths of this machine; links are not followed.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from grader.core.course.policies.trust import Trust
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, clean, say
from grader.store.downloads.archive import Archive, NotAnArchive, open_archive, open_inner
from grader.store.students.plain_files import read_plain_file

MOST_FILES = 100_000
MOST_BYTES = 32 * 2**20
_DEEPEST = 3
# Of one archive that lies in a download, with all archives in it: the bytes of these, and all their names. A class's
# together are not bounded, or one student could have nothing of the others read.
_MOST_INNER = 512 * 2**20
_MOST_NAMES = 20_000
# Archives in archives that are kept in memory, each with at most MOST_BYTES.
_MOST_KEPT = 4
_LINK = say("links are not followed")
_JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
# What systems, editors and environments leave behind: none of it is a student's own work.
_NOT_WORK = frozenset(
    {"__pycache__", ".ipynb_checkpoints", "__macosx", ".git", ".idea", ".vscode", "node_modules", "site-packages"}
    | {".venv", "venv", ".mypy_cache", ".pytest_cache"}
)


class TooMuch(Exception):
    """A file, or what was unpacked to reach it, is larger than anything that may be handed in."""


@dataclass(frozen=True)
class File:
    """One file of a download.

    Attributes:
        path: its folders and its name, below the download.
        changed: the time that the archive or the file system gives it; in an archive that a student packed, that of
            the archive.
        read: returns its bytes. It raises OSError or TooMuch.
    """

    path: tuple[str, ...]
    changed: datetime | None
    trust: Trust
    read: Callable[[], bytes] = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.path[-1]

    def shown(self) -> str:
        return _shown(self.path)


@dataclass(frozen=True)
class Left:
    """What was not read, and why."""

    path: str
    why: Message


@dataclass(frozen=True)
class Tree:
    """All files of a download.

    Attributes:
        shown: how messages call the download.
        place: the folder, where it is one.
    """

    shown: str
    files: tuple[File, ...]
    left: tuple[Left, ...] = ()
    place: Path | None = None

    def tops(self) -> Counter[str]:
        """Return the names of the first level, with how many files lie below each."""
        return Counter(file.path[0] for file in self.files)

    def below_one(self) -> Tree | None:
        """Return the tree below the one folder that holds everything; None where there is no such folder."""
        tops = {file.path[0] for file in self.files}
        if len(tops) != 1 or any(len(file.path) == 1 for file in self.files):
            return None
        files = tuple(File(file.path[1:], file.changed, file.trust, file.read) for file in self.files)
        (top,) = tops
        return Tree(self.shown, files, self.left, self.place and self.place / top)


def read_tree(source: Path, zone: tzinfo) -> Tree:
    """Return the files of a download.

    Args:
        zone: of the times in archives, which say none.

    Raises:
        UsageFault: where it cannot be read, is neither a folder nor a zip, or holds too many files.
    """
    reading = _Reading(zone)
    try:
        if source.is_dir():
            reading.folder(source, ())
            return reading.tree(source, source)
        archive = open_archive(source.open("rb"))
    except NotAnArchive as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=source, words=error.why)) from None
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=source, words=error.strerror or "")) from None
    reading.outermost(archive)
    return reading.tree(source, None)


@dataclass
class _Budget:
    """What may still be unpacked of one archive that lies in a download, with all archives in it."""

    inner: int = field(default_factory=lambda: _MOST_INNER)
    names: int = field(default_factory=lambda: _MOST_NAMES)


@dataclass
class _Reading:
    zone: tzinfo
    files: list[File] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    count: int = 0
    kept: deque[tuple[File, Archive]] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))

    def tree(self, source: Path, place: Path | None) -> Tree:
        looks = Counter(_look(file.path) for file in self.files)
        twins = [file for file in self.files if looks[_look(file.path)] > 1]
        self.left += [Left(file.shown(), say("several files have this name")) for file in twins]
        files = tuple(file for file in self.files if looks[_look(file.path)] == 1)
        return Tree(str(source), files, tuple(self.left), place)

    def folder(self, folder: Path, path: tuple[str, ...]) -> None:
        """Read a folder and those below it, without recursion: students choose how deep they lie."""
        waiting = [(folder, path)]
        while waiting:
            folder, path = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                if not path:
                    raise
                self._leave(path, error)
                continue
            for entry in entries:
                name = (*path, unicodedata.normalize("NFC", entry.name.encode("utf-8", "replace").decode()))
                if _is_junk(name[-1]):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry.path), name))
                    else:
                        self._on_disk(entry, name)
                except OSError as error:
                    self._leave(name, error)

    def outermost(self, archive: Archive) -> None:
        """Read the archive that is the download."""
        for name, why in archive.left:
            self._counted((name,))
            self.left.append(Left(_shown((name,)), why))
        for entry in archive.entries:
            if not any(map(_is_junk, entry.path)):
                self._counted(entry.path)
                file = File(entry.path, entry.moment(self.zone), Trust.ARCHIVE, _bounded(entry.read))
                self._add(file, 1, _Budget())

    def _counted(self, path: tuple[str, ...]) -> None:
        self.count += 1
        if self.count > MOST_FILES:
            raise UsageFault(say("{file}: more than {count} files", file=_shown(path), count=MOST_FILES))

    def _leave(self, path: tuple[str, ...], error: OSError) -> None:
        self.left.append(Left(_shown(path), say("it cannot be read: {words}", words=error.strerror or str(error))))

    def _on_disk(self, entry: os.DirEntry[str], path: tuple[str, ...]) -> None:
        self._counted(path)
        if entry.is_symlink():
            self.left.append(Left(_shown(path), _LINK))
        elif stat.S_ISREG(entry.stat().st_mode):
            changed = _moment(entry.stat().st_mtime, self.zone)
            self._add(File(path, changed, Trust.FILE, _reader(Path(entry.path))), 0, _Budget())

    def _add(self, file: File, depth: int, budget: _Budget) -> None:
        if not file.name.lower().endswith(".zip"):
            self.files.append(file)
            return
        try:
            self._open(file, depth, budget)
        except NotAnArchive as error:
            self.left.append(Left(file.shown(), error.why))
        except TooMuch:
            self.left.append(Left(file.shown(), say("it is too large")))
        except OSError as error:
            self._leave(file.path, error)

    def _open(self, file: File, depth: int, budget: _Budget) -> None:
        if depth >= _DEEPEST:
            raise NotAnArchive(say("archives in archives are opened three deep"))
        if budget.inner <= 0:
            most = f"{_MOST_INNER >> 20} MiB"
            raise NotAnArchive(
                say(
                    "together with the archives beside it, it is over {most}; unpack it, and give the folder", most=most
                )
            )
        archive = self._unpacked(file, budget)
        # What is no work counts little, as a .git holds thousands; not nothing, or it could be listed without end.
        junk = sum(any(map(_is_junk, entry.path)) for entry in archive.entries)
        budget.names -= len(archive.entries) - junk + junk // 10 + len(archive.left)
        self.left += [Left(_shown((*file.path, name)), why) for name, why in archive.left]
        for at, entry in enumerate(archive.entries):
            if not any(map(_is_junk, entry.path)):
                read = _bounded(partial(self._read, file, at))
                self._add(File((*file.path, *entry.path), file.changed, file.trust, read), depth + 1, budget)

    def _unpacked(self, file: File, budget: _Budget) -> Archive:
        # What turns out to be too large or damaged was unpacked, too.
        size = MOST_BYTES
        try:
            content = file.read()
            size = len(content)
        finally:
            budget.inner -= size
        archive = open_inner(content, budget.names)
        self.kept.append((file, archive))
        return archive

    def _read(self, file: File, at: int) -> bytes:
        """Return an entry of an archive in an archive, which is unpacked again where it was not used of late.

        All archives of a class together would fill the memory.
        """
        archive = next((archive for each, archive in self.kept if each is file), None)
        try:
            archive = archive or self._unpacked(file, _Budget())
            entry = archive.entries[at]
        except (NotAnArchive, IndexError):
            raise OSError(0, "it has changed") from None
        return entry.read()


def _is_junk(name: str) -> bool:
    name = name.casefold()
    return name in _JUNK or name in _NOT_WORK or name.startswith(("._", "~$"))


def _shown(path: tuple[str, ...]) -> str:
    # A line break in a name must not look like two files.
    return clean("/".join(path)).replace("\n", "?").replace("\t", "?")


def _moment(seconds: float, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError):
        raise OSError(0, "its time is out of range") from None


def _look(path: tuple[str, ...]) -> str:
    """Return a path as file systems that know neither case nor accents' ways of writing would hold it."""
    return unicodedata.normalize("NFC", "/".join(path)).casefold()


def _reader(path: Path) -> Callable[[], bytes]:
    return _bounded(lambda: read_plain_file(path, MOST_BYTES + 1)[0])


def _bounded(read: Callable[[], bytes]) -> Callable[[], bytes]:
    def bounded() -> bytes:
        content = read()
        if len(content) > MOST_BYTES:
            raise TooMuch
        return content

    return bounded

"""Finds the submissions of a class on disk.

Two layouts, which may be mixed: `<student>/<id>.py` (or .ipynb, .yaml), as people collect them, and what
`course submit` records, `<student>/<id>/<time>-<hash>/`. Students made these trees: links are not followed, and
whatever is not understood is listed.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from grader.core.course.file_names import exercises_named, parted
from grader.core.course.policies.trust import Trust
from grader.core.people.names import plain
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.store.students.found import FoundSubmission, Unknown, best_of, read_found
from grader.store.students.plain_files import read_plain_file
from grader.store.students.records import SUFFIXES, TIMESTAMP, about_record, is_text, stated_time
from grader.store.students.submissions import DRAFT, SET_ASIDE, folder_name

# What operating systems and editors leave behind, and what this tool keeps in the same place.
# Among the records of an exercise: how many hints were given.
HINTS = "hints.json"
_NOT_WORK = frozenset({"roster.csv", TIMESTAMP, ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".gitignore"})
_LINK = say("links are not followed")
_NOT_WORK_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints", "__MACOSX", ".git"})


def is_class(folder: Path, exercise_ids: Collection[str], students: Collection[str]) -> bool:
    """Return whether a folder holds one for each student, called by their ids, with work in it that is ours to read."""
    try:
        own = [entry for entry in _entries(folder) if _student_of(entry.name) in students and entry.is_dir()]
        inside = (entry.name for owner in own for entry in _entries(Path(owner.path)))
        return any(exercises_named((name,), exercise_ids) or name == TIMESTAMP for name in inside)
    except OSError:
        # Whoever reads it says why it cannot be read.
        return True


class ClassFiles:
    """The submissions below `folder`.

    Args:
        exercise_ids: those that the course has.
        several: of those that are handed in as several files, the names of these.
    """

    def __init__(
        self, folder: Path, exercise_ids: Collection[str], several: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self._folder = folder
        self._several = several or {}
        self._ids = frozenset(exercise_ids)
        self.unknown: list[Unknown] = []
        self.students: list[str] = []
        self.submissions: list[FoundSubmission] = []
        self.renamed: list[FoundSubmission] = []

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
        self.submissions = sorted(
            best_of(self.submissions), key=lambda each: (each.student, each.exercise, each.submitted)
        )
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
            if (owner := self._owner(found)) is not None:
                folders.setdefault(found.student, []).append(owner)
        for twins in [list(dict.fromkeys(each)) for each in folders.values() if len(set(each)) > 1]:
            for folder in twins:
                others = ", ".join(twin.name for twin in twins if twin != folder)
                why = say("{others} is the same student; keep the work of one student in one folder", others=others)
                self.unknown.append(Unknown(folder, why))
            self.submissions = [each for each in self.submissions if self._owner(each) not in twins]
        by_look: dict[str, list[str]] = {}
        for student in dict.fromkeys(self.students):
            by_look.setdefault(plain(student), []).append(student)
        for alike in by_look.values():
            for student in alike[1:]:
                why = say(
                    "graded as a student other than {other}: the names differ in what is hard to see", other=alike[0]
                )
                self.unknown.append(Unknown(self._folder / student, why))

    def _owner(self, found: FoundSubmission) -> Path | None:
        """Return the student's folder that work lies in; None of a record, which says itself whose it is."""
        folder = found.path.parent
        if folder.parent != self._folder and folder.name == found.exercise:
            folder = folder.parent
        return folder if folder.parent == self._folder else None

    def _read_work(self, folder: Path, student: str) -> None:
        entries = self._inside(folder)
        stamp = next((entry for entry in entries if entry.name == TIMESTAMP), None)
        told = stated_time(folder) if stamp is not None else None
        if stamp is not None and told is None:
            example = "2026-11-20 18:03:11 UTC"
            self._note(
                stamp, say("not a time such as {example}; the times of the files are used instead", example=example)
            )
        works = {entry.name for entry in entries if Path(entry.name).suffix in SUFFIXES}
        answered = {name.rpartition(".")[0] for name in works} & self._ids
        others: dict[str, list[tuple[os.DirEntry[str], str]]] = {}
        for entry in entries:
            if entry.name in _NOT_WORK or entry.name in _NOT_WORK_FOLDERS:
                continue
            name = Path(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name in self._ids:
                    self._read_exercise(Path(entry.path), folder.name, student, entry.name, told)
                else:
                    self._note(entry, say("this course has no exercise {name}", name=entry.name))
            elif entry.is_symlink() and entry.name in self._ids:
                self._note(entry, _LINK)
            elif name.stem in self._ids and name.suffix in SUFFIXES:
                self._add(entry, student, name.stem, name.suffix, told)
            elif not is_text(entry.name):
                self._note(entry, say("this course has no exercise {name}", name=name.stem))
            elif (end := parted(entry.name)) is None:
                why = say("a submission must end in {suffixes}", suffixes=", ".join(SUFFIXES))
                self._note(entry, why, maybe_work=bool(exercises_named((entry.name,), self._ids)))
            elif len(named := exercises_named((entry.name,), self._ids)) == 1 and named[0] in answered:
                self._note(entry, say("{id} is there under its right name, and that file counts", id=named[0]))
            elif len(named) == 1:
                others.setdefault(named[0], []).append((entry, end[1]))
            else:
                self._note(entry, say("this course has no exercise {name}", name=name.stem))
        for exercise, found in others.items():
            self._add_renamed(found, student, exercise, told)

    def _add_renamed(
        self, found: list[tuple[os.DirEntry[str], str]], student: str, exercise: str, told: datetime | None
    ) -> None:
        """Take the one file that browsers and people named in their own way, where none has the right name."""
        if len(found) > 1:
            for entry, _ in found:
                self._note(entry, say("several files could be {id}; name the right one {id}", id=exercise))
            return
        before = len(self.submissions)
        ((entry, suffix),) = found
        self._add(entry, student, exercise, suffix, told)
        self.renamed += self.submissions[before:]

    def _read_exercise(self, folder: Path, owner: str, student: str, exercise: str, told: datetime | None) -> None:
        """Read a folder of records, or one in which a student worked, with what the program reads beside it."""
        entries = self._inside(folder)
        own = {f"{exercise}{suffix}" for suffix in SUFFIXES}
        program = [entry for entry in entries if entry.name in own and not entry.is_dir(follow_symlinks=False)]
        names = self._several.get(exercise, ())
        if any(entry.name in names for entry in entries):
            self._add_several(folder, student, exercise, told, names)
        elif program:
            for entry in program:
                self._add(entry, student, exercise, Path(entry.name).suffix, told)
        else:
            self._read_recorded(entries, owner, exercise)

    def _add_several(
        self, folder: Path, student: str, exercise: str, told: datetime | None, names: tuple[str, ...]
    ) -> None:
        path = folder / f"{exercise}.py"
        try:
            content, changed = read_found(path, names)
        except OSError as error:
            self.unknown.append(Unknown(folder, say("it cannot be read: {words}", words=error.strerror or str(error))))
            return
        student = unicodedata.normalize("NFC", student)
        digest = hashlib.sha256(content).hexdigest()
        when, trust = (told, Trust.SYSTEM) if told is not None else (changed, Trust.FILE)
        self.submissions.append(FoundSubmission(student, exercise, path, when, digest, ".py", trust, names=names))

    def _read_recorded(self, entries: Sequence[os.DirEntry[str]], owner: str, exercise: str) -> None:
        for entry in entries:
            if entry.name == HINTS or entry.name.startswith(DRAFT):
                continue
            if os.path.lexists(Path(entry.path) / SET_ASIDE):
                continue
            about = about_record(Path(entry.path), exercise) if entry.is_dir(follow_symlinks=False) else None
            if about is None:
                self._note(entry, say("not a record of course submit"))
                continue
            student, name, submitted, trust = about
            if folder_name(student) != owner:
                self._note(entry, say("it belongs to another student: {student}", student=student))
                continue
            works = [each for each in self._inside(Path(entry.path)) if each.name == name]
            for work in works:
                self._add(
                    work,
                    student,
                    exercise,
                    Path(name).suffix,
                    submitted,
                    Trust.SERVER if trust is None else trust,
                    trust is not None,
                )
            if not works:
                self._note(entry, say("{file} is missing", file=name))

    def _add(
        self,
        entry: os.DirEntry[str],
        student: str,
        exercise: str,
        suffix: str,
        submitted: datetime | None,
        trust: Trust = Trust.SYSTEM,
        collected: bool = False,
    ) -> None:
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
        when, trust = (submitted, trust) if submitted is not None else (changed, Trust.FILE)
        found = FoundSubmission(student, exercise, Path(entry.path), when, digest, suffix, trust, collected)
        self.submissions.append(found)

    def _inside(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            return _entries(folder)
        except OSError as error:
            self.unknown.append(Unknown(folder, say("it cannot be read: {words}", words=error.strerror or "")))
            return []

    def _note(self, entry: os.DirEntry[str], why: Message, maybe_work: bool = True) -> None:
        self.unknown.append(Unknown(Path(entry.path), why, maybe_work))


def _student_of(folder: str) -> str:
    """Return whose folder it is: its name, unless that is how `folder_name` writes another one."""
    student = unquote(folder, errors="surrogateescape")
    return student if is_text(student) and folder_name(student) == folder else folder


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)

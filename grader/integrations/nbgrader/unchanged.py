"""Knows without importing nbgrader, which takes seconds, that nothing has changed since an assignment was graded.

What a run rested on and what it wrote is kept as digests beside what was judged: the submitted notebooks, nbgrader's
settings, its gradebook's very bytes, and the graded notebooks. A mark set in formgrader is a change like any other.
Gradebooks that are no files of SQLite's are always looked into.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from jupyter_core.application import JupyterApp
from traitlets.config import Application

from grader import __version__
from grader.actions.teacher.results.said import SaidAbout, SaidOf
from grader.store.course.course_files import CourseFiles
from grader.store.machine.cache import content_key
from grader.store.machine.files import write_whole
from grader.store.students.plain_files import read_plain_file

if TYPE_CHECKING:
    from grader.store.grades.gradebook import Recorded

JUDGED = "judged"
_WORK = ("*.ipynb", "timestamp.txt")
# What SQLite keeps beside a gradebook that somebody is writing.
_BESIDE = ("", "-wal", "-journal")
_CODE = re.compile(r"plugin_class|<class|\b0x[0-9a-f]+")


@dataclass(frozen=True)
class Place:
    """Where folders are that people handed in: all that `pattern` finds below `base`."""

    base: str
    pattern: str

    def folders(self) -> list[Path]:
        return sorted(Path(self.base).glob(self.pattern))


@dataclass(frozen=True)
class Graded:
    """What a run left that graded everybody.

    Attributes:
        root: nbgrader's folder as it was then: a copy of it is another course.
        submitted: where the notebooks are that it read.
        only: the exercises that the assignment is about.
        database: the file of nbgrader's gradebook, empty where it is none of SQLite's; `shown` is for people.
        written: the folders of graded notebooks.
        notes: what was odd, as it was told.
    """

    root: str
    submitted: Place
    only: tuple[str, ...]
    database: str
    shown: str
    written: tuple[str, ...]
    notebooks: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Seal:
    """What a run left, and digests of what was handed in, of the results, and of all else."""

    graded: Graded
    handed_in: str
    results: str
    rest: str


_SEAL = msgspec.json.Decoder(Seal)


def default_place(root: Path, assignment: str) -> Place:
    """Return where nbgrader looks for submissions where nothing else is said."""
    return Place(str(root.resolve()), f"submitted/*/{assignment}")


@dataclass(frozen=True)
class HandedIn:
    """What a first look at submissions finds: a digest of them, and how many notebooks there are."""

    digest: str
    notebooks: int


def handed_in(folders: Iterable[Path]) -> HandedIn:
    """Look at what lies in these folders."""
    parts: list[str | bytes] = []
    notebooks = 0
    for path in (path for folder in folders for pattern in _WORK for path in sorted(folder.glob(pattern))):
        parts.append(os.fsencode(path))
        try:
            content, changed = read_plain_file(path)
        except OSError as error:
            parts.append(str(error))
            continue
        parts += [changed.isoformat(), hashlib.sha256(content).digest()]
        notebooks += path.suffix == ".ipynb"
    return HandedIn(content_key(parts), notebooks)


def read_seal(root: Path, assignment: str) -> Seal | None:
    """Return what the last run left that graded everybody; None where none did."""
    try:
        seal = _SEAL.decode(_path(root, assignment).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    return seal if seal.graded.root == str(root) else None


def keep_seal(root: Path, assignment: str, seal: Seal) -> None:
    """Keep what a run left. Where it cannot be written, the next run does more than it had to."""
    # A name that is no text has no JSON.
    with suppress(OSError, UnicodeEncodeError):
        write_whole(_path(root, assignment), msgspec.json.encode(seal))


def is_judged(root: Path, assignment: str, student: str) -> bool:
    """Return whether something of this student's has been judged already."""
    return (root / JUDGED / assignment / folder_of(student)).exists()


def folder_of(student: str) -> str:
    """Return the name of the folder of what is judged; the engine reads a % in it as the beginning of a code."""
    return student.replace("%", "%25")


def results_of(recorded: Iterable[Recorded], only: Sequence[str], said: SaidAbout) -> str:
    """Return the digest of all results of these exercises, and of what teachers say of them."""
    wanted = set(only)
    kept = [
        (each.student, each.exercise, each.sha256, each.result, _said(said(each.student, each.exercise, "")))
        for each in recorded
        if each.exercise in wanted
    ]
    return content_key([json.dumps(sorted(kept))])


def _said(said: SaidOf) -> list[tuple[str, str]]:
    return sorted((cause, each.shown) for cause, each in said.on_causes.items())


def rest_of(files: CourseFiles, root: Path, assignment: str, language: str, graded: Graded) -> str:
    """Return the digest of all that a run rests on besides what was handed in and its results, and that it wrote."""
    written = [root / JUDGED / assignment, *map(Path, graded.written)]
    told = (__version__, version("nbgrader"), language, *_settings(root))
    database = [Path(graded.database + end) for end in _BESIDE]
    exercises = [files.root / "exercises" / id / "exercise.yaml" for id in files.exercise_ids()]
    return content_key([*told, *_contents(database), *_contents(exercises), *_contents(_below(written))])


def _path(root: Path, assignment: str) -> Path:
    return root / JUDGED / f"{assignment}.json"


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if not path.is_dir())


def _contents(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
        except OSError:
            digest = b""
        yield os.fsencode(path)
        yield digest


class _Settings(JupyterApp):
    """Reads nbgrader_config from wherever nbgrader reads it."""

    config_file_name = "nbgrader_config"
    log_level = logging.CRITICAL


def _settings(root: Path) -> Iterator[str | bytes]:
    """Yield what nbgrader is told, and the files that tell it: one that cannot be read tells nothing."""
    app = _Settings()
    app.load_config_file()
    for folder in (Path.cwd(), root.resolve()):
        Application.load_config_file(app, "nbgrader_config", str(folder))
    told = repr(app.config)
    # What code does that is named there cannot be known without running it.
    yield os.urandom(16) if _CODE.search(told) else told
    folders = (*app.config_file_paths, Path.cwd(), root.resolve())
    yield from _contents(Path(str(folder), f"nbgrader_config.{end}") for folder in folders for end in ("py", "json"))

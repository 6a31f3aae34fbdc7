"""nbgrader's own course folder: its configuration, its gradebook, and the trees of notebooks that it keeps."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from nbgrader.utils import parse_utc

from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.integrations.nbgrader.unchanged import Place

# How long another program may hold nbgrader's gradebook, in seconds.
WAIT = 60.0
_LONGEST_TIME = 100


@dataclass(frozen=True)
class SourceCell:
    """A cell of the assignment as nbgrader keeps it: what may not change, and what it is worth.

    Attributes:
        points: None where it carries none.
    """

    grade_id: str
    kind: str
    text: str
    locked: bool
    solution: bool
    task: bool
    points: float | None
    checksum: str | None

    def metadata(self) -> dict[str, Any]:
        """Return what nbgrader keeps in a cell about it."""
        points = {} if self.points is None else {"points": self.points}
        checksum = {} if self.checksum is None else {"checksum": self.checksum}
        grade = self.points is not None and not self.task
        return {
            "grade_id": self.grade_id, "grade": grade, "solution": self.solution, "locked": self.locked,
            "task": self.task, "cell_type": self.kind, **points, **checksum,
        }  # fmt: skip


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook of the assignment, its cells in order."""

    name: str
    kernel: Any
    cells: Mapping[str, SourceCell]


class NbgraderCourse:
    """The course folder `root` of nbgrader, as its nbgrader_config.py sets it up.

    Raises:
        UsageFault: where its configuration cannot be used.
    """

    def __init__(self, root: Path) -> None:
        app = NbGrader()
        app.log_level = logging.CRITICAL
        try:
            app.initialize([], root=str(root.resolve()))
        except SystemExit:
            raise UsageFault(say("nbgrader cannot read its configuration in {folder}", folder=root)) from None
        self.app = app
        self.folder = app.coursedir
        self.folder.root = str(root.resolve())

    @property
    def root(self) -> Path:
        return Path(self.folder.root)

    @property
    def database(self) -> sa.URL:
        """The address of nbgrader's gradebook, with the time to wait for others who write into it."""
        address = sa.make_url(self.folder.db_url)
        if address.get_backend_name() == "sqlite" and "timeout" not in address.query:
            return address.update_query_dict({"timeout": str(WAIT)})
        return address

    @property
    def shown_database(self) -> str:
        """The gradebook's address without a password."""
        address = self.database
        return address.database or "" if address.get_backend_name() == "sqlite" else str(address.set(query={}))

    def path(self, step: str, student: str, assignment: str) -> Path:
        return Path(self.folder.format_path(step, student, assignment))

    def place(self, assignment: str) -> Place:
        """Return where submissions are looked for."""
        anybody = self.path(self.folder.submitted_directory, "*", assignment)
        base = self.root if anybody.is_relative_to(self.root) else Path(anybody.anchor)
        return Place(str(base), str(anybody.relative_to(base)))

    def submitted(self, assignment: str) -> dict[str, Path]:
        """Return the students who handed in, each with the folder of the work, or the link in its place."""
        step = self.folder.submitted_directory
        named = self.folder.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True)
        found = {}
        for path in self.place(assignment).folders():
            match = re.fullmatch(named, str(path))
            if match is not None and (path.is_dir() or path.is_symlink()):
                found[match["student"]] = path
        return found

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """Open nbgrader's gradebook.

        Raises:
            UsageFault: where there is none yet.
            CouldNotJudge: where it cannot be used, or others hold it for too long.
        """
        address = self.database
        if address.get_backend_name() == "sqlite" and not _holds_something(Path(address.database or "")):
            raise UsageFault(
                say(
                    "nbgrader has no gradebook at {file}; run first: nbgrader generate_assignment",
                    file=address.database,
                )
            )
        with told():
            book = Gradebook(address.render_as_string(hide_password=False), self.folder.course_id)
        try:
            with warnings.catch_warnings():
                # nbgrader makes its rows in an order that SQLAlchemy remarks upon.
                warnings.simplefilter("ignore", sa.exc.SAWarning)
                yield book
        finally:
            book.close()
            book.engine.dispose()


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


@contextmanager
def told() -> Iterator[None]:
    """Say what a failing gradebook of nbgrader's means."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, InvalidEntry) as error:
        words = str(getattr(error, "orig", None) or error).splitlines()[0]
        if "locked" in words:
            message = say(
                "nbgrader's gradebook is in use by another program (waited {seconds} s); run this again when that is "
                "done: what has been judged stays",
                seconds=WAIT,
            )
        else:
            message = say("nbgrader's gradebook cannot be used: {words}", words=words)
        raise CouldNotJudge(message) from None


def source_notebooks(book: Any, assignment: str) -> list[SourceNotebook]:
    """Return the notebooks of an assignment.

    Raises:
        UsageFault: where nbgrader knows no such assignment.
    """
    try:
        with told():
            return [_source_notebook(notebook) for notebook in book.find_assignment(assignment).notebooks]
    except MissingEntry:
        raise UsageFault(
            say(
                "nbgrader does not know the assignment {name}; run first: nbgrader generate_assignment {name}",
                name=assignment,
            )
        ) from None


def _source_notebook(notebook: Any) -> SourceNotebook:
    points = {cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = {
        cell.name: SourceCell(
            cell.name, cell.cell_type, cell.source or "", bool(cell.locked), cell.name in solutions, cell.name in tasks,
            points.get(cell.name), cell.checksum,
        )
        for cell in notebook.source_cells
    }  # fmt: skip
    return SourceNotebook(notebook.name, json.loads(notebook.kernelspec or "null"), cells)


def moment(text: str) -> datetime | None:
    """Return what a timestamp.txt says, in UTC without a zone as nbgrader keeps it; None where it says nothing."""
    # A student may have written it: a zone is not to be the name of some file, nor the year one that no file can have.
    if len(text) > _LONGEST_TIME or ".." in text or " /" in text:
        return None
    try:
        found = parse_utc(text.strip())
    except (ValueError, ArithmeticError, TypeError, AttributeError, LookupError):
        return None
    return found if isinstance(found, datetime) and 1980 <= found.year < 2200 else None

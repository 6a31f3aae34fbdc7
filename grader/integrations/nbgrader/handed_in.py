"""What students handed in: nbgrader's submitted tree, read without believing anything in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.core.course.exercise import Exercise
from grader.core.findings.telling import told
from grader.core.report.finding import Finding
from grader.core.words.message import say
from grader.integrations.nbgrader.course_folder import SourceNotebook, moment
from grader.integrations.nbgrader.ids import CellRole
from grader.integrations.nbgrader.part import Part
from grader.integrations.nbgrader.sections import known_ids, parts, read_cells
from grader.store.students.found import Unknown
from grader.store.students.plain_files import read_plain_file
from grader.store.students.programs import NotebookCell

_TIMESTAMP = "timestamp.txt"
_MOST_ABOUT = 64 * 2**10


@dataclass(frozen=True)
class Handed:
    """A student's notebook, its cells, and what it hands in for each exercise."""

    source: SourceNotebook
    filename: str
    cells: tuple[NotebookCell, ...]
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Work:
    """A student's work: the assignment's notebooks that are there.

    Attributes:
        stated: when it was handed in by nbgrader's timestamp.txt, as nbgrader keeps it; None where nothing says so.
        at: the same, or else the time of the newest notebook.
        timestamp: what timestamp.txt holds.
    """

    student: str
    handed: tuple[Handed, ...]
    stated: datetime | None
    at: datetime
    timestamp: bytes

    def judged(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files that are judged, as a class's folder holds them: their own times cost nothing, this may."""
        for each in self.handed:
            yield from ((f"{id}{part.suffix}", part.content) for id, part in each.parts.items())
        if self.stated is not None:
            yield _TIMESTAMP, f"{self.at:%Y-%m-%d %H:%M:%S.%f} UTC\n".encode()


class Reading:
    """Reads works of one assignment; what is odd is noted."""

    def __init__(
        self, sources: Sequence[SourceNotebook], exercises: Sequence[Exercise], roles: Mapping[str, CellRole]
    ) -> None:
        self._sources, self._roles = sources, roles
        self._exercises = {
            source.name: [each for each in exercises if each.id in _exercises(source, roles)] for source in sources
        }
        self.notes: list[Unknown] = []

    def work(self, student: str, folder: Path) -> Work | None:
        """Return what the student handed in; None where none of the assignment's notebooks is there."""
        handed, times = [], []
        for source in self._sources:
            path = self._found(source, folder)
            try:
                content, changed = read_plain_file(path)
            except FileNotFoundError:
                self.notes.append(Unknown(path, say("this notebook is missing; its cells earn nothing")))
                continue
            except OSError as error:
                self.notes.append(Unknown(path, say("it cannot be read: {words}", words=error.strerror or str(error))))
                continue
            handed.append(self._handed(source, path, content))
            times.append(changed)
        if not handed:
            return None
        stated, timestamp = self._timestamp(folder)
        at = max(times) if stated is None else stated.replace(tzinfo=UTC)
        return Work(student, tuple(handed), stated, at, timestamp)

    def _found(self, source: SourceNotebook, folder: Path) -> Path:
        """Return the notebook's path. The only one there stands for the only one asked, whatever its name."""
        path = folder / f"{source.name}.ipynb"
        others = sorted(folder.glob("*.ipynb"))
        if path in others or len(self._sources) > 1 or len(others) != 1:
            return path
        self.notes.append(Unknown(others[0], say("it was taken for {name}", name=path.name)))
        return others[0]

    def _handed(self, source: SourceNotebook, path: Path, content: bytes) -> Handed:
        exercises, filename = self._exercises[source.name], path.name
        read = read_cells(content, filename)
        if isinstance(read, Finding):
            self.notes.append(Unknown(path, told(read)))
            return Handed(source, filename, (), {each.id: _unreadable(each, content, read) for each in exercises})
        locked = {cell.grade_id: cell.text for cell in source.cells.values() if cell.locked}
        cells = known_ids(read, locked)
        return Handed(source, filename, tuple(cells), parts(cells, exercises, self._roles, filename))

    def _timestamp(self, folder: Path) -> tuple[datetime | None, bytes]:
        path = folder / _TIMESTAMP
        try:
            content, _ = read_plain_file(path, _MOST_ABOUT)
            found = moment(content.decode())
        except FileNotFoundError:
            return None, b""
        except (OSError, ValueError):
            found, content = None, b""
        if found is None:
            self.notes.append(
                Unknown(path, say("it does not contain a time as nbgrader writes it; the work counts as on time"))
            )
        return found, content


def _exercises(source: SourceNotebook, roles: Mapping[str, CellRole]) -> set[str]:
    return {roles[id].exercise for id in source.cells if id in roles}


def _unreadable(exercise: Exercise, content: bytes, fault: Finding) -> Part:
    return Part(".ipynb", content) if exercise.work.by_program else Part(".yaml", b"", notes=(told(fault),))

"""The course's files as pages know them: of each the last version that was right, while somebody edits it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from grader.core.course.exercise import Exercise
from grader.core.words.errors import CourseInvalid, Fault
from grader.core.words.message import Message, say
from grader.server.kinds import without_keys
from grader.store.course.course_files import CourseFiles
from grader.store.course.course_yaml import read_course

# Seconds. Half a file can be a right one, without the due dates for one: one that was written just now is read later.
_STILL = 1.0
_Version = tuple[Path, int, int]


class LastRight:
    """What is known of a course's files since its pages began.

    Args:
        tell: says to whoever runs the server what is wrong with a file.
    """

    def __init__(self, files: CourseFiles, tell: Callable[[Message], None]) -> None:
        self._tell = tell
        # A new exercise may be half written, and no grader knows it yet.
        self._ids = frozenset(files.exercise_ids())
        self._course = _version(_course_yaml(files))
        self._exercises: dict[str, tuple[object, Exercise | None]] = {}

    def ids(self, files: CourseFiles) -> list[str]:
        """Return the ids of the exercises that were there at the start and still are, in their order."""
        return [id for id in files.exercise_ids() if id in self._ids]

    def has_another(self, files: CourseFiles) -> bool:
        """Return whether course.yaml is to be read again."""
        version = _version(_course_yaml(files))
        return version is not None and version != self._course and _is_still(version)

    def course(self, files: CourseFiles) -> CourseFiles:
        """Return the course as course.yaml says now; as it was, where that is not right."""
        path = _course_yaml(files)
        self._course = _version(path)
        try:
            return replace(files, course=read_course(path.read_bytes(), files.shown(path), files.exercise_ids()))
        except CourseInvalid as error:
            self._say(error.faults)
        except OSError as error:
            self._tell(say("{file} cannot be read", file=error.filename or path))
        return files

    def exercise(self, files: CourseFiles, id: str) -> Exercise | None:
        """Return an exercise as its file is now, as it was where that is not right; None where it never was.

        It is without what is right: pages need not know it.
        """
        version = _version(files.root / "exercises" / id / "exercise.yaml")
        if version is None:
            return None
        read, known = self._exercises.get(id, (None, None))
        if read != (version, files.course) and (known is None or _is_still(version)):
            try:
                found = files.exercise(id)
                known = replace(found, work=without_keys(found.work))
            except CourseInvalid as error:
                self._say(error.faults)
                if known is not None:
                    self._tell(say("Pages go on with exercise {id} as it was before.", id=id))
            self._exercises[id] = ((version, files.course), known)
        return known

    def _say(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._tell(say("{place}: {words}", place=str(fault.at), words=fault.message))


def _course_yaml(files: CourseFiles) -> Path:
    return files.root / "course.yaml"


def _version(path: Path) -> _Version | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return path, stat.st_mtime_ns, stat.st_size


def _is_still(version: _Version) -> bool:
    return not 0 <= time.time() - version[1] / 1e9 < _STILL

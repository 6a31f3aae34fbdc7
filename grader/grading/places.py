"""Which files and folders of a course, a class and this machine no submission may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.closed import Place, keep_closed

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles

# Students made these trees: nobody looks through all of one.
_MOST_ENTRIES, _DEEPEST = 20, 3
_SQLITE = "sqlite"


def close_to_submissions(files: CourseFiles, *folders: Path) -> None:
    """Keep the course and all that belongs to it closed from now on, and no other.

    Args:
        folders: that hold the work of a class; the course's own one where none is given.
    """
    keep_closed(lambda: places_of(files, *folders))


def places_of(files: CourseFiles, *folders: Path) -> Iterator[Place]:
    """Yield what is to be closed: folders, and in each a file, which can be open where its folder is not."""
    from grader.store.machine.cache import cache_folder
    from grader.store.machine.secret import secret_file

    root = files.root
    yield Place("course", root)
    yield Place("course", root / "course.yaml")
    yield from _with_a_file("solution", root / "solutions")
    for folder in folders or (root / "submissions",):
        yield Place("class", Path.cwd() / folder)
        yield from _of_somebody(Path.cwd() / folder)
    with suppress(OSError):
        yield from _with_a_file("cache", cache_folder())
    with suppress(OSError):
        yield Place("secret", secret_file(files.course.id))
    gradebook = _gradebook(files)
    if gradebook is not None:
        yield Place("gradebook", gradebook)


def _gradebook(files: CourseFiles) -> Path | None:
    """Return the file of the gradebook; None where it is no file. One that course.yaml names lies beside it."""
    typed = os.environ.get("COURSE_GRADEBOOK")
    address, beside = typed or files.course.gradebook, Path.cwd() if typed else files.root
    if not address:
        return files.root / "gradebook.db"
    scheme, _, path = address.partition(":///")
    return beside / path.partition("?")[0] if scheme.startswith(_SQLITE) and path else None


def _of_somebody(folder: Path) -> Iterator[Place]:
    with suppress(OSError), os.scandir(folder) as entries:
        students = (Path(entry.path) for entry in islice(entries, _MOST_ENTRIES) if entry.is_dir(follow_symlinks=False))
        yield from (Place("neighbour", file) for student in islice(students, 1) for file in _some_file(student))


def _with_a_file(what: str, folder: Path) -> Iterator[Place]:
    yield Place(what, folder)
    yield from (Place(what, file) for file in _some_file(folder))


def _some_file(folder: Path, depth: int = _DEEPEST) -> list[Path]:
    """Return one regular file at or below `folder`, if one is found soon."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_ENTRIES):
            if entry.is_file(follow_symlinks=False):
                return [Path(entry.path)]
            if depth and entry.is_dir(follow_symlinks=False) and (found := _some_file(Path(entry.path), depth - 1)):
                return found
    return []

"""Which exercises were found in order, here, as they are now: these need not be proved again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.actions.author.check import Checked
from grader.grading.proof.proof import CheckRequest
from grader.store.course.course_files import CourseFiles
from grader.store.course.plugin_files import plugin_files
from grader.store.machine.cache import cache_folder, content_key

_FORMAT = "proved-1"
_PACKAGE = Path(__file__).parents[2]
_SIDES = ("exercises", "solutions")
# What programs compute with, and what makes mutants.
_COMPUTING = ("torch", "numpy", "libcst")


class Proved:
    """The exercises of a course that a check like this one found in order."""

    def __init__(self, files: CourseFiles, request: CheckRequest) -> None:
        self._files, self._request = files, request
        self._all = content_key(
            (
                *(
                    _FORMAT,
                    sys.version,
                    *map(_version, (*_COMPUTING, *(files.course.packages or ()))),
                    request.isolation,
                    str(request.seeds),
                ),
                *(_grader(), (files.root / "course.yaml").read_bytes()),
                *(part for path in plugin_files(files.course.plugins) for part in (path.name, path.read_bytes())),
            )
        )

    def unproved(self, ids: list[str]) -> list[str]:
        """Return those of the exercises that were never found in order as they are now."""
        mutated = self._request.mutate is not None
        # What was found in order with its mutants is in order without them, too.
        asked = (True,) if mutated else (True, False)
        return [id for id in ids if not any(self._place(id, each).is_file() for each in asked)]

    def keep(self, checked: Checked) -> None:
        """Keep which exercises are in order. If the cache cannot be written, they are proved again the next time."""
        if checked.findings:
            return
        for proof in checked.proofs:
            if proof.findings or proof.could_not:
                continue
            try:
                place = self._place(proof.exercise.id, self._request.mutate is not None)
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.is_file():
                    place.touch()
            except OSError:
                return

    def _place(self, id: str, mutated: bool) -> Path:
        key = content_key((self._all, str(mutated), id, *_content(self._files.root, id)))
        return cache_folder() / "proved" / key


def _content(root: Path, id: str) -> Iterator[str | bytes]:
    """Yield names and bytes of all that an exercise rests on: its own two folders, and nothing of another exercise."""
    for side in _SIDES:
        yield from _files_in(root / side / id, root)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def _grader() -> str:
    return content_key(tuple(_files_in(_PACKAGE, _PACKAGE, "*.py")))


def _files_in(folder: Path, root: Path, pattern: str = "*") -> Iterator[str | bytes]:
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix()
            yield path.read_bytes()

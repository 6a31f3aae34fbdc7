"""What a box can read: what Python and its packages need of this machine, and nothing else."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import grader
from grader.sandbox.closed import Places
from grader.sandbox.port import Requirement, SandboxUnavailable

# Of the system: shared libraries and data of packages. An interpreter that it brings is among the programs.
_OF_SYSTEM = (
    *("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/share", "/usr/local/lib"),
    *("/bin", "/lib", "/lib32", "/lib64", "/libx32"),
)
_OF_PREFIX = ("bin", "lib", "lib32", "lib64", "share", "pyvenv.cfg")
_SYSTEM_PREFIXES = (Path("/"), Path("/usr"))


def needed() -> list[Path]:
    """Return the files and folders that a box needs, none of which lies in another, as they are called."""
    found = _outermost(_wanted())
    return [path for path in found if not _leads_to(path, found)]


def links() -> list[Path]:
    """Return the links to what is needed, by which it is called as well: /lib, lib64 of an environment."""
    found = _outermost(_wanted())
    return [path for path in found if _leads_to(path, found)]


def masks(places: Places) -> list[Path]:
    """Return the folders that have to be hidden, as they are called below what is needed.

    Raises:
        SandboxUnavailable: where a place cannot be kept closed, because Python itself lies there.
    """
    real = {path: path.resolve() for path in needed()}
    python = {path.resolve() for path in _wanted()}
    found = set()
    for folder in _folders(places):
        if folder in python:
            raise SandboxUnavailable(
                f"{folder} cannot be kept from submissions: Python needs what lies there", Requirement.ELSEWHERE
            )
        found |= {path / folder.relative_to(real[path]) for path in real if folder.is_relative_to(real[path])}
    return sorted(found)


def uncovered(hidden: Iterable[Path]) -> list[Path]:
    """Return what is needed and lies below a folder that is hidden: an environment in a course's folder."""
    return _outermost(path for path in _wanted() if any(path.is_relative_to(folder) for folder in hidden))


def by_entry(places: Places) -> list[Path]:
    """Return what may be read where nothing can be hidden: all that is needed, without the places to be kept closed.

    Raises:
        SandboxUnavailable: where a place cannot be kept closed, because Python itself lies there.
    """
    hidden = [path.resolve() for path in masks(places)]
    found = [each for path in needed() for each in _without(path, hidden)]
    return [*found, *uncovered(hidden)]


def staged_roots() -> list[Path]:
    """Return folders that together hold all that is Python's own, which an unprivileged user may be kept from."""
    roots = [*map(Path, _prefixes()), *filter(_is_there, _of_python())]
    return _outermost(root for root in roots if root != Path("/") and not root.is_relative_to("/usr"))


def _wanted() -> list[Path]:
    return [path for path in (*map(Path, _OF_SYSTEM), *_of_python()) if _is_there(path)]


def _is_there(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - below a closed folder, Path.exists raises


def _leads_to(path: Path, others: Iterable[Path]) -> bool:
    """Return whether it is a link into one of the others."""
    return path.is_symlink() and any(path.resolve().is_relative_to(other) for other in others if other != path)


def _of_python() -> list[Path]:
    folders = [Path(prefix) / name for prefix in _prefixes() for name in _OF_PREFIX]
    folders += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [*_interpreters(), Path(grader.__file__).parent]
    if site.ENABLE_USER_SITE:
        folders.append(Path(site.getusersitepackages()))
    return folders


def _prefixes() -> list[str]:
    return sorted({sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix})


def _interpreters() -> Iterator[Path]:
    """Yield the folder of the interpreter, and of each link that leads to it."""
    path = Path(sys.executable)
    yield path.parent
    while path.is_symlink():
        path = Path(os.path.normpath(path.parent / path.readlink()))
        yield path.parent


def _folders(places: Places) -> set[Path]:
    """Return the real folders to be kept closed. A file's neighbours come and go: a database has its journal."""
    folders = set()
    for place in places:
        folder = place.path.resolve()
        while not os.path.isdir(folder):  # noqa: PTH112 - below a closed folder, Path.is_dir raises
            folder = folder.parent
        if place.what == "course":
            _hold_outside_python(folder)
        folders.add(folder)
    return folders


def _hold_outside_python(course: Path) -> None:
    for prefix in {Path(prefix).resolve() for prefix in _prefixes()}:
        if prefix in course.parents and prefix not in _SYSTEM_PREFIXES:
            raise SandboxUnavailable(f"the course {course} lies in Python's own folder {prefix}", Requirement.ELSEWHERE)


def _without(path: Path, hidden: list[Path]) -> Iterator[Path]:
    real = path.resolve()
    if real in hidden:
        return
    if not any(folder.is_relative_to(real) for folder in hidden):
        yield path
        return
    for entry in sorted(real.iterdir()):
        # Where a link leads is allowed by its own name, or not.
        if not entry.is_symlink():
            yield from _without(entry, hidden)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return found

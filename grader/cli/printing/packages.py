"""The packages that submissions may import here, for `course doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.core.course.packages import ALWAYS, USUAL
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.store.course.course_files import find_course


def packages_told() -> Iterator[str]:
    """Yield the lines that say what the course of the current folder allows, and what of that is installed."""
    allowed = _allowed()
    if allowed is None:
        yield _("Programs may import whatever is installed here; course.yaml can say what (packages: …):")
    else:
        yield _("Programs may import what course.yaml allows (packages):")
    found = {name: _version(name) for name in dict.fromkeys((*ALWAYS, *(USUAL if allowed is None else allowed)))}
    missing = _("is not installed")
    for name, number in found.items():
        yield f"  {'✓' if number else '✗'} {name} {number or missing}"


def _allowed() -> tuple[str, ...] | None:
    """Return the packages of the course; None where it names none, or there is no course here."""
    try:
        return find_course(Path.cwd()).course.packages
    except (UsageFault, CourseInvalid):
        return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""

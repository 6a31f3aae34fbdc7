"""The places that no submission may read, for `course doctor`."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from grader.core.words.errors import CourseInvalid, UsageFault
from grader.grading.places import close_to_submissions
from grader.sandbox.closed import closed
from grader.sandbox.probe import CLOSED, seen
from grader.store.course.course_files import find_course


def close_course(folder: Path | None) -> None:
    """Keep the course of the working folder closed, and the class in `folder`; nothing where there is no course."""
    try:
        files = find_course(Path.cwd())
    except (CourseInvalid, UsageFault):
        return
    close_to_submissions(files, *([folder] if folder is not None else []))


def closed_told() -> list[str]:
    """Return a line with the places that were tried and not read; none where there was nothing to try."""
    words = {
        "course": _("course"),
        "solution": _("solutions"),
        "class": _("class"),
        "neighbour": _("a student's file"),
        "cache": _("cache"),
        "secret": _("secret"),
        "gradebook": _("gradebook"),
    }
    found: dict[str, Path] = {}
    for place in closed():
        if seen(place.path) != CLOSED:
            found.setdefault(place.what, place.path)
    places = ", ".join(f"{words[what]} ({path})" for what, path in found.items())
    return [_("Tried and not readable by submissions: {places}").format(places=places)] if places else []

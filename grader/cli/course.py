"""Opens the course that the user stands in."""

from __future__ import annotations

from pathlib import Path

from grader.cli.language import spoken
from grader.store.course.course_files import CourseFiles, find_course


def open_course() -> tuple[CourseFiles, str]:
    """Return the course of the working folder and the language spoken."""
    return find_course(Path.cwd()), spoken()

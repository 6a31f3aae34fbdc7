"""Opens the course that the user stands in, and settles the language."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.cli.language import LANGUAGES, speak, wanted
from grader.store.course_files import CourseFiles, find_course


def open_course() -> tuple[CourseFiles, str]:
    """Return the course of the working folder and the language to speak."""
    files = find_course(Path.cwd())
    own = next((language for language in files.course.languages if language in LANGUAGES), None)
    return files, speak(wanted(sys.argv[1:]) or own)

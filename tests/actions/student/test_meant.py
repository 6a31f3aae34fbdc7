"""A command line is taken as it is meant: a file names its exercise, a comma is a decimal mark, a number an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import ROOT

from grader.actions.student.meant import exercises_meant, meant
from grader.core.words.errors import UsageFault
from grader.store.course.course_files import CourseFiles, find_course


@pytest.fixture(scope="module")
def files() -> CourseFiles:
    return find_course(ROOT)


@pytest.mark.parametrize(
    ("typed", "file", "expected"),
    [
        ("4.5", None, ("4.5", None, ())),
        ("4,5", None, ("4.5", None, ())),
        ("work/4.5.py", None, ("4.5", "work/4.5.py", ())),
        ("work\\4.5.py", None, ("4.5", "work\\4.5.py", ())),
        ("4.5.ipynb", None, ("4.5", "4.5.ipynb", ())),
        ("hw/Rustam_4.5 (1).py", None, ("4.5", "hw/Rustam_4.5 (1).py", ())),
        ("4.1", "8", ("4.1", None, ("8",))),
        ("4.1", "−8,0", ("4.1", None, ("−8,0",))),
        ("4.2", "dL_dx=15", ("4.2", None, ("dL_dx=15",))),
        ("4.5", "w=1.py", ("4.5", "w=1.py", ())),
        ("4", None, ("4", None, ())),
        ("4.1,4.2", None, ("4.1,4.2", None, ())),
        ("program.py", None, ("program.py", None, ())),
    ],
)
def test_what_is_typed_is_what_is_meant(
    files: CourseFiles, typed: str, file: str | None, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    id, path, answers = meant(files, typed, Path(file) if file else None, ())
    assert (id, str(path) if path else None, answers) == expected


def test_a_lecture_and_a_list_are_their_exercises(files: CourseFiles) -> None:
    assert exercises_meant(files, "4")[:2] == ["4.1", "4.2"]
    assert exercises_meant(files, "4.1,4.5") == ["4.1", "4.5"]
    assert exercises_meant(files, "4,5") == ["4.5"]


def test_where_one_exercise_is_needed_a_lecture_lists_its_own(files: CourseFiles) -> None:
    with pytest.raises(UsageFault) as told:
        files.require("4")
    assert told.value.messages[0].said(str).startswith("4 is a lecture; its exercises are: 4.1, 4.2")

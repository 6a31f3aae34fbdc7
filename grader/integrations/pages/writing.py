"""Puts the pages of a class into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

from grader.actions.teacher.results.work_of import WorkOf
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.people.student import Student
from grader.core.words.message import Translate
from grader.integrations.pages.class_page import class_list, class_page, full_table
from grader.integrations.pages.rendering import STUDENTS, page_names
from grader.integrations.pages.student_page import student_page
from grader.store.machine.files import unwritable, write_whole

_INDEX = "index.html"


def write_pages(
    folder: Path,
    title: str,
    standings: Sequence[Standing],
    students: Mapping[str, Student],
    exercises: Sequence[Exercise],
    translate: Translate,
    language: str,
    made: datetime,
    handed_in: WorkOf = lambda _: None,
    unrecognised: int = 0,
) -> list[Path]:
    """Write `index.html` and a page for each student below `students/`, and return their paths, the index first.

    Args:
        made: when; its time zone is that of all times on the pages.
        handed_in: finds the file behind a grade, which a student's page shows.
        unrecognised: people of downloads of whom nobody has said who they are.

    Raises:
        UsageFault, NotWritten: where a page cannot be written.
    """
    standings = [in_zone(standing, made.tzinfo) for standing in standings]
    pages = {
        folder / _INDEX: class_page(title, standings, students, exercises, translate, language, made, unrecognised)
    }
    everyone = class_list(standings, students)
    names = page_names(everyone)
    for id, group in full_table(standings, everyone, exercises).items():
        page = student_page(everyone[id], group, exercises, translate, language, f"../{_INDEX}", handed_in)
        pages[folder / STUDENTS / names[id]] = page
    for path, page in pages.items():
        write_page(path, page)
    return list(pages)


def in_zone(standing: Standing, zone: tzinfo | None) -> Standing:
    """Return where a student stands, with times on the clock of this zone."""
    grade = standing.grade
    if grade.attempt is None or zone is None:
        return standing
    attempt = replace(grade.attempt, submitted=grade.attempt.submitted.astimezone(zone))
    return replace(standing, grade=replace(grade, attempt=attempt))


def write_page(path: Path, page: str) -> None:
    """Write one page, and the folder that it lies in.

    Raises:
        UsageFault, NotWritten: where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page.encode())
    except OSError as error:
        raise unwritable(path, error) from None

"""Runs the export formats of the registry, and says which grades an export lacks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from grader.actions.teacher.results.export import Selection, gaps_in, select
from grader.actions.teacher.results.export_format import (
    CourseExport,
    CourseParts,
    Export,
    Exported,
    GradeExport,
    Grades,
)
from grader.cli.batch import course_secret_or_new, open_gradebook, read_class
from grader.cli.boundary import ExitCode
from grader.cli.language import translate
from grader.cli.printing.output import print_list
from grader.core.words.errors import UsageFault
from grader.core.words.message import clean, say

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook


def write_export(
    export: Export, options: object, files: CourseFiles, only: Sequence[str], lectures: Sequence[str], language: str
) -> ExitCode:
    """Write an export, and say what it holds and lacks; return whether all grades found their places.

    Args:
        options: an object of the dataclass that the export declares.

    Raises:
        UsageFault: where an exercise is not there, or a file cannot be read or written, or is not what it should be.
        CouldNotJudge: where the gradebook cannot be opened, or the course's secret cannot be made.
    """
    match export:
        case GradeExport():
            with closing(open_gradebook(files)) as book:
                chosen = select(files, book, read_class(files), only, lectures)
                tell_gaps(chosen, files, book, stale=not export.marks_stale(options))
                told = export.write(Grades(files, book, chosen, translate, language), options)
        case CourseExport():
            asked = _asked(files, only, lectures)
            told = export.write(CourseParts(files, asked, partial(course_secret_or_new, files)), options)
    _tell(told, language)
    return ExitCode.NOT_FULL_MARKS if told.lost else ExitCode.FULL_MARKS


def tell_gaps(chosen: Selection, files: CourseFiles, book: Gradebook, stale: bool) -> None:
    """Say on standard error what a reader of these grades would not see in them.

    Args:
        stale: whether grades of an earlier version of an exercise are to be said, too.
    """
    gaps = gaps_in(chosen, files, book)
    _list_aside(
        translate("Without a grade, because they have not been judged yet; run course grade again:"), gaps.not_judged
    )
    earlier = translate("These exercises gave other points when they were judged; see course grade DIR --regrade:")
    _list_aside(earlier, gaps.earlier)
    if stale:
        title = translate(
            "Grades given by an earlier version of the exercise; to judge them again: course grade DIR --regrade"
        )
        _list_aside(title, gaps.stale)
    _list_aside(translate("Left out, because they have a grade but are not in the roster:"), gaps.left_out)


def _tell(told: Exported, language: str) -> None:
    if told.done is not None:
        print(told.done.said(translate, language))
    for title, names in told.lists:
        if any(" " in name for name in names):
            # What is a sentence, or a line of a table, would run into the next one.
            _list_aside(title.said(translate, language), names)
        elif names:
            print(title.said(translate, language), ", ".join(map(clean, names)), file=sys.stderr)


def _list_aside(title: str, lines: Sequence[str]) -> None:
    print_list(title, lines, partial(print, file=sys.stderr), whole=True)


def _asked(files: CourseFiles, only: Sequence[str], lectures: Sequence[str]) -> str:
    """Return the exercises as `course submit` takes them."""
    chosen = [files.require(id) for id in only]
    for lecture in lectures:
        own = [id for id in files.exercise_ids() if id.partition(".")[0] == lecture]
        if not own:
            raise UsageFault(say("lecture {id} has no exercises", id=lecture))
        chosen += own
    return ",".join(dict.fromkeys(chosen)) or "all"

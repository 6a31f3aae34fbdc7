"""Writes an export, and says who could not be matched."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.actions.teacher.export import Selection, gaps_in, select, totals
from grader.cli.class_output import print_list, write_text
from grader.cli.language import translate
from grader.core.words.errors import UsageFault
from grader.core.words.message import clean, say

if TYPE_CHECKING:
    from grader.integrations.lms.sheet import Filled
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook
    from grader.store.students.roster import Student


@dataclass(frozen=True)
class Options:
    """What `course export` was asked for."""

    out: Path | None
    only: tuple[str, ...]
    lectures: tuple[str, ...]
    wide: bool
    worksheet: Path | None
    column: str | None
    grade_column: str | None
    id_column: str | None
    max_column: str | None


def write_export(
    format_name: str,
    files: CourseFiles,
    book: Gradebook,
    roster: Mapping[str, Student],
    options: Options,
    language: str,
) -> None:
    """Write the export.

    Raises:
        UsageFault: where a file is missing, cannot be read or written, or is not what its format is.
    """
    chosen = select(files, book, roster, options.only, options.lectures)
    tell_gaps(chosen, files, book)
    match format_name:
        case "csv":
            _csv(files, book, chosen, options)
        case "moodle":
            _moodle(files, book, chosen, options)
        case "canvas":
            _canvas(files, book, chosen, options)
        case _:
            _gradescope(files, book, chosen, options, language)


def tell_gaps(chosen: Selection, files: CourseFiles, book: Gradebook) -> None:
    """Say on standard error what a reader of these grades would not see in them."""
    gaps = gaps_in(chosen, files, book)

    def put(text: object) -> None:
        print(text, file=sys.stderr)

    print_list(translate("Without a grade, because it is not judged; run course grade again:"), gaps.not_judged, put)
    earlier = translate("These exercises have changed since they were judged; run course grade again:")
    print_list(earlier, gaps.earlier, put)
    print_list(translate("With a grade, but not in the roster, and so left out:"), gaps.left_out, put)


def write_made(format_name: str, files: CourseFiles, options: Options) -> None:
    """Write what lets other systems grade: it is made of the course, and of no grade.

    Raises:
        UsageFault: where an exercise is not there, or a file cannot be written.
        CouldNotJudge: where the course's secret is not known and cannot be made.
    """
    asked = _asked(files, options)
    if options.out is None:
        raise UsageFault(say("name where to write it: --out PATH"))
    if format_name == "student-ci":
        from grader.store.course.templates import student_files
        from grader.store.machine.new_files import write_new

        made = student_files(asked, files.course.languages)
        write_new(options.out, made)
        print(translate("{count} files written to {folder}").format(count=len(made), folder=options.out))
        return
    from grader.cli.batch import course_secret_or_new
    from grader.integrations.lms.gradescope_autograder import autograder_zip

    content = autograder_zip(files, asked, course_secret_or_new(files))
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise _unwritable(options.out, error) from None
    words = translate("{file} holds the solutions and the course's secret: give it to Gradescope and to nobody else.")
    print(words.format(file=options.out))


def _asked(files: CourseFiles, options: Options) -> str:
    """Return the exercises as `course submit` takes them."""
    chosen = [files.require(id) for id in options.only]
    for lecture in options.lectures:
        own = [id for id in files.exercise_ids() if id.partition(".")[0] == lecture]
        if not own:
            raise UsageFault(say("there is no exercise of lecture {id}", id=lecture))
        chosen += own
    return ",".join(dict.fromkeys(chosen)) or "all"


def _csv(files: CourseFiles, book: Gradebook, chosen: Selection, options: Options) -> None:
    from grader.integrations.lms.grade_csv import write_csv, write_wide_csv

    write = write_wide_csv if options.wide else write_csv
    write_text(options.out or Path("-"), write(chosen.standings(files, book), chosen.students))


def _moodle(files: CourseFiles, book: Gradebook, chosen: Selection, options: Options) -> None:
    from grader.integrations.lms.moodle import fill_worksheet

    worksheet, out = _worksheet(options)
    filled = fill_worksheet(
        _read(worksheet),
        files.shown(worksheet),
        totals(chosen.standings(files, book)),
        list(chosen.students.values()),
        max_points=chosen.max_points,
        grade_column=options.grade_column,
        id_column=options.id_column,
        max_column=options.max_column,
    )
    _put(out, filled)


def _canvas(files: CourseFiles, book: Gradebook, chosen: Selection, options: Options) -> None:
    from grader.integrations.lms.canvas import fill_gradebook

    worksheet, out = _worksheet(options)
    if options.column is None:
        raise UsageFault(say("name the assignment's column of the Canvas file: --column TITLE"))
    points = totals(chosen.standings(files, book))
    filled = fill_gradebook(
        _read(worksheet),
        files.shown(worksheet),
        {options.column: points},
        list(chosen.students.values()),
        {options.column: chosen.max_points},
    )
    _put(out, filled)


def _gradescope(files: CourseFiles, book: Gradebook, chosen: Selection, options: Options, language: str) -> None:
    from grader.integrations.lms.gradescope import write_results

    if options.out is None:
        raise UsageFault(say("name the folder to write to: --out DIR"))
    try:
        paths = write_results(chosen.standings(files, book), options.out, translate, language)
    except OSError as error:
        raise _unwritable(options.out, error) from None
    print(translate("{count} files written to {folder}").format(count=len(paths), folder=options.out))


def _worksheet(options: Options) -> tuple[Path, Path]:
    if options.worksheet is None:
        raise UsageFault(say("download the worksheet there first, and name it: --worksheet FILE"))
    return options.worksheet, options.out or options.worksheet.with_stem(f"{options.worksheet.stem}-filled")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None


def _put(out: Path, filled: Filled) -> None:
    try:
        out.write_bytes(filled.content)
    except OSError as error:
        raise _unwritable(out, error) from None
    print(translate("{count} grades written to {file}").format(count=filled.filled, file=out))
    for title, names in (
        (translate("Lines that match no student:"), filled.unmatched_rows),
        (translate("Students with a grade who are not in the file:"), filled.unmatched_students),
    ):
        if names:
            print(title, ", ".join(map(clean, names)), file=sys.stderr)


def _unwritable(path: Path, error: OSError) -> UsageFault:
    return UsageFault(say("{file} cannot be written: {words}", file=path, words=error.strerror or ""))

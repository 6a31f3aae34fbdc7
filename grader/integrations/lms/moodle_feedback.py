"""Moodle: a page of feedback for each student, packed as "Upload multiple feedback files in a zip" takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.lms.feedback import as_name, packed, pages
from grader.integrations.lms.moodle import participants
from grader.store.machine.files import read_file, write_file


@dataclass(frozen=True)
class MoodleFeedbackOptions:
    worksheet: Path = option(say("Worksheet downloaded from Moodle."), say("FILE"))
    out: Path = option(say("ZIP to write."), say("FILE"), default=Path("feedback.zip"))
    id_column: str | None = option(
        say("Title of the column that identifies students (default: detected)."), say("TITLE"), default=None
    )


def _export(grades: Grades, options: MoodleFeedbackOptions) -> Exported:
    told, shown = pages(grades), grades.files.shown(options.worksheet)
    students = list(grades.chosen.students.values())
    numbers, unclear = participants(
        read_file(options.worksheet), shown, students, grades.decided("moodle"), options.id_column
    )
    # Moodle reads whose a file is between the first underscores of its name, in every version.
    files = {
        f"{as_name(grades.chosen.students[id].name)}_{numbers[id]}_assignsubmission_file_feedback.html": page
        for id, page in told.items()
        if id in numbers
    }
    write_file(options.out, packed(files))
    lost = tuple(sorted(set(told) - set(numbers)))
    return Exported(
        say("{count} pages written to {file}", count=len(files), file=options.out),
        (
            (say("Not clear whose line it is, so nothing was written there:"), unclear),
            (say("Students with feedback who are not in the file:"), lost),
        ),
        lost=bool(lost),
    )


EXPORT = GradeExport(
    word="moodle-feedback",
    summary=say("Pack a page for each student as feedback files for Moodle."),
    details=say(
        "The assignment needs the feedback type “Feedback files”. Upload the ZIP under View all submissions, Upload "
        "multiple feedback files in a zip. The worksheet says which participant each student is; nothing is written "
        "to it."
    ),
    example="--worksheet Grades.csv --lecture 4 --out feedback.zip",
    options=MoodleFeedbackOptions,
    write=_export,
)

"""The files with which a student's repository grades itself on GitHub or GitLab, for practice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import CourseExport, CourseParts, Exported
from grader.core.words.message import say
from grader.core.words.options import option
from grader.store.course.templates import student_files
from grader.store.machine.new_files import write_new


@dataclass(frozen=True)
class RepositoryOptions:
    out: Path = option(say("Folder of the repository."), say("DIR"))


def _export(course: CourseParts, options: RepositoryOptions) -> Exported:
    files = student_files(course.asked, course.files.course.languages)
    write_new(options.out, files)
    return Exported(say("{count} files written to {folder}", count=len(files), folder=options.out))


EXPORT = CourseExport(
    word="student-ci",
    summary=say("Write the files for a repository that grades itself."),
    details=say(
        "They are for GitHub and GitLab, and give practice, not grades. A file that is there already is not "
        "overwritten."
    ),
    example="--lecture 4 --out assignment",
    options=RepositoryOptions,
    write=_export,
)

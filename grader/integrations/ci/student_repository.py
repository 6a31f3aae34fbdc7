"""The files with which a student's repository grades itself on GitHub or GitLab, for practice, or hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.export_format import CourseExport, CourseParts, Exported
from grader.core.words.message import say
from grader.core.words.options import option
from grader.store.course.templates import student_files
from grader.store.machine.new_files import write_new
from grader.store.release.wheel import required


@dataclass(frozen=True)
class RepositoryOptions:
    out: Path = option(say("Folder of the repository."), say("DIR"))


def _export(course: CourseParts, options: RepositoryOptions) -> Exported:
    line, packed = required()
    files: dict[str, str | bytes] = {
        **student_files(course.asked, course.files.course.languages, line),
        **_missing(packed, options.out),
    }
    write_new(options.out, files)
    return Exported(say("{count} files written to {folder}", count=len(files), folder=options.out))


def _missing(packed: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return the files that are not in a folder yet, byte for byte: a students' copy has the grader already."""
    return {
        name: content
        for name, content in packed.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    }


EXPORT = CourseExport(
    word="student-ci",
    summary=say("Write the files for a repository that grades itself."),
    details=say(
        "They are for GitHub and GitLab, and give practice, not grades; in a repository with the secrets COURSE_SERVER "
        "and COURSE_TOKEN a push hands in at that server instead. A file that is there already is not overwritten."
    ),
    example="--lecture 4 --out assignment",
    options=RepositoryOptions,
    write=_export,
)

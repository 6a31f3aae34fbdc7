"""Canvas: a page of feedback for each student, packed as "Upload Submissions" takes it; it becomes a comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.people.clues import whose
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.lms.feedback import packed, pages
from grader.store.downloads.canvas import comment_name
from grader.store.downloads.download import Hints
from grader.store.downloads.systems import read_download
from grader.store.machine.files import write_file


@dataclass(frozen=True)
class CanvasFeedbackOptions:
    download: Path = option(say("Submissions downloaded from Canvas."), say("FILE"))
    out: Path = option(say("ZIP to write."), say("FILE"), default=Path("feedback.zip"))


def _export(grades: Grades, options: CanvasFeedbackOptions) -> Exported:
    told, students = pages(grades), list(grades.chosen.students.values())
    shown = grades.files.shown(options.download)
    zone = grades.files.course.policy.zone or UTC
    download = read_download(options.download, Hints(zone, frozenset(grades.files.exercise_ids())))
    if download.system != "canvas":
        raise UsageFault(say("{file}: these are not submissions downloaded from Canvas", file=shown))
    people = {each.key: each.person for each in download.handed_in}
    matched = whose(people, students, grades.decided("canvas"))
    names: dict[str, str] = {}
    for each in download.handed_in:
        if each.key in matched.sure and (name := comment_name(each.file)) is not None:
            names.setdefault(matched.sure[each.key], name)
    files = {names[id]: page for id, page in told.items() if id in names}
    write_file(options.out, packed(files))
    lost = tuple(sorted(set(told) - set(names)))
    unclear = tuple(people[key].joined or key for key in matched.unclear)
    return Exported(
        say("{count} pages written to {file}", count=len(files), file=options.out),
        (
            (say("Not clear whose work it is, so nothing was written for it:"), unclear),
            (say("Students with feedback who are not in the file:"), lost),
        ),
        lost=bool(lost),
    )


EXPORT = GradeExport(
    word="canvas-feedback",
    summary=say("Pack a page for each student as comments for Canvas."),
    details=say(
        "Canvas takes the ZIP where it gave the submissions: in the gradebook, in the menu of the assignment, Upload "
        "Submissions. It knows a file by the name that it gave to one of the student's, so it needs the download; each "
        "page becomes a comment on the submission. Uploading again adds a second comment."
    ),
    example="--download submissions.zip --lecture 4 --out feedback.zip",
    options=CanvasFeedbackOptions,
    write=_export,
)

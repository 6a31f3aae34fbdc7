"""What `course watch` shows: after each save the report of what was saved, on a new page of the terminal."""

from __future__ import annotations

import sys
from contextlib import closing
from gettext import gettext as _
from typing import TYPE_CHECKING

from grader.actions.student.meant import exercises_meant
from grader.actions.student.watch import Seen, watch
from grader.cli.boundary import meaning
from grader.cli.language import translate
from grader.cli.printing.output import console, print_judgement
from grader.cli.printing.points import points_at_once
from grader.cli.printing.streams import clear_screen
from grader.cli.submitting import print_note
from grader.core.words.numbers import show
from grader.sandbox.choose import box_maker, lender
from grader.sandbox.kept import KeptBox
from grader.store.students.saves import looks

if TYPE_CHECKING:
    from grader.store.course.course_files import CourseFiles


def watch_until_interrupted(
    files: CourseFiles, exercise_id: str | None, student: str | None, isolation: str | None, language: str
) -> None:
    """Judge and print at each save; ends with Ctrl-C, and leaves nothing behind.

    Raises:
        KeyboardInterrupt: on Ctrl-C.
        UsageFault, CourseInvalid, CouldNotJudge: where there is nothing that can be watched.
    """
    ids = None if exercise_id is None else exercises_meant(files, exercise_id)
    with closing(KeptBox(box_maker(isolation, lends=True))) as box, lender(files.root, box.lend):
        watched = ", ".join(ids) if ids else "work/"
        print(
            _(
                "Watching {watched}: it is judged each time you save it. This is practice: nothing is recorded, and no "
                "attempt is used. Stop with Ctrl-C."
            ).format(watched=watched),
            flush=True,
        )
        started = True
        for seen in watch(files, ids, student, box, looks(files.root / "work"), points_at_once):
            if seen.first and not started:
                clear_screen()
            started = False
            _print(seen, language)
            sys.stdout.flush()


def _print(seen: Seen, language: str) -> None:
    if seen.judgement is None:
        assert seen.fault is not None
        for line in meaning(seen.fault)[2]:
            console().print(line, style="yellow")
        return
    report = seen.judgement.report
    same = seen.changed == ()
    # On a terminal the page before is gone.
    if not same or sys.stdout.isatty():
        print_judgement(seen.judgement, language)
        print_note(seen.judgement, language)
    if same:
        words = translate("{id}: saved, and nothing has changed: {score} of {max_score}")
        score, most = show(report.score or 0.0), show(report.max_score)
        console().print(words.format(id=report.exercise, score=score, max_score=most), style="dim")
    elif seen.changed is not None:
        changed = translate("Changed since the save before: {names}").format(names=", ".join(seen.changed))
        console().print(changed, style="dim")
    if report.full_marks and not same:
        console().print(translate("Hand in with: course submit {id}").format(id=report.exercise), style="dim")

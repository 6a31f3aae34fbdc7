"""What a teacher sees of a graded class, on the terminal and in files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from grader.cli.language import translate
from grader.cli.printing.inert import json_text
from grader.cli.printing.output import console, print_list
from grader.core.words.numbers import show
from grader.store.machine.files import unwritable, write_text, writing

if TYPE_CHECKING:
    from grader.actions.teacher.grading_runs.grade_run import Change, GradeRun
    from grader.core.cohort.summary import ExerciseSummary, Standing
    from grader.core.people.student import Student
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook


def print_run(
    files: CourseFiles, run: GradeRun, roster: Mapping[str, Student], book: Gradebook, language: str, whole: bool
) -> None:
    """Print what was found, what was judged, how each exercise went, and which grades changed.

    Args:
        whole: whether this is about everybody, and not only about students that were named.
    """
    from rich.text import Text

    from grader.cli.printing.due import time_of
    from grader.cli.regrading import print_stale
    from grader.core.cohort.summary import summarise

    out = console()
    everybody = list(roster) or list(run.students)
    summaries = summarise(_standings(files, run, everybody, book))
    out.print(_exercise_table(summaries, Counter(each.recorded.exercise for each in run.stale)))
    named = [f"{each.exercise}  {_frequent_mistakes(each)}" for each in summaries if each.misconceptions]
    print_list(translate("Most frequent mistakes:"), named, out.print)
    words = translate(
        "{found} submissions of {students} students: {judged} judged now, {same} identical to one of these, "
        "{reused} known before."
    )
    counts = {"found": run.found, "judged": run.judged, "same": run.same, "reused": run.reused}
    out.print(Text(words.format(students=len(run.students), **counts)))
    strangers = translate(
        "Not in the roster, so nothing of theirs was graded or recorded. To see whose work it is: course collect DIR; "
        "to grade it all the same: --add-unknown"
    )
    print_list(strangers, run.strangers, out.print)
    forgotten = translate(
        "Forgotten though they are in the roster, so not graded; to take it back: course forget --undo"
    )
    print_list(forgotten, run.forgotten, out.print)
    print_list(translate("Not in the roster:"), sorted(set(run.students) - set(roster)) if roster else [], out.print)
    extended = sorted(set(files.course.policy.extensions) - set(roster)) if roster and whole else []
    print_list(translate("Extensions in course.yaml for students who are not in the roster:"), extended, out.print)
    # Some may have handed in at the server, and have no folder here.
    asked = {exercise.id for exercise in run.exercises}
    handed_in = {*run.students, *(each.student for each in book.standing() if each.exercise in asked)}
    print_list(translate("Nothing handed in:"), [_label(roster[id]) for id in roster if id not in handed_in], out.print)
    renamed = [f"{each.path}: {each.student} {each.exercise}" for each in run.renamed]
    print_list(translate("Taken, though the name of the file is another one:"), renamed, out.print)
    unknown = [f"{each.path}: {each.why.said(translate, language)}" for each in run.unknown]
    print_list(translate("Not graded:"), unknown, out.print, whole=True)
    print_list(
        translate("Grades that changed:"), [_change_line(change) for change in run.changes], out.print, whole=True
    )
    for trust, count in sorted(run.untimed.items()):
        words = translate("Timed only by {what}, so that lateness costs nothing: {count}")
        out.print(Text(words.format(count=count, what=time_of(trust))))
    faults = [f"{fault.at}: {fault.message.said(translate, language)}" for fault in run.faults]
    print_list(translate("Exercises with findings, which were not graded:"), faults, out.print)
    print_stale(run)
    if run.void:
        words = translate("{count} could not be judged: they have no grade. Grade again to retry only these.")
        out.print(Text(words.format(count=run.void), style="bold red"))


def tell_aside(run: GradeRun) -> None:
    """Say that something may be work and was not graded, or that nothing was there."""
    if not run.found:
        words = translate("Nothing was graded: no submission for an exercise of this course was found.")
    else:
        words = translate("Some work was left aside; everything else is graded.")
    print(words, file=sys.stderr)


def standings_of(
    files: CourseFiles, run: GradeRun, roster: Mapping[str, Student], book: Gradebook
) -> Iterator[Standing]:
    """Yield where everybody stands: the roster's students, or without a roster those found."""
    from grader.actions.teacher.grading_runs.versions import Versions
    from grader.actions.teacher.standings import standings

    everybody = list(dict.fromkeys([*roster, *run.students]))
    return standings(files, run.exercises, everybody, book, run.grades, Versions(files))


def write_grades(
    target: Path, files: CourseFiles, run: GradeRun, roster: Mapping[str, Student], book: Gradebook
) -> None:
    """Write the grades as CSV.

    Raises:
        UsageFault: where the file cannot be written.
    """
    from grader.cli.composition import write_csv

    write_text(target, write_csv(standings_of(files, run, roster, book), roster))


def write_reports(
    target: str, files: CourseFiles, run: GradeRun, roster: Mapping[str, Student], book: Gradebook, language: str
) -> None:
    """Write the reports of the attempts that count, one after another: a class of thousands is written as it is read.

    Raises:
        UsageFault: where the file cannot be written.
    """
    standings = standings_of(files, run, roster, book)
    if target == "-":
        _write_reports(sys.stdout, standings, language)
        return
    try:
        with writing(Path(target)) as file, TextIOWrapper(file, "utf-8", "backslashreplace") as text:
            _write_reports(text, standings, language)
    except OSError as error:
        raise unwritable(Path(target), error) from None


def _write_reports(file: TextIO, standings: Iterator[Standing], language: str) -> None:
    from grader.core.findings.report_json import FORMAT_VERSION, as_json

    ascii_only = (file.encoding or "").lower().replace("-", "") != "utf8"
    file.write(f'{{"format_version": {FORMAT_VERSION}, "reports": [')
    between = "\n"
    for standing in standings:
        if standing.report is not None:
            report = as_json(standing.report, translate, language)
            file.write(between + json_text(report, ascii_only))
            between = ",\n"
    file.write("\n]}\n")


def _standings(files: CourseFiles, run: GradeRun, students: Sequence[str], book: Gradebook) -> Iterator[Standing]:
    from grader.actions.teacher.standings import standings

    return standings(files, run.exercises, students, book, run.grades)


def _exercise_table(summaries: Sequence[ExerciseSummary], stale: Mapping[str, int]) -> object:
    """Return the table of exercises; it has a column for stale submissions where there are some."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    titles = (
        translate("exercise"),
        translate("submitted"),
        translate("missing"),
        translate("mean"),
        translate("full marks"),
        translate("errors"),
        translate("void"),
        *((translate("stale"),) if stale else ()),
    )
    for place, title in enumerate(titles):
        table.add_column(title, justify="right" if place else "left")
    for each in summaries:
        mean = "–" if each.mean is None else f"{100 * each.mean:.0f} %"
        counts = (each.submitted, each.missing, mean, each.full_marks, each.errors, each.void)
        table.add_row(each.exercise, *map(str, counts), *((str(stale.get(each.exercise, 0)),) if stale else ()))
    return table


def _frequent_mistakes(summary: ExerciseSummary) -> str:
    return ", ".join(f"{name} {count}" for name, count in summary.misconceptions[:3])


def _change_line(change: Change) -> str:
    def points(value: float | None) -> str:
        return "–" if value is None else show(value)

    after = change.after
    return f"{after.student}  {after.exercise}  {points(change.before.points)} → {points(after.points)}"


def _label(student: Student) -> str:
    return f"{student.id}  {student.name}".rstrip()

"""What a teacher sees of work that is collected from other systems."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.cli.printing.due import time_of
from grader.cli.printing.output import console, print_list
from grader.core.words.message import clean
from grader.store.students.class_files import is_class

if TYPE_CHECKING:
    from rich.console import Console

    from grader.actions.teacher.collecting.collection import Collection, Item
    from grader.actions.teacher.grading_runs.grade_run import GradeRun
    from grader.core.people.student import Student
    from grader.store.course.course_files import CourseFiles


class Collected:
    """What `course grade` is given: a class's folder, or downloads of which it first collects what is certain.

    Attributes:
        folder: in which the class's work lies then.
        aside: whether something of a download may be work and was not taken.
        nobodys: whether nothing in the downloads is a student's, which has been said.
        nothing: whether there is nothing to grade, which has been said.

    Raises:
        UsageFault, CourseInvalid, NotWritten: as collecting does.
    """

    def __init__(
        self, files: CourseFiles, sources: Sequence[Path], exercise: str | None, language: str, to_stderr: bool
    ) -> None:
        from grader.actions.teacher.collecting.collect import collect, record
        from grader.cli.batch import read_class

        self.aside = self.nobodys = self.nothing = self._from_downloads = False
        self.folder = sources[0]
        students = read_class(files, sources[0])
        one_folder = len(sources) == 1 and sources[0].suffix.lower() not in (".zip", ".csv")
        if one_folder and (not students or is_class(sources[0], files.exercise_ids(), students)):
            return
        exercise = files.require(exercise) if exercise is not None else None
        found = collect(files, list(students.values()), sources, translate, exercise)
        record(files, found)
        zone = files.course.policy.zone or UTC
        print_collection(found, zone, language, recorded=True, to_stderr=to_stderr)
        self.folder, self.aside, self._from_downloads = files.root / "submissions", found.aside, True
        if found.items:
            return
        self.nobodys, self.nothing = True, not self.folder.is_dir()
        words = (
            translate("Nothing was graded: nothing in these downloads is work of a student of the roster.")
            if self.nothing
            else translate("Nothing in these downloads is work of a student of the roster.")
        )
        print(words, file=sys.stderr)

    def forget_strangers(self, run: GradeRun) -> None:
        """Leave those unmentioned who are not in the roster and whose work lay in submissions/ before."""
        if self._from_downloads:
            run.strangers = ()


def print_people(found: Collection, students: Mapping[str, Student], to_stderr: bool = False) -> None:
    """Print a line for each student whose work is there: which exercises are new, and which are known."""
    from rich.table import Table
    from rich.text import Text

    from grader.actions.teacher.collecting.collection import by_student

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in (translate("student"), translate("name"), translate("new"), translate("known")):
        table.add_column(title)
    for id, items in by_student(found.items):
        new, known = ([item for item in items if item.is_new == is_new] for is_new in (True, False))
        table.add_row(*(Text(clean(text)) for text in (id, students[id].name, _listed(new), _listed(known))))
    if found.items:
        console(stderr=to_stderr).print(table)


def print_collection(found: Collection, zone: tzinfo, language: str, recorded: bool, to_stderr: bool = False) -> None:
    """Print which systems were recognised, how much is certain, and all that is not.

    Args:
        zone: in which times were read that say none.
        recorded: whether what is new has been recorded.
    """
    from rich.text import Text

    from grader.store.downloads.systems import title_of
    from grader.store.students.matches import NAME

    out = console(stderr=to_stderr)
    for system, shown, people, ours in found.downloads:
        words = translate("{file}: {system}, {people} people, {ours} of them recognised as students")
        title = title_of(system).title.said(translate, language)
        out.print(Text(words.format(file=clean(shown), system=title, people=people, ours=ours)))
    _print_worksheets(found, zone, out)
    if found.unread:
        words = translate("No student in roster.csv has a name; columns that were not read: {columns}")
        out.print(Text(words.format(columns=clean(", ".join(found.unread)))))
    words = (
        translate("{new} recorded, {known} known before.")
        if recorded
        else translate("{new} new, {known} known before. Nothing has been recorded; to do it: --yes")
    )
    out.print(Text(words.format(new=len(found.new), known=len(found.items) - len(found.new)), style="bold"))
    if found.starters:
        words = translate("Starters without a change, which count as nothing handed in: {count}")
        out.print(Text(words.format(count=found.starters)))
    if found.strangers:
        words = translate("Not of this class, as {file} says: {count}")
        out.print(Text(words.format(count=found.strangers, file=NAME)))
    _print_times(found, out)
    print_list(
        translate("Not clear; fill in student or exercise in matches.csv, and run the command again:"),
        [_open(row.shown_name or row.key, row.files, row.why, row.suggested) for row in found.open],
        out.print,
    )
    print_list(
        translate("Late without a time; fill in handed_in in matches.csv if it is to cost points:"),
        [f"{row.suggested}  {row.files}" for row in found.told],
        out.print,
    )
    print_list(
        translate("The time in handed_in no longer fits; write it anew in matches.csv:"),
        [_open(row.suggested, row.files, row.why, "") for row in found.doubtful],
        out.print,
    )
    left = [f"{each.path}: {each.why.said(translate, language)}" for each in found.left]
    print_list(translate("Left aside:"), left, out.print, whole=True)
    print_list(
        translate("Recorded before by another answer; it counts as it was recorded:"),
        [f"{each.folder}: {each.file} → {each.now}" for each in found.earlier],
        out.print,
        whole=True,
    )
    if found.earlier:
        words = translate(
            "If it is not that student's work, take it back: course withdraw STUDENT ID --reason WHY. As what it is "
            "now, it is recorded beside it."
        )
        out.print(Text(words))


def _print_worksheets(found: Collection, zone: tzinfo, out: Console) -> None:
    """Say what a worksheet told of times, and on which clock they were read."""
    from rich.text import Text

    if found.times.handed_in:
        words = translate("Times of Moodle's worksheet, read on the clock of {zone}: {count}")
        out.print(Text(words.format(zone=zone, count=len(found.times.handed_in))))
    if found.times.unread:
        words = translate("Times of the worksheet that can mean several things, or are not understood: {count}")
        out.print(Text(words.format(count=found.times.unread)))


def _print_times(found: Collection, out: Console) -> None:
    """Say of how many files the time cannot cost points, and what it is the time of."""
    from rich.text import Text

    counts = Counter(item.origin.trust for item in found.new if not item.origin.trust.counts)
    for trust, count in sorted(counts.items()):
        words = translate("Timed only by {what}, so that lateness costs nothing: {count}")
        out.print(Text(words.format(count=count, what=time_of(trust))))


def _listed(items: list[Item]) -> str:
    return " ".join(sorted({item.exercise for item in items}, key=lambda id: [int(part) for part in id.split(".")]))


def _open(name: str, files: str, why: str, suggested: str) -> str:
    first, *more = files.split("\n")
    shown = f"{first} (+{len(more)})" if more else first
    return f"{name}: {shown}: {why}" + (f" ({suggested}?)" if suggested else "")

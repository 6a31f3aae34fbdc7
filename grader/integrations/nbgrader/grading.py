"""Grades nbgrader's submitted tree with our batch engine, and hands the results to nbgrader.

Each notebook is parted into a submission for each exercise, below `judged/<assignment>/<student>/`: that is what was
judged, for whoever wants to see it. Nothing of a notebook runs here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.actions.teacher.grading_runs.grade import grade
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun, Progress, Workers
from grader.actions.teacher.grading_runs.regrade import Accept
from grader.actions.teacher.results.comments_of import said_to_students
from grader.actions.teacher.results.said import SaidAbout, SaidOf
from grader.core.course.exercise import Exercise
from grader.core.findings.held_back import held_back
from grader.core.findings.telling import told as told
from grader.core.report.report import CheckResult, Report
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.core.words.message import Translate, say
from grader.integrations.nbgrader.autograded import Told, autograded
from grader.integrations.nbgrader.course_folder import NbgraderCourse, source_notebooks
from grader.integrations.nbgrader.handed_in import Handed, Reading, Work
from grader.integrations.nbgrader.ids import CellRole, Kind, roles
from grader.integrations.nbgrader.marks import Marks, MarkWriter, StudentMarks
from grader.integrations.nbgrader.part import Part
from grader.integrations.nbgrader.telling import check_text, comment, placed
from grader.integrations.nbgrader.unchanged import JUDGED, Graded, folder_of
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook
from grader.store.machine.files import unwritable, write_whole
from grader.store.students.found import Unknown
from grader.store.students.records import is_text

_AT_ONCE = 100
Reports = Mapping[str, Report]


@dataclass(frozen=True)
class Voice:
    """In which words results are told; `show_check` returns the HTML of one check."""

    translate: Translate
    language: str
    show_check: Callable[[CheckResult], str]


@dataclass(frozen=True)
class NotebookRun:
    """What a run did: the engine's part, the works written into nbgrader's gradebook, what was odd, and what it found
    of teachers' comments.
    """

    run: GradeRun
    works: Sequence[Work]
    notes: Sequence[Unknown]
    said: SaidAbout

    @property
    def notebooks(self) -> int:
        return sum(len(work.handed) for work in self.works)


class NotebookGrading:
    """The grading of one assignment; `book` is nbgrader's open gradebook.

    Raises:
        UsageFault: where nbgrader does not know it, or nothing in it is ours.
        CouldNotJudge: where nbgrader's gradebook cannot be used.
    """

    def __init__(self, files: CourseFiles, course: NbgraderCourse, book: Any, assignment: str) -> None:
        self._files, self._course, self._book, self._assignment = files, course, book, assignment
        self._sources = source_notebooks(book, assignment)
        here = {id for source in self._sources for id in source.cells}
        readable, self._broken = _readable(files)
        self._exercises = [each for each in readable if here & set(roles([each]))]
        self._roles = {id: role for id, role in roles(self._exercises).items() if id in here}
        if not self._exercises and not self._broken:
            raise UsageFault(
                say(
                    "no cell of {name} belongs to an exercise of this course; write such an assignment "
                    "with: course nbgrader assignment LECTURE",
                    name=assignment,
                )
            )

    @property
    def folder(self) -> Path:
        """Where the parts lie that the engine judges."""
        return self._course.root / JUDGED / self._assignment

    @property
    def only(self) -> tuple[str, ...]:
        """The exercises that the assignment is about; those that cannot be read are told to be so."""
        return (*(each.id for each in self._exercises), *self._broken)

    def grade(
        self,
        request: GradeRequest,
        ours: Gradebook,
        workers: Workers,
        progress: Progress,
        accept: Accept,
        voice: Voice,
    ) -> NotebookRun:
        """Part the notebooks, judge the parts, and write what was found.

        Raises:
            UsageFault: where nobody handed in.
            CouldNotJudge: where a gradebook cannot be used.
        """
        writer = MarkWriter(self._course, self._book, self._assignment)
        works, notes = self._works(request.students, writer)
        with _writing(self.folder):
            self._write_parts(works, everybody=not request.students)
        run = grade(self._files, request, ours, workers, progress, accept)
        said = said_to_students(self._files, ours)
        known = {(each.student, each.exercise, each.sha256): each.result for each in ours.standing() if each.result}
        for start in range(0, len(works), _AT_ONCE):
            some = [(work, dict(_numbers(work, known))) for work in works[start : start + _AT_ONCE]]
            reports = ours.reports(number for _, numbers in some for number in numbers.values())
            marks = [
                self._written(work, {id: reports[number] for id, number in numbers.items()}, voice, said)
                for work, numbers in some
            ]
            # Who reads the marks finds the notebooks.
            writer.write(marks)
        return NotebookRun(run, works, notes, said)

    def graded(self, done: NotebookRun, voice: Voice) -> Graded:
        """Return what is to be known of a run that graded everybody."""
        address = self._course.database
        return Graded(
            str(self._course.root),
            self._course.place(self._assignment),
            self.only,
            (address.database or "") if address.get_backend_name() == "sqlite" else "",
            self._course.shown_database,
            tuple(str(self._folder_of(work.student)) for work in done.works),
            done.notebooks,
            tuple(f"{note.path}: {note.why.said(voice.translate, voice.language)}" for note in done.notes),
        )

    def _works(self, students: Sequence[str], writer: MarkWriter) -> tuple[list[Work], list[Unknown]]:
        reading = Reading(self._sources, self._exercises, self._roles)
        works = []
        everybody = self._course.submitted(self._assignment)
        if not everybody:
            where = self._course.path(self._course.folder.submitted_directory, "*", self._assignment)
            raise UsageFault(say("nothing has been handed in: there is no folder {folder}", folder=where))
        for student, folder in everybody.items():
            if _is_linked(folder, student):
                reading.notes.append(Unknown(folder, say("links are not followed")))
                continue
            if students and student not in students:
                continue
            if not is_text(student):
                reading.notes.append(Unknown(folder, say("its name is not valid UTF-8")))
                continue
            if not writer.knows(student):
                words = say("nbgrader does not know this student; run first: nbgrader db student add {id}", id=student)
                reading.notes.append(Unknown(folder, words))
                continue
            work = reading.work(student, folder)
            if work is not None:
                works.append(work)
        return works, reading.notes

    def _write_parts(self, works: Sequence[Work], everybody: bool) -> None:
        wanted = {self.folder / folder_of(work.student): work for work in works}
        self.folder.mkdir(parents=True, exist_ok=True)
        if everybody:
            for folder in set(self.folder.iterdir()) - set(wanted):
                shutil.rmtree(folder)
        for folder, work in wanted.items():
            parts = {folder / name: content for name, content in work.judged()}
            folder.mkdir(exist_ok=True)
            for path in set(folder.iterdir()) - set(parts):
                path.unlink()
            for path, content in parts.items():
                _write_if_new(path, content)
                os.utime(path, (work.at.timestamp(), work.at.timestamp()))

    def _written(self, work: Work, reports: Reports, voice: Voice, said: SaidAbout) -> StudentMarks:
        """Write one student's graded notebooks, and return what goes into the gradebook."""
        folder = self._folder_of(work.student)
        marks = {}
        tells = {exercise.id: exercise.tells for exercise in self._exercises}
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for handed in work.handed:
                found = {
                    id: placed(held_back(report, tells[id]), handed.parts[id], handed.filename)
                    for id, report in reports.items()
                    if id in handed.parts
                }
                name = handed.source.name
                # On lines nobody says anything here: a part has no page at the server.
                comments = {id: said(work.student, id, "") for id in found}
                marks[name], told = self._marks(handed, found, comments, voice)
                self._put(folder / f"{name}.ipynb", autograded(handed.cells, handed.source, told).encode())
            if work.timestamp:
                self._put(folder / "timestamp.txt", work.timestamp)
            for name in {source.name for source in self._sources} - set(marks):
                (folder / f"{name}.ipynb").unlink(missing_ok=True)
        return StudentMarks(work.student, work.stated, marks)

    def _folder_of(self, student: str) -> Path:
        return self._course.path(self._course.folder.autograded_directory, student, self._assignment)

    def _marks(
        self, handed: Handed, found: Reports, said: Mapping[str, SaidOf], voice: Voice
    ) -> tuple[Marks, dict[str, Told]]:
        by_role = {CellRole(Kind.CHECK, id, each.name): each for id, report in found.items() for each in report.checks}
        scores: dict[str, float | None] = {}
        told: dict[str, Told] = {}
        for id, cell in handed.source.cells.items():
            check = by_role.get(self._roles[id]) if id in self._roles else None
            if check is not None and cell.points is not None:
                # A teacher may have given the cell other points than the exercise.
                share = check.max_score and cell.points / check.max_score
                scores[id] = None if check.score is None else check.score * share
                told[id] = Told(voice.show_check(check), check_text(check, voice.translate, voice.language))
            elif id not in self._roles and cell.solution and cell.points is not None:
                answered = any(each.grade_id == id and each.text != cell.text for each in handed.cells)
                # As nbgrader does: what nobody wrote is worth nothing, the rest is a person's to read.
                scores[id] = None if answered else 0.0
        comments = {
            CellRole(Kind.ANSWER, id).grade_id: comment(
                report, list(_notes(report, handed.parts[id], voice)), said[id], voice.translate, voice.language
            )
            for id, report in found.items()
        }
        return Marks(scores, comments), told

    def _put(self, path: Path, content: bytes) -> None:
        """Write a file that people may read and not change, as nbgrader leaves it."""
        if _write_if_new(path, content):
            path.chmod(0o664 if self._course.folder.groupshared else 0o444)


def _notes(report: Report, part: Part, voice: Voice) -> Iterator[str]:
    """Yield what is to be known of a part as a whole."""
    for note in (*part.notes, *map(told, report.notices)):
        yield note.said(voice.translate, voice.language)


def _is_linked(folder: Path, student: str) -> bool:
    """Return whether a student's work, or all of a student, could be somebody else's."""
    return any(each.is_symlink() for each in (folder, *folder.parents) if each == folder or each.name == student)


def _readable(files: CourseFiles) -> tuple[list[Exercise], list[str]]:
    """Return the exercises that are right, and the ids of those that are not."""
    right, broken = [], []
    for id in files.exercise_ids():
        try:
            right.append(files.exercise(id))
        except CourseInvalid:
            broken.append(id)
    return right, broken


def _numbers(work: Work, known: Mapping[tuple[str, str, str], int]) -> Iterator[tuple[str, int]]:
    """Yield the number of the result of each exercise, for the very bytes that were handed in."""
    for handed in work.handed:
        for id, part in handed.parts.items():
            number = known.get((work.student, id, hashlib.sha256(part.content).hexdigest()))
            if number is not None:
                yield id, number


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(error.filename or folder, error) from None


def _write_if_new(path: Path, content: bytes) -> bool:
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass
    write_whole(path, content)
    return True

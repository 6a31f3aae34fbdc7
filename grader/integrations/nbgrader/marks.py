"""Writes what was judged into nbgrader's gradebook; what people put there stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties

from grader.integrations.nbgrader.course_folder import NbgraderCourse, told


@dataclass(frozen=True)
class Marks:
    """What is written about one notebook: scores by graded cell, None where we could not judge; comments by answer."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str]


class MarkWriter:
    """Writes into an open gradebook of nbgrader's; `names` are those of its cells, by the number that it gives them."""

    def __init__(self, course: NbgraderCourse, book: Any, assignment: str) -> None:
        self._course = course
        self._book = book
        self._assignment = assignment
        with told():
            notebooks = book.find_assignment(assignment).notebooks
            self._cells = {
                cell.id: cell.name
                for notebook in notebooks
                for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
            }
            self._notebooks = {notebook.id: notebook.name for notebook in notebooks}
            # While a class is judged, nothing of the gradebook is held.
            book.db.commit()
        self._adds = Autograde(coursedir=course.folder, parent=course.app).create_student

    def knows(self, student: str) -> bool:
        """Return whether nbgrader has this student, or lets us add one."""
        if self._adds:
            return True
        try:
            with told():
                self._book.find_student(student)
        except MissingEntry:
            return False
        return True

    def write(self, student: str, submitted: datetime | None, marks: Mapping[str, Marks]) -> None:
        """Record a student's notebooks, all or none; those of the assignment that are not there earn nothing.

        Raises:
            CouldNotJudge: where the gradebook cannot be used.
        """
        with told():
            self._book.update_or_create_student(student)
            timestamp = {} if submitted is None else {"timestamp": submitted}
            submission = self._book.update_or_create_submission(self._assignment, student, **timestamp)
            for notebook in submission.notebooks:
                self._write_notebook(notebook, marks.get(self._notebooks[notebook.notebook_id]))
            late = submission.total_seconds_late > 0
            self._book.db.commit()
            if late:
                for name in marks:
                    self._penalise(student, name)

    def _write_notebook(self, notebook: Any, marks: Marks | None) -> None:
        notebook.late_submission_penalty = None
        for grade in notebook.grades:
            name = self._cells[grade.cell_id]
            if marks is None:
                _grade(grade, 0.0)
            elif name in marks.scores:
                _grade(grade, marks.scores[name])
        for comment in notebook.comments:
            name = self._cells[comment.cell_id]
            if marks is None or name in marks.comments:
                comment.auto_comment = None if marks is None else marks.comments[name]

    def _penalise(self, student: str, notebook: str) -> None:
        """Let nbgrader's own plugin say what lateness costs."""
        about = {
            "notebook": notebook,
            "assignment": self._assignment,
            "student": student,
            "db_url": self._course.database.render_as_string(hide_password=False),
        }
        nothing = NotebookNode(cells=[], metadata={})  # type: ignore[no-untyped-call]
        AssignLatePenalties(parent=self._course.app).preprocess(nothing, ResourcesDict(nbgrader=about))
        self._book.db.expire_all()


def _grade(grade: Any, score: float | None) -> None:
    """Set what was computed. A mark set by hand stays; it is to be looked at again where the computed one changed."""
    changed = grade.auto_score != score
    grade.auto_score = score
    if grade.manual_score is None:
        grade.needs_manual_grade = score is None
    elif changed:
        grade.needs_manual_grade = True

"""Writes what was judged into nbgrader's gradebook; what people put there stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.orm import selectinload

from grader.integrations.nbgrader.course_folder import NbgraderCourse, told


@dataclass(frozen=True)
class Marks:
    """What is written about one notebook: scores by graded cell, None where we could not judge; comments by answer."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str]


@dataclass(frozen=True)
class StudentMarks:
    """What is written about one student's notebooks, by name; `submitted` is None where nothing says when."""

    student: str
    submitted: datetime | None
    marks: Mapping[str, Marks]


class MarkWriter:
    """Writes into an open gradebook of nbgrader's."""

    def __init__(self, course: NbgraderCourse, book: Any, assignment: str) -> None:
        self._course = course
        self._book = book
        self._assignment = assignment
        with told():
            found = book.find_assignment(assignment)
            self._id, notebooks = found.id, found.notebooks
            self._cells = {
                cell.id: cell.name
                for notebook in notebooks
                for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
            }
            self._notebooks = {notebook.id: notebook.name for notebook in notebooks}
            self._rows = {
                notebook.id: (
                    [cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)],
                    [cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)],
                )
                for notebook in notebooks
            }
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

    def write(self, some: Sequence[StudentMarks]) -> None:
        """Record students' notebooks, all or none; those of the assignment that are not there earn nothing.

        Raises:
            CouldNotJudge: where the gradebook cannot be used.
        """
        with told():
            submissions = self._submissions({each.student for each in some})
            for each in some:
                self._write_submission(submissions[each.student], each)
            self._book.db.add_all(submissions.values())
            self._book.db.flush()
            late = [each for each in some if submissions[each.student].total_seconds_late > 0]
            self._book.db.commit()
            for each in late:
                for name in each.marks:
                    self._penalise(each.student, name)

    def _submissions(self, students: set[str]) -> dict[str, Any]:
        """Return the submissions of these students, by student: those that are there, and new ones.

        nbgrader's own add_submission commits after each of them, which for a class takes four times as long.
        """
        db = self._book.db
        known = {id for (id,) in db.query(Student.id).filter(Student.id.in_(students))}
        db.add_all([Student(id=id) for id in sorted(students - known)])
        notebooks = selectinload(SubmittedAssignment.notebooks)
        query = (
            db.query(SubmittedAssignment)
            .filter(SubmittedAssignment.assignment_id == self._id, SubmittedAssignment.student_id.in_(students))
            .options(notebooks.selectinload(SubmittedNotebook.grades))
            .options(notebooks.selectinload(SubmittedNotebook.comments))
        )
        found = {each.student_id: each for each in query}
        return {student: found.get(student) or self._submission(student) for student in sorted(students)}

    def _submission(self, student: str) -> Any:
        """Return what nbgrader's add_submission makes: a row for each notebook, graded cell and answer."""
        submission = SubmittedAssignment(assignment_id=self._id, student_id=student)
        for id, (graded, commented) in self._rows.items():
            notebook = SubmittedNotebook(notebook_id=id, assignment=submission)
            for cell in graded:
                Grade(cell_id=cell, notebook=notebook)
            for cell in commented:
                Comment(cell_id=cell, notebook=notebook)
        return submission

    def _write_submission(self, submission: Any, about: StudentMarks) -> None:
        if about.submitted is not None:
            submission.timestamp = about.submitted
        for notebook in submission.notebooks:
            self._write_notebook(notebook, about.marks.get(self._notebooks[notebook.notebook_id]))

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


def _grade(grade: Any, score: float | None) -> None:
    """Set what was computed. A mark set by hand stays; it is to be looked at again where the computed one changed."""
    changed = grade.auto_score != score
    grade.auto_score = score
    if grade.manual_score is None:
        grade.needs_manual_grade = score is None
    elif changed:
        grade.needs_manual_grade = True

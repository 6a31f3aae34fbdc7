"""The composition root: the one module of the command line that names integrations.

Everything here is a line of a table and loads when it is first used, so that a command imports no more than it needs
and a package that only some of them need may be missing. Commands import these names inside the function that uses
them: `from grader.cli.composition import write_pages`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from grader.core.words.message import say
from grader.core.words.registry import Entry, Registry

if TYPE_CHECKING:
    from grader.actions.author.importer import Importer
    from grader.actions.student.report_format import ReportFormat
    from grader.actions.teacher.results.export_format import Export
    from grader.integrations.cluster import ClusterWorkers as ClusterWorkers
    from grader.integrations.course_server import CourseServer as CourseServer
    from grader.integrations.course_server import is_private as is_private
    from grader.integrations.course_server import server_address as server_address
    from grader.integrations.lms.grade_table import write_csv as write_csv
    from grader.integrations.lms.grade_table import write_rows as write_rows
    from grader.integrations.mutation import changes as changes
    from grader.integrations.nbgrader.assignment import assignment as assignment
    from grader.integrations.nbgrader.assignment_run import AssignmentRun as AssignmentRun
    from grader.integrations.nbgrader.assignment_run import Means as Means
    from grader.integrations.nbgrader.importing import needs_nbgrader as needs_nbgrader
    from grader.integrations.pages.feedback_page import feedback_page as feedback_page
    from grader.integrations.pages.writing import write_page as write_page
    from grader.integrations.pages.writing import write_pages as write_pages

_PLACE = "grader.integrations."

EXPORTS: Registry[Export] = Registry(
    "EXPORT",
    {
        "csv": Entry(_PLACE + "lms.grade_csv", say("Write grades as a table for spreadsheets.")),
        "moodle": Entry(_PLACE + "lms.moodle", say("Fill in the grading worksheet of a Moodle assignment.")),
        "canvas": Entry(_PLACE + "lms.canvas", say("Fill in a gradebook exported from Canvas.")),
        "moodle-feedback": Entry(
            _PLACE + "lms.moodle_feedback", say("Pack a page for each student as feedback files for Moodle.")
        ),
        "canvas-feedback": Entry(
            _PLACE + "lms.canvas_feedback", say("Pack a page for each student as comments for Canvas.")
        ),
        "gradescope": Entry(_PLACE + "lms.gradescope", say("Write a Gradescope results.json for each exercise.")),
        "gradescope-autograder": Entry(
            _PLACE + "lms.gradescope_autograder", say("Pack the course as an autograder for Gradescope.")
        ),
        "student-ci": Entry(
            _PLACE + "ci.student_repository", say("Write the files for a repository that grades itself.")
        ),
    },
)

REPORTS: Registry[ReportFormat] = Registry(
    "REPORT",
    {
        "junit": Entry(_PLACE + "ci.junit", say("Write the results as JUnit XML.")),
        "markdown": Entry(_PLACE + "ci.markdown_summary", say("Write a summary of the results in Markdown.")),
        "gradescope": Entry(_PLACE + "lms.gradescope", say("Write the results as Gradescope's results.json.")),
        "classroom50": Entry(_PLACE + "ci.classroom50", say("Write the results as Classroom 50's result.json.")),
    },
)

IMPORTERS: Registry[Importer] = Registry(
    "IMPORTER",
    {
        "nbgrader": Entry(
            _PLACE + "importers.nbgrader",
            say("Import a notebook of nbgrader's source folder, with its answers and tests."),
        ),
        "otter": Entry(
            _PLACE + "importers.otter",
            say("Import otter's test files, what otter assign wrote, or the notebook that it takes."),
        ),
    },
)

# Name to the module that has it.
LOADED_LATER = {
    "ClusterWorkers": "cluster",
    "CourseServer": "course_server",
    "is_private": "course_server",
    "server_address": "course_server",
    "changes": "mutation",
    "write_csv": "lms.grade_table",
    "write_rows": "lms.grade_table",
    "feedback_page": "pages.feedback_page",
    "write_page": "pages.writing",
    "write_pages": "pages.writing",
    "assignment": "nbgrader.assignment",
    "AssignmentRun": "nbgrader.assignment_run",
    "Means": "nbgrader.assignment_run",
    "needs_nbgrader": "nbgrader.importing",
}


def __getattr__(name: str) -> object:
    if name not in LOADED_LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACE + LOADED_LATER[name]), name)

"""nbgrader's course folder in a copy of the course, by nbgrader's own code: what the tests of it share."""

from __future__ import annotations

import contextlib
import copy
import csv
import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading import Class, Ended

from grader.store.course.course_files import find_course

if TYPE_CHECKING:
    # Every worker of pytest-xdist collects what one of them runs, and nbgrader takes a second and a half to import.
    from nbgrader.api import Gradebook

ASSIGNMENT = "lecture-4"
NAME = f"{ASSIGNMENT}.ipynb"
FULL = 48.0
Notebook = dict[str, Any]
Change = Any


@dataclass(frozen=True)
class Room:
    """A class whose course folder has nbgrader's in `nb/`."""

    group: Class

    @property
    def folder(self) -> Path:
        return self.group.course / "nb"

    @property
    def source(self) -> Path:
        return self.folder / "source" / ASSIGNMENT / NAME

    @property
    def release(self) -> Notebook:
        return json.loads((self.folder / "release" / ASSIGNMENT / NAME).read_text(encoding="utf-8"))

    def generate(self) -> None:
        """Write the assignment as our command does, and let nbgrader make the students' version."""
        ended = self.group.run("nbgrader", "assignment", "4", "--course-dir", "nb")
        assert ended.code == 0, ended
        (self.folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
        )
        self._convert("GenerateAssignment")

    def solved(self) -> Notebook:
        """Return the students' version with everything right, as a student would have written it."""
        return self.filled(answers(self.source))

    def filled(self, answers: Mapping[str, str]) -> Notebook:
        """Return the students' version with these answers."""
        notebook = copy.deepcopy(self.release)
        for id, text in answers.items():
            answer_cell(notebook, id)["source"] = text
        return notebook

    def hand_in(self, student: str, content: Notebook | bytes, name: str = NAME, timestamp: str = "") -> None:
        folder = self.folder / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / name).write_bytes(raw)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)

    def grade(self, *arguments: str, code: int = 0, **options: Any) -> Ended:
        ended = self.group.run("nbgrader", "grade", ASSIGNMENT, "--course-dir", "nb", *arguments, **options)
        assert ended.code == code, ended
        return ended

    @contextlib.contextmanager
    def book(self) -> Iterator[Gradebook]:
        from nbgrader.api import Gradebook

        book = Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}")
        try:
            yield book
        finally:
            book.close()
            book.engine.dispose()

    def grades(self, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
        """Return a student's computed score, score set by hand and need of a look, by graded cell."""
        with self.book() as book:
            notebook = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
            return {
                each.name: (each.auto_score, each.manual_score, each.needs_manual_grade) for each in notebook.grades
            }

    def scores(self, student: str, exercise: str) -> list[float | None]:
        start = f"check-{exercise.replace('.', '-')}-"
        return [score for name, (score, _, _) in self.grades(student).items() if name.startswith(start)]

    def comment(self, student: str, exercise: str) -> str:
        with self.book() as book:
            name = f"answer-{exercise.replace('.', '-')}"
            return book.find_comment(name, ASSIGNMENT, ASSIGNMENT, student).comment or ""

    def exported(self) -> dict[str, dict[str, str]]:
        """Return the lines of nbgrader's own export, by student."""
        from nbgrader.plugins import CsvExportPlugin

        target = self.folder / "grades.csv"
        with self.book() as book:
            CsvExportPlugin(to=str(target)).export(book)
        with target.open() as file:
            return {line["student_id"]: line for line in csv.DictReader(file)}

    def autograded(self, student: str) -> Notebook:
        path = self.folder / "autograded" / student / ASSIGNMENT / NAME
        return json.loads(path.read_text(encoding="utf-8"))

    def feedback(self) -> Path:
        """Let nbgrader make its feedback pages and return their folder."""
        self._convert("GenerateFeedback", student_id="*")
        return self.folder / "feedback"

    def validated(self) -> dict[str, Any]:
        """Run the author's version by nbgrader and return what it complains about."""
        from nbgrader.validator import Validator

        before = Path.cwd()
        try:
            return Validator().validate(str(self.source))
        finally:
            os.chdir(before)

    @contextlib.contextmanager
    def formgrader(self, own: Path) -> Iterator[str]:
        """Serve nbgrader's formgrader and yield its address; what Jupyter keeps goes into `own`."""
        own.mkdir()
        config = f"c = get_config()\nc.CourseDirectory.root = {str(self.folder)!r}\n"
        (own / "nbgrader_config.py").write_text(config, encoding="utf-8")
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        extensions = {"nbgrader.server_extensions.formgrader": True}
        command = [
            sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.folder}", "--IdentityProvider.token=",
            f"--ServerApp.jpserver_extensions={extensions}",
        ]  # fmt: skip
        jupyter = {f"JUPYTER_{name}_DIR": str(own) for name in ("CONFIG", "DATA", "RUNTIME")}
        with (own / "log").open("w") as log:
            server = subprocess.Popen(command, env={**os.environ, **jupyter}, cwd=own, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/formgrader"
            _answers(f"{address}/manage_assignments", server)
            yield address
        finally:
            server.kill()
            server.wait()

    def submission(self, student: str) -> str:
        """Return the number that formgrader's addresses have for a student's notebook."""
        with self.book() as book:
            return str(book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student).id)

    def _convert(self, converter: str, **about: str) -> None:
        from nbgrader import converters
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config

        directory = CourseDirectory(root=str(self.folder), assignment_id=ASSIGNMENT, **about)
        made = getattr(converters, converter)(coursedir=directory, config=Config())
        made.log.setLevel(logging.ERROR)
        before, path = Path.cwd(), os.environ["PATH"]
        # nbgrader looks for a program of its own environment.
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
        try:
            made.start()
        finally:
            os.chdir(before)
            os.environ["PATH"] = path


def _answers(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=60):
                return
        except OSError:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def answers(source: Path) -> dict[str, str]:
    """Return the solutions of an author's version, without the marks."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    found = {}
    for exercise in find_course(source.parent).exercise_ids():
        lines = answer_cell(notebook, exercise)["source"].split("\n")
        found[exercise] = "\n".join(line for line in lines if " SOLUTION" not in line)
    return found


def answer_cell(notebook: Notebook, exercise: str) -> Notebook:
    return cell_of(notebook, f"answer-{exercise.replace('.', '-')}")


def text_of(cell: Notebook) -> str:
    return "".join(cell["source"])


def cell_of(notebook: Notebook, grade_id: str) -> Notebook:
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)

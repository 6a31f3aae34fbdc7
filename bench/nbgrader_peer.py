"""The lecture's exercise 4.5 as an nbgrader assignment, graded by nbgrader and by us from the same notebooks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from shutil import copy, copytree

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

# A class; its start-up is shared out, as nbgrader's is among the notebooks that it grades.
_MANY = 1000
_BIN = Path(sys.executable).parent
_TESTS = {
    "forward": "assert abs(float(forward(4.0)) - 4.0 * float(w)) < 1e-6",
    "loss": "assert abs(float(loss(3.0, 1.0)) - 4) < 1e-6",
    # The same cells run on hidden data when we grade: all that can be asserted there is that training moved w.
    "loop": "assert abs(float(w) - 1.0) > 1e-3",
}


def seconds_each(folder: Path, program: str, count: int) -> tuple[float, float, float]:
    """Return the seconds for a right notebook, start-up shared out: nbgrader's, ours, and ours with one worker.

    nbgrader grades `count` of them one after another, as it does; we many more, with a worker for each core, as we do.
    """
    _course(folder, program, count)
    started = time.perf_counter()
    _run(["nbgrader", "autograde", "a1"], folder)
    theirs = (time.perf_counter() - started) / count
    graded = list((folder / "autograded").glob("*/a1/4.5.ipynb"))
    assert len(graded) == count, graded
    text = (folder / "submitted" / "s000" / "a1" / "4.5.ipynb").read_text()
    return theirs, _ours(folder / "ours", text), _ours(folder / "alone", text, "-j", "1")


def _ours(folder: Path, notebook: str, *workers: str) -> float:
    root = Path(__file__).parent.parent
    for part in ("exercises", "solutions"):
        copytree(root / part, folder / part)
    copy(root / "course.yaml", folder)
    for number in range(_MANY):
        student = folder / "class" / f"s{number:03d}"
        student.mkdir(parents=True)
        (student / "4.5.ipynb").write_text(notebook.replace("# student 0", f"# student {number}"))
    # The reference is part of the exercise, as nbgrader's database and tests are of the assignment.
    _run(["course", "grade", "class", "--student", "s000", "-j", "1"], folder)
    started = time.perf_counter()
    out = _run(["course", "grade", "class", *workers, "--json", "-"], folder)
    assert out.count('"score": 8.0') == _MANY, out[-500:]
    return (time.perf_counter() - started) / (_MANY - 1)


def _course(folder: Path, program: str, count: int) -> None:
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    source = folder / "source" / "a1"
    source.mkdir(parents=True)
    nbformat.write(_notebook("### BEGIN SOLUTION\n" + program + "\n### END SOLUTION"), source / "4.5.ipynb")
    _run(["nbgrader", "generate_assignment", "a1"], folder)
    for number in range(count):
        submitted = folder / "submitted" / f"s{number:03d}" / "a1"
        submitted.mkdir(parents=True)
        nbformat.write(_notebook(f"# student {number}\n{program}"), submitted / "4.5.ipynb")


def _notebook(program: str) -> nbformat.NotebookNode:
    answer = new_code_cell(program, metadata={"nbgrader": _about("program", solution=True, grade=False)})
    answer.id = "program"
    cells = [answer]
    for name, test in _TESTS.items():
        cell = new_code_cell(test, metadata={"nbgrader": {**_about(name, solution=False, grade=True), "points": 2}})
        cell.id = name
        cells.append(cell)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


def _about(name: str, solution: bool, grade: bool) -> dict[str, object]:
    return {
        "grade": grade,
        "solution": solution,
        "locked": grade,
        "task": False,
        "grade_id": name,
        "schema_version": 3,
        "cell_type": "code",
    }


def _run(command: list[str], folder: Path) -> str:
    # nbgrader's kernel is found through PATH: an environment that is not activated would fail.
    path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
    own = {"COURSE_SECRET": "bench", "COURSE_CACHE": str(folder / "cache"), "PATH": path}
    done = subprocess.run(
        [str(_BIN / command[0]), *command[1:]], cwd=folder, env={**os.environ, **own}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    return done.stdout

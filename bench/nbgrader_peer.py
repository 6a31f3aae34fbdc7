"""The lecture's programs as an nbgrader assignment, graded by nbgrader and by us from the same notebooks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from shutil import copy, copytree

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

# Notebooks of a class; its start-up is shared out, as nbgrader's is among the notebooks that it grades.
_MANY = 1000
_ROOT = Path(__file__).parent.parent
_BIN = Path(sys.executable).parent
# What an author of nbgrader's asserts, by exercise. The same cells run on hidden data when we grade: nothing can be
# asserted there of the numbers that training begins or ends with.
_FORWARD = "assert abs(float(forward(4.0)) - 4.0 * float(w)) < 1e-6"
_LOSS = "assert abs(float(loss(3.0, 1.0)) - 4) < 1e-6"
_MOVED = "assert abs(float(w) - 1.0) > 1e-3"
_TESTS = {
    "4.4": {"data": "assert len(x_soat) == len(y_baho) == 3", "variable": "assert w.requires_grad and w.is_leaf"},
    "4.5": {"forward": _FORWARD, "loss": _LOSS, "loop": _MOVED},
    "4.6": {"gradient": "assert abs(gradient(2.0, 4.0) - 4.0 * (2.0 * w - 4.0)) < 1e-6", "loop": _MOVED},
    "4.7": {
        "step": "h = rnn_step(torch.ones(1, 2), torch.zeros(1, 3), torch.zeros(3, 3), torch.ones(3, 2))\n"
        "assert torch.allclose(h, torch.tanh(torch.full((3, 1), 2.0)))"
    },
    "4.8": {"prediction": _FORWARD, "loss": _LOSS, "trace": _MOVED},
}


def seconds_each(folder: Path, count: int) -> tuple[float, float, float]:
    """Return the seconds for a right notebook, start-up shared out: nbgrader's, ours, and ours with one worker.

    A notebook for each of the lecture's exercises that ask for a program. nbgrader grades those of `count` students one
    after another, as it does; we many more, with a worker for each core, as we do.
    """
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    for id in _TESTS:
        write(folder / "source" / "a1", id, _notebook(id, f"### BEGIN SOLUTION\n{_solution(id)}\n### END SOLUTION"))
    _run(["nbgrader", "generate_assignment", "a1"], folder)
    for number in range(count):
        for id in _TESTS:
            write(folder / "submitted" / f"s{number:03d}" / "a1", id, _handed_in(id, number))
    started = time.perf_counter()
    _run(["nbgrader", "autograde", "a1"], folder)
    theirs = (time.perf_counter() - started) / (count * len(_TESTS))
    graded = list((folder / "autograded").glob("*/a1/*.ipynb"))
    assert len(graded) == count * len(_TESTS), graded
    return theirs, _ours(folder / "ours"), _ours(folder / "alone", "-j", "1")


def _ours(folder: Path, *workers: str) -> float:
    for part in ("exercises", "solutions"):
        copytree(_ROOT / part, folder / part)
    copy(_ROOT / "course.yaml", folder)
    for number in range(_MANY // len(_TESTS)):
        for id in _TESTS:
            write(folder / "class" / f"s{number:03d}", id, _handed_in(id, number))
    # The reference is part of the exercise, as nbgrader's database and tests are of the assignment.
    _run(["course", "grade", "class", "--student", "s000", "-j", "1"], folder)
    started = time.perf_counter()
    reports = json.loads(_run(["course", "grade", "class", *workers, "--json", "-"], folder))["reports"]
    seconds = time.perf_counter() - started
    less = [report for report in reports if report["exercise"] in _TESTS and report["score"] != report["max_score"]]
    right = [report for report in reports if report["score"] and report["score"] == report["max_score"]]
    assert not less and len(right) == _MANY, less[:1]
    return seconds / (_MANY - len(_TESTS))


def write(folder: Path, id: str, notebook: nbformat.NotebookNode) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{id}.ipynb")


def _solution(id: str) -> str:
    return (_ROOT / "solutions" / id / "solution.py").read_text()


def _handed_in(id: str, number: int) -> nbformat.NotebookNode:
    return _notebook(id, f"# student {number}\n{_solution(id)}")


def _notebook(id: str, program: str) -> nbformat.NotebookNode:
    answer = new_code_cell(program, metadata={"nbgrader": _about("program", solution=True, grade=False)})
    answer.id = "program"
    cells = [answer]
    for name, test in _TESTS[id].items():
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

"""The same notebooks through `nbgrader autograde` and through us, in one run.

    python bench/notebooks.py [NOTEBOOKS]

Two assignments, both written by us. The first is the lecture's own: forward, loss and loop (4.5), as the peers were
measured with; NOTEBOOKS of it, 50 where nothing is said. The second is the whole lecture, eight exercises in each. To
4.5 tests of values are added as nbgrader's authors write them. Right, wrong and hostile notebooks; every score of both
sides is asserted. The hostile ones get full marks at 4.5 there and none here.

What a further notebook costs is the difference of two runs: nbgrader's of all and of one, ours of a class ten times as
large and of the same notebooks. Ours is too small a part of 50 to be told from how long a start takes.

The two do not do the same work. nbgrader starts a kernel for each notebook, which imports torch, and runs every cell
once: the answers and, in the graded cells, asserts of names and shapes, of values at 4.5 only. We run each check on
several hidden inputs, with traces and gradients, and wrong programs beside it; how many runs that is, is printed.
"""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from batch import Table
from nbgrader.api import Gradebook
from nbgrader_peer import _run

from grader.core.course.exercise import Coded
from grader.core.run.plan import program_jobs
from grader.store.course.course_files import find_course

ROOT = Path(__file__).parent.parent
HOSTILE = sorted((ROOT / "tests" / "hostile" / "notebooks").glob("*.py"))
NAME = "lecture-4"
OWN = ("4.5",)
WHOLE = tuple(find_course(ROOT).exercise_ids())
# Of the whole lecture fewer are graded: it says how time grows with the work in a notebook.
WHOLE_COUNT = 14
TIMES = 5
# How many more of each notebook's kind are in the class that tells what a further one costs us.
MORE = 9
# What an author of nbgrader's asserts of 4.5; w is where ten epochs lead from 1.
_TESTS = {
    "check-4-5-forward": "assert abs(forward(4.0) - 4.0 * w) < 1e-6",
    "check-4-5-loss": "assert abs(loss(3.0, 1.0) - 4.0) < 1e-6",
    "check-4-5-loop": "assert abs(w - 1.9512) < 1e-3",
}
Notebook = dict[str, Any]


class Room:
    """A copy of the course with some of its exercises, and nbgrader's folder in it."""

    def __init__(self, root: Path, ids: tuple[str, ...]) -> None:
        self.root, self.ids = root, ids
        self.nbgrader = root / "nb"
        self.solved: Notebook = {}
        self.release: Notebook = {}

    def make(self) -> None:
        """Write the course and the assignment, and let nbgrader make the students' version."""
        folder = self.root
        for part in ("exercises", "solutions"):
            for id in self.ids:
                if (ROOT / part / id).is_dir():
                    shutil.copytree(ROOT / part / id, folder / part / id)
        shutil.copy(ROOT / "course.yaml", folder)
        self.nbgrader.mkdir()
        _run(["course", "nbgrader", "assignment", "4", "--course-dir", "nb"], folder)
        source = self.nbgrader / "source" / NAME / f"{NAME}.ipynb"
        notebook = json.loads(source.read_text())
        for id, test in _TESTS.items():
            cell(notebook, id)["source"] += f"\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
        source.write_text(json.dumps(notebook))
        (self.nbgrader / "nbgrader_config.py").write_text("c = get_config()\n")
        _run(["nbgrader", "generate_assignment", NAME], self.nbgrader)
        self.solved = notebook
        self.release = json.loads((self.nbgrader / "release" / NAME / f"{NAME}.ipynb").read_text())

    def copied(self, root: Path) -> Room:
        """Return a copy, with all that was handed in and graded."""
        shutil.copytree(self.root, root, symlinks=True)
        copied = Room(root, self.ids)
        copied.solved, copied.release = self.solved, self.release
        return copied

    def hand_in(self, student: str, answer: str | None) -> None:
        """Hand in the solutions, at 4.5 the answer; no two students' programs are the same bytes."""
        notebook = copy.deepcopy(self.release)
        for id in self.ids:
            place = f"answer-{id.replace('.', '-')}"
            lines = cell(self.solved, place)["source"].split("\n")
            text = "\n".join(line for line in lines if " SOLUTION" not in line)
            cell(notebook, place)["source"] = f"# {student}\n{answer if answer and id == '4.5' else text}"
        folder = self.nbgrader / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))

    def autograde(self, *arguments: str) -> float:
        return timed(["nbgrader", "autograde", NAME, *arguments], self.nbgrader)

    def grade(self, *arguments: str) -> float:
        return timed(["course", "nbgrader", "grade", NAME, "--course-dir", "nb", *arguments], self.root)

    def mark_by_hand(self, student: str) -> None:
        """Give a student a point more at 4.5, as a teacher does in formgrader."""
        address = f"sqlite:///{self.nbgrader / 'gradebook.db'}"
        with Gradebook(address) as book:
            book.find_grade("check-4-5-forward", NAME, NAME, student).extra_credit = 1.0
            book.db.commit()

    def scores(self) -> dict[str, float]:
        _run(["nbgrader", "export"], self.nbgrader)
        with (self.nbgrader / "grades.csv").open() as file:
            return {line["student_id"]: float(line["raw_score"]) for line in csv.DictReader(file)}


def cell(notebook: Notebook, grade_id: str) -> Notebook:
    return next(each for each in notebook["cells"] if each["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def timed(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    _run(command, folder)
    return time.perf_counter() - started


def programs(full: float) -> dict[str, tuple[str | None, float, float]]:
    """Return what is handed in at 4.5, and what nbgrader and we must give the notebook; `full` are its full marks."""
    demo = {name: (ROOT / "demo" / f"{name}.py").read_text() for name in ("right", "not_zeroed", "cut")}
    plain = {
        "solution": (None, full, full),
        # It squares tensors only, as the lecture does; the author's test hands it plain numbers.
        "right": (demo["right"], full - 2, full),
        "not_zeroed": (demo["not_zeroed"], full - 4, full - 4),
    }
    return plain | {path.stem: (path.read_text(), full, full - 8) for path in HOSTILE}


def work_of(room: Room) -> str:
    """Return how much judging a notebook is on either side."""
    cells = [each["source"] for each in room.solved["cells"] if each["metadata"].get("nbgrader", {}).get("grade")]
    asserts = sum(len(re.findall(r"^assert ", text, re.MULTILINE)) for text in cells)
    works = [exercise.work for exercise in find_course(ROOT).exercises() if exercise.id in room.ids]
    coded = [work for work in works if isinstance(work, Coded)]
    jobs = [job for work in coded for check in work.checks for job in program_jobs(check, "", "", b"", work)]
    probes = sum(len(job.probes) for job in jobs)
    return (
        f"a right notebook is {asserts} asserts in {len(cells)} graded cells there, {len(_TESTS)} of them of values; "
        f"here {len(jobs)} runs with {probes} probes of hidden numbers, "
        f"and {len(works) - len(coded)} exercises of stated values"
    )


def assignment(table: Table, folder: Path, ids: tuple[str, ...], count: int) -> float:
    """Grade `count` notebooks of an assignment on both sides; return how much less a further one takes us."""
    room = Room(folder / "theirs", ids)
    room.make()
    full = sum(sum(find_course(ROOT).exercise(id).points.values()) for id in ids)
    kinds = programs(full)
    handed = {f"hostile_{path.stem}": path.stem for path in HOSTILE}
    for number in range(count - len(handed)):
        handed[f"s{number:03d}"] = ("solution", "right", "not_zeroed")[number % 3]
    for student, kind in handed.items():
        room.hand_in(student, kinds[kind][0])
    first = room.copied(folder / "ours")
    cores = str(len(os.sched_getaffinity(0)))
    # References and wrong programs are part of the exercise, as nbgrader's tests are of the assignment:
    # a notebook of each kind, from somebody else, makes them known. Theirs are not counted.
    known = {f"known_{kind}": kind for kind in kinds}
    for student, kind in known.items():
        first.hand_in(student, kinds[kind][0])
    unknown = first.grade("-j", cores, *(f"--student={student}" for student in known))
    for student in known:
        shutil.rmtree(first.nbgrader / "submitted" / student)
    larger = first.copied(folder / "larger")
    further = {f"{student}_{number}": kind for student, kind in handed.items() for number in range(MORE)}
    for student, kind in further.items():
        larger.hand_in(student, kinds[kind][0])
    ours_all, ours_larger = [], []
    for number in range(TIMES):
        if number == TIMES // 2:
            # In the middle of ours: a machine is not equally fast for minutes on end.
            theirs_alone = room.autograde("--student", "s001")
            theirs = room.autograde("--student", "*")
            theirs_again = room.autograde("--student", "*")
        ours = first.copied(folder / f"ours-{number}")
        ours_all.append(ours.grade("-j", cores))
        room_of_all = larger.copied(folder / f"larger-{number}")
        ours_larger.append(room_of_all.grade("-j", cores))
    seconds, seconds_larger = statistics.median(ours_all), statistics.median(ours_larger)
    again = ours.grade("-j", cores)
    ours.mark_by_hand("s002")
    marked = ours.grade("-j", cores)
    alone = first.copied(folder / "alone").grade("-j", cores, "--student", "s001")
    found = {side: each.scores() for side, each in (("ours", ours), ("larger", room_of_all), ("theirs", room))}
    for student, kind in handed.items():
        assert found["theirs"][student] == kinds[kind][1], (student, found["theirs"][student])
        extra = 1.0 if student == "s002" else 0.0
        assert found["ours"][student] == kinds[kind][2] + extra, (student, found["ours"][student])
    for student, kind in {**handed, **further}.items():
        assert found["larger"][student] == kinds[kind][2], (student, found["larger"][student])
    each = theirs / (count - 1), seconds / count
    more = (theirs - theirs_alone) / (count - 2), (seconds_larger - seconds) / len(further)
    table.fact(f"{count} notebooks of {', '.join(ids)}, scores as they must be on both sides")
    table.fact(f"{len(HOSTILE)} hostile ones: {full:g} of {full:g} by nbgrader, {full - 8:g} by us, none of it at 4.5")
    table.fact(work_of(room))
    table.fact(f"one notebook alone, start-up and all: nbgrader {theirs_alone:.1f} s, we {alone:.1f} s")
    table.fact(f"{len(known)} notebooks before anything of the exercises is known: we {unknown:.1f} s")
    table.fact(
        f"nbgrader autograde {theirs:.1f} s for {count - 1}; we {seconds:.1f} s for {count}, "
        f"{seconds_larger:.1f} s for {count + len(further)}"
    )
    table.fact(f"again, nothing changed: nbgrader {theirs_again:.1f} s, we {again:.1f} s")
    table.fact(f"again after a mark by hand in nbgrader's gradebook: we {marked:.1f} s")
    table.fact(
        f"for each notebook, start-up shared out: nbgrader {each[0]:.2f} s, we {1000 * each[1]:.0f} ms: "
        f"{each[0] / each[1]:.1f} x"
    )
    table.fact(f"for each further notebook: nbgrader {more[0]:.2f} s, we {1000 * more[1]:.0f} ms")
    table.ratio("nbgrader autograde / us, for a run with nothing changed", theirs_again / again, 1)
    return more[0] / more[1]


def main(count: int) -> int:
    table = Table()
    with tempfile.TemporaryDirectory(prefix="course-bench-") as folder:
        ratio = assignment(table, Path(folder) / "own", OWN, count)
        table.ratio("nbgrader autograde / us for each further notebook of the lecture's assignment", ratio, 100)
        ratio = assignment(table, Path(folder) / "whole", WHOLE, WHOLE_COUNT)
        table.fact(f"{ratio:9.2f}  the same for each further notebook of the whole lecture, of {len(WHOLE)} exercises")
    return table.missed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))

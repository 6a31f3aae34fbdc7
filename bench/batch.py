"""What grading a class costs: a whole class through `course grade`, beside nbgrader and beside bare processes.

    python bench/batch.py [STUDENTS] [--peer] [--large]     1,000 students where nothing is said

A class is made of the golden submissions of lecture 4, right and wrong, each student handing in all eight exercises;
some as notebooks, some identical to another's, some crashing, some hanging. Every run's scores are checked against what
the golden folders say. Ratios are of medians or sums measured in this run: to a fresh process that only imports torch
and runs the program, to bare forks that only run it, and with --peer to `nbgrader autograde` on the same notebooks.
--large grades 1,000 and 20,000 submissions and looks at time and memory.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
from box import inside

from grader.core.course.exercise import Coded
from grader.core.run.plan import program_jobs
from grader.store.course.course_files import find_course

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
COURSE = str(Path(sys.executable).parent / "course")
_HANGING = "\nwhile True:\n    pass\n"
_CRASHING = "\nimport ctypes\nctypes.string_at(0)\n"


@dataclass(frozen=True)
class Work:
    """A submission and what it must score; `children` is how many processes judging it takes."""

    exercise: str
    suffix: str
    text: str
    score: float
    children: int


def goldens() -> dict[str, list[Work]]:
    """Return the golden submissions by exercise: those of lecture 4 that run to their end and wait out no limit."""
    files = find_course(ROOT)
    works: dict[str, list[Work]] = {}
    for exercise in (each for each in files.exercises() if (GOLDEN / each.id).exists()):
        for folder in sorted((GOLDEN / exercise.id).iterdir()):
            verdicts = json.loads((folder / "expected.json").read_text())["checks"]
            file = next(folder.glob("submission.*"))
            text = file.read_bytes().decode("utf-8", "replace")
            if "while True" in text or "sleep" in text or (not text.isprintable() and "\0" in text):
                continue
            score = sum(exercise.points[name] for name, seen in verdicts.items() if seen["verdict"] == "pass")
            children = 0
            if isinstance(exercise.work, Coded):
                children = sum(len(program_jobs(c, "", "", b"", exercise.work)) for c in exercise.work.checks)
            works.setdefault(exercise.id, []).append(Work(exercise.id, file.suffix, text, score, children))
    return works


def class_of(students: int, harsh: bool) -> Iterator[tuple[str, Work]]:
    """Yield who hands in what. `harsh` adds what crashes, what hangs and what is a notebook."""
    works = goldens()
    full = {id: max(group, key=lambda work: work.score) for id, group in works.items()}
    for number in range(students):
        for id, group in works.items():
            work = full[id] if number % 10 < 6 else group[(number * 7) % len(group)]
            code = work.suffix == ".py"
            if not code or (harsh and number % 20 == 3):
                # Stated values are the same for many; of every twenty students one hands in another's program.
                yield f"s{number:05d}", work
            elif harsh and number % 20 == 5:
                yield (
                    f"s{number:05d}",
                    Work(id, ".ipynb", notebook(full[id].text, number), full[id].score, work.children),
                )
            elif harsh and number % 50 == 7:
                yield f"s{number:05d}", Work(id, ".py", f"# {number}\n" + full[id].text + _CRASHING, -1, work.children)
            elif harsh and number % 100 == 9 and id == "4.5":
                yield f"s{number:05d}", Work(id, ".py", f"# {number}\n" + full[id].text + _HANGING, -1, work.children)
            else:
                yield f"s{number:05d}", Work(id, ".py", f"{work.text}\n# {number}\n", work.score, work.children)


def notebook(text: str, number: int) -> str:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": part}
             for part in (f"%matplotlib inline\n# {number}\n", text)]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Classroom:
    """A copy of the course, with a class in it.

    Args:
        cache: what the grader remembers from one class to another; a folder beside the course where nothing is said.
    """

    def __init__(self, folder: Path, works: Iterable[tuple[str, Work]], cache: Path | None = None) -> None:
        self.root, self._cache = folder / "course", cache or folder / "cache"
        self.root.mkdir(parents=True)
        for part in ("exercises", "solutions"):
            shutil.copytree(ROOT / part, self.root / part)
        shutil.copy(ROOT / "course.yaml", self.root)
        self.works = list(works)
        for student, work in self.works:
            file = self.root / "class" / student / f"{work.exercise}{work.suffix}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(work.text, encoding="utf-8", newline="")

    def grade(self, workers: int, memory: list[float] | None = None) -> float:
        """Grade it, check every score, and return the seconds."""
        report = self.root / "report.json"
        command = [COURSE, "grade", "class", "-j", str(workers), "--json", str(report), "--lang", "en"]
        environment = {**os.environ, "COURSE_SECRET": "bench", "COURSE_CACHE": str(self._cache)}
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=self.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        if memory is not None:
            threading.Thread(target=watch, args=(process.pid, memory), daemon=True).start()
        _, said = process.communicate()
        seconds = time.perf_counter() - started
        assert process.returncode == 0, said
        self._check(report)
        return seconds

    def halve(self) -> None:
        """Take the second half of the class away; the gradebook still knows it."""
        left = sorted({student for student, _ in self.works})
        for student in left[len(left) // 2 :]:
            shutil.rmtree(self.root / "class" / student)
        self.works = [(student, work) for student, work in self.works if student < left[len(left) // 2]]

    def forget(self) -> None:
        for file in self.root.glob("gradebook.db*"):
            file.unlink()

    def _check(self, report: Path) -> None:
        with report.open() as file:
            found = {(each["student"], each["exercise"]): each["score"] for each in json.load(file)["reports"]}
        wrong = [
            (student, work.exercise, found[student, work.exercise], work.score)
            for student, work in self.works
            if work.score >= 0 and abs(found[student, work.exercise] - work.score) > 1e-9
        ]
        assert len(found) == len(self.works) and not wrong, wrong[:5]


def watch(pid: int, memory: list[float]) -> None:
    """Note the memory of a whole tree while it lives, in MiB, shared pages counted once."""
    try:
        root = psutil.Process(pid)
        while root.is_running():
            total = 0.0
            for process in (root, *root.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            memory.append(total / 2**20)
            time.sleep(1)
    except psutil.Error:
        return


def fresh_processes(programs: list[str]) -> tuple[float, float]:
    """Return the seconds of a process that imports torch and runs a program, ungraded: alone, and two at a time."""

    def once(text: str) -> float:
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", "import torch\n" + text], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-500:]
        return time.perf_counter() - started

    alone = statistics.median(once(text) for text in programs)
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(once, programs))
    return alone, (time.perf_counter() - started) / len(programs)


def in_new_folder(action: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="course-bench-", ignore_cleanup_errors=True) as folder:
        action(Path(folder))


class Table:
    """Figures, and the bounds that were promised."""

    def __init__(self) -> None:
        self.missed = 0

    def fact(self, text: str) -> None:
        print(f"{'':9}  {text}", flush=True)

    def ratio(self, name: str, value: float, bound: float) -> None:
        held = value >= bound
        self.missed += not held
        print(f"{value:9.2f}  at least {bound:g}  {name}{'' if held else '  MISSED'}", flush=True)


def everyday(table: Table, folder: Path, students: int, peer: bool) -> None:
    room = Classroom(folder / "plain", class_of(students, harsh=False))
    first = room.grade(2)  # references and wrong programs are known from here on
    room.forget()
    memory: list[float] = []
    two = room.grade(2, memory)
    again = room.grade(2)
    room.forget()
    one = room.grade(1)
    count, coded = len(room.works), [work for _, work in room.works if work.children]
    children = sum(work.children for work in coded)
    table.fact(
        f"{count} submissions in {two:.1f} s: {count / two:.1f} a second, {children / two:.1f} checked runs a second"
    )
    more = first - two
    table.fact(
        f"the first time {more:.1f} s more, to observe solutions and wrong programs: {100 * more / two:.0f} % of this "
        f"class's time, {100 * more / (8000 * two / count):.0f} % of what 1,000 students' 8 exercises take"
    )
    table.fact(f"again, nothing changed: {again:.2f} s; memory of the whole tree: {max(memory):.0f} MiB at most")
    bare = statistics.median(bare for bare, _ in inside(40))
    table.ratio("speed, as a share of bare forks of the same number", bare * children / 2 / two, 0.5)
    table.ratio("two workers against one", one / two, 1.7)
    program = max(goldens()["4.5"], key=lambda work: work.score).text
    process, pair = fresh_processes([program] * 6)
    table.fact(
        f"a fresh process that imports torch and runs a program: {process:.2f} s; two at a time {pair:.2f} s each"
    )
    table.ratio("a fresh process for each, one after another / us for each submission", process / (two / count), 40)
    table.fact(f"{pair / (two / count):9.2f}  the same, two at a time / us for each submission")
    table.fact(f"{pair / (two / len(coded)):9.2f}  the same / us for each submission that is a program")
    if peer:
        from nbgrader_peer import seconds_each

        theirs, ours, alone = seconds_each(folder / "peer", 3)
        table.fact(
            f"4.4 to 4.8, a notebook each: nbgrader autograde {theirs:.2f} s, we {1000 * ours:.0f} ms for one, "
            f"{1000 * alone:.0f} ms with one worker ({theirs / alone:.0f} x)"
        )
        table.ratio("nbgrader autograde / us, for the same notebooks", theirs / ours, 100)
    harsh = Classroom(folder / "harsh", class_of(students, harsh=True))
    seconds = harsh.grade(2)
    table.fact(
        f"with notebooks, copies, crashes and one in a hundred hanging: {len(harsh.works)} in {seconds:.1f} s, "
        f"{len(harsh.works) / seconds:.1f} a second"
    )


def large(table: Table, folder: Path) -> None:
    figures = {}
    for students in (125, 2500):
        memory: list[float] = []
        room = Classroom(folder / str(students), class_of(students, harsh=False))
        seconds = room.grade(2, memory)
        again = room.grade(2)
        count = len(room.works)
        figures[count] = seconds / count
        table.fact(
            f"{count} submissions: {seconds:.0f} s, {1000 * seconds / count:.1f} ms each, {max(memory):.0f} MiB; "
            f"again {again:.2f} s"
        )
    room.halve()
    table.ratio("3 s / a re-run of 10,000 unchanged", 3 / room.grade(2), 1)
    small, big = figures.values()
    table.ratio("cost of one among 1,000 / among 20,000", small / big, 0.8)


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    table = Table()
    if "--large" in sys.argv:
        in_new_folder(lambda folder: large(table, folder))
    else:
        students = int(arguments[0]) if arguments else 1000
        in_new_folder(lambda folder: everyday(table, folder, students, "--peer" in sys.argv))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What a semester costs: each student hands in every program that the course asks for, beside lecture 4 alone.

    python bench/semester.py [STUDENTS]      200 where nothing is said

Six of ten hand in a solution or another right program, the others a wrong one, each with bytes of its own. Right ones
must get all points. Questions and stated values run nothing, and are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from batch import ROOT, Classroom, Table, Work, in_new_folder

from grader.core.course.exercise import Coded, Exercise
from grader.core.run.plan import program_jobs
from grader.store.course.course_files import find_course


def programs(exercise: Exercise, work: Coded) -> tuple[list[Work], list[Work]]:
    """Return the right ones and the wrong ones that are a file of Python."""
    folder = ROOT / "solutions" / exercise.id
    children = sum(len(program_jobs(check, "", "", b"", work)) for check in work.checks)

    def read(paths: list[Path], score: float) -> list[Work]:
        return [Work(exercise.id, ".py", path.read_text(encoding="utf-8"), score, children) for path in paths]

    points = sum(exercise.points.values())
    right = read([folder / "solution.py", *sorted(folder.glob("right/*.py"))], points)
    return right, read(sorted(folder.glob("wrong/*.py")), -1)


def semester(students: int, lectures: frozenset[str]) -> Iterator[tuple[str, Work]]:
    """Yield who hands in what in these lectures; in all where there are none."""
    for exercise in find_course(ROOT).exercises():
        if not isinstance(exercise.work, Coded) or (lectures and exercise.id.partition(".")[0] not in lectures):
            continue
        right, wrong = programs(exercise, exercise.work)
        for number in range(students):
            group = right if number % 10 < 6 or not wrong else wrong
            work = group[number * 7 % len(group)]
            yield f"s{number:05d}", Work(work.exercise, ".py", f"{work.text}\n# {number}\n", work.score, work.children)


def run(table: Table, folder: Path, students: int) -> None:
    each_run = {}
    for name, lectures in (("lecture 4", frozenset({"4"})), ("the whole course", frozenset[str]())):
        room = Classroom(folder / name.replace(" ", "-"), semester(students, lectures))
        first = room.grade(2)  # references and wrong programs are known from here on
        room.forget()
        memory: list[float] = []
        seconds = room.grade(2, memory)
        count, runs = len(room.works), sum(work.children for _, work in room.works)
        each_run[name] = seconds / runs
        table.fact(
            f"{name}: {count} submissions in {seconds:.0f} s ({first:.0f} the first time), "
            f"{count / seconds:.1f} a second, {1000 * seconds / runs:.1f} ms for each checked run; "
            f"{max(memory):.0f} MiB at most"
        )
    small, large = each_run.values()
    table.ratio("a checked run in lecture 4 / in the whole course", small / large, 0.8)


def main() -> int:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    table = Table()
    in_new_folder(lambda folder: run(table, folder, students))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())

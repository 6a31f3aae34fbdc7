"""What a semester costs: each student hands in every program that the course asks for, beside lecture 4 alone.

    python bench/semester.py [STUDENTS]      200 where nothing is said

Six of ten hand in a solution or another right program, the others a wrong one, each with bytes of its own. Right ones
must get all points. Questions and stated values run nothing, and are left out. Trainings to a goal, which compute for
seconds by themselves, are told apart. References and wrong programs are known before: some students were graded first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from batch import ROOT, Classroom, Table, Work, in_new_folder

from grader.core.course.exercise import Coded, Exercise
from grader.core.run.plan import program_jobs
from grader.store.course.course_files import find_course

# So many hand in every program that there is.
_FIRST = 20
Wanted = Callable[[str, Coded], bool]


def programs(exercise: Exercise, work: Coded) -> tuple[list[Work], list[Work]]:
    """Return the right ones and the wrong ones that are a file of Python."""
    folder = ROOT / "solutions" / exercise.id
    children = sum(len(program_jobs(check, "", "", b"", work)) for check in work.checks)

    def read(paths: list[Path], score: float) -> list[Work]:
        return [Work(exercise.id, ".py", path.read_text(encoding="utf-8"), score, children) for path in paths]

    points = sum(exercise.points.values())
    right = read([folder / "solution.py", *sorted(folder.glob("right/*.py"))], points)
    return right, read(sorted(folder.glob("wrong/*.py")), -1)


def semester(students: int, wanted: Wanted) -> Iterator[tuple[str, Work]]:
    """Yield who hands in what at the exercises that are wanted."""
    for exercise in find_course(ROOT).exercises():
        if not isinstance(exercise.work, Coded) or not wanted(exercise.id, exercise.work):
            continue
        right, wrong = programs(exercise, exercise.work)
        for number in range(students):
            group = right if number % 10 < 6 or not wrong else wrong
            work = group[number * 7 % len(group)]
            yield f"s{number:05d}", Work(work.exercise, ".py", f"{work.text}\n# {number}\n", work.score, work.children)


def trains(work: Coded) -> bool:
    """Whether a program is trained to a goal."""
    return any(check.data is not None for check in work.checks)


def run(table: Table, folder: Path, students: int) -> None:
    parts: dict[str, Wanted] = {
        "lecture 4": lambda id, _: id.startswith("4."),
        "all lectures but trainings to a goal": lambda _, work: not trains(work),
        "trainings to a goal": lambda _, work: trains(work),
    }
    seconds, runs = {}, {}
    for name, wanted in parts.items():
        place = folder / name.replace(" ", "-")
        first = Classroom(place / "first", semester(_FIRST, wanted), place / "cache").grade(2)
        room = Classroom(place, semester(students, wanted), place / "cache")
        memory: list[float] = []
        took = seconds[name] = room.grade(2, memory)
        count = len(room.works)
        runs[name] = sum(work.children for _, work in room.works)
        table.fact(
            f"{name}: {count} submissions in {took:.0f} s ({_FIRST} students before them in {first:.0f}), "
            f"{count / took:.1f} a second, {1000 * took / runs[name]:.1f} ms for each checked run; "
            f"{max(memory):.0f} MiB at most"
        )
    small, most, _ = (seconds[name] / runs[name] for name in parts)
    whole = sum(seconds.values()) - seconds["lecture 4"]
    each = whole / (sum(runs.values()) - runs["lecture 4"])
    table.fact(f"the whole course: {whole:.0f} s, {1000 * each:.1f} ms for each checked run")
    table.ratio("a checked run in lecture 4 / elsewhere, trainings to a goal apart", small / most, 0.8)
    table.ratio("a checked run in lecture 4 / in the whole course", small / each, 0.8)


def main() -> int:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    table = Table()
    in_new_folder(lambda folder: run(table, folder, students))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())

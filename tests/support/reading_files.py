"""A course of one exercise whose programs read a file, another one at each probe."""

from __future__ import annotations

from pathlib import Path

from written import HEAD, ID, write_exercise

from grader.store.course.course_files import CourseFiles

CHECKS = """files: [utils.py]
varied_files: [data.csv]
checks:
  - {name: total, points: 1, call: total(), compare: [value]}
  - {name: scaled, points: 1, run: script, compare: [{final: scaled}]}
"""
SOLUTION = """from utils import scale

rows = [float(line) for line in open("data.csv").read().split()]
scaled = [scale(row) for row in rows]


def total():
    return sum(rows)
"""
MAKER = """import random


def make_files(seed):
    draw = random.Random(seed)
    return {"data.csv": "\\n".join(str(draw.randint(1, 99)) for _ in range(draw.randint(4, 9)))}
"""
FILES = {"data.csv": "1\n2\n3\n", "utils.py": "def scale(x):\n    return x / 10\n"}


def course(root: Path, checks: str = CHECKS, maker: str | None = MAKER, **files: str) -> CourseFiles:
    """Write the course, and return it."""
    found = write_exercise(root, checks, SOLUTION, HEAD)
    for name, text in {**FILES, **files}.items():
        (root / "exercises" / ID / name).write_text(text, encoding="utf-8")
    if maker is not None:
        (root / "solutions" / ID / "make_files.py").write_text(maker, encoding="utf-8")
    return found

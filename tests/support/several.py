"""A course of one exercise that is handed in as two files."""

from __future__ import annotations

from pathlib import Path

from written import HEAD, ID, write_exercise

from grader.store.course.course_files import CourseFiles

CHECKS = """submit: [net.py, train.py]
checks:
  - {name: doubled, points: 1, call: net.double(x), args: {x: {uniform: [1, 2]}}, compare: [value]}
  - {name: trained, points: 2, call: train(x), args: {x: {uniform: [1, 2]}}, compare: [value]}
"""
NET = "def double(x):\n    return 2 * x\n"
TRAIN = "from net import double\n\n\ndef train(x):\n    return double(x) + 1\n"


def course(root: Path, checks: str = CHECKS) -> CourseFiles:
    """Write the course, and return it."""
    files = write_exercise(root, checks, "", HEAD)
    (root / "solutions" / ID / "solution.py").unlink()
    for folder in (root / "exercises" / ID / "starter", root / "solutions" / ID / "solution"):
        folder.mkdir(exist_ok=True)
        (folder / "net.py").write_text(NET, encoding="utf-8")
        (folder / "train.py").write_text(TRAIN, encoding="utf-8")
    return files


def handed_in(folder: Path, net: str | bytes = NET, train: str | bytes = TRAIN, **others: str) -> Path:
    """Write what a student has in a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"net": net, "train": train, **others}.items():
        (folder / f"{name}.py").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder

"""Files as people name them: the exercise is found where it is said, and not guessed where it is not."""

from __future__ import annotations

import pytest

from grader.core.course.file_names import exercises_named, parted

IDS = ["4.1", "4.5", "4.10", "5.1", "1.2.3"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("4.5.py", "4.5"),
        ("4.5 (1).py", "4.5"),
        ("4.5-Copy1.ipynb", "4.5"),
        ("4.5 - Copy (2).py", "4.5"),
        ("4.5 копия.py", "4.5"),
        ("4_5.py", "4.5"),
        ("4-5.py", "4.5"),
        ("4,5.py", "4.5"),
        ("4_5-1.py", "4.5"),
        ("4.5-1.py", "4.5"),
        ("4_5_final.py", "4.5"),
        ("Rustam_4.5.py", "4.5"),
        ("Rustam 4.5 HW.py", "4.5"),
        ("hw4_4.5.py", "4.5"),
        ("lecture4/4.5.py", "4.5"),
        ("hw/4.5/main.py", "4.5"),
        ("4.1/4.5.py", "4.5"),
        ("4.5.PY", "4.5"),
        ("4.5.py.txt", "4.5"),
        ("４.５.py", "4.5"),
        ("4.10.py", "4.10"),
        ("1.2.3.yaml", "1.2.3"),
        ("14.5.py", ""),
        ("4.55.py", ""),
        ("4.5.1.py", ""),
        ("2026-11-4.5.2026.py", ""),
        ("homework.py", ""),
        ("45.py", ""),
        ("4.5 4.1.py", "4.5 4.1"),
        ("4_5_1.py", "4.5"),
    ],
)
def test_the_exercise_of_a_file(path: str, found: str) -> None:
    assert sorted(exercises_named(path.split("/"), IDS)) == sorted(found.split())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("4.5.py", ("4.5", ".py")),
        ("4.5.IPYNB", ("4.5", ".ipynb")),
        ("4.1.yml", ("4.1", ".yaml")),
        ("4.5.py.txt", ("4.5", ".py")),
        ("4.5.ipynb.json", ("4.5", ".ipynb")),
        ("notes.txt", None),
        ("4.5.pdf", None),
        (".py", None),
        ("4.5.pyc", None),
    ],
)
def test_what_may_be_work_by_its_end(name: str, parts: tuple[str, str] | None) -> None:
    assert parted(name) == parts

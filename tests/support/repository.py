"""Where this repository is, and a copy of its course."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
BEFORE = ROOT / "tests" / "graded_before"
HOSTILE = ROOT / "tests" / "hostile"


def copy_course(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(ROOT / "course.yaml", folder)
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part, folder / part)
    return folder

"""Where this repository is, and a copy of its course."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
BEFORE = ROOT / "tests" / "graded_before"
HOSTILE = ROOT / "tests" / "hostile"
# What make test-all does and make test leaves out, because something else holds nearly the same.
EVERYTHING = os.environ.get("COURSE_TESTS") == "all"
_AUTHORS = ("right", "wrong")


def copy_course(folder: Path) -> Path:
    """Copy this repository's course.

    Its right and wrong programs, nine files of ten, are links to files that all copies share: new files take long. No
    test changes them in place; `changed_for_all` holds that.
    """
    folder.mkdir()
    shutil.copy(ROOT / "course.yaml", folder)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns(*_AUTHORS))
    for part in _AUTHORS:
        for shared in _shared_programs().glob(f"*/{part}"):
            shutil.copytree(shared, folder / "solutions" / shared.parent.name / part, copy_function=_link)
    return folder


def changed_for_all() -> list[str]:
    """Return which programs that the copies share are no longer what the repository has; takes them all away."""
    shared = _shared_programs()
    files = [file for part in _AUTHORS for file in (ROOT / "solutions").glob(f"*/{part}/*") if file.is_file()]
    changed = [
        str(name)
        for name, file in ((file.relative_to(ROOT / "solutions"), file) for file in files)
        if not (shared / name).is_file() or (shared / name).read_bytes() != file.read_bytes()
    ]
    shutil.rmtree(shared)
    _shared_programs.cache_clear()
    return sorted(changed)


@cache
def _shared_programs() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="course-programs-"))
    return Path(shutil.copytree(ROOT / "solutions", folder, dirs_exist_ok=True))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
